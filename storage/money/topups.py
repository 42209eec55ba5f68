"""Top-ups to the wage floor: promises of launches, measured windows, amounts paid."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from domain.moments import DAY, Moment
from domain.money.topups import STRANGER_MIN_ANSWERS, AnswerTime, EarlierWork, WorkerRelation
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns, equals_by_range, single_value
from storage.drivers.rows import ABSENT, Table
from storage.invariants import Invariant, Reader, Walk


def _select_standing(answers: str) -> str:
    """Return SQL that selects the Standing of each worker of `answers` to the project's requester, who may be a team:
    related by a bank account or a team; a stranger, who has answered enough for others and was never invited by the
    requester; else unknown."""
    return f"""
SELECT f.worker, CASE WHEN EXISTS (
  SELECT 1 FROM payee_mates m WHERE m.person = f.worker AND (m.mate = p.requester
    OR m.mate IN (SELECT t.member FROM team_members t WHERE t.team = p.requester))
) OR EXISTS (
  SELECT 1 FROM team_members t WHERE t.member = f.worker AND (t.team = p.requester
    OR t.team IN (SELECT o.team FROM team_members o WHERE o.member = p.requester))
) THEN {WorkerRelation.RELATED} WHEN EXISTS (
  SELECT 1 FROM invited i JOIN projects q ON q.id = i.project WHERE i.worker = f.worker AND q.requester = p.requester
) THEN {WorkerRelation.UNKNOWN} WHEN (
  SELECT coalesce(sum(e.answered), 0) FROM enrolments e JOIN projects q ON q.id = e.project
  WHERE e.worker = f.worker AND q.requester <> p.requester AND NOT EXISTS (
    SELECT 1 FROM payee_mates m WHERE m.person = q.requester AND m.mate = p.requester)
) >= {STRANGER_MIN_ANSWERS} THEN {WorkerRelation.STRANGER} ELSE {WorkerRelation.UNKNOWN} END
FROM (SELECT DISTINCT worker FROM ({answers}) AS few) AS f JOIN projects p ON p.id = :project"""


SELECT_STANDING_OF_WAITING = _select_standing(
    "SELECT s.worker FROM submissions s WHERE s.project = :project AND s.measured_in IS NULL"
)
SELECT_STANDING_OF_LATEST = _select_standing(
    f"""SELECT s.worker FROM submissions s WHERE {equals_by_range("s.project", ":project")} AND s.state <> 'rejected'
