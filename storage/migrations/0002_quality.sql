-- What the quality engine remembers between answers: one row a project, one a worker in it, scores beside each task.

CREATE TABLE project_models (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  model TEXT NOT NULL,
  answers BIGINT NOT NULL,
  last_submission BIGINT NOT NULL,
  fitted_at BIGINT NOT NULL
);

CREATE TABLE worker_models (
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  model TEXT NOT NULL,
  PRIMARY KEY (project, worker)
);

ALTER TABLE tasks ADD COLUMN scores TEXT;
CREATE INDEX tasks_gold ON tasks (project) WHERE gold IS NOT NULL;
