"""One attempt at a letter: its calls to Telegram, and the decision on each class of failure."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.clock import Clock
from bot.delivery.attachments import Later, Partly, UploadedFile
from bot.delivery.telegram_calls import MessageGone, ShownMessage, TelegramCalls, has_message
from bot.transport.requests import NotSent, OutcomeUnknown, is_unknown_method, pause_of
from domain.fairness.board import is_of_board
from domain.messages import Message, record
from domain.moments import Moment, later
from domain.people.accounts import PersonId
from domain.people.bots import FIRST_BOT
from formats.errors import is_disk_full
from handlers.screen import Screen
from services.people import dashboard
from services.work import answer_messages, sweeps, undelivered
from storage.boxes.outbox import Letter
from storage.database import Database
from storage.drivers.connection import Unavailable, WriteScope, error_name
from storage.unit import UnitOfWork

QUOTATION = re.compile(r'"[^"]*"?' + r"|'\w+:[^']*'?")  # Telegram's quotation of a text, or of a button's address
MAX_REASON_CHARS = 100
NO_ROOM_SECONDS = 60.0  # until a file is made again for which the disk had no room
MAX_PAUSE_SECONDS = 10.0  # seconds between two tries that hold its chat's other letters back
MAX_TRIES_IN_TURN = 2  # so many tries; then it steps aside, and the others go on
MAX_ASIDE_SECONDS = 300.0  # seconds between two tries of a letter that stands aside
EXPIRED = "expired"  # why one was given up that came too late
NEWER = "expired: newer"  # why an edit was given up whose message shows what was written later
REFUSED_PREFIX = "refused: "  # begins why one was given up that Telegram does not take
OUTCOME_UNKNOWN = "outcome unknown"  # why a letter was given up that may have been sent
MAX_TRIES = 5  # tries of a push without an answer, and of a file Telegram refuses

Render = Callable[[str, Mapping[str, Any] | Message, str], Screen]

log = logging.getLogger(__name__)


class OutcomeKind(Enum):
    SENT = "sent"
    DROPPED = "dropped"
    UNREACHABLE = "unreachable"
    FAILED = "failed"  # refused for good, or a bug of ours: an alarm
    REFUSED = "refused"  # 429: the chat is held for `pause` seconds
    NO_ROOM = "no room"  # its file could not be made: the disk is full; it stands aside
    AGAIN = "again"  # after `pause` seconds, in memory
    LATER = "later"  # the same without a failure: its attachment is being uploaded, or goes another way
    PARTLY = "partly"  # a part is there, what is left goes in its next turn
    STOP = "stop"  # the token is not accepted


@record
class Outcome:
    """The result of one attempt at a letter. `counted`: a message may have been sent or edited, so the chat must
    rest. `everybody`: all chats are held. `upload`: the file Telegram holds from now on. `tries`: number of failed
    tries. `linked`: its picture could not be loaded."""

    letter: Letter
    verdict: OutcomeKind
    message_id: int | None = None
    reason: str = ""
    pause: float = 0.0
    counted: bool = True
    everybody: bool = False
    upload: UploadedFile | None = None
    tries: int = 0
    linked: bool = False

    @property
    def is_refused_by_telegram(self) -> bool:
        """Return whether Telegram refused the letter for good; other failed letters are bugs of ours."""
        return self.verdict is OutcomeKind.FAILED and self.reason.startswith(REFUSED_PREFIX)

    @property
    def is_stuck(self) -> bool:
        """Return whether the letter has had its turns: the other letters of its chat need not wait for it any
        longer."""
        return self.tries >= MAX_TRIES_IN_TURN

    @property
    def aside_seconds(self) -> float:
        """Seconds until a letter that stands aside is tried again."""
        return min(MAX_ASIDE_SECONDS, self.pause + float(2 ** min(self.tries, 9)))


class Attempts:
    """Makes one attempt at a letter that its caller chooses; keeps only the number of failed attempts of each."""

    def __init__(self, calls: TelegramCalls, render: Render, clock: Clock) -> None:
        self.calls, self.render, self.clock = calls, render, clock
        self.tries: dict[int, int] = {}

    async def __call__(self, letter: Letter) -> Outcome:
        """Send the letter and return the outcome. Never raise: every failure becomes an outcome."""
        if reason := self._reason_to_drop(letter):
            return Outcome(letter, OutcomeKind.DROPPED, reason=reason, counted=False)
        try:
            screen = self.render(letter.screen, letter.message or letter.facts, letter.language)
        except Exception as error:
            log.error("A screen cannot be rendered", extra=_log_fields(letter), exc_info=error)
            return Outcome(letter, OutcomeKind.FAILED, reason=f"bug: {type(error).__name__}", counted=False)
        return self._with_tries(letter, await self._send(letter, screen))

    def _with_tries(self, letter: Letter, outcome: Outcome) -> Outcome:
        """The outcome with the number of failed tries so far, those before a restart (in the letter's row) included;
        any other end resets the count."""
        if outcome.verdict not in (OutcomeKind.AGAIN, OutcomeKind.LATER, OutcomeKind.REFUSED):
            self.tries.pop(letter.id, None)
            return outcome
        if not outcome.counted:
            return outcome
        self.tries[letter.id] = self._count_tries(letter) + 1
        return replace(outcome, tries=self.tries[letter.id])

    def _count_tries(self, letter: Letter) -> int:
        return max(letter.tries, self.tries.get(letter.id, 0))

    def _reason_to_drop(self, letter: Letter) -> str:
        """Return why the letter is not sent (no chat, assignment over, expired, overtaken), or an empty text."""
        if letter.chat is None:
            return "nobody to send it to"
        if letter.klass == "push" and letter.assignment_state != "active":
            return f"assignment {letter.assignment_state}"
        if letter.expires_at is not None and letter.expires_at <= self.clock():
            return EXPIRED
        return NEWER if letter.outdated else ""

    async def _send(self, letter: Letter, screen: Screen) -> Outcome:
        """Send the screen; return the outcome of each class of failure."""
        try:
            return _success(letter, screen, await self.calls(letter, screen))
        except Later as error:
            return self._postponement(letter, error)
        except MessageGone:
            return Outcome(letter, OutcomeKind.DROPPED, reason="message gone")
        except RetryAfter as error:
            return Outcome(letter, OutcomeKind.REFUSED, pause=pause_of(error))
        except Forbidden:
            return Outcome(letter, OutcomeKind.UNREACHABLE, reason="unreachable")
        except BadRequest as error:
            return self._refusal(letter, error)
        except InvalidToken as error:
            return self._token_failure(letter, error)
        except TelegramError as error:
            return self._network_failure(letter, error)
        except Unavailable as error:  # the database is away: the letter waits for it
            return Outcome(letter, OutcomeKind.AGAIN, reason=error_name(error), pause=1.0, counted=False)
        except Exception as error:
            return self._local_failure(letter, error)

    def _local_failure(self, letter: Letter, error: Exception) -> Outcome:
        """Outcome of a failure on this machine: a bug, or a file for which the disk has no room and which is made
        again later."""
        if is_disk_full(error):
            log.error("No room on the disk for a file that is to be sent", extra=_log_fields(letter))
            return Outcome(letter, OutcomeKind.NO_ROOM, pause=NO_ROOM_SECONDS, counted=False)
        log.error("A letter cannot be sent", extra=_log_fields(letter), exc_info=error)
        return Outcome(letter, OutcomeKind.FAILED, reason=f"bug: {type(error).__name__}")

    def _postponement(self, letter: Letter, error: Later) -> Outcome:
        if isinstance(error, Partly):
            return Outcome(letter, OutcomeKind.PARTLY)
        if error.was_called and self._count_tries(letter) >= MAX_TRIES:
            return Outcome(letter, OutcomeKind.FAILED, reason=f"{REFUSED_PREFIX}its file")
        return Outcome(letter, OutcomeKind.LATER, pause=error.pause, counted=error.was_called)

    def _refusal(self, letter: Letter, error: BadRequest) -> Outcome:
        if "chat not found" in error.message.lower() or "user is deactivated" in error.message.lower():
            return Outcome(letter, OutcomeKind.UNREACHABLE, reason="unreachable")
        reason = QUOTATION.sub('"…"', error.message)[:MAX_REASON_CHARS]
        log.error("Telegram refused a letter", extra={**_log_fields(letter), "reason": reason})
        return Outcome(letter, OutcomeKind.FAILED, reason=f"{REFUSED_PREFIX}{reason}")

    def _token_failure(self, letter: Letter, error: InvalidToken) -> Outcome:
        """Outcome of 401 or 404: an unknown method concerns this letter alone, a refused token stops the relay."""
        if is_unknown_method(error):
            return Outcome(letter, OutcomeKind.FAILED, reason=f"{REFUSED_PREFIX}unknown method")
        return Outcome(letter, OutcomeKind.STOP)

    def _network_failure(self, letter: Letter, error: TelegramError) -> Outcome:
        """Outcome of a call without an answer, or with 5xx. A letter that was certainly not sent is sent again; one
        that may have been sent, as its class says: a task may appear twice, but its worker must see it. An edit may
        be made twice as long as its chat waits for it: later it might undo what its message shows by then."""
        sent_perhaps, unanswered = not isinstance(error, NotSent), isinstance(error, OutcomeUnknown | TimedOut)
        tries = self._count_tries(letter)
        is_tried_too_often = letter.klass == "push" and unanswered and tries >= MAX_TRIES
        is_new = letter.edits is None and letter.live_message is None
        is_sent_once = letter.klass == "nudge" and (is_new or tries + 1 >= MAX_TRIES_IN_TURN)
        if sent_perhaps and (is_sent_once or is_tried_too_often):
            return Outcome(letter, OutcomeKind.DROPPED, reason=OUTCOME_UNKNOWN)
        pause = min(MAX_PAUSE_SECONDS, 1.0 * 2 ** min(tries, 5))
        return Outcome(letter, OutcomeKind.AGAIN, reason=type(error).__name__, pause=pause, counted=sent_perhaps)


def _success(letter: Letter, screen: Screen, message: ShownMessage) -> Outcome:
    return Outcome(
        letter,
        OutcomeKind.SENT,
        message.message_id,
        counted=has_message(screen),
        upload=message.upload,
        linked=message.linked,
    )


def _log_fields(letter: Letter) -> dict[str, Any]:
    screen = "a board" if is_of_board(letter.screen) else letter.screen
    return {"letter": letter.id, "screen": screen, "lane": letter.lane.name.lower(), "class": letter.klass}


# What a delivery changes, beside others' answers; all else takes the turn of the house.
RECORDING_SCOPE = WriteScope(frozenset({"outbox", "assignments", "live_messages", "uploaded_files"}))
MAX_BATCHES = 2  # at a time: one that is committed, one that waits for its turn
Unreachable = Callable[[UnitOfWork, PersonId], None]
Failed = Callable[[UnitOfWork, Letter, str], None]
Delayed = Callable[[UnitOfWork, Letter], None]


@dataclass(frozen=True, slots=True)
class FailureServices:
    """Services that run in the recording transaction: for an unreachable person, for a failed letter, for a letter
    whose file has no room on the disk."""

    unreachable: Unreachable
    failed: Failed
    delayed: Delayed = undelivered.tell_file_waits


class Receipts:
    """Records outcomes in batches; `on_recorded(outcome)` is called once an outcome is durable.

    While one batch is committed, the next already waits in the writer and takes what has ended when its turn comes.
    Otherwise a person who acts on an answer could find it still waiting, and the next answer would be folded into it
    (storage/boxes/outbox.py)."""

    def __init__(
        self, database: Database, after: FailureServices, clock: Clock, on_recorded: Callable[[Outcome], None]
    ) -> None:
        self.database, self.after, self.clock, self.on_recorded = database, after, clock, on_recorded
        self.outcomes = deque[Outcome]()
        self.arrived = asyncio.Event()
        self.is_batch_waiting = False  # a batch in the writer, for its turn

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.arrived.set()

    async def run(self) -> None:
        """Write batches until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(MAX_BATCHES):
                group.create_task(self._write_batches())

    async def _write_batches(self) -> None:
        while True:
            await self.arrived.wait()
            self.arrived.clear()
            if self.is_batch_waiting or not self.outcomes:
                continue
            try:
                await self.flush()
            except Unavailable as error:
                log.warning("Outcomes of letters cannot be written; trying again", extra={"reason": error_name(error)})
                await asyncio.sleep(0.5)
                self.arrived.set()

    async def flush(self) -> None:
        """Record all outcomes. A letter whose recording fails by a bug is dropped, so that it is never sent again.
        Raise Unavailable, with the outcomes put back, if the database is away."""
        batch, self.is_batch_waiting = list[Outcome](), True
        try:
            await self.database.transact_beside(RECORDING_SCOPE, self._record_batch, self.clock(), batch)
        except Unavailable:
            self.is_batch_waiting = False
            self.outcomes.extendleft(reversed(batch))
            raise
        except Exception as error:
            log.error("Outcomes of letters cannot be written; dropped", extra={"letters": len(batch)}, exc_info=error)
            await self._record_singly(batch)
            return
        for outcome in batch:
            self.on_recorded(outcome)

    def _record_batch(self, unit: UnitOfWork, batch: list[Outcome]) -> None:
        """Take all outcomes and record them, in the writer's thread: what is added from here on needs another batch."""
        self.is_batch_waiting = False
        while self.outcomes:
            batch.append(self.outcomes.popleft())
        record_outcomes(unit, batch, self.after)

    async def _record_singly(self, batch: list[Outcome]) -> None:
        """Record outcomes one by one. Raise Unavailable if the database goes away; the rest is put back."""
        for place, outcome in enumerate(batch):
            try:
                await self._record_one(outcome)
            except Unavailable:
                self.outcomes.extendleft(reversed(batch[place:]))
                raise
            self.on_recorded(outcome)

    async def _record_one(self, outcome: Outcome) -> None:
        """Record one outcome; if a bug prevents it, record the letter as dropped."""
        try:
            await self.database.transact_beside(RECORDING_SCOPE, record_outcomes, self.clock(), [outcome], self.after)
        except Unavailable:
            raise
        except Exception as error:
            lost = replace(outcome, verdict=OutcomeKind.DROPPED, reason=f"bug: {type(error).__name__}")
            await self.database.transact_beside(RECORDING_SCOPE, record_outcomes, self.clock(), [lost], self.after)


def record_outcomes(unit: UnitOfWork, outcomes: list[Outcome], after: FailureServices) -> None:
    """Record the outcomes in the outbox and run the services that failures call for."""
    sent = [outcome for outcome in outcomes if outcome.verdict is OutcomeKind.SENT and outcome.letter.live is None]
    unit.outbox.mark_sent((outcome.letter.id, outcome.message_id) for outcome in sent)
    for outcome in outcomes:
        letter = outcome.letter
        if letter.edits is not None and _is_edit_missing(outcome):
            answer_messages.tidy_failed_edit(unit, letter)
        if outcome.verdict is OutcomeKind.SENT:
            _record_sent(unit, outcome)
        elif outcome.verdict is OutcomeKind.DROPPED and outcome.reason == EXPIRED:
            _drop_expired(unit, letter)
        elif outcome.verdict in (OutcomeKind.DROPPED, OutcomeKind.FAILED):
            unit.outbox.drop(letter.id, outcome.reason)
            if outcome.verdict is OutcomeKind.FAILED:
                dashboard.count_refusals(unit, int(outcome.is_refused_by_telegram))
                after.failed(unit, letter, outcome.reason)
        elif outcome.verdict is OutcomeKind.UNREACHABLE:
            _record_unreachable(unit, letter, outcome.reason, after)
        elif outcome.verdict is OutcomeKind.REFUSED:
            _hold_chat(unit, outcome)
        elif outcome.verdict in (OutcomeKind.NO_ROOM, OutcomeKind.AGAIN):
            _step_aside(unit, outcome, after)


def _record_unreachable(unit: UnitOfWork, letter: Letter, reason: str, after: FailureServices) -> None:
    """Drop a person's letters, because their bot cannot write to them; what another bot cannot, theirs sends."""
    own_bot = unit.people.get(letter.person).bot
    if letter.bot != own_bot:
        unit.outbox_queue.pass_on(letter.person, letter.bot, own_bot)
        return
    after.unreachable(unit, letter.person)
    unit.outbox_queue.drop_all(letter.person, reason)


def _step_aside(unit: UnitOfWork, outcome: Outcome, after: FailureServices) -> None:
    """Try the letter again later, after the other letters of its chat; if its file has no room on the disk, tell
    why."""
    letter, no_room = outcome.letter, outcome.verdict is OutcomeKind.NO_ROOM
    seconds, tries = (outcome.pause, letter.tries) if no_room else (outcome.aside_seconds, outcome.tries)
    unit.outbox_queue.step_aside(letter.id, later(unit.now, int(seconds * 1000)), tries)
    if no_room:
        after.delayed(unit, letter)


def _drop_expired(unit: UnitOfWork, letter: Letter) -> None:
    """Drop the letter unless the clock was set forward since it was read, or the machine slept: then it is given
    that time, and goes."""
    sweeps.note_downtime(unit)
    unit.outbox_queue.drop_expired(letter.id, EXPIRED)


def _is_edit_missing(outcome: Outcome) -> bool:
    """Return whether the message that was to be edited stays as it was."""
    if outcome.verdict is OutcomeKind.SENT:
        return outcome.message_id != outcome.letter.edits
    return outcome.verdict is OutcomeKind.FAILED or (
        outcome.verdict is OutcomeKind.DROPPED and outcome.reason not in (OUTCOME_UNKNOWN, NEWER)
    )


def _record_sent(unit: UnitOfWork, outcome: Outcome) -> None:
    letter = outcome.letter
    if letter.live is not None:
        _record_live_message(unit, letter, letter.live, outcome.message_id)
    if outcome.upload is not None:
        unit.uploaded_files.keep(outcome.upload.content, outcome.upload.file_id)
    if outcome.linked:
        undelivered.count_linked_task(unit, letter)


def _record_live_message(unit: UnitOfWork, letter: Letter, live: str, message_id: int | None) -> None:
    if message_id is not None:
        news = letter.facts.get("news")  # a version of a project's progress; a task has another field of this name
        unit.live_messages.keep(letter.person, live, message_id, news if isinstance(news, int) else 0)
    unit.outbox_queue.mark_live_sent(letter, message_id)


def _hold_chat(unit: UnitOfWork, outcome: Outcome) -> None:
    until = later(unit.now, int(outcome.pause * 1000))
    unit.outbox_queue.hold(outcome.letter.person, until, outcome.letter.bot)
    if outcome.is_stuck:
        unit.outbox_queue.step_aside(outcome.letter.id, later(until, int(outcome.aside_seconds * 1000)), outcome.tries)
    dashboard.count_refusals(unit, 1)
    if outcome.everybody:
        unit.settings.store(_hold_setting(outcome.letter.bot), str(until))


def read_holds(unit: UnitOfWork, bot: int = FIRST_BOT) -> tuple[dict[int, Moment], Moment]:
    """Return the chats that Telegram wants the bot to leave alone, each with the moment until then, and the moment
    until which all of them are held."""
    return unit.outbox_queue.held_chats(bot), Moment(int(unit.settings.get(_hold_setting(bot)) or 0))


def _hold_setting(bot: int) -> str:
    return sweeps.RELAY_HOLD_SETTING if bot == FIRST_BOT else f"{sweeps.RELAY_HOLD_SETTING}, bot {bot}"
