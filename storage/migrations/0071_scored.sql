-- How many of a task's answers are counted in its scores: those that say something, were neither rejected nor taken back,
-- and come from workers who are heard. Who was not heard is found again by the next refit.
ALTER TABLE tasks ADD COLUMN scored BIGINT NOT NULL DEFAULT 0 CHECK (scored >= 0);
UPDATE tasks SET scored = (
  SELECT count(*) FROM submissions s
  WHERE s.task = tasks.id AND s.answer IS NOT NULL AND s.state <> 'rejected' AND NOT EXISTS (
    SELECT 1 FROM enrolments e WHERE e.worker = s.worker AND e.project = s.project AND e.taken_back = 1))
WHERE scores IS NOT NULL AND received > 0 AND project IN (SELECT id FROM projects WHERE kind IN ('choice', 'compare'));
