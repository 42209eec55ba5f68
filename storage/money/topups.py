"""Top-ups to the wage floor: promises of launches, measured windows, amounts paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from domain.moments import Moment
from domain.money.topups import (
    ELSEWHERE,
    Standing,
    Time,
    Work,
)
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Foresight, Row
from storage.drivers.records import columns, first, of
from storage.drivers.rows import ABSENT, Table


def _standing_of(answers: str) -> str:
    """The statement that returns what each worker of some `answers` is to the project's requester, who may be a team:
    related by a bank account or a team (2); a stranger who has answered enough for others and came by no invitation of
    theirs (1); else unknown (0)."""
    return f"""
SELECT f.worker, CASE WHEN EXISTS (
  SELECT 1 FROM payee_mates m WHERE m.person = f.worker AND (m.mate = p.requester
    OR m.mate IN (SELECT t.member FROM team_members t WHERE t.team = p.requester))
) OR EXISTS (
  SELECT 1 FROM team_members t WHERE t.member = f.worker AND (t.team = p.requester
    OR t.team IN (SELECT o.team FROM team_members o WHERE o.member = p.requester))
) THEN {Standing.RELATED} WHEN EXISTS (
  SELECT 1 FROM invited i JOIN projects q ON q.id = i.project WHERE i.worker = f.worker AND q.requester = p.requester
) THEN {Standing.UNKNOWN} WHEN (
  SELECT coalesce(sum(e.answered), 0) FROM enrolments e JOIN projects q ON q.id = e.project
  WHERE e.worker = f.worker AND q.requester <> p.requester AND NOT EXISTS (
    SELECT 1 FROM payee_mates m WHERE m.person = q.requester AND m.mate = p.requester)
) >= {ELSEWHERE} THEN {Standing.STRANGER} ELSE {Standing.UNKNOWN} END
FROM (SELECT DISTINCT worker FROM ({answers}) AS few) AS f JOIN projects p ON p.id = :project"""


OF_WAITING = _standing_of("SELECT s.worker FROM submissions s WHERE s.project = :project AND s.measured_in IS NULL")
OF_LATEST = _standing_of(
    f"""SELECT s.worker FROM submissions s WHERE {of("s.project", ":project")} AND s.state <> 'rejected'
