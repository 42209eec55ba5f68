-- What a project had learnt of workers who took their answers back there: it was kept with what others showed.
DELETE FROM worker_models
WHERE EXISTS (
  SELECT 1 FROM enrolments e
  WHERE e.worker = worker_models.worker AND e.project = worker_models.project AND e.taken_back = 1);
