"""Screening questions, and what workers say to them."""

from domain.moments import Moment
from domain.people.people import PersonId
from domain.people.screening import ScreeningId, ScreeningQuestion, plain_question
from storage.drivers.connection import Connection, Row
from storage.drivers.records import pack, words

ADD = """
INSERT INTO screening_questions (words, options, plain, made_at) VALUES (:words, :options, :plain, :now)
ON CONFLICT (plain) DO NOTHING"""
CALLED = "SELECT id, words, options FROM screening_questions WHERE plain = :plain"
FIND = "SELECT id, words, options FROM screening_questions WHERE id = :id"
OF = "SELECT question, answer FROM screening_answers WHERE worker = :worker ORDER BY question"
ASK = """
INSERT INTO screening_answers (worker, question, asked_at) VALUES (:worker, :question, :now)
ON CONFLICT (worker, question) DO NOTHING"""
SAY = """
UPDATE screening_answers SET answer = :answer, answered_at = :now WHERE worker = :worker AND question = :question"""


def _question(row: Row) -> ScreeningQuestion:
    return ScreeningQuestion(ScreeningId(row[0]), row[1], words(row[2]))


class Screening:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self._said: dict[PersonId, dict[int, str | None]] = {}

    def question(self, said: str, options: tuple[str, ...]) -> ScreeningQuestion:
        """The one there is, or a new one."""
        plain = plain_question(said, options)
        self._db.changed(ADD, words=said, options=pack(options), plain=plain, now=self._now)
        return _question(self._db.all(CALLED, plain=plain)[0])

    def find(self, question: int) -> ScreeningQuestion | None:
        row = self._db.one(FIND, id=question)
        return _question(row) if row else None

    def of(self, worker: PersonId) -> dict[int, str | None]:
        """What they were asked, read once; None where they have not said."""
        if worker not in self._said:
            self._said[worker] = {row[0]: row[1] for row in self._db.all(OF, worker=worker)}
        return self._said[worker]

    def ask(self, worker: PersonId, question: ScreeningId) -> bool:
        """False where they were asked before."""
        self._said.pop(worker, None)
        return self._db.changed(ASK, worker=worker, question=question, now=self._now) == 1

    def say(self, worker: PersonId, question: ScreeningId, answer: str | None) -> bool:
        """False where they were never asked."""
        self._said.pop(worker, None)
        return self._db.changed(SAY, worker=worker, question=question, answer=answer, now=self._now) == 1
