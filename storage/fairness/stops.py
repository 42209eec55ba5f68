"""Stops of projects and persons by admins, and appeals against them."""

from dataclasses import replace

from domain.fairness.stops import Stop, StopId, StopState
from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import columns

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

    def of_person(self, person: PersonId) -> Stop | None:
        """The one in force."""
        return self._read(self._db.one(OF_PERSON, person=person))

    def of_project(self, project: ProjectId) -> Stop | None:
        """The one in force."""
        return self._read(self._db.one(OF_PROJECT, project=project))

    def concerning(self, person: PersonId, limit: int) -> list[Stop]:
        """Of this person or of their projects: those not appealed yet, and those whose appeal waits."""
        return [stop_from(row) for row in self._db.all(CONCERNING, person=person, limit=limit)]

    def suspend(self, person: PersonId, on: bool) -> None:
        """They are not pushed to; push_schedule lets them wait again."""
        self._db.send(SUSPEND, person=person, on=int(on))

    def appeal(self, stop: StopId, words: str, due: Moment) -> bool:
        """Once."""
        return self._db.changed(APPEAL, id=stop, words=words, due=due) == 1

    def rule(self, stop: StopId, state: StopState, by: PersonId | None, ruling: str = "") -> bool:
        """An appeal is answered, or a stop is lifted without one; False where that was done."""
        told = {"id": stop, "state": state.value, "by": by, "ruling": ruling, "now": self._now}
        return self._db.changed(RULE, **told) == 1

    def due(self, limit: int) -> list[Stop]:
        """Appeals that nobody answered in time."""
        return [stop_from(row) for row in self._db.all(DUE, now=self._now, limit=limit)]

    def waiting(self, limit: int) -> list[Stop]:
        """Appeals to be answered, the most urgent first."""
        return [stop_from(row) for row in self._db.all(WAITING, limit=limit)]

    def running(self, person: PersonId) -> list[ProjectId]:
        """Their projects that run."""
        return [ProjectId(row[0]) for row in self._db.all(RUNNING, person=person)]

    def resting(self, person: PersonId) -> list[ProjectId]:
        """Their projects that rest because they are suspended."""
        return [ProjectId(row[0]) for row in self._db.all(RESTING, person=person)]

    def _read(self, row: Row | None) -> Stop | None:
        return stop_from(row) if row else None