ORDER BY s.project DESC, s.id DESC LIMIT :limit"""
)
SET_STANDING = """
UPDATE submissions SET standing = :standing WHERE project = :project AND worker = :worker AND measured_in IS NULL"""


def get_standing_of_waiting(connection: Connection, project: ProjectId) -> Mapping[int, WorkerRelation]:
    """Return the standing of each worker whose answers are in no window yet."""
    return _standing_by_worker(connection.all(SELECT_STANDING_OF_WAITING, project=project))


def get_standing_of_latest(connection: Connection, project: ProjectId, limit: int) -> Mapping[int, WorkerRelation]:
    """Return the standing of each worker of the latest answers."""
    return _standing_by_worker(connection.all(SELECT_STANDING_OF_LATEST, project=project, limit=limit))


def answer_time(row: Row, standing: Mapping[int, WorkerRelation]) -> AnswerTime:
    """Return the time of one answer, read as (worker, milliseconds, pushed, worked)."""
    worker, milliseconds, pushed, worked = row
    return AnswerTime(
        PersonId(worker), milliseconds, bool(pushed), worked, standing.get(worker, WorkerRelation.UNKNOWN)
    )


def store_standing(connection: Connection, project: ProjectId, times: Sequence[AnswerTime]) -> None:
    """Store the standing by which answers are measured now."""
    for worker, standing in {time.worker: time.standing for time in times if time.standing}.items():
        connection.send(SET_STANDING, project=project, worker=worker, standing=int(standing))


def _standing_by_worker(rows: Sequence[Row]) -> Mapping[int, WorkerRelation]:
    return {int(row[0]): WorkerRelation(row[1]) for row in rows}


@dataclass(frozen=True, slots=True)
class FloorPromise:
    """Promise of a launch: `floor` per hour, `expected` milliseconds a submission; `windows` measured so far, and
    `waiting` submissions in no window yet. `base` milliseconds were estimated or stated, before earlier projects
    corrected it."""

    floor: int
    expected: int
    windows: int
    waiting: int
    base: int = 1


@dataclass(frozen=True, slots=True)
class MeasuredWindow:
    """A measured window: each of its submissions is owed so much on top, and was paid so much of it."""

    number: int
    submissions: int
    workers: int
    milliseconds: int
    each_owed: int
    each_paid: int

    @property
    def rest(self) -> int:
        return (self.each_owed - self.each_paid) * self.submissions


_WINDOW = columns(MeasuredWindow)
FLOORS_TABLE = Table(("floors",), lasts=True, order=7, keys=("project",))

# The newest launch's words; what was counted goes on.
UPSERT_PROMISE = """
INSERT INTO floors (project, floor, expected, base) VALUES (:project, :floor, :expected, :base)
ON CONFLICT (project) DO UPDATE SET floor = excluded.floor, expected = excluded.expected, base = excluded.base"""
# Answers older than the project's floor are in no window.
EXEMPT_EARLIER_ANSWERS = """
UPDATE submissions SET measured_in = 0
WHERE project = :project AND measured_in IS NULL AND NOT EXISTS (SELECT 1 FROM floors f WHERE f.project = :project)"""
SELECT_PROMISE = "SELECT floor, expected, windows, waiting, base FROM floors WHERE project = :project"
# Who was refused by the time of measuring has no voice and no pay for it; an appeal that is won brings it back.
LEAVE_OUT_REJECTED = """
UPDATE submissions SET measured_in = 0 WHERE project = :project AND measured_in IS NULL AND state = 'rejected'"""
BRING_BACK_ANSWER = """
UPDATE submissions SET measured_in = NULL WHERE id = :submission AND measured_in = 0
  AND EXISTS (SELECT 1 FROM floors f WHERE f.project = submissions.project)"""
# Since the first press, or as estimated; a median needs no cut of pauses.
_WORKED = "CASE WHEN s.submitted_at - a.begun_at > s.worked THEN s.submitted_at - a.begun_at ELSE s.worked END"
SELECT_WAITING_TIMES = f"""
SELECT s.worker, s.milliseconds, a.pushed, {_WORKED} FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE s.project = :project AND s.measured_in IS NULL ORDER BY s.id"""
SELECT_LATEST_TIMES = f"""
SELECT s.worker, s.milliseconds, a.pushed, {_WORKED} FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE {equals_by_range("s.project", ":project")} AND s.state <> 'rejected'
ORDER BY s.project DESC, s.id DESC LIMIT :limit"""
# Projects of a kind a requester has had answered, the newest first, and what was said of one answer's time.
SELECT_EARLIER_PROJECTS = """
SELECT p.id, f.base FROM projects p JOIN floors f ON f.project = p.id
WHERE p.requester = :requester AND p.kind = :kind ORDER BY p.id DESC LIMIT :limit"""
# A running project of which an answer has waited since before then: its window is not going to fill soon.
SELECT_OVERDUE_WINDOW = """
SELECT f.project FROM floors f JOIN projects p ON p.id = f.project
WHERE f.waiting > 0 AND p.state = 'running' AND EXISTS (
  SELECT 1 FROM submissions s
  WHERE s.project = f.project AND s.measured_in IS NULL AND s.submitted_at < :before)
