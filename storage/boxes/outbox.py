"""The outbox: messages and refusals, committed with the state they describe, rendered and sent afterwards."""

from collections.abc import Container, Iterable, Mapping
from enum import IntEnum
from typing import Any, cast

from domain.messages import Message, record
from domain.moments import Moment
from domain.people.accounts import Person, PersonId
from domain.people.bots import FIRST_BOT, bot_of_number
from domain.people.teams import is_team, team_number_of
from domain.refusals import Refusal
from domain.work.assignments import AssignmentId
from storage.boxes.live_messages import END_LETTERS, ShownTasks
from storage.drivers.connection import Connection, Row
from storage.drivers.records import Page, pack, read_page, single_value, single_values, unpack
from storage.drivers.rows import ABSENT, Handed, Holding, Insert, Numbered, Table
from storage.invariants import Invariant
from storage.people.accounts import PEOPLE
from storage.people.settings import PreferenceRecords
from storage.people.teams import Teams
from storage.work.assignments import Assignments


class WrittenLetter(Handed, Numbered):
    """A letter to the acting person: the row's `values`, its `reader`, and its message."""

    __slots__ = ("message", "reader", "values")
    signal = "outbox"

    def __init__(self, values: dict[str, Any], reader: Person | None, message: Message | Refusal) -> None:
        super().__init__()
        self.values, self.reader, self.message = values, reader, message

    @property
    def part(self) -> int:
        """The bot that sends the letter."""
        return int(self.values["bot"])

    @property
    def is_whole(self) -> bool:
        """Return whether the letter's id is known."""
        return self.id is not None

    @property
    def is_due(self) -> bool:
        return bool(self.values["due_at"] <= self.values["now"])


INSERT_KEYED_LETTER = """
INSERT INTO outbox (person, lane, class, screen, facts, key, live, edits, assignment, due_at, expires_at, written_at,
  quiet, bot)
VALUES (:person, :lane, :class, :screen, :facts, :key, :live, :edits, :assignment, :due_at, :expires_at, :now, :quiet,
  coalesce(CAST(:bot AS BIGINT), (SELECT p.bot FROM people p WHERE p.id = :person)))
ON CONFLICT (key) DO NOTHING RETURNING id"""
# An answer to whoever acts that waits already, word for word, is not said twice; a refusal that waits stands for all
# of a burst: `_is_said` says the same of what is pending.
INSERT_LETTER = Insert(
    "person, lane, class, screen, facts, live, edits, assignment, due_at, expires_at, written_at, quiet, bot",
    """SELECT :person, :lane, :class, :screen, :facts, :live, :edits, :assignment, :due_at, :expires_at, :now, :quiet,
  coalesce(CAST(:bot AS BIGINT), (SELECT p.bot FROM people p WHERE p.id = :person))
WHERE :folds = 0 OR (SELECT 1 FROM outbox o WHERE o.person = :person AND o.state = 'waiting'
  AND o.screen = :screen AND o.lane = :lane AND coalesce(o.key, o.live) IS NULL AND o.edits IS NULL
  AND o.due_at <= :due_at AND (o.facts = :facts OR o.screen LIKE 'refusals.%') LIMIT 1) IS NULL""",
    optional=True,
)
OUTBOX = Table(("outbox",), order=9, insert=INSERT_LETTER)
NEW_LETTERS = Holding(("outbox",))  # by person: new letters that nothing names and nothing edits
# What a message is to show now is worth more than what it was to show before.
DROP_OUTDATED_EDITS = """
UPDATE outbox SET state = 'dropped', ended_at = :now, reason = 'expired: newer', facts = '{}'
WHERE person = :person AND state = 'waiting' AND screen = :screen AND edits = :edits AND class = 'nudge'"""
# A live message that still waits takes the newer facts: an outdated progress is not sent. To a reader who asks for it
# now it goes as an answer does.
REFRESH_LIVE_LETTER = """
UPDATE outbox SET facts = :facts, screen = :screen,
  lane = CASE WHEN lane > :lane THEN :lane ELSE lane END,
  due_at = CASE WHEN due_at > :due_at THEN :due_at ELSE due_at END,
  class = CASE WHEN class = 'nudge' THEN :class ELSE class END
WHERE person = :person AND live = :live AND state = 'waiting'"""
# By its end, not its state, as AGAIN (outbox_queue.py): many at once would be looked for among all that wait.
MARK_SENT = f"""
{END_LETTERS}, state = 'sent', message_id = :message_id WHERE id = :id AND ended_at IS NULL RETURNING assignment"""
DROP_LETTER = f"{END_LETTERS}, state = 'dropped', reason = :reason WHERE id = :id AND state = 'waiting'"
SELECT_MESSAGE_OF_ASSIGNMENT = """
SELECT message_id FROM outbox WHERE assignment = :assignment AND message_id IS NOT NULL ORDER BY id DESC LIMIT 1"""
SELECT_IF_SHOWED = """
SELECT 1 FROM outbox WHERE assignment = :assignment AND (message_id = :message OR edits = :message) LIMIT 1"""
# What waits to be shown goes first now: its reader asks for it.
HURRY_TASK = "UPDATE outbox SET lane = 0 WHERE assignment = :assignment AND state = 'waiting'"
SELECT_IF_SHOWN = """
SELECT 1 FROM outbox WHERE assignment = :assignment AND (state = 'sent' OR reason = 'outcome unknown') LIMIT 1"""
WITHDRAW_LETTER = (
    f"{END_LETTERS}, state = 'dropped', reason = 'expired: had otherwise' WHERE key = :key AND state = 'waiting'"
)
WITHDRAW_TASK_LETTERS = f"""
{END_LETTERS}, state = 'dropped', reason = 'expired: shown anew' WHERE assignment = :assignment AND state = 'waiting'"""
SELECT_IF_REFUSED = """
SELECT 1 FROM outbox o WHERE assignment = :assignment AND state = 'dropped'
  AND (reason LIKE 'refused%' OR reason LIKE 'bug%') AND NOT EXISTS (
    SELECT 1 FROM outbox s WHERE s.assignment = o.assignment AND s.state IN ('sent', 'waiting')) LIMIT 1"""


