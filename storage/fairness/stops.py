"""Stops of projects and persons by admins, and appeals against them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.fairness.automated import Movement, RestrictionRow
from domain.fairness.stops import Stop, StopId, StopState
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns, first

BEGUN = "SELECT min(joined_at) FROM people"
ANSWERS = """
SELECT count(*), count(DISTINCT worker) FROM submissions WHERE submitted_at >= :since AND submitted_at < :until"""
RESTRICTIONS = """
SELECT state, CASE WHEN decided_by IS NULL THEN 0 ELSE 1 END, lapsed, appeal, imposed_at, decided_at
FROM restrictions WHERE imposed_at >= :since AND imposed_at < :until"""
MEASURES = "SELECT kind, count(*) FROM soft_measures WHERE since >= :since AND since < :until GROUP BY kind"
ACTS = """
SELECT action, CASE WHEN actor IS NULL THEN 0 ELSE 1 END, count(*) FROM audit
WHERE at >= :since AND at < :until AND action IN ('pause', 'resumed', 'stopped', 'ended', 'spare')
GROUP BY action, CASE WHEN actor IS NULL THEN 0 ELSE 1 END"""
GOLD = """
SELECT coalesce(sum(quarantined), 0), coalesce(sum(CASE WHEN state = 'overturned' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN state = 'kept' THEN 1 ELSE 0 END), 0)
FROM gold_challenges WHERE opened_at >= :since AND opened_at < :until"""
APPEALS = """
SELECT count(*), coalesce(sum(CASE WHEN state = 'won' THEN 1 ELSE 0 END), 0),
  coalesce(sum(CASE WHEN state = 'lost' THEN 1 ELSE 0 END), 0), count(ruled_by)
