"""Statements of results and submissions, streamed, never loaded whole."""

from storage.work.consents import CONSENTED, TAKEN_BACK

# One row a task, in the file's order; of files that are all there. Last is room for its votes.
RESULTS = """
SELECT position, key, content, gold, consensus, confidence, received - coalesce(n.missing, 0), state, scores, live,
  live_confidence, ai, NULL
FROM tasks LEFT JOIN (
  SELECT gone.task, count(*) AS missing FROM (
    SELECT s.id, s.task FROM rejections r JOIN submissions s ON s.id = r.submission
    WHERE r.project = :project AND r.state <> 'overturned'
    UNION SELECT s.id, s.task FROM enrolments w CROSS JOIN submissions s
    WHERE s.worker = w.worker AND s.project = w.project AND w.project = :project AND w.taken_back = 1) AS gone
  GROUP BY gone.task
) AS n ON n.task = tasks.id
WHERE project = :project
AND batch NOT IN (SELECT b.id FROM batches b WHERE b.project = :project AND b.arriving = 1) ORDER BY position"""
# How many gave which answer, to the tasks of some positions. No pay, no data.
VOTES = f"""
SELECT t.position, s.answer, count(*) FROM tasks t JOIN submissions s ON s.task = t.id
WHERE t.project = :project AND t.position >= :first AND t.position <= :last AND s.state <> 'rejected'
  AND NOT {TAKEN_BACK}
GROUP BY t.position, s.answer"""
# One row a submission. No pay, no data: a rejected answer is hidden while it is disputed, and left out once final.
_SUBMISSIONS = f"""
SELECT t.key, t.content, t.gold, s.worker, CASE WHEN s.state = 'rejected' THEN NULL ELSE s.answer END, s.milliseconds,
  CASE WHEN s.state = 'rejected' THEN 'disputed' ELSE s.state END, s.submitted_at
FROM submissions s JOIN tasks t ON t.id = s.task
LEFT JOIN rejections r ON r.submission = s.id
{CONSENTED}
WHERE s.project = :project AND (s.state <> 'rejected' OR r.state IN ('standing', 'appealed'))"""
SUBMISSIONS = f"{_SUBMISSIONS} ORDER BY s.id"
# For formats in which a task holds its submissions.
SUBMISSIONS_BY_TASK = f"{_SUBMISSIONS} ORDER BY t.position, s.id"
# One row an answer that is a file, of those that count and whose worker consents.
MEDIA = f"""
SELECT s.id, t.key, t.content, s.worker, s.answer, s.milliseconds, s.state, s.submitted_at
FROM submissions s JOIN tasks t ON t.id = s.task
{CONSENTED}
WHERE s.project = :project AND s.id > :after AND s.answer IS NOT NULL AND s.state <> 'rejected'
ORDER BY s.id LIMIT :limit"""