ORDER BY s.project DESC, s.id DESC LIMIT :limit"""
)
NOTE = """
UPDATE submissions SET standing = :standing WHERE project = :project AND worker = :worker AND measured_in IS NULL"""


def of_waiting(connection: Connection, project: ProjectId) -> Mapping[int, Standing]:
    """Return the standing of each worker whose answers are in no window yet."""
    return _standing(connection.all(OF_WAITING, project=project))


def of_latest(connection: Connection, project: ProjectId, limit: int) -> Mapping[int, Standing]:
    """Return the standing of each worker of the latest answers."""
    return _standing(connection.all(OF_LATEST, project=project, limit=limit))


def time_of(row: Row, standing: Mapping[int, Standing]) -> Time:
    """Return the time of one answer, read as (worker, milliseconds, pushed, worked)."""
    worker, milliseconds, pushed, worked = row
    return Time(PersonId(worker), milliseconds, bool(pushed), worked, standing.get(worker, Standing.UNKNOWN))


def note(connection: Connection, project: ProjectId, times: Sequence[Time]) -> None:
    """Keep the standing by which answers are measured now."""
    for worker, standing in {time.worker: time.standing for time in times if time.standing}.items():
        connection.send(NOTE, project=project, worker=worker, standing=int(standing))


def _standing(rows: Sequence[Row]) -> Mapping[int, Standing]:
    return {int(row[0]): Standing(row[1]) for row in rows}


@dataclass(frozen=True, slots=True)
class Promise:
    """`floor` per hour, `expected` milliseconds a submission; `waiting` submissions are in no window yet. `base`
    milliseconds were estimated or stated, before earlier projects corrected it."""

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
FLOORS = Table(("floors",), lasts=True, order=7, keys=("project",))

# The newest launch's words; what was counted goes on.
PROMISE = """
INSERT INTO floors (project, floor, expected, base) VALUES (:project, :floor, :expected, :base)
ON CONFLICT (project) DO UPDATE SET floor = excluded.floor, expected = excluded.expected, base = excluded.base"""
# Answers older than the project's floor are in no window.
EXEMPT = """
UPDATE submissions SET measured_in = 0
WHERE project = :project AND measured_in IS NULL AND NOT EXISTS (SELECT 1 FROM floors f WHERE f.project = :project)"""
PROMISED = "SELECT floor, expected, windows, waiting, base FROM floors WHERE project = :project"
# Who was refused by the time of measuring has no voice and no pay for it; an appeal that is won brings it back.
LEFT_OUT = """
UPDATE submissions SET measured_in = 0 WHERE project = :project AND measured_in IS NULL AND state = 'rejected'"""
BROUGHT_BACK = """
UPDATE submissions SET measured_in = NULL WHERE id = :submission AND measured_in = 0
  AND EXISTS (SELECT 1 FROM floors f WHERE f.project = submissions.project)"""
# Since the first press, or as estimated; a median needs no cut of pauses.
_WORKED = "CASE WHEN s.submitted_at - a.begun_at > s.worked THEN s.submitted_at - a.begun_at ELSE s.worked END"
WAITING_TIMES = f"""
SELECT s.worker, s.milliseconds, a.pushed, {_WORKED} FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE s.project = :project AND s.measured_in IS NULL ORDER BY s.id"""
LATEST_TIMES = f"""
SELECT s.worker, s.milliseconds, a.pushed, {_WORKED} FROM submissions s JOIN assignments a ON a.id = s.assignment
WHERE {of("s.project", ":project")} AND s.state <> 'rejected'
ORDER BY s.project DESC, s.id DESC LIMIT :limit"""
# Projects of a kind a requester has had answered, the newest first, and what was said of one answer's time.
MEASURED_BEFORE = """
SELECT p.id, f.base FROM projects p JOIN floors f ON f.project = p.id
WHERE p.requester = :requester AND p.kind = :kind ORDER BY p.id DESC LIMIT :limit"""
# A running project of which an answer has waited since before then: its window is not going to fill soon.
WAITING_LONG = """
SELECT f.project FROM floors f JOIN projects p ON p.id = f.project
WHERE f.waiting > 0 AND p.state = 'running' AND EXISTS (
  SELECT 1 FROM submissions s
  WHERE s.project = f.project AND s.measured_in IS NULL AND s.submitted_at < :before)
ORDER BY f.project LIMIT 1"""
WAITING = "SELECT count(*) FROM submissions WHERE project = :project AND measured_in IS NULL"
# What those that wait to be measured, or were measured together, were paid at least.
LOWEST_WAITING = "SELECT min(pay) FROM submissions WHERE project = :project AND measured_in IS NULL"
LOWEST = "SELECT min(pay) FROM submissions WHERE project = :project AND measured_in = :number AND measured_in > 0"
WAITING_OF = """
SELECT worker, count(*), min(pay) FROM submissions WHERE project = :project AND measured_in IS NULL
GROUP BY worker ORDER BY worker"""
MEASURED_OF = """
UPDATE submissions SET measured_in = :number
WHERE project = :project AND worker = :worker AND measured_in IS NULL"""
MEASURED = "UPDATE submissions SET measured_in = :number WHERE project = :project AND measured_in IS NULL"
NEXT_WINDOW = "UPDATE floors SET waiting = 0, windows = :number WHERE project = :project"
NONE_WAITING = "UPDATE floors SET waiting = 0 WHERE project = :project"
KEEP = """
INSERT INTO topups (project, number, submissions, workers, milliseconds, floor, expected, whole, each_owed, measured_at)
SELECT project, :number, :submissions, :workers, :milliseconds, floor, expected, :whole, :each_owed, :now
FROM floors WHERE project = :project"""
OWED = f"""
SELECT {_WINDOW} FROM topups WHERE project = :project AND each_paid < each_owed ORDER BY number"""
# What the end of a project measured is each worker's own, and says nothing of the answers to come.
LAST = f"SELECT {_WINDOW} FROM topups WHERE project = :project AND whole = 1 ORDER BY number DESC LIMIT 1"
WINDOW = f"SELECT {_WINDOW} FROM topups WHERE project = :project AND number = :number"
# Every answer of a window, also those rejected since.
EARNERS = """
SELECT worker, count(*) FROM submissions WHERE project = :project AND measured_in = :number
AND measured_in > 0 GROUP BY worker ORDER BY worker"""
# Projects that wait for more reserve, whatever else they wait for, measured for the last time before a moment.
RESTING = """
SELECT p.id FROM projects p WHERE p.state = 'running' AND ' ' || p.paused || ' ' LIKE '% ' || :reason || ' %'
AND (SELECT max(u.measured_at) FROM topups u WHERE u.project = p.id) < :before
ORDER BY p.id LIMIT :limit"""
# What ended projects of a requester owe in a currency beyond what was there, all but one.
ARREARS = """
SELECT u.project, sum((u.each_owed - u.each_paid) * u.submissions) FROM topups u JOIN projects p ON p.id = u.project
WHERE u.each_paid < u.each_owed AND p.requester = :requester AND p.state IN ('stopped', 'complete')
  AND p.currency = :currency AND p.id <> :but