class Lane(IntEnum):
    """The priority of a letter: replies first; edits that only tidy go last, when no other letter waits."""

    REPLY = 0
    PUSH = 1
    BROADCAST = 2
    TIDY = 3


def _says_same(values: dict[str, Any], message: dict[str, Any]) -> bool:
    """Return whether another waiting letter of this person says the same, so that this one is not needed."""
    if any(values[name] != message[name] for name in ("screen", "lane")) or message["due_at"] > values["due_at"]:
        return False
    return bool(values["screen"].startswith("refusals.") or values["facts"] == message["facts"])


class Outbox:
    def __init__(self, connection: Connection, now: Moment, signals: set[str], handed: list[Any]) -> None:
        self._db = connection
        self._now = now
        self._signals, self._handed_over = signals, handed
        self.shown = ShownTasks(connection, OUTBOX, now)
        self.answers: PersonId | None = None  # to the acting person of this transaction
        self.answering_bot: int | None = None  # the bot by which they act
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
        """Write a letter for the relay; return False if `key` was used before. `live` names a message edited in place,
        whose waiting letter takes the new content."""
        screen, facts = message.stored_as, pack(message.facts if isinstance(message, Refusal) else message)
        edits = None if klass == "sure" and lane is Lane.REPLY and self._is_elsewhere(person, edits) else edits
        columns = {"person": person, "lane": int(lane), "class": klass, "due_at": self._now + delay}
        if live and self._db.changed(REFRESH_LIVE_LETTER, live=live, screen=screen, facts=facts, **columns):
            self._signals.add("outbox")
            return True
        values = {
            **columns,
            "screen": screen,
            "facts": facts,
            "key": key,
            "live": live,
            "edits": edits,
            "assignment": assignment,
            "expires_at": None if expires_in is None else self._now + delay + expires_in,
            "now": self._now,
            "quiet": int(klass == "sure" and edits is None and self._is_quiet(person)),
            "bot": self._find_bot(person, edits),
        }
        if edits is not None and klass == "nudge":
            self._db.send(DROP_OUTDATED_EDITS, person=person, screen=screen, edits=edits, now=self._now)
        if edits is not None and lane is not Lane.TIDY:
            self.shown.forget_tidying(person, edits)  # it would come later, and say what was before
        folds = person == self.answers and lane is Lane.REPLY and live is None and edits is None and not delay
        return self._write(values, folds, message)

    def _write(self, values: dict[str, Any], folds: bool, message: Message | Refusal) -> bool:
        person = values["person"]
        if values["edits"] is None:
            self.below.add(person)
        self.shown.note(person, values["assignment"], values["edits"] if values["lane"] == Lane.TIDY else None)
        if values["key"] is not None:
            self._signals.add("outbox")
            return self._db.one(INSERT_KEYED_LETTER, **values) is not None
        if values["live"] is None and values["edits"] is None:
            earlier = () if (earlier_letters := self._db.get(NEW_LETTERS, person)) is ABSENT else earlier_letters
            if folds and any(_says_same(values, other) for other in earlier):
                return True
            self._db.hold_changed(NEW_LETTERS, person, (*earlier, values))
        self._db.add(OUTBOX, self._hand_over(values, message), ABSENT, **values, folds=int(folds))
        return True

    def _hand_over(self, values: dict[str, Any], message: Message | Refusal) -> WrittenLetter:
        """Hand the letter to the relay if all that the relay would read is known; signal the relay otherwise, unless
        the letter is due later."""
        is_known = values["person"] == self.answers and self._db.tells_ids
        reader = self._db.get(PEOPLE, values["person"]) if is_known else ABSENT
        written = WrittenLetter(values, None if reader is ABSENT else reader, message)
        if written.reader is not None and values["live"] is None and (written.is_due or values["lane"] == Lane.TIDY):
            self._handed_over.append(written)
        elif written.is_due:
            self._signals.add("outbox")
        return written

    def _find_bot(self, person: PersonId, edits: int | None) -> int | None:
        """Return the bot that sends a letter: the one whose message it edits, the one by which its reader acts, else
        the one to which its reader belongs; None if that is to be read."""
        if edits is not None:
            return bot_of_number(edits)
        if person == self.answers and self.answering_bot is not None:
            return self.answering_bot
        reader = self._db.get(PEOPLE, person)
        return None if reader is ABSENT or reader is None else cast(Person, reader).bot

    def _is_elsewhere(self, person: PersonId, message: int | None) -> bool:
        """Return whether the acting person writes to another bot than the one whose message this is: they read a new
        message there, and no edit here."""
        return (
            message is not None
            and person == self.answers
            and self.answering_bot is not None
            and bot_of_number(message) != self.answering_bot
        )

    def _is_quiet(self, person: PersonId) -> bool:
        return person != self.answers and PreferenceRecords(self._db, self._now).is_quiet(person)

    def mark_sent(self, letters: Iterable[tuple[int, int | None]]) -> None:
        """Mark letters, (letter, message id), as taken by Telegram. A task's time runs from its first letter on."""
        rows = ({"id": letter, "message_id": message_id, "now": self._now} for letter, message_id in letters)
        assignment_ids = [number for number in single_values(self._db.returned(MARK_SENT, rows)) if number is not None]
        Assignments(self._db).begin_time_of_shown(assignment_ids, self._now)

    def drop(self, letter: int, reason: str) -> None:
        self._db.send(DROP_LETTER, id=letter, reason=reason[:200], now=self._now)

    def find_message(self, assignment: AssignmentId) -> int | None:
        """Return the newest message that carried this assignment, or None."""
        message_id: int | None = single_value(self._db.one(SELECT_MESSAGE_OF_ASSIGNMENT, assignment=assignment))
        return message_id

    def was_shown_in(self, assignment: AssignmentId, message: int) -> bool:
        """Return whether this message carried this assignment, or is to."""
        return self._db.one(SELECT_IF_SHOWED, assignment=assignment, message=message) is not None

    def hurry(self, assignment: AssignmentId) -> bool:
        """Put the task's letter first, because its worker has just asked for it; return False if none is on its way."""
        return self._db.changed(HURRY_TASK, assignment=assignment) > 0

    def withdraw_task(self, assignment: AssignmentId) -> None:
        """Drop the waiting letters of this task, which is shown anew."""
        self._db.send(WITHDRAW_TASK_LETTERS, assignment=assignment, now=self._now)

    def withdraw(self, key: str) -> None:
        """Drop the waiting letter of this key, whose reader has its content otherwise."""
        self._db.changed(WITHDRAW_LETTER, key=key, now=self._now)

    def was_shown(self, assignment: AssignmentId) -> bool:
        """Return whether any message of this task reached its worker, or may have."""
        return self._db.one(SELECT_IF_SHOWN, assignment=assignment) is not None

    def was_refused(self, assignment: AssignmentId) -> bool:
        """Return whether Telegram took no message of this task, and none is on its way."""
        return self._db.one(SELECT_IF_REFUSED, assignment=assignment) is not None


