-- Stops of a project (`person` is its requester) or, where `project` is NULL, of a person, by an admin. An appeal is to be
-- answered until `due_at`; silence grants it. `ruled_by` is NULL where silence did.
CREATE TABLE stops (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT REFERENCES projects (id),
  person BIGINT NOT NULL REFERENCES people (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('standing', 'appealed', 'upheld', 'lifted')),
  words TEXT NOT NULL,
  due_at BIGINT,
  ruling TEXT NOT NULL,
  ruled_by BIGINT REFERENCES people (id),
  ruled_at BIGINT,
  CHECK ((state = 'appealed') = (due_at IS NOT NULL)),
  CHECK (state <> 'upheld' OR (ruled_by IS NOT NULL AND ruling <> '')),
  CHECK ((state IN ('upheld', 'lifted')) = (ruled_at IS NOT NULL))
);
CREATE UNIQUE INDEX stops_of_person ON stops (person) WHERE project IS NULL AND state <> 'lifted';
CREATE UNIQUE INDEX stops_of_project ON stops (project) WHERE project IS NOT NULL AND state <> 'lifted';
CREATE INDEX stops_waiting ON stops (due_at) WHERE state = 'appealed';
CREATE INDEX stops_by_person ON stops (person, id);
-- 1 while a stop of theirs is in force: no tasks, no projects; their money stays theirs.
ALTER TABLE people ADD COLUMN suspended BIGINT NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1));
