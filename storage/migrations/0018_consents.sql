-- Which version of the house's terms somebody agreed to, and which version of a project's card; NULL before versions were
-- noted.
ALTER TABLE people ADD COLUMN terms TEXT;
ALTER TABLE enrolments ADD COLUMN terms TEXT;

-- 1 where the worker took their answers back: no file and no result counts them. What erased people pressed still
-- counts: it names nobody.
ALTER TABLE enrolments ADD COLUMN taken_back BIGINT NOT NULL DEFAULT 0 CHECK (taken_back IN (0, 1));
CREATE INDEX enrolments_taken_back ON enrolments (project, worker) WHERE taken_back = 1;
UPDATE enrolments SET taken_back = 1
WHERE withdrawn_at IS NOT NULL AND worker IN (SELECT id FROM people WHERE erased_at IS NULL);
INSERT INTO redraws (task)
SELECT s.task FROM submissions s JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
WHERE e.taken_back = 1 ON CONFLICT (task) DO NOTHING;

-- What left a project towards its requester, a row a day, kind and format, up to a submission: so that whoever takes
-- their answers back is told where these are.
CREATE TABLE deliveries (
  project BIGINT NOT NULL REFERENCES projects (id),
  what TEXT NOT NULL,
  format TEXT NOT NULL,
  day BIGINT NOT NULL,
  times BIGINT NOT NULL DEFAULT 1 CHECK (times >= 1),
  last_at BIGINT NOT NULL,
  up_to BIGINT NOT NULL,
  PRIMARY KEY (project, day, what, format)
);