# A letter with what is known of its reader, its live message and its assignment now.
SELECT_LETTERS = """
SELECT o.id, o.person, p.telegram_id, p.language, o.lane, o.class, o.screen, o.facts, o.live, o.edits, o.assignment,
  o.tries, o.due_at, o.expires_at, l.message_id,
  CASE WHEN o.assignment IS NULL THEN 'active' ELSE (SELECT a.state FROM assignments a WHERE a.id = o.assignment) END,
  o.quiet, CASE WHEN o.edits IS NULL OR o.tries = 0 THEN 0 ELSE (SELECT count(*) FROM outbox n
    WHERE n.id > o.id AND n.person = o.person AND n.edits = o.edits AND n.message_id = n.edits) END, o.bot
FROM outbox o JOIN people p ON p.id = o.person
LEFT JOIN live_messages l ON l.person = o.person AND l.name = o.live"""


@record
class Letter:
    """A row to be sent. `klass`: `sure` at least once, `push` while its assignment is active, `nudge` at most once.

    `bot` sends it; `live_message` is one of that bot's. `quiet` comes without a sound: its reader did not ask for
    it, and it is outside their hours. `outdated`: it was postponed, and its message shows a later letter. `packed`:
    its content, as JSON; `message`: the same as an object, if it was just written."""

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
    bot: int = FIRST_BOT
    message: Message | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Return the letter's fields, decoded from their stored JSON."""
        return cast(dict[str, Any], unpack(self.packed))

    @property
    def brings_pictures(self) -> bool:
        """Return whether an album comes with the letter; if a message is only brought up to date, its pictures stay
        above it."""
        return self.edits is None or self.klass == "push"


