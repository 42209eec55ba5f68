-- What a project had learnt of workers who took their answers back there: how much they tell, and the evidence, had
-- stayed, and later projects went by it.
UPDATE enrolments SET worth = NULL, later = 0, watch = 0 WHERE taken_back = 1;
DELETE FROM evidence
WHERE EXISTS (
  SELECT 1 FROM enrolments e
  WHERE e.worker = evidence.worker AND e.project = evidence.project AND e.taken_back = 1);
