"""The outbox: messages and refusals, committed with the state they describe, rendered and sent afterwards."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from domain.messages import Message
from domain.moments import Moment
from domain.people.people import PersonId
from domain.refusals import Refusal
from domain.work.assignments import AssignmentId
from storage.boxes.shown_tasks import ENDS, ShownTasks
from storage.boxes.written import Written
from storage.drivers.connection import Connection
from storage.drivers.records import each, first, pack
from storage.drivers.rows import ABSENT, Held, Insert, Table
from storage.people.people import PEOPLE
from storage.people.preferences import PreferenceRecords
from storage.work.assignments import Assignments

TELL = """
INSERT INTO outbox (person, lane, class, screen, facts, key, live, edits, assignment, due_at, expires_at, written_at,
  quiet)
VALUES (:person, :lane, :class, :screen, :facts, :key, :live, :edits, :assignment, :due_at, :expires_at, :now, :quiet)
ON CONFLICT (key) DO NOTHING RETURNING id"""
# An answer to whoever acts that waits already, word for word, is not said twice; a refusal that waits stands for all
# of a burst: `_is_said` says the same of what is pending.
LETTER = Insert(
    "person, lane, class, screen, facts, live, edits, assignment, due_at, expires_at, written_at, quiet",
    """SELECT :person, :lane, :class, :screen, :facts, :live, :edits, :assignment, :due_at, :expires_at, :now, :quiet
WHERE :folds = 0 OR (SELECT 1 FROM outbox o WHERE o.person = :person AND o.state = 'waiting'
  AND o.screen = :screen AND o.lane = :lane AND coalesce(o.key, o.live) IS NULL AND o.edits IS NULL
  AND o.due_at <= :due_at AND (o.facts = :facts OR o.screen LIKE 'refusals.%') LIMIT 1) IS NULL""",
    optional=True,
)
OUTBOX = Table(("outbox",), order=9, insert=LETTER)
SAID = Held(("outbox",))  # by person: new letters that nothing names and nothing edits
# What a message is to show now is worth more than what it was to show before.
OUTDATE = """
UPDATE outbox SET state = 'dropped', ended_at = :now, reason = 'expired: newer', facts = '{}'
WHERE person = :person AND state = 'waiting' AND screen = :screen AND edits = :edits AND class = 'nudge'"""
# A live message that still waits takes the newer facts: an outdated progress is not sent. To a reader who asks for it
# now it goes as an answer does.
REFRESH = """
UPDATE outbox SET facts = :facts, screen = :screen,
  lane = CASE WHEN lane > :lane THEN :lane ELSE lane END,
  due_at = CASE WHEN due_at > :due_at THEN :due_at ELSE due_at END,
  class = CASE WHEN class = 'nudge' THEN :class ELSE class END
WHERE person = :person AND live = :live AND state = 'waiting'"""
# By its end, not its state, as AGAIN (outbox_queue.py): many at once would be looked for among all that wait.
SENT = f"""
{ENDS}, state = 'sent', message_id = :message_id WHERE id = :id AND ended_at IS NULL RETURNING assignment"""
DROP = f"{ENDS}, state = 'dropped', reason = :reason WHERE id = :id AND state = 'waiting'"
MESSAGE_OF = """
SELECT message_id FROM outbox WHERE assignment = :assignment AND message_id IS NOT NULL ORDER BY id DESC LIMIT 1"""
SHOWED = """
SELECT 1 FROM outbox WHERE assignment = :assignment AND (message_id = :message OR edits = :message) LIMIT 1"""
# What waits to be shown goes first now: its reader asks for it.
HURRY = "UPDATE outbox SET lane = 0 WHERE assignment = :assignment AND state = 'waiting'"
SHOWN_EVER = """
SELECT 1 FROM outbox WHERE assignment = :assignment AND (state = 'sent' OR reason = 'outcome unknown') LIMIT 1"""
WITHDRAW = f"{ENDS}, state = 'dropped', reason = 'expired: had otherwise' WHERE key = :key AND state = 'waiting'"
WITHDRAW_TASK = f"""
{ENDS}, state = 'dropped', reason = 'expired: shown anew' WHERE assignment = :assignment AND state = 'waiting'"""
REFUSED_EVER = """
SELECT 1 FROM outbox o WHERE assignment = :assignment AND state = 'dropped'
  AND (reason LIKE 'refused%' OR reason LIKE 'bug%') AND NOT EXISTS (
    SELECT 1 FROM outbox s WHERE s.assignment = o.assignment AND s.state IN ('sent', 'waiting')) LIMIT 1"""


class Lane(IntEnum):
    """Priority: replies first; edits that only tidy go last, when no other letter waits."""

    REPLY = 0
    PUSH = 1
    BROADCAST = 2
    TIDY = 3


def _is_said(values: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether the other letter of this person, which waits, says the same."""
    if any(values[name] != other[name] for name in ("screen", "lane")) or other["due_at"] > values["due_at"]:
        return False
    return bool(values["screen"].startswith("refusals.") or values["facts"] == other["facts"])


