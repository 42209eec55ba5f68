"""Rules 7 and 8: a worker answers a task once; every submission is complete."""

from domain.work.assignments import CHANGE_TIME, CHANGING_TIME
from storage.invariants.invariant import Invariant

# The count on the task, under whose lock its consensus is drawn, is the number of its submissions.
TASKS_COUNT_SUBMISSIONS = Invariant(
    7,
    "every task counts its submissions",
    """
SELECT 'task ' || t.id AS subject, 'counts ' || t.received || ', has ' || coalesce(s.found, 0) AS detail
FROM tasks t LEFT JOIN (SELECT task, count(*) AS found FROM submissions GROUP BY task) AS s ON s.task = t.id
WHERE t.received <> coalesce(s.found, 0)""",
)
# No worker answers a task twice.
WORKERS_ANSWER_ONCE = Invariant(
    7,
    "one submission per worker and task",
    """
SELECT 'task ' || task AS subject, 'worker ' || worker || ' answered it ' || count(*) || ' times' AS detail
FROM submissions GROUP BY task, worker HAVING count(*) > 1""",
)
# Two workers with one account must not answer a task either.
PAYEES_ARE_PAID_ONCE = Invariant(
    7,
    "no two submissions of a task share a payee",
    """
SELECT 'task ' || s.task AS subject, 'account ' || a.name || ' was paid for it ' || count(*) || ' times' AS detail
FROM transfers t JOIN submissions s ON s.id = t.submission JOIN accounts a ON a.id = t.credit
WHERE t.kind = 'reward' AND t.key = 'answer:' || s.id GROUP BY s.task, a.name HAVING count(*) > 1""",
)
# A worker has one task at a time.
WORKERS_HAVE_ONE_TASK = Invariant(
    7,
    "one live assignment per worker",
    """
SELECT 'worker ' || worker AS subject, count(*) || ' live assignments' AS detail
FROM assignments WHERE state = 'active' GROUP BY worker HAVING count(*) > 1""",
)
# An assignment that ended as answered has its answer, and no other has one.
RECEIVED_ANSWERS_ARE_STORED = Invariant(
    8,
    "every answer that was received is stored",
    """
SELECT 'assignment ' || a.id AS subject,
  'is ' || a.state || CASE WHEN s.id IS NULL THEN ', no submission' ELSE ', submission ' || s.id END AS detail
FROM assignments a LEFT JOIN submissions s ON s.assignment = a.id
WHERE (a.state = 'submitted') <> (s.id IS NOT NULL)
  OR s.task <> a.task OR s.worker <> a.worker OR s.project <> a.project""",
)

# An answer may change in the minute after it was given and in the time for choosing anew; each change is stored.
CHANGES_ARE_IN_TIME_AND_STORED = Invariant(
    8,
    "an answer changes within its time, and every change is kept",
    f"""
SELECT 'submission ' || s.id AS subject, a.changes || ' changes, numbered to ' || a.last || ', the last at '
  || a.made_at || ', answered at ' || s.submitted_at AS detail
FROM submissions s JOIN (
  SELECT submission, count(*) AS changes, max(number) AS last, max(made_at) AS made_at FROM corrections
  GROUP BY submission
) AS a ON a.submission = s.id
LEFT JOIN redos r ON r.submission = s.id
WHERE a.last <> a.changes OR (a.made_at > s.submitted_at + {CHANGE_TIME + CHANGING_TIME}
  AND (r.submission IS NULL OR a.made_at NOT BETWEEN r.asked_at AND coalesce(r.ended_at, r.until_at)))""",
)

INVARIANTS = (
    TASKS_COUNT_SUBMISSIONS,
    WORKERS_ANSWER_ONCE,
    PAYEES_ARE_PAID_ONCE,
    WORKERS_HAVE_ONE_TASK,
    RECEIVED_ANSWERS_ARE_STORED,
    CHANGES_ARE_IN_TIME_AND_STORED,
)
