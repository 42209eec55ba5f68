-- The running project an invitation leads to, until the person's next task was looked for there: it comes with their
-- next answer, whatever they are at.
ALTER TABLE people ADD COLUMN called_to BIGINT;
UPDATE people SET called_to = (
  SELECT max(i.project) FROM invited i JOIN projects p ON p.id = i.project
  WHERE i.worker = people.id AND p.state = 'running' AND NOT EXISTS (
    SELECT 1 FROM enrolments e WHERE e.project = i.project AND e.worker = i.worker AND e.answered > 0))
WHERE id IN (SELECT worker FROM invited);