ORDER BY f.project LIMIT 1"""
COUNT_WAITING = "SELECT count(*) FROM submissions WHERE project = :project AND measured_in IS NULL"
# What those that wait to be measured, or were measured together, were paid at least.
SELECT_LOWEST_WAITING_PAY = "SELECT min(pay) FROM submissions WHERE project = :project AND measured_in IS NULL"
SELECT_LOWEST_WINDOW_PAY = (
    "SELECT min(pay) FROM submissions WHERE project = :project AND measured_in = :number AND measured_in > 0"
)
SELECT_WAITING_BY_WORKER = """
SELECT worker, count(*), min(pay) FROM submissions WHERE project = :project AND measured_in IS NULL
GROUP BY worker ORDER BY worker"""
SET_MEASURED_OF_WORKER = """
UPDATE submissions SET measured_in = :number
WHERE project = :project AND worker = :worker AND measured_in IS NULL"""
SET_MEASURED = "UPDATE submissions SET measured_in = :number WHERE project = :project AND measured_in IS NULL"
START_NEXT_WINDOW = "UPDATE floors SET waiting = 0, windows = :number WHERE project = :project"
CLEAR_WAITING = "UPDATE floors SET waiting = 0 WHERE project = :project"
INSERT_WINDOW = """
INSERT INTO topups (project, number, submissions, workers, milliseconds, floor, expected, whole, each_owed, measured_at)
SELECT project, :number, :submissions, :workers, :milliseconds, floor, expected, :whole, :each_owed, :now
FROM floors WHERE project = :project"""
SELECT_OWED_WINDOWS = f"""
SELECT {_WINDOW} FROM topups WHERE project = :project AND each_paid < each_owed ORDER BY number"""
# What the end of a project measured is each worker's own, and says nothing of the answers to come.
SELECT_LAST_WINDOW = f"SELECT {_WINDOW} FROM topups WHERE project = :project AND whole = 1 ORDER BY number DESC LIMIT 1"
SELECT_WINDOW = f"SELECT {_WINDOW} FROM topups WHERE project = :project AND number = :number"
# Every answer of a window, also those rejected since.
SELECT_EARNERS = """
SELECT worker, count(*) FROM submissions WHERE project = :project AND measured_in = :number
AND measured_in > 0 GROUP BY worker ORDER BY worker"""
# Projects that wait for more reserve, whatever else they wait for, measured for the last time before a moment.
SELECT_RESTING_PROJECTS = """
SELECT p.id FROM projects p WHERE p.state = 'running' AND ' ' || p.paused || ' ' LIKE '% ' || :reason || ' %'
AND (SELECT max(u.measured_at) FROM topups u WHERE u.project = p.id) < :before
ORDER BY p.id LIMIT :limit"""
# What ended projects of a requester owe in a currency beyond what was there, all but one.
SUM_ARREARS = """
SELECT u.project, sum((u.each_owed - u.each_paid) * u.submissions) FROM topups u JOIN projects p ON p.id = u.project
WHERE u.each_paid < u.each_owed AND p.requester = :requester AND p.state IN ('stopped', 'complete')
  AND p.currency = :currency AND p.id <> :but
