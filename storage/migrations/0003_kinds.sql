-- Kinds of answer beyond one press: what was chosen so far, files that were handed in, late answers that are typed.

-- Options pressed so far, as numbers, where an answer takes several presses.
ALTER TABLE assignments ADD COLUMN draft TEXT;
CREATE INDEX assignments_expired ON assignments (worker, id) WHERE state = 'expired';

-- A photo or a voice message counts once in a project. Of an album one answers, whichever comes first.
CREATE TABLE handed_files (
  project BIGINT NOT NULL REFERENCES projects (id),
  unique_id TEXT NOT NULL,
  worker BIGINT NOT NULL REFERENCES people (id),
  assignment BIGINT NOT NULL UNIQUE REFERENCES assignments (id),
  file_id TEXT NOT NULL,
  album TEXT,
  PRIMARY KEY (project, unique_id)
);
CREATE UNIQUE INDEX handed_files_one_an_album ON handed_files (worker, album) WHERE album IS NOT NULL;
