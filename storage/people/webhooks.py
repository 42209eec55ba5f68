"""Webhooks: addresses, events, and the calls made of them."""

from domain.moments import DAY, Moment, later
from domain.people.accounts import PersonId
from domain.people.webhooks import RETRY_PERIOD, Address, WebhookCall, WebhookLine
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection, Row
from storage.drivers.records import single_value

INSERT_WEBHOOK = """
INSERT INTO webhooks (person, number, url, kinds, sealed, made_at)
SELECT CAST(:person AS BIGINT), coalesce(max(number), 0) + 1, :url, :kinds, :sealed, CAST(:now AS BIGINT)
FROM webhooks WHERE person = :person RETURNING number"""
SELECT_OF_PERSON = """
SELECT w.number, w.url, w.kinds, w.made_at,
  (SELECT count(*) FROM webhook_calls c WHERE c.person = w.person AND c.number = w.number AND c.state = 'waiting'),
  (SELECT count(*) FROM webhook_calls c WHERE c.person = w.person AND c.number = w.number AND c.state = 'failed'),
  (SELECT c.answer FROM webhook_calls c WHERE c.person = w.person AND c.number = w.number AND c.answer IS NOT NULL
   ORDER BY c.id DESC LIMIT 1)
FROM webhooks w WHERE w.person = :person AND w.removed_at IS NULL ORDER BY w.number"""
SELECT_SAME = """
SELECT number FROM webhooks
WHERE person = :person AND url = :url AND kinds = :kinds AND sealed = :sealed AND removed_at IS NULL"""
COUNT_OF_KINDS = "SELECT count(*) FROM webhooks WHERE person = :person AND kinds = :kinds AND removed_at IS NULL"
SELECT_SEALED = """
SELECT sealed FROM webhooks WHERE removed_at IS NULL ORDER BY person DESC, number DESC LIMIT :limit"""
REMOVE_WEBHOOK = (
    "UPDATE webhooks SET removed_at = :now WHERE person = :person AND number = :number AND removed_at IS NULL"
)
DELETE_WAITING_CALLS = "DELETE FROM webhook_calls WHERE person = :person AND number = :number AND state = 'waiting'"
RESEND_CALLS = """
UPDATE webhook_calls SET state = 'waiting', attempts = 0, due_at = :now, until = :until
WHERE person = :person AND number = :number AND state <> 'sent'"""
INSERT_EVENT = """
INSERT INTO webhook_events (project, kind, subject)
SELECT p.id, CAST(:kind AS TEXT), CAST(:subject AS BIGINT) FROM projects p WHERE p.id = :project
AND EXISTS (SELECT 1 FROM webhooks w WHERE w.person = p.requester AND w.removed_at IS NULL)"""
SELECT_EVENTS = "SELECT id, project, kind, subject FROM webhook_events ORDER BY id LIMIT :limit"
DELETE_EVENT = "DELETE FROM webhook_events WHERE id = :event"
INSERT_CALL = """
INSERT INTO webhook_calls (person, number, name, kind, body, state, made_at, due_at, until)
SELECT w.person, w.number, CAST(:name AS TEXT), CAST(:kind AS TEXT), CAST(:body AS TEXT), 'waiting',
  CAST(:now AS BIGINT), CAST(:now AS BIGINT), CAST(:until AS BIGINT)
FROM webhooks w WHERE w.person = :person AND w.number = :number AND w.removed_at IS NULL"""
# Addresses that have something due: few, in a circle that begins behind `person, number`; then the oldest of each.
# None is overtaken for ever, however much waits for another.
SELECT_DUE_ADDRESSES = """
SELECT w.person, w.number, w.url, w.sealed FROM webhooks w
WHERE w.removed_at IS NULL AND EXISTS (
  SELECT 1 FROM webhook_calls c
  WHERE c.person = w.person AND c.number = w.number AND c.state = 'waiting' AND c.due_at <= :now)
ORDER BY CASE WHEN (w.person, w.number) > (:person, :number) THEN 0 ELSE 1 END, w.person, w.number LIMIT :limit"""
SELECT_DUE_CALLS = """
SELECT id, name, body, attempts, until, kind FROM webhook_calls
WHERE person = :person AND number = :number AND state = 'waiting' AND due_at <= :now ORDER BY due_at, id LIMIT :limit"""
SET_SENT = "UPDATE webhook_calls SET state = 'sent', attempts = attempts + 1, answer = :answer WHERE id = :id"
SET_FAILED = """
UPDATE webhook_calls SET state = CASE WHEN until <= :now THEN 'failed' ELSE 'waiting' END, attempts = attempts + 1,
  answer = :answer, due_at = :due WHERE id = :id RETURNING state"""
DELAY_CALLS = """
UPDATE webhook_calls SET due_at = :due
WHERE person = :person AND number = :number AND state = 'waiting' AND due_at < :due"""
DELETE_OLD_CALLS = "DELETE FROM webhook_calls WHERE made_at < :before AND state <> 'waiting'"
CALL_RETENTION = 30 * DAY  # calls that were sent or given up