GROUP BY u.project ORDER BY u.project"""
SUM_PAID_FOR_ANSWERS = """
SELECT coalesce(sum(u.each_paid), 0)
FROM submissions s JOIN topups u ON u.project = s.project AND u.number = s.measured_in
WHERE s.worker = :worker AND s.id BETWEEN :since AND :until AND s.measured_in > 0"""
ADD_PAID = "UPDATE topups SET each_paid = each_paid + :each WHERE project = :project AND number = :number"


class Topups:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def store_promise(self, project: ProjectId, floor: int, expected: int, base: int) -> None:
        """Store the promise of the newest launch. At the first one, exempt answers given before it from windows."""
        self._db.send(EXEMPT_EARLIER_ANSWERS, project=project)
        self._db.send(UPSERT_PROMISE, project=project, floor=floor, expected=expected, base=base)

    def get(self, project: ProjectId) -> FloorPromise:
        return FloorPromise(*self._db.all(SELECT_PROMISE, project=project)[0])

    def find_promise(self, project: ProjectId) -> FloorPromise | None:
        promise = self._db.get(FLOORS_TABLE, project)
        if promise is ABSENT:
            promise = self._hold(project, self._db.peek(SELECT_PROMISE, project=project))
        return cast(FloorPromise | None, promise)

    def preload_promises(self, projects: Sequence[ProjectId]) -> Foresight[None]:
        """Read the promises of these projects ahead, for `find_promise`."""
        new = [project for project in projects if self._db.get(FLOORS_TABLE, project) is ABSENT]
        (results,) = yield [(SELECT_PROMISE, [{"project": project} for project in new])]
        for project, rows in zip(new, results, strict=True):
            self._hold(project, rows)

    def _hold(self, project: ProjectId, rows: list[Row]) -> Any:
        return self._db.keep(FLOORS_TABLE, project, FloorPromise(*rows[0]) if rows else None)

    def count_answer(self, project: ProjectId) -> FloorPromise | None:
        """Count one more waiting answer and return the promise; None if the project has no floor."""
        promise = self.find_promise(project)
        if promise is None:
            return None
        promise = replace(promise, waiting=promise.waiting + 1)
        self._db.change(FLOORS_TABLE, project, promise, waiting=promise.waiting)
        return promise

    def count_again(self, project: ProjectId, submission: int) -> FloorPromise | None:
        """Count an answer that was left out for the next window, and return the promise; None if it was not
        left out."""
        return self.count_answer(project) if self._db.changed(BRING_BACK_ANSWER, submission=submission) else None

    def leave_out_rejected(self, project: ProjectId) -> None:
        """Leave rejected answers out of the next window."""
        self._db.send(LEAVE_OUT_REJECTED, project=project)

    def list_waiting_times(self, project: ProjectId) -> list[AnswerTime]:
        """Return times of submissions in no window yet."""
        standing = get_standing_of_waiting(self._db, project)
        return [answer_time(row, standing) for row in self._db.all(SELECT_WAITING_TIMES, project=project)]

    def latest_times(self, project: ProjectId, limit: int) -> list[AnswerTime]:
        standing = get_standing_of_latest(self._db, project, limit)
        rows = self._db.all(SELECT_LATEST_TIMES, project=project, limit=limit)
        return [answer_time(row, standing) for row in rows]

    def list_earlier_work(self, requester: PersonId, kind: str, projects: int, answers: int) -> list[EarlierWork]:
        """Return times of the latest answers in each of so many projects of this kind."""
        rows = self._db.all(SELECT_EARLIER_PROJECTS, requester=requester, kind=kind, limit=projects)
        return [EarlierWork(int(row[1]), self.latest_times(ProjectId(row[0]), answers)) for row in rows]

    def list_waiting_by_worker(self, project: ProjectId) -> list[tuple[PersonId, int, int]]:
        """Return (worker, submissions, lowest pay) of submissions in no window yet."""
        return [
            (PersonId(row[0]), int(row[1]), int(row[2]))
            for row in self._db.all(SELECT_WAITING_BY_WORKER, project=project)
        ]

    def find_overdue(self, before: Moment) -> ProjectId | None:
        """Return a running project whose window has an answer from before this moment, or None."""
        project = single_value(self._db.one(SELECT_OVERDUE_WINDOW, before=before))
        return None if project is None else ProjectId(project)

    def count_waiting(self, project: ProjectId) -> int:
        return int(self._db.all(COUNT_WAITING, project=project)[0][0])

    def lowest_pay(self, project: ProjectId, window: int | None = None) -> int | None:
        """Return the lowest pay of a window, or of submissions in none yet."""
        where = {"project": project} if window is None else {"project": project, "number": window}
        pay: int | None = single_value(
            self._db.one(SELECT_LOWEST_WAITING_PAY if window is None else SELECT_LOWEST_WINDOW_PAY, **where)
        )
        return pay

    def store_window(self, project: ProjectId, window: MeasuredWindow, times: Sequence[AnswerTime] = ()) -> None:
        """Store a window of all that waits, and the standing of the workers of its `times`."""
        store_standing(self._db, project, times)
        self._db.send(SET_MEASURED, project=project, number=window.number)
        self._keep(project, window, whole=1)

    def store_window_of_worker(self, project: ProjectId, window: MeasuredWindow, worker: PersonId) -> None:
        """Store a window of one worker's waiting submissions."""
        self._db.send(SET_MEASURED_OF_WORKER, project=project, number=window.number, worker=worker)
        self._keep(project, window, whole=0)

    def clear_waiting(self, project: ProjectId) -> None:
        self._db.send(CLEAR_WAITING, project=project)

    def sum_arrears(self, requester: PersonId, currency: str, except_project: int = 0) -> dict[ProjectId, int]:
        """Return the top-ups that each ended project still owes, but for `except_project`."""
        rows = self._db.all(SUM_ARREARS, requester=requester, currency=currency, but=except_project)
        return {ProjectId(row[0]): int(row[1]) for row in rows}

    def list_resting(self, reason: str, before: Moment, limit: int) -> list[ProjectId]:
        """Return projects paused for this reason whose last window was measured before this moment."""
        return [
            ProjectId(row[0])
            for row in self._db.all(SELECT_RESTING_PROJECTS, reason=reason, before=before, limit=limit)
        ]

    def _keep(self, project: ProjectId, window: MeasuredWindow, whole: int) -> None:
        self._db.send(START_NEXT_WINDOW, project=project, number=window.number)
        values = {name: getattr(window, name) for name in MeasuredWindow.__slots__ if name != "each_paid"}
        self._db.send(INSERT_WINDOW, project=project, whole=whole, now=self._now, **values)

    def list_owed(self, project: ProjectId) -> list[MeasuredWindow]:
        return [MeasuredWindow(*row) for row in self._db.all(SELECT_OWED_WINDOWS, project=project)]

    def find_last(self, project: ProjectId) -> MeasuredWindow | None:
        row = self._db.one(SELECT_LAST_WINDOW, project=project)
        return MeasuredWindow(*row) if row else None

    def find_window(self, project: ProjectId, number: int) -> MeasuredWindow | None:
        row = self._db.one(SELECT_WINDOW, project=project, number=number)
        return MeasuredWindow(*row) if row else None

    def sum_paid_for_answers(self, worker: PersonId, since: int, until: int) -> int:
        """Return what a worker's answers with numbers from `since` to `until` were paid on top."""
        return int(single_value(self._db.one(SUM_PAID_FOR_ANSWERS, worker=worker, since=since, until=until), 0))

    def list_earners(self, project: ProjectId, number: int) -> list[tuple[PersonId, int]]:
        """Return (worker, submissions) of a window."""
        return [(PersonId(row[0]), int(row[1])) for row in self._db.all(SELECT_EARNERS, project=project, number=number)]

    def add_paid(self, project: ProjectId, number: int, topup: int) -> None:
        self._db.send(ADD_PAID, project=project, number=number, each=topup)


# Rule 13, and rule 4 for reserves: no worker is paid below the wage floor. The pace of a window is computed here
# independently, by the rule of domain/money/topups.py, as far as it can be told from tasks that were asked for:
# it is at least the lower median of each worker, then of the workers who were strangers to the requester when it
# was measured, else of those not related to them. Where the pace that was noted is longer, it counts. What was
# measured when a project ended (`whole` 0) is each worker's own, and may reach back into an earlier window: it is
# held to the time that was noted.
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


def _iter_unmeasured(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield each project that ended more than a day ago with answers that were never measured."""
    for project, waiting in reader.connection.all(SELECT_UNMEASURED_PROJECTS, before=reader.now - DAY):
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