def letter_from(row: Row) -> Letter:
    values = list(row)
    values[4], values[16:18] = Lane(values[4]), map(bool, values[16:18])
    if values[14] is not None and bot_of_number(values[14]) != values[18]:
        values[14] = None  # the live message is in the chat with another bot: this one sends its own
    return Letter(*values)


def letter_of(written: WrittenLetter) -> Letter:
    """Return a letter that was committed just now, as it would be read."""
    values, message, reader = written.values, written.message, cast(Person, written.reader)
    return Letter(
        cast(int, written.id),
        person=values["person"],
        chat=reader.telegram_id,
        language=reader.language,
        lane=Lane(values["lane"]),
        klass=values["class"],
        screen=values["screen"],
        packed=values["facts"],
        live=None,
        edits=values["edits"],
        assignment=values["assignment"],
        tries=0,
        due_at=values["due_at"],
        expires_at=values["expires_at"],
        live_message=None,
        assignment_state="active",
        quiet=bool(values["quiet"]),
        bot=values["bot"],
        message=message if isinstance(message, Message) else None,
    )


HOLD_REASON = "told to wait"

WHERE_DUE = (
    "WHERE o.state = 'waiting' AND o.lane = :lane AND o.bot = :bot AND o.id > :after AND o.due_at <= :now"
    " ORDER BY o.id LIMIT :limit"
)
SELECT_DUE_LETTERS = f"{SELECT_LETTERS}\n{WHERE_DUE}"
# By its end, not its state: SQLite, told by ANALYZE of an empty outbox, would look for it among all that wait.
WHERE_NOT_ENDED = "WHERE o.id = :id AND o.ended_at IS NULL"
SELECT_LETTER = f"{SELECT_LETTERS} {WHERE_NOT_ENDED}"
# What may change of a waiting letter that is of no assignment and no live message.
SELECT_CHANGES = (
    "SELECT o.id, p.telegram_id, p.language, o.tries, o.due_at FROM outbox o JOIN people p ON p.id = o.person"
)
SELECT_DUE_CHANGES = f"{SELECT_CHANGES}\n{WHERE_DUE}"
SELECT_LETTER_CHANGES = f"{SELECT_CHANGES} {WHERE_NOT_ENDED}"
# Sent only as it was read: a live message that took newer facts meanwhile goes out once more.
MARK_LIVE_SENT = f"""
{END_LETTERS}, state = 'sent', message_id = :message_id
WHERE id = :id AND state = 'waiting' AND screen = :screen AND facts = :facts"""
HOLD_CHAT = """
UPDATE outbox SET due_at = :until, reason = :reason
WHERE person = :person AND bot = :bot AND state = 'waiting' AND due_at < :until"""
# A letter that failed goes behind the others of its chat.
POSTPONE_LETTER = "UPDATE outbox SET due_at = :until, tries = :tries WHERE id = :id AND state = 'waiting'"
SELECT_HELD_CHATS = """
SELECT p.telegram_id, max(o.due_at) FROM outbox o JOIN people p ON p.id = o.person
WHERE o.state = 'waiting' AND o.bot = :bot AND o.reason = :reason AND o.due_at > :now AND p.telegram_id IS NOT NULL
GROUP BY p.telegram_id"""
DROP_LETTERS_OF_PERSON = (
    f"{END_LETTERS}, state = 'dropped', reason = :reason WHERE person = :person AND state = 'waiting'"
)
# Messages of the former bot stay as they are.
DROP_EDITS_OF_BOT = f"""
{END_LETTERS}, state = 'dropped', reason = 'expired: another bot'
WHERE lane IN (0, 1, 2, 3) AND state = 'waiting' AND person = :person AND bot = :former AND edits IS NOT NULL"""
MOVE_LETTERS = """
UPDATE outbox SET bot = :bot
WHERE lane IN (0, 1, 2, 3) AND state = 'waiting' AND person = :person AND bot = :former"""
DROP_EXPIRED_LETTER = f"{DROP_LETTER} AND coalesce(expires_at, 0) <= :now"
COUNT_SENT_SINCE = """
SELECT count(*) FROM outbox WHERE state <> 'waiting' AND state = 'sent' AND ended_at > :since"""
COUNT_DUE = "SELECT bot, count(*) FROM outbox WHERE state = 'waiting' AND lane = :lane AND due_at <= :now GROUP BY bot"
EMPTY_ENDED_LETTERS = "UPDATE outbox SET facts = '{}' WHERE state <> 'waiting' AND facts <> '{}'"
DELETE_ENDED_LETTERS = """
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state <> 'waiting' AND ended_at < :before LIMIT :limit)"""
SELECT_LAGS_BY_BOT = """
SELECT bot, count(*), min(due_at) FROM outbox WHERE state = 'waiting' AND due_at <= :now GROUP BY bot"""
SELECT_OUTBOX_LAG = "SELECT count(*), min(due_at) FROM outbox WHERE state = 'waiting' AND due_at <= :now"
NO_LETTERS: Mapping[int, Letter] = {}