FROM appeals WHERE opened_at >= :since AND opened_at < :until"""
COMPLAINTS = """
SELECT made_at, due_at, answered_at FROM complaints
WHERE state <> 'withdrawn' AND made_at >= :since AND made_at < :until"""
PAY = """
SELECT kind, currency, count(*), sum(amount) FROM transfers
WHERE made_at >= :since AND made_at < :until AND kind IN ('release', 'topup', 'reject', 'appeal', 'forfeit')
GROUP BY kind, currency ORDER BY kind, currency"""


class Span:
    """What happened from `since` until before `until`."""

    def __init__(self, connection: Connection, since: Moment, until: Moment) -> None:
        self._db, self._span = connection, {"since": since, "until": until}

    def answers(self) -> tuple[int, int]:
        """(answers, workers who gave them)."""
        return tuple(map(int, self._db.all(ANSWERS, **self._span)[0]))  # type: ignore[return-value]

    def restrictions(self) -> list[RestrictionRow]:
        rows = self._db.all(RESTRICTIONS, **self._span)
        return [RestrictionRow(row[0], bool(row[1]), bool(row[2]), *row[3:]) for row in rows]

    def measures(self) -> dict[str, int]:
        return {row[0]: int(row[1]) for row in self._db.all(MEASURES, **self._span)}

    def acts(self) -> dict[tuple[str, bool], int]:
        """(action, by a human) → how often."""
        return {(row[0], bool(row[1])): int(row[2]) for row in self._db.all(ACTS, **self._span)}

    def gold(self) -> dict[str, int]:
        row = self._db.all(GOLD, **self._span)[0]
        return dict(zip(("set_aside", "overturned", "kept"), map(int, row), strict=True))

    def appeals(self) -> dict[str, int]:
        row = self._db.all(APPEALS, **self._span)[0]
        return dict(zip(("opened", "won", "lost", "by_admin"), map(int, row), strict=True))

    def complaints(self) -> list[tuple[Moment, Moment, Moment | None]]:
        """(made, to be answered by, answered)."""
        return [(row[0], row[1], row[2]) for row in self._db.all(COMPLAINTS, **self._span)]

    def pay(self) -> tuple[Movement, ...]:
        rows = self._db.all(PAY, **self._span)
        return tuple(Movement(row[0], row[1], int(row[2]), int(row[3])) for row in rows)


def begun(connection: Connection) -> Moment | None:
    """When the first person came."""
    found: Moment | None = first(connection.one(BEGUN))
    return found


# The newest lines of one account are looked at: of a worker with very many answers, those of the last days.
TOPUPS_OF = """
SELECT t.id, coalesce(t.project, 0), coalesce(p.title, ''), e.amount, t.currency, t.made_at
FROM accounts a JOIN entries e ON e.account = a.id AND e.version > a.version - 3000
JOIN transfers t ON t.id = e.transfer LEFT JOIN projects p ON p.id = t.project
WHERE a.name = :account AND t.kind = 'topup' AND t.made_at > :since ORDER BY t.id DESC LIMIT :limit"""


class Oversight:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def topups_of(self, account: str, since: Moment, limit: int) -> Sequence[Sequence[Any]]:
        """(operation, project, title, millionths, currency, moment), the newest first."""
        return self._db.all(TOPUPS_OF, account=account, since=since, limit=limit)


_STOP = columns(Stop)

FIND = f"SELECT {_STOP} FROM stops WHERE id = :id"
# One in force of each project and each person.
ADD = f"""
INSERT INTO stops (project, person, reason, made_by, made_at, state, words, ruling)
VALUES (:project, :person, :reason, :by, :now, 'standing', '', '') ON CONFLICT DO NOTHING RETURNING {_STOP}"""
OF_PERSON = f"SELECT {_STOP} FROM stops WHERE person = :person AND project IS NULL AND state <> 'lifted'"
OF_PROJECT = f"SELECT {_STOP} FROM stops WHERE project = :project AND state <> 'lifted'"
CONCERNING = f"""
SELECT {_STOP} FROM stops WHERE person = :person AND state IN ('standing', 'appealed') ORDER BY id DESC LIMIT :limit"""
SUSPEND = "UPDATE people SET suspended = :on, idle = 0, push_changes_at = NULL WHERE id = :person"
APPEAL = """
UPDATE stops SET state = 'appealed', words = :words, due_at = :due WHERE id = :id AND state = 'standing'"""
RULE = """
UPDATE stops SET state = :state, ruling = :ruling, ruled_by = :by, ruled_at = :now, due_at = NULL
WHERE id = :id AND state <> 'lifted' AND (state = 'appealed' OR :state = 'lifted')"""
DUE = f"SELECT {_STOP} FROM stops WHERE state = 'appealed' AND due_at <= :now ORDER BY due_at LIMIT :limit"
WAITING = f"SELECT {_STOP} FROM stops WHERE state = 'appealed' ORDER BY due_at LIMIT :limit"
# A team's projects rest with its owner's.
_THEIRS = """(requester = :person OR requester IN (
  SELECT team FROM team_members WHERE member = :person AND role = 'owner' AND left_at IS NULL))"""
RESTING = f"SELECT id FROM projects WHERE {_THEIRS} AND paused LIKE '%suspended%' ORDER BY id"
RUNNING = f"SELECT id FROM projects WHERE {_THEIRS} AND state = 'running' ORDER BY id"


def stop_from(row: Row) -> Stop:
    stop = Stop(*row)
    return replace(stop, state=StopState(stop.state))


class Stops:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, stop: int) -> Stop | None:
        return self._read(self._db.one(FIND, id=stop))

    def add(self, project: ProjectId | None, person: PersonId, reason: str, by: PersonId) -> Stop | None:
        """None where one is in force."""
        return self._read(self._db.one(ADD, project=project, person=person, reason=reason, by=by, now=self._now))

    def find_suspension(self, person: PersonId) -> Stop | None:
        """The one in force."""
        return self._read(self._db.one(OF_PERSON, person=person))

    def find_project_stop(self, project: ProjectId) -> Stop | None:
        """The one in force."""
        return self._read(self._db.one(OF_PROJECT, project=project))

    def list_concerning(self, person: PersonId, limit: int) -> list[Stop]:
        """Of this person or of their projects: those not appealed yet, and those whose appeal waits."""
        return [stop_from(row) for row in self._db.all(CONCERNING, person=person, limit=limit)]

    def set_suspended(self, person: PersonId, on: bool) -> None:
        """They are not pushed to; push_schedule lets them wait again."""
        self._db.send(SUSPEND, person=person, on=int(on))

    def store_appeal(self, stop: StopId, words: str, due: Moment) -> bool:
        """Once."""
        return self._db.changed(APPEAL, id=stop, words=words, due=due) == 1

    def decide(self, stop: StopId, state: StopState, by: PersonId | None, ruling: str = "") -> bool:
        """An appeal is answered, or a stop is lifted without one; False where that was done."""
        told = {"id": stop, "state": state.value, "by": by, "ruling": ruling, "now": self._now}
        return self._db.changed(RULE, **told) == 1

    def overdue_appeals(self, limit: int) -> list[Stop]:
        """Appeals that nobody answered in time."""
        return [stop_from(row) for row in self._db.all(DUE, now=self._now, limit=limit)]

    def appeals_to_rule(self, limit: int) -> list[Stop]:
        """Appeals to be answered, the most urgent first."""
        return [stop_from(row) for row in self._db.all(WAITING, limit=limit)]

    def running_projects(self, person: PersonId) -> list[ProjectId]:
        """Their projects that run."""
        return [ProjectId(row[0]) for row in self._db.all(RUNNING, person=person)]

    def suspended_projects(self, person: PersonId) -> list[ProjectId]:
        """Their projects that rest because they are suspended."""
        return [ProjectId(row[0]) for row in self._db.all(RESTING, person=person)]

    def _read(self, row: Row | None) -> Stop | None:
        return stop_from(row) if row else None