GROUP BY u.project ORDER BY u.project"""
PAID_FOR = """
SELECT coalesce(sum(u.each_paid), 0)
FROM submissions s JOIN topups u ON u.project = s.project AND u.number = s.measured_in
WHERE s.worker = :worker AND s.id BETWEEN :since AND :until AND s.measured_in > 0"""
PAID = "UPDATE topups SET each_paid = each_paid + :each WHERE project = :project AND number = :number"


class Topups:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def promise(self, project: ProjectId, floor: int, expected: int, base: int) -> None:
        self._db.send(EXEMPT, project=project)
        self._db.send(PROMISE, project=project, floor=floor, expected=expected, base=base)

    def get(self, project: ProjectId) -> Promise:
        return Promise(*self._db.all(PROMISED, project=project)[0])

    def promised(self, project: ProjectId) -> Promise | None:
        found = self._db.get(FLOORS, project)
        if found is ABSENT:
            found = self._hold(project, self._db.peek(PROMISED, project=project))
        return cast(Promise | None, found)

    def foresee(self, projects: Sequence[ProjectId]) -> Foresight[None]:
        """Holds what was promised in them."""
        new = [project for project in projects if self._db.get(FLOORS, project) is ABSENT]
        (found,) = yield [(PROMISED, [{"project": project} for project in new])]
        for project, rows in zip(new, found, strict=True):
            self._hold(project, rows)

    def _hold(self, project: ProjectId, rows: list[Row]) -> Any:
        return self._db.keep(FLOORS, project, Promise(*rows[0]) if rows else None)

    def count(self, project: ProjectId) -> Promise | None:
        """The promise with one more answer waiting; None where there is no floor."""
        found = self.promised(project)
        if found is None:
            return None
        found = replace(found, waiting=found.waiting + 1)
        self._db.change(FLOORS, project, found, waiting=found.waiting)
        return found

    def bring_back(self, project: ProjectId, submission: int) -> Promise | None:
        """An answer that was left out waits for the next window; None where it was not left out."""
        return self.count(project) if self._db.changed(BROUGHT_BACK, submission=submission) else None

    def leave_out(self, project: ProjectId) -> None:
        self._db.send(LEFT_OUT, project=project)

    def times(self, project: ProjectId) -> list[Time]:
        """Times of submissions in no window yet."""
        standing = of_waiting(self._db, project)
        return [time_of(row, standing) for row in self._db.all(WAITING_TIMES, project=project)]

    def latest_times(self, project: ProjectId, limit: int) -> list[Time]:
        standing = of_latest(self._db, project, limit)
        rows = self._db.all(LATEST_TIMES, project=project, limit=limit)
        return [time_of(row, standing) for row in rows]

    def work_of(self, requester: PersonId, kind: str, projects: int, answers: int) -> list[Work]:
        """Times of the latest answers in each of so many projects."""
        rows = self._db.all(MEASURED_BEFORE, requester=requester, kind=kind, limit=projects)
        return [Work(int(row[1]), self.latest_times(ProjectId(row[0]), answers)) for row in rows]

    def waiting_of(self, project: ProjectId) -> list[tuple[PersonId, int, int]]:
        """(worker, submissions, lowest pay) of submissions in no window yet."""
        return [(PersonId(row[0]), int(row[1]), int(row[2])) for row in self._db.all(WAITING_OF, project=project)]

    def waiting_long(self, before: Moment) -> ProjectId | None:
        found = first(self._db.one(WAITING_LONG, before=before))
        return None if found is None else ProjectId(found)

    def waiting(self, project: ProjectId) -> int:
        return int(self._db.all(WAITING, project=project)[0][0])

    def lowest_pay(self, project: ProjectId, window: int | None = None) -> int | None:
        """The lowest pay of a window, or of submissions in none yet."""
        where = {"project": project} if window is None else {"project": project, "number": window}
        found: int | None = first(self._db.one(LOWEST_WAITING if window is None else LOWEST, **where))
        return found

    def measure(self, project: ProjectId, window: MeasuredWindow, times: Sequence[Time] = ()) -> None:
        """Closes a window over all that waits; keeps what the workers of its `times` were to the requester then."""
        note(self._db, project, times)
        self._db.send(MEASURED, project=project, number=window.number)
        self._keep(project, window, whole=1)

    def measure_one(self, project: ProjectId, window: MeasuredWindow, worker: PersonId) -> None:
        """Closes a window over one worker's waiting submissions."""
        self._db.send(MEASURED_OF, project=project, number=window.number, worker=worker)
        self._keep(project, window, whole=0)

    def all_measured(self, project: ProjectId) -> None:
        self._db.send(NONE_WAITING, project=project)

    def arrears(self, requester: PersonId, currency: str, but: int = 0) -> dict[ProjectId, int]:
        """Top-ups that each ended project still owes."""
        rows = self._db.all(ARREARS, requester=requester, currency=currency, but=but)
        return {ProjectId(row[0]): int(row[1]) for row in rows}

    def resting(self, reason: str, before: Moment, limit: int) -> list[ProjectId]:
        return [ProjectId(row[0]) for row in self._db.all(RESTING, reason=reason, before=before, limit=limit)]

    def _keep(self, project: ProjectId, window: MeasuredWindow, whole: int) -> None:
        self._db.send(NEXT_WINDOW, project=project, number=window.number)
        values = {name: getattr(window, name) for name in MeasuredWindow.__slots__ if name != "each_paid"}
        self._db.send(KEEP, project=project, whole=whole, now=self._now, **values)

    def owed(self, project: ProjectId) -> list[MeasuredWindow]:
        return [MeasuredWindow(*row) for row in self._db.all(OWED, project=project)]

    def last(self, project: ProjectId) -> MeasuredWindow | None:
        row = self._db.one(LAST, project=project)
        return MeasuredWindow(*row) if row else None

    def window(self, project: ProjectId, number: int) -> MeasuredWindow | None:
        row = self._db.one(WINDOW, project=project, number=number)
        return MeasuredWindow(*row) if row else None

    def of_answers(self, worker: PersonId, since: int, until: int) -> int:
        """What a worker's answers from one number to another were paid on top."""
        return int(first(self._db.one(PAID_FOR, worker=worker, since=since, until=until), 0))

    def earners(self, project: ProjectId, number: int) -> list[tuple[PersonId, int]]:
        """(worker, submissions) of a window."""
        return [(PersonId(row[0]), int(row[1])) for row in self._db.all(EARNERS, project=project, number=number)]

    def paid(self, project: ProjectId, number: int, each: int) -> None:
        self._db.send(PAID, project=project, number=number, each=each)
