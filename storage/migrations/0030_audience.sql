-- Who is asked beside languages: conditions, as JSON.
ALTER TABLE projects ADD COLUMN who TEXT NOT NULL DEFAULT '[]';
CREATE INDEX projects_who_running ON projects (launched_at, id) WHERE state = 'running' AND who <> '[]';
-- Two letters; empty: never asked, '-': asked and not told.
ALTER TABLE preferences ADD COLUMN country TEXT NOT NULL DEFAULT '';

-- Links by which people come to a project; `opened` counts how often one was used.
CREATE TABLE invitations (
  token TEXT PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  made_at BIGINT NOT NULL,
  ended_at BIGINT,
  opened BIGINT NOT NULL DEFAULT 0 CHECK (opened >= 0)
);
CREATE INDEX invitations_by_project ON invitations (project);
CREATE UNIQUE INDEX invitations_open ON invitations (project) WHERE ended_at IS NULL;
-- Who came by one.
CREATE TABLE invited (
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  token TEXT NOT NULL REFERENCES invitations (token),
  invited_at BIGINT NOT NULL,
  PRIMARY KEY (worker, project)
);
CREATE INDEX invited_by_project ON invited (project);
