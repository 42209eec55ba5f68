"""The relay's side of the outbox: due letters and their outcomes."""

from collections.abc import Container, Mapping

from domain.moments import Moment
from domain.people.people import PersonId
from storage.boxes.letters import LETTERS, Letter, letter_from
from storage.boxes.outbox import DROP
from storage.boxes.shown_tasks import ENDS
from storage.drivers.connection import Connection, Row
from storage.drivers.records import Page, page

HELD = "told to wait"

DUE = "WHERE o.state = 'waiting' AND o.lane = :lane AND o.id > :after AND o.due_at <= :now ORDER BY o.id LIMIT :limit"
OF_LANE = f"{LETTERS}\n{DUE}"
# By its end, not its state: SQLite, told by ANALYZE of an empty outbox, would look for it among all that wait.
AGAIN = "WHERE o.id = :id AND o.ended_at IS NULL"
ALL_AGAIN = f"{LETTERS} {AGAIN}"
# What may change of a waiting letter that is of no assignment and no live message.
CHANGES = "SELECT o.id, p.telegram_id, p.language, o.tries, o.due_at FROM outbox o JOIN people p ON p.id = o.person"
CHANGES_OF_LANE = f"{CHANGES}\n{DUE}"
CHANGES_SINCE = f"{CHANGES} {AGAIN}"
# Sent only as it was read: a live message that took newer facts meanwhile goes out once more.
SENT_LIVE = f"""
{ENDS}, state = 'sent', message_id = :message_id
WHERE id = :id AND state = 'waiting' AND screen = :screen AND facts = :facts"""
HOLD = """
UPDATE outbox SET due_at = :until, reason = :reason WHERE person = :person AND state = 'waiting' AND due_at < :until"""
# A letter that failed goes behind the others of its chat.
STEP_ASIDE = "UPDATE outbox SET due_at = :until, tries = :tries WHERE id = :id AND state = 'waiting'"
HOLDS = """
SELECT p.telegram_id, max(o.due_at) FROM outbox o JOIN people p ON p.id = o.person
WHERE o.state = 'waiting' AND o.reason = :reason AND o.due_at > :now AND p.telegram_id IS NOT NULL
GROUP BY p.telegram_id"""
DROP_ALL = f"{ENDS}, state = 'dropped', reason = :reason WHERE person = :person AND state = 'waiting'"
DROP_EXPIRED = f"{DROP} AND coalesce(expires_at, 0) <= :now"
SENT_SINCE = """
SELECT count(*) FROM outbox WHERE state <> 'waiting' AND state = 'sent' AND ended_at > :since"""
DUE_IN = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND lane = :lane AND due_at <= :now"
EMPTY_ENDED = "UPDATE outbox SET facts = '{}' WHERE state <> 'waiting' AND facts <> '{}'"
FORGET = """
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state <> 'waiting' AND ended_at < :before LIMIT :limit)"""
LAG = "SELECT count(*), min(due_at) FROM outbox WHERE state = 'waiting' AND due_at <= :now"
NONE: Mapping[int, Letter] = {}


def may_be_at_hand(letter: Letter) -> bool:
    """Whether `CHANGES` says all that can change of it while it waits."""
    return letter.assignment is None and letter.live is None and letter.expires_at is None and not letter.tries


def _is_unchanged(letter: Letter | None, row: Row) -> bool:
    return letter is not None and (letter.chat, letter.language, letter.tries, letter.due_at) == tuple(row[1:])


class OutboxQueue:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def of_lane(
        self, lane: int, after: int, limit: int, known: Container[int] = (), at_hand: Mapping[int, Letter] = NONE
    ) -> Page[Letter]:
        """The next `limit` due letters behind `after`, in order, without those known. Where all of them are `at_hand`,
        it is only looked whether they are still as they were."""
        asked = {"lane": lane, "after": after, "limit": limit, "now": self._now}
        if at_hand:
            rows = self._db.all(CHANGES_OF_LANE, **asked)
            if all(row[0] in known or _is_unchanged(at_hand.get(row[0]), row) for row in rows):
                return page(rows, after, limit, known, lambda row: at_hand[row[0]])
        return page(self._db.all(OF_LANE, **asked), after, limit, known, letter_from)

    def again(self, number: int, at_hand: Letter | None = None) -> Letter | None:
        """The letter as it is now; None when it no longer waits."""
        if at_hand is not None and may_be_at_hand(at_hand):
            row = self._db.one(CHANGES_SINCE, id=number)
            if row is None or _is_unchanged(at_hand, row):
                return None if row is None else at_hand
        row = self._db.one(ALL_AGAIN, id=number)
        return letter_from(row) if row else None

    def sent_live(self, letter: Letter, message_id: int | None) -> bool:
        """False when newer facts have come since: it still waits."""
        values = {"id": letter.id, "message_id": message_id, "now": self._now}
        return self._db.changed(SENT_LIVE, screen=letter.screen, facts=letter.packed, **values) == 1

    def hold(self, person: PersonId, until: Moment) -> None:
        """Telegram wants this chat left alone until then: remembered across restarts."""
        self._db.send(HOLD, person=person, until=until, reason=HELD)

    def step_aside(self, letter: int, until: Moment, tries: int) -> None:
        """It is not tried before then, and its chat's other letters do not wait for it."""
        self._db.send(STEP_ASIDE, id=letter, until=until, tries=tries)

    def holds(self) -> dict[int, Moment]:
        """chat → until when it is held."""
        return dict(self._db.all(HOLDS, reason=HELD, now=self._now))  # type: ignore[arg-type]  # rows are pairs

    def drop_all(self, person: PersonId, reason: str) -> None:
        self._db.send(DROP_ALL, person=person, reason=reason, now=self._now)

    def drop_expired(self, letter: int, reason: str) -> None:
        """Where its time is up, as it stands by now."""
        self._db.send(DROP_EXPIRED, id=letter, reason=reason, now=self._now)

    def lag(self) -> tuple[int, Moment | None]:
        """How many letters are due, and since when the oldest is."""
        row = self._db.all(LAG, now=self._now)[0]
        return int(row[0]), row[1]

    def due_in(self, lane: int) -> int:
        """How many letters of a lane could go now; those of chats that must wait could not."""
        return int(self._db.all(DUE_IN, lane=lane, now=self._now)[0][0])

    def sent_since(self, since: Moment) -> int:
        """Letters Telegram has taken since then."""
        return int(self._db.all(SENT_SINCE, since=since)[0][0])

    def empty_ended(self) -> int:
        """What letters said that ended before every end emptied them; how many there were."""
        return self._db.changed(EMPTY_ENDED)

    def forget(self, before: Moment, limit: int) -> int:
        return self._db.changed(FORGET, before=before, limit=limit)
