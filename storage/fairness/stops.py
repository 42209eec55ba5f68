"""Stops of projects and persons by admins with their appeals, and the counts of a quarter for the evaluation of
automated decisions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.fairness.automated import AutomatedMovement, RestrictionRow
from domain.fairness.stops import Stop, StopId, StopState
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, single_value
from storage.invariants import LATEST_MOMENT, SWEEP_GRACE, Invariant

SELECT_FIRST_JOIN = "SELECT min(joined_at) FROM people"
COUNT_ANSWERS_AND_WORKERS = """
SELECT count(*), count(DISTINCT worker) FROM submissions WHERE submitted_at >= :since AND submitted_at < :until"""
SELECT_RESTRICTIONS = """
SELECT state, CASE WHEN decided_by IS NULL THEN 0 ELSE 1 END, lapsed, appeal, imposed_at, decided_at
FROM restrictions WHERE imposed_at >= :since AND imposed_at < :until"""
COUNT_MEASURES = "SELECT kind, count(*) FROM soft_measures WHERE since >= :since AND since < :until GROUP BY kind"
COUNT_ACTS = """
SELECT action, CASE WHEN actor IS NULL THEN 0 ELSE 1 END, count(*) FROM audit
WHERE at >= :since AND at < :until AND action IN ('pause', 'resumed', 'stopped', 'ended', 'spare')
GROUP BY action, CASE WHEN actor IS NULL THEN 0 ELSE 1 END"""
COUNT_GOLD_CHALLENGES = """
SELECT coalesce(sum(quarantined), 0), coalesce(sum(CASE WHEN state = 'overturned' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN state = 'kept' THEN 1 ELSE 0 END), 0)
FROM gold_challenges WHERE opened_at >= :since AND opened_at < :until"""
COUNT_APPEALS = """
SELECT count(*), coalesce(sum(CASE WHEN state = 'won' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN state = 'lost' THEN 1 ELSE 0 END), 0), count(ruled_by)
FROM appeals WHERE opened_at >= :since AND opened_at < :until"""
SELECT_COMPLAINTS = """
SELECT made_at, due_at, answered_at FROM complaints
WHERE state <> 'withdrawn' AND made_at >= :since AND made_at < :until"""
SUM_TRANSFERS = """
SELECT kind, currency, count(*), sum(amount) FROM transfers
WHERE made_at >= :since AND made_at < :until AND kind IN ('release', 'topup', 'reject', 'appeal', 'forfeit')
GROUP BY kind, currency ORDER BY kind, currency"""


class EvaluationSpan:
    """Counts of events from `since` until before `until`, for an evaluation."""

    def __init__(self, connection: Connection, since: Moment, until: Moment) -> None:
        self._db, self._span = connection, {"since": since, "until": until}

    def answers(self) -> tuple[int, int]:
        """(answers, workers who gave them)."""
        return tuple(map(int, self._db.all(COUNT_ANSWERS_AND_WORKERS, **self._span)[0]))  # type: ignore[return-value]

    def restrictions(self) -> list[RestrictionRow]:
        rows = self._db.all(SELECT_RESTRICTIONS, **self._span)
        return [RestrictionRow(row[0], bool(row[1]), bool(row[2]), *row[3:]) for row in rows]

    def measures(self) -> dict[str, int]:
        return {row[0]: int(row[1]) for row in self._db.all(COUNT_MEASURES, **self._span)}

    def acts(self) -> dict[tuple[str, bool], int]:
        """(action, by a human) → how often."""
        return {(row[0], bool(row[1])): int(row[2]) for row in self._db.all(COUNT_ACTS, **self._span)}

    def gold(self) -> dict[str, int]:
        row = self._db.all(COUNT_GOLD_CHALLENGES, **self._span)[0]
        return dict(zip(("set_aside", "overturned", "kept"), map(int, row), strict=True))

    def appeals(self) -> dict[str, int]:
        row = self._db.all(COUNT_APPEALS, **self._span)[0]
        return dict(zip(("opened", "won", "lost", "by_admin"), map(int, row), strict=True))

    def complaints(self) -> list[tuple[Moment, Moment, Moment | None]]:
        """(made, to be answered by, answered)."""
        return [(row[0], row[1], row[2]) for row in self._db.all(SELECT_COMPLAINTS, **self._span)]

    def pay(self) -> tuple[AutomatedMovement, ...]:
        rows = self._db.all(SUM_TRANSFERS, **self._span)
        return tuple(AutomatedMovement(row[0], row[1], int(row[2]), int(row[3])) for row in rows)


def find_first_join(connection: Connection) -> Moment | None:
    """Return when the first person joined; None in an empty installation."""
    first_join: Moment | None = single_value(connection.one(SELECT_FIRST_JOIN))
    return first_join


# Only the newest entries of the account are read: a worker with very many answers gets those of the last days.
SELECT_TOPUPS = """
SELECT t.id, coalesce(t.project, 0), coalesce(p.title, ''), e.amount, t.currency, t.made_at
FROM accounts a JOIN entries e ON e.account = a.id AND e.version > a.version - 3000
JOIN transfers t ON t.id = e.transfer LEFT JOIN projects p ON p.id = t.project
WHERE a.name = :account AND t.kind = 'topup' AND t.made_at > :since ORDER BY t.id DESC LIMIT :limit"""


class Oversight:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def topups_of(self, account: str, since: Moment, limit: int) -> Sequence[Sequence[Any]]:
        """(operation, project, title, millionths, currency, moment), the newest first."""
        return self._db.all(SELECT_TOPUPS, account=account, since=since, limit=limit)


_STOP = columns(Stop)

SELECT_STOP = f"SELECT {_STOP} FROM stops WHERE id = :id"
# A unique index allows one stop in force per project and per person.
INSERT_STOP = f"""
INSERT INTO stops (project, person, reason, made_by, made_at, state, words, ruling)
VALUES (:project, :person, :reason, :by, :now, 'standing', '', '') ON CONFLICT DO NOTHING RETURNING {_STOP}"""
SELECT_SUSPENSION = f"SELECT {_STOP} FROM stops WHERE person = :person AND project IS NULL AND state <> 'lifted'"
SELECT_PROJECT_STOP = f"SELECT {_STOP} FROM stops WHERE project = :project AND state <> 'lifted'"
SELECT_CONCERNING = f"""
SELECT {_STOP} FROM stops WHERE person = :person AND state IN ('standing', 'appealed') ORDER BY id DESC LIMIT :limit"""
SET_SUSPENDED = "UPDATE people SET suspended = :on, idle = 0, push_changes_at = NULL WHERE id = :person"
STORE_APPEAL = """
UPDATE stops SET state = 'appealed', words = :words, due_at = :due WHERE id = :id AND state = 'standing'"""
DECIDE_STOP = """
UPDATE stops SET state = :state, ruling = :ruling, ruled_by = :by, ruled_at = :now, due_at = NULL
WHERE id = :id AND state <> 'lifted' AND (state = 'appealed' OR :state = 'lifted')"""
SELECT_OVERDUE_APPEALS = (
    f"SELECT {_STOP} FROM stops WHERE state = 'appealed' AND due_at <= :now ORDER BY due_at LIMIT :limit"
)
_IS_THEIRS = """(requester = :person OR requester IN (
  SELECT team FROM team_members WHERE member = :person AND role = 'owner' AND left_at IS NULL))"""
SELECT_SUSPENDED_PROJECTS = f"SELECT id FROM projects WHERE {_IS_THEIRS} AND paused LIKE '%suspended%' ORDER BY id"
SELECT_RUNNING_PROJECTS = f"SELECT id FROM projects WHERE {_IS_THEIRS} AND state = 'running' ORDER BY id"


def stop_from(row: Row) -> Stop:
    stop = Stop(*row)
    return replace(stop, state=StopState(stop.state))


class Stops:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, stop: int) -> Stop | None:
        return self._to_stop(self._db.one(SELECT_STOP, id=stop))

    def add(self, project: ProjectId | None, person: PersonId, reason: str, by: PersonId) -> Stop | None:
        """Store a stop. Return None if one is in force for this project or person."""
        return self._to_stop(
            self._db.one(INSERT_STOP, project=project, person=person, reason=reason, by=by, now=self._now)
        )

    def find_suspension(self, person: PersonId) -> Stop | None:
        """Return the suspension of a person in force, or None."""
        return self._to_stop(self._db.one(SELECT_SUSPENSION, person=person))

    def find_project_stop(self, project: ProjectId) -> Stop | None:
        """Return the stop of a project in force, or None."""
        return self._to_stop(self._db.one(SELECT_PROJECT_STOP, project=project))

    def list_concerning(self, person: PersonId, limit: int) -> list[Stop]:
        """Return stops of this person or their projects that can be appealed or wait for a ruling, newest first."""
        return [stop_from(row) for row in self._db.all(SELECT_CONCERNING, person=person, limit=limit)]

    def set_suspended(self, person: PersonId, on: bool) -> None:
        """Suspend a person or end that. Nothing is pushed to the person; push_schedule lets them wait
        again afterwards."""
        self._db.send(SET_SUSPENDED, person=person, on=int(on))

    def store_appeal(self, stop: StopId, words: str, due: Moment) -> bool:
        """Store the appeal's words and its deadline. Return False if the stop was appealed before."""
        return self._db.changed(STORE_APPEAL, id=stop, words=words, due=due) == 1

    def decide(self, stop: StopId, state: StopState, by: PersonId | None, ruling: str = "") -> bool:
        """Store the ruling about an appeal, or lift a stop without one. Return False if that was done before."""
        parameters = {"id": stop, "state": state.value, "by": by, "ruling": ruling, "now": self._now}
        return self._db.changed(DECIDE_STOP, **parameters) == 1

    def overdue_appeals(self, limit: int) -> list[Stop]:
        """Return stops whose appeal nobody answered in time."""
        return [stop_from(row) for row in self._db.all(SELECT_OVERDUE_APPEALS, now=self._now, limit=limit)]

    def running_projects(self, person: PersonId) -> list[ProjectId]:
        """Return the running projects of a person and of teams that the person owns."""
        return [ProjectId(row[0]) for row in self._db.all(SELECT_RUNNING_PROJECTS, person=person)]

    def suspended_projects(self, person: PersonId) -> list[ProjectId]:
        """Return projects that rest because this person is suspended."""
        return [ProjectId(row[0]) for row in self._db.all(SELECT_SUSPENDED_PROJECTS, person=person)]

    def _to_stop(self, row: Row | None) -> Stop | None:
        return stop_from(row) if row else None


# Rules 11 and 12: nothing adverse without reason, evidence, notice, appeal and end; no appeal open past its
# deadline. The latest recorded moment stands for the present, so that a stopped bot misses no deadline. Sweeps,
# which run every few seconds, have an hour.
# A person is suspended exactly while a stop by an admin is in force.
SUSPENSIONS_HAVE_STOPS = Invariant(
    11,
    "nobody is suspended without a stop in force",
    """
SELECT 'person ' || p.id AS subject, 'suspended ' || p.suspended || ', stops in force ' || count(s.id) AS detail
FROM people p LEFT JOIN stops s ON s.person = p.id AND s.project IS NULL AND s.state <> 'lifted'
WHERE p.erased_at IS NULL AND (p.suspended = 1 OR s.id IS NOT NULL)
GROUP BY p.id, p.suspended HAVING p.suspended <> count(s.id)""",
)
STOP_APPEALS_ARE_DECIDED = Invariant(
    12,
    "no appeal against a stop is open past its deadline",
    f"""
SELECT 'stop ' || id AS subject, 'appealed, to be answered by ' || due_at AS detail
FROM stops WHERE state = 'appealed' AND due_at < {LATEST_MOMENT} - {SWEEP_GRACE}""",
)