def may_be_at_hand(letter: Letter) -> bool:
    """Return whether `SELECT_CHANGES` reads all that can change of the letter while it waits."""
    return letter.assignment is None and letter.live is None and letter.expires_at is None and not letter.tries


def _is_unchanged(letter: Letter | None, row: Row) -> bool:
    return letter is not None and (letter.chat, letter.language, letter.tries, letter.due_at) == tuple(row[1:])


class OutboxQueue:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def list_due(
        self,
        lane: int,
        after: int,
        limit: int,
        known_ids: Container[int] = (),
        at_hand: Mapping[int, Letter] = NO_LETTERS,
        *,
        bot: int = FIRST_BOT,
    ) -> Page[Letter]:
        """Return the next `limit` due letters of a bot behind `after`, in order, without those known. If all of them
        are `at_hand`, only their changes are read."""
        values = {"lane": lane, "bot": bot, "after": after, "limit": limit, "now": self._now}
        if at_hand:
            rows = self._db.all(SELECT_DUE_CHANGES, **values)
            if all(row[0] in known_ids or _is_unchanged(at_hand.get(row[0]), row) for row in rows):
                return read_page(rows, after, limit, known_ids, lambda row: at_hand[row[0]])
        return read_page(self._db.all(SELECT_DUE_LETTERS, **values), after, limit, known_ids, letter_from)

    def find_waiting(self, number: int, at_hand: Letter | None = None) -> Letter | None:
        """Return the letter as it is now; None if it no longer waits."""
        if at_hand is not None and may_be_at_hand(at_hand):
            row = self._db.one(SELECT_LETTER_CHANGES, id=number)
            if row is None or _is_unchanged(at_hand, row):
                return None if row is None else at_hand
        row = self._db.one(SELECT_LETTER, id=number)
        return letter_from(row) if row else None

    def mark_live_sent(self, letter: Letter, message_id: int | None) -> bool:
        """Mark a live message's letter as sent; return False if it took newer content meanwhile and still waits."""
        values = {"id": letter.id, "message_id": message_id, "now": self._now}
        return self._db.changed(MARK_LIVE_SENT, screen=letter.screen, facts=letter.packed, **values) == 1

    def hold(self, person: PersonId, until: Moment, bot: int = FIRST_BOT) -> None:
        """Hold all letters of a bot to this person until then, as Telegram asks; it is remembered across restarts."""
        self._db.send(HOLD_CHAT, person=person, bot=bot, until=until, reason=HOLD_REASON)

    def pass_on(self, person: PersonId, former: int, bot: int) -> None:
        """Let another bot send what the former one cannot send to this person; edits of its messages are dropped. To be
        called where the former bot has none of them under way."""
        self._db.send(DROP_EDITS_OF_BOT, person=person, former=former, now=self._now)
        self._db.send(MOVE_LETTERS, person=person, former=former, bot=bot)

    def step_aside(self, letter: int, until: Moment, tries: int) -> None:
        """Postpone a letter that failed; the chat's other letters do not wait for it."""
        self._db.send(POSTPONE_LETTER, id=letter, until=until, tries=tries)

    def held_chats(self, bot: int = FIRST_BOT) -> dict[int, Moment]:
        """Return until when each chat of a bot is held."""
        return dict(self._db.all(SELECT_HELD_CHATS, bot=bot, reason=HOLD_REASON, now=self._now))  # type: ignore[arg-type]  # rows are pairs

    def drop_all(self, person: PersonId, reason: str) -> None:
        self._db.send(DROP_LETTERS_OF_PERSON, person=person, reason=reason, now=self._now)

    def drop_expired(self, letter: int, reason: str) -> None:
        """Drop the letter if its time is up, as it stands by now."""
        self._db.send(DROP_EXPIRED_LETTER, id=letter, reason=reason, now=self._now)

    def lag(self) -> tuple[int, Moment | None]:
        """Return how many letters are due, and since when the oldest is."""
        row = self._db.all(SELECT_OUTBOX_LAG, now=self._now)[0]
        return int(row[0]), row[1]

    def lags_by_bot(self) -> dict[int, tuple[int, Moment]]:
        """Return by bot how many letters are due, and since when the oldest is; a bot without any is left out."""
        return {row[0]: (int(row[1]), row[2]) for row in self._db.all(SELECT_LAGS_BY_BOT, now=self._now)}

    def count_due(self, lane: int) -> dict[int, int]:
        """Return by bot how many letters of a lane are due; those of held chats are not."""
        return {row[0]: int(row[1]) for row in self._db.all(COUNT_DUE, lane=lane, now=self._now)}

    def count_sent_since(self, since: Moment) -> int:
        """Return how many letters Telegram has taken since then."""
        return int(self._db.all(COUNT_SENT_SINCE, since=since)[0][0])

    def empty_ended(self) -> int:
        """Empty letters that ended before every end emptied them; return how many there were."""
        return self._db.changed(EMPTY_ENDED_LETTERS)

    def forget(self, before: Moment, limit: int) -> int:
        return self._db.changed(DELETE_ENDED_LETTERS, before=before, limit=limit)


