"""Statements of results and submissions, streamed, never loaded whole."""

# One row a task, in the file's order; of files that are all there. Last is room for its votes.
RESULTS = """
SELECT position, key, content, gold, consensus, confidence, received - coalesce(n.rejected, 0), state, scores, live,
  live_confidence, ai, NULL
FROM tasks LEFT JOIN (
  SELECT s.task, count(*) AS rejected FROM rejections r JOIN submissions s ON s.id = r.submission
  WHERE r.project = :project AND r.state <> 'overturned' GROUP BY s.task
) AS n ON n.task = tasks.id
WHERE project = :project
AND batch NOT IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.arriving = 1) ORDER BY position"""
# How many gave which answer, to the tasks of some positions. No pay, no data.
VOTES = """
SELECT t.position, s.answer, count(*) FROM tasks t JOIN submissions s ON s.task = t.id
WHERE t.project = :project AND t.position >= :first AND t.position <= :last AND s.state <> 'rejected'
GROUP BY t.position, s.answer"""
# One row a submission. No pay, no data: a rejected answer is hidden while it is disputed, and left out once final.
_SUBMISSIONS = """
SELECT t.key, t.content, t.gold, s.worker, CASE WHEN s.state = 'rejected' THEN NULL ELSE s.answer END, s.milliseconds,
  CASE WHEN s.state = 'rejected' THEN 'disputed' ELSE s.state END, s.submitted_at
FROM submissions s JOIN tasks t ON t.id = s.task
LEFT JOIN rejections r ON r.submission = s.id
JOIN enrolments e ON e.worker = s.worker AND e.project = s.project AND e.consented_at IS NOT NULL
WHERE s.project = :project AND (s.state <> 'rejected' OR r.state IN ('standing', 'appealed'))"""
SUBMISSIONS = f"{_SUBMISSIONS} ORDER BY s.id"
# For formats in which a task holds its submissions.
SUBMISSIONS_BY_TASK = f"{_SUBMISSIONS} ORDER BY t.position, s.id"
# One row an answer that is a file, of those that count and whose worker consents.
MEDIA = """
SELECT s.id, t.key, t.content, s.worker, s.answer, s.milliseconds, s.state, s.submitted_at
FROM submissions s JOIN tasks t ON t.id = s.task
JOIN enrolments e ON e.worker = s.worker AND e.project = s.project AND e.consented_at IS NOT NULL
WHERE s.project = :project AND s.id > :after AND s.answer IS NOT NULL AND s.state <> 'rejected'
ORDER BY s.id LIMIT :limit"""