class Outbox:
    def __init__(self, connection: Connection, now: Moment, signals: set[str], handed: list[Any]) -> None:
        self._db = connection
        self._now = now
        self._signals, self._handed_over = signals, handed
        self.shown = ShownTasks(connection, OUTBOX, now)
        self.answers: PersonId | None = None  # to the acting person of this transaction
        self.below: set[PersonId] = set()  # who reads something in a message of its own that was written in it

    def tell(
        self,
        person: PersonId,
        message: Message | Refusal,
        *,
        lane: Lane = Lane.REPLY,
        klass: str = "sure",
        key: str | None = None,
        live: str | None = None,
        edits: int | None = None,
        assignment: AssignmentId | None = None,
        delay: int = 0,
        expires_in: int | None = None,
    ) -> bool:
        """Hands a message to the relay; False when `key` was used before. `live` names a message edited in place."""
        screen, facts = message.stored_as, pack(message.facts if isinstance(message, Refusal) else message)
        told = {"person": person, "lane": int(lane), "class": klass, "due_at": self._now + delay}
        if live and self._db.changed(REFRESH, live=live, screen=screen, facts=facts, **told):
            self._signals.add("outbox")
            return True
        values = {
            **told,
            "screen": screen,
            "facts": facts,
            "key": key,
            "live": live,
            "edits": edits,
            "assignment": assignment,
            "expires_at": None if expires_in is None else self._now + delay + expires_in,
            "now": self._now,
            "quiet": int(klass == "sure" and edits is None and self._is_quiet(person)),
        }
        if edits is not None and klass == "nudge":
            self._db.send(OUTDATE, person=person, screen=screen, edits=edits, now=self._now)
        if edits is not None and lane is not Lane.TIDY:
            self.shown.forget_tidying(person, edits)  # it would come later, and say what was before
        folds = person == self.answers and lane is Lane.REPLY and live is None and edits is None and not delay
        return self._put(values, folds, message)

    def _put(self, values: dict[str, Any], folds: bool, message: Message | Refusal) -> bool:
        person = values["person"]
        if values["edits"] is None:
            self.below.add(person)
        self.shown.note(person, values["assignment"], values["edits"] if values["lane"] == Lane.TIDY else None)
        if values["key"] is not None:
            self._signals.add("outbox")
            return self._db.one(TELL, **values) is not None
        if values["live"] is None and values["edits"] is None:
            known = () if (said := self._db.get(SAID, person)) is ABSENT else said
            if folds and any(_is_said(values, other) for other in known):
                return True
            self._db.put(SAID, person, (*known, values))
        self._db.add(OUTBOX, self._handed(values, message), ABSENT, **values, folds=int(folds))
        return True

    def _handed(self, values: dict[str, Any], message: Message | Refusal) -> Written:
        """What the relay would read is handed to it where all of it is known here; of the rest it hears. What is due
        later is handed over where that is soon."""
        acting = values["person"] == self.answers and self._db.tells_ids
        reader = self._db.get(PEOPLE, values["person"]) if acting else ABSENT
        written = Written(values, None if reader is ABSENT else reader, message)
        if written.reader is not None and values["live"] is None and (written.is_due or values["lane"] == Lane.TIDY):
            self._handed_over.append(written)
        elif written.is_due:
            self._signals.add("outbox")
        return written

    def _is_quiet(self, person: PersonId) -> bool:
        return person != self.answers and PreferenceRecords(self._db, self._now).is_quiet(person)

    def sent(self, letters: Iterable[tuple[int, int | None]]) -> None:
        """(letter, message id) of each that Telegram has taken. A task's time runs from its first letter on."""
        rows = ({"id": letter, "message_id": message_id, "now": self._now} for letter, message_id in letters)
        told = [number for number in each(self._db.returned(SENT, rows)) if number is not None]
        Assignments(self._db).shown(told, self._now)

    def drop(self, letter: int, reason: str) -> None:
        self._db.send(DROP, id=letter, reason=reason[:200], now=self._now)

    def message_of(self, assignment: AssignmentId) -> int | None:
        """The message that carried this assignment."""
        found: int | None = first(self._db.one(MESSAGE_OF, assignment=assignment))
        return found

    def showed(self, assignment: AssignmentId, message: int) -> bool:
        """Whether this message carried this assignment, or is to."""
        return self._db.one(SHOWED, assignment=assignment, message=message) is not None

    def hurry(self, assignment: AssignmentId) -> bool:
        """Whether its task is on its way to the worker, who has just asked for it."""
        return self._db.changed(HURRY, assignment=assignment) > 0

    def withdraw_task(self, assignment: AssignmentId) -> None:
        """What was to show this task, which is shown anew."""
        self._db.send(WITHDRAW_TASK, assignment=assignment, now=self._now)

    def withdraw(self, key: str) -> None:
        """What was to come by itself, of a reader who has it otherwise."""
        self._db.changed(WITHDRAW, key=key, now=self._now)

    def was_shown(self, assignment: AssignmentId) -> bool:
        """Whether any message of this task reached its worker, or may have."""
        return self._db.one(SHOWN_EVER, assignment=assignment) is not None

    def was_refused(self, assignment: AssignmentId) -> bool:
        """Whether Telegram took no message of this task, and none is on its way."""
        return self._db.one(REFUSED_EVER, assignment=assignment) is not None
