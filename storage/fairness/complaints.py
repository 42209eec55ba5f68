"""Complaints and their answers."""

from domain.fairness.complaints import DEADLINE, Complaint, ComplaintId, next_step
from domain.moments import DAY, Moment, later
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import columns, first

_COMPLAINT = columns(Complaint)

BY_ID = f"SELECT {_COMPLAINT} FROM complaints WHERE id = :id"
ADD = f"""
INSERT INTO complaints (person, about, subject, words, state, made_at, due_at, remind_at)
VALUES (:person, :about, :subject, :words, 'open', :now, :due, :remind) RETURNING {_COMPLAINT}"""
MADE_SINCE = "SELECT count(*) FROM complaints WHERE person = :person AND made_at > :since"
OPEN_OF = "SELECT count(*) FROM complaints WHERE person = :person AND state = 'open'"
# Nobody answers their own.
WAITING = f"""
SELECT {_COMPLAINT} FROM complaints WHERE state = 'open' AND person <> :but ORDER BY due_at, id LIMIT :limit"""
ANSWER = """
UPDATE complaints SET state = 'answered', answer = :answer, answered_at = :now, answered_by = :by, remind_at = NULL
WHERE id = :id AND state = 'open'"""
TO_REMIND = f"""
SELECT {_COMPLAINT} FROM complaints
WHERE state = 'open' AND remind_at IS NOT NULL AND remind_at <= :now ORDER BY remind_at LIMIT :limit"""
REMINDED = "UPDATE complaints SET reminded = :count, remind_at = :next WHERE id = :id"


class Complaints:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, complaint: ComplaintId) -> Complaint | None:
        row = self._db.one(BY_ID, id=complaint)
        return Complaint(*row) if row else None

    def add(self, person: PersonId, about: str, subject: int, words: str) -> Complaint:
        when = {"now": self._now, "due": later(self._now, DEADLINE), "remind": next_step(self._now, 0)}
        return Complaint(*self._db.all(ADD, person=person, about=about, subject=subject, words=words, **when)[0])

    def made_lately(self, person: PersonId) -> int:
        """Within a day."""
        return int(first(self._db.one(MADE_SINCE, person=person, since=later(self._now, -DAY))))

    def open_of(self, person: PersonId) -> int:
        return int(first(self._db.one(OPEN_OF, person=person)))

    def waiting(self, but: PersonId, limit: int) -> list[Complaint]:
        """For somebody else to answer, the most urgent first."""
        return [Complaint(*row) for row in self._db.all(WAITING, but=but, limit=limit)]

    def answer(self, complaint: ComplaintId, words: str, by: PersonId) -> bool:
        """False where it is not open any more."""
        return self._db.changed(ANSWER, id=complaint, answer=words, by=by, now=self._now) == 1

    def to_remind(self, limit: int) -> list[Complaint]:
        return [Complaint(*row) for row in self._db.all(TO_REMIND, now=self._now, limit=limit)]

    def reminded(self, known: Complaint, count: int) -> None:
        self._db.changed(REMINDED, id=known.id, count=count, next=next_step(known.made_at, count))