class WebhookRecords:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, person: PersonId, url: str, kinds: tuple[str, ...], sealed: str) -> int:
        """Store a webhook and return its number among the person's."""
        values = {"url": url, "kinds": " ".join(kinds), "sealed": sealed, "now": self._now}
        return int(single_value(self._db.one(INSERT_WEBHOOK, person=person, **values)))

    def find_or_add(self, person: PersonId, url: str, kinds: tuple[str, ...], sealed: str, limit: int) -> int | None:
        """Return the number of the same webhook, or of a new one. Return None if the person has `limit` of these
        kinds."""
        filters = {"person": person, "kinds": " ".join(kinds)}
        row = self._db.one(SELECT_SAME, **filters, url=url, sealed=sealed)
        if row is not None:
            return int(row[0])
        if int(single_value(self._db.one(COUNT_OF_KINDS, **filters))) >= limit:
            return None
        return self.add(person, url, kinds, sealed)

    def list_webhooks(self, person: PersonId) -> list[WebhookLine]:
        """Return the person's webhooks that were not removed, oldest first."""
        rows = self._db.all(SELECT_OF_PERSON, person=person)
        return [_to_line(row) for row in rows]

    def list_sealed(self, limit: int) -> list[str]:
        """Return the encrypted secrets of webhooks that were not removed, newest people first."""
        return [row[0] for row in self._db.all(SELECT_SEALED, limit=limit)]

    def remove(self, person: PersonId, number: int) -> bool:
        """Remove a webhook with the calls that wait for it. Return False if there is none."""
        if not self._db.changed(REMOVE_WEBHOOK, person=person, number=number, now=self._now):
            return False
        self._db.changed(DELETE_WAITING_CALLS, person=person, number=number)
        return True

    def resend(self, person: PersonId, number: int) -> int:
        """Make all calls that did not arrive due at once. Return their number."""
        until = later(self._now, RETRY_PERIOD)
        return self._db.changed(RESEND_CALLS, person=person, number=number, now=self._now, until=until)

    def add_event(self, project: ProjectId, kind: str, subject: int) -> None:
        """Store an event, if the project's requester has a webhook."""
        self._db.changed(INSERT_EVENT, project=project, kind=kind, subject=subject)

    def list_events(self, limit: int) -> list[tuple[int, ProjectId, str, int]]:
        """Return the oldest events: number, project, kind, subject."""
        return [(row[0], ProjectId(row[1]), row[2], row[3]) for row in self._db.all(SELECT_EVENTS, limit=limit)]

    def delete_event(self, event: int) -> None:
        """Delete an event that has become calls."""
        self._db.changed(DELETE_EVENT, event=event)

    def add_call(self, person: PersonId, number: int, name: str, kind: str, body: str) -> None:
        """Store a call to be sent; nothing if its webhook was removed."""
        values = {"person": person, "number": number, "name": name, "kind": kind, "body": body}
        self._db.changed(INSERT_CALL, **values, now=self._now, until=later(self._now, RETRY_PERIOD))

    def list_due_calls(
        self, addresses: int, calls_per_address: int, after: Address = (0, 0)
    ) -> list[list[WebhookCall]]:
        """Return due calls by address, the oldest first in each: addresses after `after` first, then from the
        beginning."""
        last_address = {"person": after[0], "number": after[1]}
        return [
            [
                WebhookCall(
                    id=row[0],
                    person=person,
                    number=number,
                    url=url,
                    sealed=sealed,
                    name=row[1],
                    body=row[2],
                    attempts=row[3],
                    until=Moment(row[4]),
                    kind=row[5],
                )
                for row in self._db.all(
                    SELECT_DUE_CALLS, person=person, number=number, now=self._now, limit=calls_per_address
                )
            ]
            for person, number, url, sealed in self._db.all(
                SELECT_DUE_ADDRESSES, now=self._now, limit=addresses, **last_address
            )
        ]

    def note_sent(self, call: WebhookCall, answer: str) -> None:
        """Store that a call arrived."""
        self._db.changed(SET_SENT, id=call.id, answer=answer)

    def note_failed(self, call: WebhookCall, answer: str, due: Moment) -> bool:
        """Store that a call failed; it and all others to its address wait until `due`. Return whether it is given up,
        its time being over."""
        state = single_value(self._db.one(SET_FAILED, id=call.id, answer=answer, due=due, now=self._now))
        self._db.changed(DELAY_CALLS, person=call.person, number=call.number, due=due)
        return bool(state == "failed")

    def prune(self) -> None:
        """Delete calls, sent or given up, that are older than CALL_RETENTION."""
        self._db.changed(DELETE_OLD_CALLS, before=later(self._now, -CALL_RETENTION))


def _to_line(row: Row) -> WebhookLine:
    number, url, kinds, made_at, waiting, failed, answer = row
    return WebhookLine(
        number=number,
        url=url,
        kinds=tuple(kinds.split()),
        made_at=Moment(made_at),
        waiting=waiting,
        failed=failed,
        answer=answer or "",
    )
