-- Organisations that ask for work together. A team is an account of its own, a row of people with a negative id: it has
-- projects and money, and no chat.
CREATE TABLE teams (
  id BIGINT PRIMARY KEY REFERENCES people (id) CHECK (id < 0),
  made_at BIGINT NOT NULL,
  closed_at BIGINT
);

-- Who acts for a team. `cap`: the most a member may set aside in a month; NULL is no limit.
CREATE TABLE team_members (
  team BIGINT NOT NULL REFERENCES teams (id),
  member BIGINT NOT NULL REFERENCES people (id) CHECK (member > 0),
  role TEXT NOT NULL CHECK (role IN ('owner', 'spender', 'viewer')),
  cap BIGINT CHECK (cap >= 0),
  currency TEXT NOT NULL,
  hears TEXT NOT NULL CHECK (hears IN ('all', 'own', 'none')),
  joined_at BIGINT NOT NULL,
  left_at BIGINT,
  PRIMARY KEY (team, member)
);
CREATE UNIQUE INDEX team_members_owner ON team_members (team) WHERE role = 'owner' AND left_at IS NULL;
CREATE INDEX team_members_of ON team_members (member, team);

-- Links that make one person each a member; the token is kept as its hash.
CREATE TABLE team_invitations (
  id BIGSERIAL PRIMARY KEY,
  team BIGINT NOT NULL REFERENCES teams (id),
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('spender', 'viewer')),
  cap BIGINT CHECK (cap >= 0),
  currency TEXT NOT NULL,
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  used_by BIGINT REFERENCES people (id),
  ended_at BIGINT
);
CREATE INDEX team_invitations_open ON team_invitations (team) WHERE used_by IS NULL AND ended_at IS NULL;
CREATE INDEX team_invitations_made ON team_invitations (made_by);
CREATE INDEX team_invitations_used ON team_invitations (used_by) WHERE used_by IS NOT NULL;

-- What members set aside of a team's money. `after` and `up_to` are versions of its account: the entries between them
-- are this amount. `cap` is the one it was measured against.
CREATE TABLE team_spending (
  id BIGSERIAL PRIMARY KEY,
  team BIGINT NOT NULL REFERENCES teams (id),
  member BIGINT NOT NULL REFERENCES people (id),
  month TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  cap BIGINT,
  after BIGINT NOT NULL,
  up_to BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX team_spending_of ON team_spending (team, month, member);
CREATE INDEX team_spending_by_member ON team_spending (member);

-- The member who made a team's project, or launched it last.
CREATE TABLE team_projects (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  member BIGINT NOT NULL REFERENCES people (id)
);
CREATE INDEX team_projects_by_member ON team_projects (member);

-- The team that a person acts for; NULL for themselves.
ALTER TABLE people ADD COLUMN acts_for BIGINT REFERENCES people (id);
-- The member who made a team's key.
ALTER TABLE api_keys ADD COLUMN member BIGINT REFERENCES people (id);
CREATE INDEX api_keys_of_members ON api_keys (member) WHERE member IS NOT NULL;
