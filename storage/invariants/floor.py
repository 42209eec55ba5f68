"""Rule 13, and rule 4 for reserves: no worker is paid below the wage floor.

The pace of a window is computed here independently, by the rule of domain/money/topups.py, as far as it can be told
from tasks that were asked for: it is at least the lower median of each worker, then of the workers who were strangers
to the requester when it was measured, else of those not related to them. Where the pace that was noted is longer, it
counts. What was measured when a project ended (`whole` 0) is each worker's own, and may reach back into an earlier
window: it is held to the time that was noted.
"""

from collections.abc import Iterator

from domain.moments import DAY
from storage.invariants.invariant import Invariant, Walk
from storage.unit import UnitOfWork

WINDOW_PACES = """
SELECT project, number, milliseconds, of_all FROM (
  SELECT project, number, milliseconds, row_number() OVER everybody AS nth, count(*) OVER window_of AS of_all FROM (
    SELECT s.project, s.measured_in AS number, s.worker, s.milliseconds, row_number() OVER own AS nth,
      count(*) OVER whose AS of_all
    FROM submissions s JOIN assignments a ON a.id = s.assignment AND a.pushed = 0
    JOIN (
      SELECT o.project, o.measured_in, count(DISTINCT CASE WHEN o.standing = 1 THEN o.worker END) AS strangers,
        count(DISTINCT CASE WHEN o.standing <> 2 THEN o.worker END) AS others
      FROM submissions o JOIN assignments b ON b.id = o.assignment AND b.pushed = 0 WHERE o.measured_in > 0
      GROUP BY o.project, o.measured_in
    ) AS c ON c.project = s.project AND c.measured_in = s.measured_in
    WHERE s.measured_in > 0 AND CASE WHEN c.strangers > 1 THEN s.standing = 1 WHEN c.others > 0 THEN s.standing <> 2
      ELSE 1 = 1 END
    WINDOW whose AS (PARTITION BY s.project, s.measured_in, s.worker), own AS (whose ORDER BY s.milliseconds)
  ) AS times WHERE nth = (of_all + 1) / 2
  WINDOW window_of AS (PARTITION BY project, number), everybody AS (window_of ORDER BY milliseconds)
) AS voices WHERE nth = (of_all + 1) / 2"""

# Pay and top-up of each answer of a window make the floor at the window's pace.
WINDOWS_REACH_FLOOR = Invariant(
    13,
    "pay an hour is at least the floor",
    f"""
SELECT 'window ' || u.project || '/' || u.number AS subject, 'an answer takes ' || u.milliseconds
  || ' ms, by its times ' || coalesce(v.took, 0) || '; pay ' || l.pay || ', on top ' || u.each_owed
  || ', the floor is ' || u.floor || ' an hour' AS detail
FROM topups u LEFT JOIN (
  SELECT w.project, w.number, CASE WHEN w.of_all = 1 AND w.milliseconds > x.expected * 3 / 2 THEN x.expected * 3 / 2
    ELSE w.milliseconds END AS took
  FROM ({WINDOW_PACES}) AS w JOIN topups x ON x.project = w.project AND x.number = w.number
) AS v ON v.project = u.project AND v.number = u.number JOIN (
  SELECT project, measured_in AS number, min(pay) AS pay FROM submissions WHERE measured_in > 0
  GROUP BY project, measured_in
) AS l ON l.project = u.project AND l.number = u.number
WHERE u.whole = 1 AND l.pay + u.each_owed < (u.floor * CASE WHEN v.took > u.milliseconds THEN v.took
  ELSE u.milliseconds END + 3599999) / 3600000""",
)
# The same for each worker's last answers to an ended project, at the worker's own pace.
LAST_ANSWERS_REACH_FLOOR = Invariant(
    13,
    "the last answers of a project reach the floor",
    """
SELECT 'window ' || u.project || '/' || u.number AS subject, 'an answer takes ' || u.milliseconds || ' ms; pay '
  || l.pay || ', on top ' || u.each_owed || ', the floor is ' || u.floor || ' an hour' AS detail
FROM topups u JOIN (
  SELECT project, measured_in AS number, min(pay) AS pay FROM submissions WHERE measured_in > 0
  GROUP BY project, measured_in
) AS l ON l.project = u.project AND l.number = u.number
WHERE u.whole = 0 AND l.pay + u.each_owed < (u.floor * u.milliseconds + 3599999) / 3600000""",
)
SELECT_UNMEASURED_PROJECTS = """
SELECT f.project, f.waiting FROM floors f JOIN projects p ON p.id = f.project
WHERE f.waiting > 0 AND p.state IN ('stopped', 'complete') AND p.ended_at < :before
  AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.project = f.project AND s.submitted_at >= :before)
  AND NOT EXISTS (
    SELECT 1 FROM assignments a WHERE a.project = f.project AND (a.state = 'active' OR a.deadline >= :before))
  AND NOT EXISTS (SELECT 1 FROM rejections r WHERE r.project = f.project AND r.appeal_until >= :before)
ORDER BY f.project"""


