"""Answers that were asked for once more."""

from domain.moments import Moment, later
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.work.redos import ASKED, TIME, Redo
from domain.work.submissions import Submission, SubmissionId
from storage.drivers.connection import Connection
from storage.drivers.records import columns

_REDO = columns(Redo)
ADD = """
INSERT INTO redos (submission, project, worker, words, pay, state, asked_at, until_at)
VALUES (:submission, :project, :worker, :words, :pay, 'asked', :now, :until)
ON CONFLICT (submission) DO NOTHING"""
OF = f"SELECT {_REDO} FROM redos WHERE submission = :submission"
OPEN_OF = f"""
SELECT {_REDO} FROM redos WHERE worker = :worker AND project = :project AND state = '{ASKED}' ORDER BY submission"""
END = f"UPDATE redos SET state = :state, ended_at = :now WHERE submission = :submission AND state = '{ASKED}'"
DUE = f"SELECT {_REDO} FROM redos WHERE state = '{ASKED}' AND until_at <= :now ORDER BY until_at LIMIT :limit"


class Redos:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, of: Submission, words: str, pay: Millionths) -> bool:
        """False where it was asked for before."""
        about = {"submission": of.id, "project": of.project, "worker": of.worker, "words": words, "pay": pay}
        return self._db.changed(ADD, **about, now=self._now, until=later(self._now, TIME)) == 1

    def of(self, submission: SubmissionId) -> Redo | None:
        row = self._db.one(OF, submission=submission)
        return Redo(*row) if row else None

    def open_of(self, worker: PersonId, project: ProjectId) -> list[Redo]:
        return [Redo(*row) for row in self._db.all(OPEN_OF, worker=worker, project=project)]

    def end(self, submission: SubmissionId, state: str) -> bool:
        """False where it has ended."""
        return self._db.changed(END, submission=submission, state=state, now=self._now) == 1

    def due(self, limit: int) -> list[Redo]:
        """Those whose time is over."""
        return [Redo(*row) for row in self._db.all(DUE, now=self._now, limit=limit)]
