-- What a member has for a team beside the membership; it ends with it. Addresses they had called, in the team's name.
CREATE TABLE team_webhooks (
  team BIGINT NOT NULL REFERENCES teams (id),
  number BIGINT NOT NULL,
  member BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (team, number)
);
CREATE INDEX team_webhooks_by_member ON team_webhooks (member, team);

-- Results they have pushed to the hub, with a token of theirs.
CREATE TABLE team_pushes (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  member BIGINT NOT NULL REFERENCES people (id)
);
CREATE INDEX team_pushes_by_member ON team_pushes (member);

-- Who has switched the team's daily digest off.
CREATE TABLE team_undigested (
  team BIGINT NOT NULL REFERENCES teams (id),
  member BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (team, member)
);
CREATE INDEX team_undigested_by_member ON team_undigested (member);