def _iter_unmeasured(unit: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Yield each project that ended more than a day ago with answers that were never measured."""
    for project, waiting in unit.connection.all(SELECT_UNMEASURED_PROJECTS, before=unit.now - DAY):
        yield f"project {project}", f"ended a day ago; {waiting} answers were never measured"


# A day after its end all answers of a project are measured, even if they fill no window.
ENDED_PROJECTS_ARE_MEASURED = Walk(13, "no answer of an ended project is left unmeasured", _iter_unmeasured)
# The top-ups that a window records have reached each of its workers.
TOPUPS_REACHED_WORKERS = Invariant(
    13,
    "every top-up reached its workers",
    """
SELECT 'project ' || project AS subject, account || ' was paid ' || sum(amount) || ' more than its windows say'
  AS detail
FROM (
  SELECT t.project, c.name AS account, t.amount FROM transfers t JOIN accounts c ON c.id = t.credit
  JOIN people w ON c.name = 'worker:' || w.telegram_id || ':available' WHERE t.kind = 'topup'
  UNION ALL
  SELECT s.project, 'worker:' || w.telegram_id || ':available', -u.each_paid FROM topups u
  JOIN submissions s ON s.project = u.project AND s.measured_in = u.number JOIN people w ON w.id = s.worker
  WHERE u.each_paid > 0 AND w.telegram_id IS NOT NULL
) AS lines GROUP BY project, account HAVING sum(amount) <> 0""",
)
# No answer waits to be measured once its window is full, and the count of waiting answers is right.
FULL_WINDOWS_ARE_MEASURED = Invariant(
    13,
    "every 25 answers are measured",
    """
SELECT 'project ' || f.project AS subject, coalesce(s.answers, 0) || ' answers in no window, ' || f.waiting
  || ' counted' AS detail
FROM floors f LEFT JOIN (
  SELECT project, count(*) AS answers FROM submissions WHERE measured_in IS NULL GROUP BY project
) AS s ON s.project = f.project
WHERE coalesce(s.answers, 0) <> f.waiting OR f.waiting >= 25""",
)
# While tasks are offered, owed top-ups are paid or held, and so are those that the next answers need at the last pace.
TOPUPS_ARE_RESERVED = Invariant(
    4,
    "top-ups are held before a place is offered",
    """
SELECT 'project ' || p.id AS subject, 'set aside ' || coalesce(r.balance, 0) || ', needed ' || n.needed AS detail
FROM projects p JOIN (
  SELECT u.project, sum((u.each_owed - u.each_paid) * u.submissions)
    + max(CASE WHEN u.number <> w.newest OR f.floor * u.milliseconds <= q.pay * 3600000 THEN 0
      WHEN u.each_owed < (f.floor * u.milliseconds + 3599999) / 3600000 - q.pay THEN u.each_owed
      ELSE (f.floor * u.milliseconds + 3599999) / 3600000 - q.pay END * (b.balance / (q.pay + q.fee))) AS needed
  FROM topups u JOIN floors f ON f.project = u.project JOIN projects q ON q.id = u.project
  JOIN (SELECT project, max(number) AS newest FROM topups WHERE whole = 1 GROUP BY project) AS w
    ON w.project = u.project
  JOIN accounts b ON b.name = 'project:' || u.project || ':budget' AND b.currency = q.currency GROUP BY u.project
) AS n ON n.project = p.id
LEFT JOIN accounts r ON r.name = 'project:' || p.id || ':topup' AND r.currency = p.currency
WHERE p.state = 'running' AND p.paused = '' AND coalesce(r.balance, 0) < n.needed""",
)

INVARIANTS = (
    WINDOWS_REACH_FLOOR,
    LAST_ANSWERS_REACH_FLOOR,
    ENDED_PROJECTS_ARE_MEASURED,
    TOPUPS_REACHED_WORKERS,
    FULL_WINDOWS_ARE_MEASURED,
    TOPUPS_ARE_RESERVED,
)
