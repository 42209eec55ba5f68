"""Webhooks: addresses, events, and the calls made of them."""

from domain.moments import DAY, Moment, later
from domain.people.accounts import PersonId
from domain.people.webhooks import (
    PATIENCE,
    Address,
    Call,
    WebhookLine,
)
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import single_value

ADD = """
INSERT INTO webhooks (person, number, url, kinds, sealed, made_at)
SELECT CAST(:person AS BIGINT), coalesce(max(number), 0) + 1, :url, :kinds, :sealed, CAST(:now AS BIGINT)
FROM webhooks WHERE person = :person RETURNING number"""
OF_PERSON = """
SELECT w.number, w.url, w.kinds, w.made_at,
  (SELECT count(*) FROM webhook_calls c WHERE c.person = w.person AND c.number = w.number AND c.state = 'waiting'),
  (SELECT count(*) FROM webhook_calls c WHERE c.person = w.person AND c.number = w.number AND c.state = 'failed'),
  (SELECT c.answer FROM webhook_calls c WHERE c.person = w.person AND c.number = w.number AND c.answer IS NOT NULL
   ORDER BY c.id DESC LIMIT 1)
FROM webhooks w WHERE w.person = :person AND w.removed_at IS NULL ORDER BY w.number"""
SAME = """
SELECT number FROM webhooks
WHERE person = :person AND url = :url AND kinds = :kinds AND sealed = :sealed AND removed_at IS NULL"""
OF_KINDS = "SELECT count(*) FROM webhooks WHERE person = :person AND kinds = :kinds AND removed_at IS NULL"
SEALED = """
SELECT sealed FROM webhooks WHERE removed_at IS NULL ORDER BY person DESC, number DESC LIMIT :limit"""
REMOVE = "UPDATE webhooks SET removed_at = :now WHERE person = :person AND number = :number AND removed_at IS NULL"
GIVE_UP = "DELETE FROM webhook_calls WHERE person = :person AND number = :number AND state = 'waiting'"
AGAIN = """
UPDATE webhook_calls SET state = 'waiting', attempts = 0, due_at = :now, until = :until
WHERE person = :person AND number = :number AND state <> 'sent'"""
NOTE = """
INSERT INTO webhook_events (project, kind, subject)
SELECT p.id, CAST(:kind AS TEXT), CAST(:subject AS BIGINT) FROM projects p WHERE p.id = :project
AND EXISTS (SELECT 1 FROM webhooks w WHERE w.person = p.requester AND w.removed_at IS NULL)"""
EVENTS = "SELECT id, project, kind, subject FROM webhook_events ORDER BY id LIMIT :limit"
TAKEN = "DELETE FROM webhook_events WHERE id = :event"
CALL = """
INSERT INTO webhook_calls (person, number, name, kind, body, state, made_at, due_at, until)
SELECT w.person, w.number, CAST(:name AS TEXT), CAST(:kind AS TEXT), CAST(:body AS TEXT), 'waiting',
  CAST(:now AS BIGINT), CAST(:now AS BIGINT), CAST(:until AS BIGINT)
FROM webhooks w WHERE w.person = :person AND w.number = :number AND w.removed_at IS NULL"""
# Addresses that have something due: few, in a circle that begins behind `person, number`; then the oldest of each.
# None is overtaken for ever, however much waits for another.
DUE_AT = """
SELECT w.person, w.number, w.url, w.sealed FROM webhooks w
WHERE w.removed_at IS NULL AND EXISTS (
  SELECT 1 FROM webhook_calls c
  WHERE c.person = w.person AND c.number = w.number AND c.state = 'waiting' AND c.due_at <= :now)
ORDER BY CASE WHEN (w.person, w.number) > (:person, :number) THEN 0 ELSE 1 END, w.person, w.number LIMIT :limit"""
DUE = """
SELECT id, name, body, attempts, until, kind FROM webhook_calls
WHERE person = :person AND number = :number AND state = 'waiting' AND due_at <= :now ORDER BY due_at, id LIMIT :limit"""
SENT = "UPDATE webhook_calls SET state = 'sent', attempts = attempts + 1, answer = :answer WHERE id = :id"
FAILED = """
UPDATE webhook_calls SET state = CASE WHEN until <= :now THEN 'failed' ELSE 'waiting' END, attempts = attempts + 1,
  answer = :answer, due_at = :due WHERE id = :id RETURNING state"""