# What waits for a person, but for tasks; the lanes are for the index of what waits.
SELECT_WAITING_LETTERS = """
SELECT id, screen, facts FROM outbox
WHERE lane IN (0, 1, 2, 3) AND state = 'waiting' AND person = :person AND assignment IS NULL ORDER BY lane, id"""
SELECT_IF_OWNED = "SELECT 1 FROM projects WHERE id = :project AND requester = :team"
AREAS_WITH_PROJECT_NUMBER = ("projects", "quality")  # wings whose messages call a project's id `number`


class TeamOutbox(Outbox):
    def tell(self, person: PersonId, message: Message | Refusal, **options: Any) -> bool:
        """Write a letter as `Outbox.tell` does; to a team one for each member who hears of the project. Return whether
        any was written."""
        if not is_team(person):
            return super().tell(person, message, **options)
        is_told = False
        for member in Teams(self._db, self._now).list_hearers(person, project_of(message)):
            own = {**options, "key": key_for(options["key"], member)} if options.get("key") else options
            is_told = super().tell(member, message, **own) or is_told
        return is_told

    def drop_letters_about_team(self, team: PersonId, member: PersonId) -> None:
        """Drop letters about this team to somebody who has left it."""
        for letter, screen, facts in self._db.all(SELECT_WAITING_LETTERS, person=member):
            if self._is_about(team, screen.partition(".")[0], unpack(facts)):
                self._db.changed(DROP_LETTER, id=letter, reason="expired: not in the team", now=self._now)

    def _is_about(self, team: PersonId, area: str, facts: dict[str, Any]) -> bool:
        project = facts.get("project") or (facts.get("number") if area in AREAS_WITH_PROJECT_NUMBER else None)
        if facts.get("team") == team_number_of(team):
            return True
        return isinstance(project, int) and self._db.one(SELECT_IF_OWNED, project=project, team=team) is not None


def key_for(key: str, member: PersonId) -> str:
    """Return a team letter's key for one member: each member is told once."""
    return f"{key}:{member}"


def project_of(message: Message | Refusal) -> int | None:
    """Return the project that a message is about, by its field, or None."""
    project = getattr(message, "project", None) or getattr(message, "number", None)
    return project if isinstance(project, int) else None


# Rule 9: every update ends, and every keyed message is written once.
# A message with a key is written once, and one that has ended has a moment of its end.
KEYED_MESSAGES_ARE_WRITTEN_ONCE = Invariant(
    9,
    "every keyed message is said once",
    """
SELECT 'letter ' || max(id) AS subject, 'key ' || key || ' was said ' || count(*) || ' times' AS detail
FROM outbox WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1
UNION ALL
SELECT 'letter ' || id, state || coalesce(', ended at ' || ended_at, ', not ended')
FROM outbox WHERE (state = 'waiting') <> (ended_at IS NULL)""",
)
