"""The outbox: messages and refusals, committed with the state they describe, rendered and sent afterwards."""

from collections.abc import Container, Iterable, Mapping
from enum import IntEnum
from typing import Any, cast

from domain.messages import Message, record
from domain.moments import Moment
from domain.people.accounts import Person, PersonId
from domain.people.teams import is_team, team_number_of
from domain.refusals import Refusal
from domain.work.assignments import AssignmentId
from storage.boxes.live_messages import ENDS, ShownTasks
from storage.drivers.connection import Connection, Row
from storage.drivers.records import (
    Page,
    pack,
    read_page,
    single_value,
    single_values,
    unpack,
)
from storage.drivers.rows import (
    ABSENT,
    Handed,
    Holding,
    Insert,
    Numbered,
    Table,
)
from storage.people.accounts import PEOPLE
from storage.people.settings import PreferenceRecords
from storage.people.teams import Teams
from storage.work.assignments import Assignments


class Written(Handed, Numbered):
    """A letter to whoever acts: the row's `values`, its `reader`, and what it says."""

    __slots__ = ("message", "reader", "values")
    signal = "outbox"

    def __init__(self, values: dict[str, Any], reader: Person | None, message: Message | Refusal) -> None:
        super().__init__()
        self.values, self.reader, self.message = values, reader, message

    @property
    def is_whole(self) -> bool:
        """False where its number is not known."""
        return self.id is not None

    @property
    def is_due(self) -> bool:
        return bool(self.values["due_at"] <= self.values["now"])


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
SAID = Holding(("outbox",))  # by person: new letters that nothing names and nothing edits
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
        told = [number for number in single_values(self._db.returned(SENT, rows)) if number is not None]
        Assignments(self._db).shown(told, self._now)

    def drop(self, letter: int, reason: str) -> None:
        self._db.send(DROP, id=letter, reason=reason[:200], now=self._now)

    def message_of(self, assignment: AssignmentId) -> int | None:
        """The message that carried this assignment."""
        found: int | None = single_value(self._db.one(MESSAGE_OF, assignment=assignment))
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


# A letter with what is known of its reader, its live message and its assignment now.
LETTERS = """
SELECT o.id, o.person, p.telegram_id, p.language, o.lane, o.class, o.screen, o.facts, o.live, o.edits, o.assignment,
  o.tries, o.due_at, o.expires_at, l.message_id,
  CASE WHEN o.assignment IS NULL THEN 'active' ELSE (SELECT a.state FROM assignments a WHERE a.id = o.assignment) END,
  o.quiet, CASE WHEN o.edits IS NULL OR o.tries = 0 THEN 0 ELSE (SELECT count(*) FROM outbox n
    WHERE n.id > o.id AND n.person = o.person AND n.edits = o.edits AND n.message_id = n.edits) END
FROM outbox o JOIN people p ON p.id = o.person
LEFT JOIN live_messages l ON l.person = o.person AND l.name = o.live"""


@record
class Letter:
    """A row to be sent. `klass`: `sure` at least once, `push` while its assignment is active, `nudge` at most once.

    `quiet` comes without a sound: its reader did not ask for it, and it is outside their hours. `outdated`: it stood
    aside, and its message shows what was written later. `packed`: what it says, as JSON; `message`: the same, where it
    was just written.
    """

    id: int
    person: PersonId
    chat: int | None
    language: str
    lane: Lane
    klass: str
    screen: str
    packed: str
    live: str | None
    edits: int | None
    assignment: AssignmentId | None
    tries: int
    due_at: Moment
    expires_at: Moment | None
    live_message: int | None
    assignment_state: str
    quiet: bool = False
    outdated: bool = False
    message: Message | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What it says, as it was stored."""
        return cast(dict[str, Any], unpack(self.packed))

    @property
    def brings_pictures(self) -> bool:
        """Whether an album comes with it; where a message is only brought up to date, its pictures stay above it."""
        return self.edits is None or self.klass == "push"


def letter_from(row: Row) -> Letter:
    values = list(row)
    values[4], values[16:] = Lane(values[4]), map(bool, values[16:])
    return Letter(*values)


def letter_of(written: Written) -> Letter:
    """What was committed just now, as it would be read."""
    values, message, reader = written.values, written.message, cast(Person, written.reader)
    return Letter(
        cast(int, written.id),
        values["person"],
        reader.telegram_id,
        reader.language,
        Lane(values["lane"]),
        values["class"],
        values["screen"],
        values["facts"],
        None,
        values["edits"],
        values["assignment"],
        0,
        values["due_at"],
        values["expires_at"],
        None,
        "active",
        bool(values["quiet"]),
        message=message if isinstance(message, Message) else None,
    )


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
                return read_page(rows, after, limit, known, lambda row: at_hand[row[0]])
        return read_page(self._db.all(OF_LANE, **asked), after, limit, known, letter_from)

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


# What waits for a person, but for tasks; the lanes are for the index of what waits.
WAITING = """
SELECT id, screen, facts FROM outbox
WHERE lane IN (0, 1, 2, 3) AND state = 'waiting' AND person = :person AND assignment IS NULL ORDER BY lane, id"""
OWNS = "SELECT 1 FROM projects WHERE id = :project AND requester = :team"
NUMBERED = ("projects", "quality")  # wings whose messages call a project's id `number`


class TeamOutbox(Outbox):
    def tell(self, person: PersonId, message: Message | Refusal, **how: Any) -> bool:
        """As `Outbox.tell`; of a team, whether any member is told."""
        if not is_team(person):
            return super().tell(person, message, **how)
        told = False
        for member in Teams(self._db, self._now).list_hearers(person, project_of(message)):
            own = {**how, "key": key_for(how["key"], member)} if how.get("key") else how
            told = super().tell(member, message, **own) or told
        return told

    def leave(self, team: PersonId, member: PersonId) -> None:
        """What waits to tell somebody about this team, of which they are no member any more, is not sent."""
        for letter, screen, facts in self._db.all(WAITING, person=member):
            if self._is_about(team, screen.partition(".")[0], unpack(facts)):
                self._db.changed(DROP, id=letter, reason="expired: not in the team", now=self._now)

    def _is_about(self, team: PersonId, wing: str, facts: dict[str, Any]) -> bool:
        project = facts.get("project") or (facts.get("number") if wing in NUMBERED else None)
        if facts.get("team") == team_number_of(team):
            return True
        return isinstance(project, int) and self._db.one(OWNS, project=project, team=team) is not None


def key_for(key: str, member: PersonId) -> str:
    """Of what a team is told once: each member has their own."""
    return f"{key}:{member}"


def project_of(message: Message | Refusal) -> int | None:
    """The project that a message is about, by its field."""
    found = getattr(message, "project", None) or getattr(message, "number", None)
    return found if isinstance(found, int) else None
