-- What workers read of a project, edition by edition: none before its first edit, then all of them, the first one too.
-- Triggers: project_versions_* (append-only).
CREATE TABLE project_versions (
  project BIGINT NOT NULL REFERENCES projects (id),
  number BIGINT NOT NULL CHECK (number >= 1),
  title TEXT NOT NULL,
  instructions TEXT NOT NULL,
  pictures TEXT NOT NULL,
  examples TEXT NOT NULL,
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL,
  PRIMARY KEY (project, number)
);

-- The newest version, and what stands beside its instructions: pictures, and worked examples.
ALTER TABLE projects ADD COLUMN version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE projects ADD COLUMN pictures TEXT NOT NULL DEFAULT '[]';
ALTER TABLE projects ADD COLUMN examples TEXT NOT NULL DEFAULT '[]';

-- The version a task was given out under, an answer was made under, and the one a worker has read last.
ALTER TABLE assignments ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE submissions ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE enrolments ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