REST = """
UPDATE webhook_calls SET due_at = :due
WHERE person = :person AND number = :number AND state = 'waiting' AND due_at < :due"""
OLD = "DELETE FROM webhook_calls WHERE made_at < :before AND state <> 'waiting'"
KEPT = 30 * DAY  # calls that were sent or given up


class Webhooks:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, person: PersonId, url: str, kinds: tuple[str, ...], sealed: str) -> int:
        values = {"url": url, "kinds": " ".join(kinds), "sealed": sealed, "now": self._now}
        return int(single_value(self._db.one(ADD, person=person, **values)))

    def settle(self, person: PersonId, url: str, kinds: tuple[str, ...], sealed: str, most: int) -> int | None:
        """The one there is, or a new one; None where there are too many."""
        about = {"person": person, "kinds": " ".join(kinds)}
        row = self._db.one(SAME, **about, url=url, sealed=sealed)
        if row is not None:
            return int(row[0])
        if int(single_value(self._db.one(OF_KINDS, **about))) >= most:
            return None
        return self.add(person, url, kinds, sealed)

    def of(self, person: PersonId) -> list[WebhookLine]:
        """Those that work, oldest first."""
        rows = self._db.all(OF_PERSON, person=person)
        return [_line(row) for row in rows]

    def sealed(self, limit: int) -> list[str]:
        """The encrypted secrets of those that work, of people who came last first."""
        return [row[0] for row in self._db.all(SEALED, limit=limit)]

    def remove(self, person: PersonId, number: int) -> bool:
        """False where there is none; what waits for it is not sent."""
        if not self._db.changed(REMOVE, person=person, number=number, now=self._now):
            return False
        self._db.changed(GIVE_UP, person=person, number=number)
        return True

    def again(self, person: PersonId, number: int) -> int:
        """All that did not arrive is tried at once; how many."""
        until = later(self._now, PATIENCE)
        return self._db.changed(AGAIN, person=person, number=number, now=self._now, until=until)

    def note(self, project: ProjectId, kind: str, subject: int) -> None:
        """An event, where the project's requester wants to be called."""
        self._db.changed(NOTE, project=project, kind=kind, subject=subject)

    def events(self, limit: int) -> list[tuple[int, ProjectId, str, int]]:
        """Oldest first: number, project, kind, subject."""
        return [(row[0], ProjectId(row[1]), row[2], row[3]) for row in self._db.all(EVENTS, limit=limit)]

    def taken(self, event: int) -> None:
        """It has become calls."""
        self._db.changed(TAKEN, event=event)

    def call(self, person: PersonId, number: int, name: str, kind: str, body: str) -> None:
        """Nothing, where the address was removed."""
        values = {"person": person, "number": number, "name": name, "kind": kind, "body": body}
        self._db.changed(CALL, **values, now=self._now, until=later(self._now, PATIENCE))

    def due(self, addresses: int, each: int, after: Address = (0, 0)) -> list[list[Call]]:
        """By address, those behind `after` first and then from the beginning; of each the oldest first."""
        behind = {"person": after[0], "number": after[1]}
        return [
            [
                Call(row[0], person, number, url, sealed, row[1], row[2], row[3], Moment(row[4]), row[5])
                for row in self._db.all(DUE, person=person, number=number, now=self._now, limit=each)
            ]
            for person, number, url, sealed in self._db.all(DUE_AT, now=self._now, limit=addresses, **behind)
        ]

    def sent(self, call: Call, answer: str) -> None:
        self._db.changed(SENT, id=call.id, answer=answer)

    def failed(self, call: Call, answer: str, due: Moment) -> bool:
        """Whether it is given up. All that waits for its address waits until then."""
        state = single_value(self._db.one(FAILED, id=call.id, answer=answer, due=due, now=self._now))
        self._db.changed(REST, person=call.person, number=call.number, due=due)
        return bool(state == "failed")

    def prune(self) -> None:
        self._db.changed(OLD, before=later(self._now, -KEPT))


def _line(row: Row) -> WebhookLine:
    number, url, kinds, made_at, waiting, failed, answer = row
    return WebhookLine(number, url, tuple(kinds.split()), Moment(made_at), waiting, failed, answer or "")
