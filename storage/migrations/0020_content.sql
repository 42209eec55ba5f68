-- What workers are warned of before their first task: kinds of content, as JSON.
ALTER TABLE projects ADD COLUMN content TEXT NOT NULL DEFAULT '[]';
CREATE INDEX projects_content_running ON projects (launched_at, id) WHERE state = 'running' AND content <> '[]';
-- What a worker who was warned made of it.
CREATE TABLE content_choices (
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  choice TEXT NOT NULL CHECK (choice IN ('shown', 'agreed', 'refused')),
  PRIMARY KEY (worker, project)
);
