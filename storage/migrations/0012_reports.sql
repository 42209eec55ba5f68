-- Reports of workers about a task: at one of the last two kinds, or at three of any, its project rests until an admin has
-- looked. `reporter` is NULL once they were erased. `upheld`: the project was ended for it.
CREATE TABLE reports (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  task BIGINT NOT NULL REFERENCES tasks (id),
  reporter BIGINT REFERENCES people (id),
  kind TEXT NOT NULL CHECK (kind IN ('broken', 'private', 'disturbing', 'illegal', 'scam')),
  state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'dismissed')),
  made_at BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by BIGINT REFERENCES people (id),
  CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX reports_one_waiting ON reports (project, reporter) WHERE state = 'open';
CREATE INDEX reports_by_reporter ON reports (reporter, made_at) WHERE reporter IS NOT NULL;
