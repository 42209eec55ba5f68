"""Outcomes of letters, written in batches: each batch holds the letters that ended while the last one was committed."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.delivery.attempts import EXPIRED, NEWER, UNKNOWN, Outcome, OutcomeKind
from domain.moments import Moment, later
from domain.people.people import PersonId
from services.people import dashboard
from services.work import answer_messages, downtime, undelivered
from storage.boxes.letters import Letter
from storage.database import Database
from storage.drivers.dialects import Unavailable
from storage.drivers.errors import named
from storage.drivers.turns import Scope
from storage.unit import UnitOfWork

# What a delivery changes, beside others' answers; all else takes the turn of the house.
MARKS = Scope(frozenset({"outbox", "assignments", "live_messages", "uploaded_files"}))
BATCHES = 2  # at a time: one that is committed, one that waits for its turn
Unreachable = Callable[[UnitOfWork, PersonId], None]
Failed = Callable[[UnitOfWork, Letter, str], None]
Delayed = Callable[[UnitOfWork, Letter], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FailureServices:
    """The services that run in the transaction which records an unreachable person, a failed letter, or one whose file
    has no room on the disk."""

    unreachable: Unreachable
    failed: Failed
    delayed: Delayed = undelivered.delayed


class Receipts:
    """`settled(outcome)` is called once it is durable.

    While one batch is committed, the next already waits in the writer, and takes what has ended when its turn comes:
    of an answer that somebody has, nothing they do next finds that it still waits, which would fold the next answer
    into it (storage/boxes/outbox.py).
    """

    def __init__(
        self, database: Database, after: FailureServices, clock: Clock, settled: Callable[[Outcome], None]
    ) -> None:
        self.database, self.after, self.clock, self.settled = database, after, clock, settled
        self.outcomes = deque[Outcome]()
        self.arrived = asyncio.Event()
        self.waits = False  # a batch in the writer, for its turn

    def put(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.arrived.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(BATCHES):
                group.create_task(self._write())

    async def _write(self) -> None:
        while True:
            await self.arrived.wait()
            self.arrived.clear()
            if self.waits or not self.outcomes:
                continue
            try:
                await self.flush()
            except Unavailable as error:
                log.warning("Outcomes of letters cannot be written; trying again", extra={"reason": named(error)})
                await asyncio.sleep(0.5)
                self.arrived.set()

    async def flush(self) -> None:
        """Records all outcomes. A letter whose recording fails by a bug is dropped, so that it is never sent again."""
        batch, self.waits = list[Outcome](), True
        try:
            await self.database.transact_beside(MARKS, self._mark, self.clock(), batch)
        except Unavailable:
            self.waits = False
            self.outcomes.extendleft(reversed(batch))
            raise
        except Exception as error:
            log.error("Outcomes of letters cannot be written; dropped", extra={"letters": len(batch)}, exc_info=error)
            await self._one_by_one(batch)
            return
        for outcome in batch:
            self.settled(outcome)

    def _mark(self, unit: UnitOfWork, batch: list[Outcome]) -> None:
        """In the writer's thread: what is put from here on needs another batch."""
        self.waits = False
        while self.outcomes:
            batch.append(self.outcomes.popleft())
        mark(unit, batch, self.after)

    async def _one_by_one(self, batch: list[Outcome]) -> None:
        """Those that are not recorded yet when the database goes away wait for it."""
        for at, outcome in enumerate(batch):
            try:
                await self._record(outcome)
            except Unavailable:
                self.outcomes.extendleft(reversed(batch[at:]))
                raise
            self.settled(outcome)

    async def _record(self, outcome: Outcome) -> None:
        try:
            await self.database.transact_beside(MARKS, mark, self.clock(), [outcome], self.after)
        except Unavailable:
            raise
        except Exception as error:
            lost = replace(outcome, verdict=OutcomeKind.DROPPED, reason=f"bug: {type(error).__name__}")
            await self.database.transact_beside(MARKS, mark, self.clock(), [lost], self.after)


def mark(unit: UnitOfWork, outcomes: list[Outcome], after: FailureServices) -> None:
    sent = [outcome for outcome in outcomes if outcome.verdict is OutcomeKind.SENT and outcome.letter.live is None]
    unit.outbox.sent((outcome.letter.id, outcome.message_id) for outcome in sent)
    for outcome in outcomes:
        letter = outcome.letter
        if letter.edits is not None and _is_elsewhere(outcome):
            answer_messages.left_behind(unit, letter)
        if outcome.verdict is OutcomeKind.SENT:
            _sent(unit, outcome)
        elif outcome.verdict is OutcomeKind.DROPPED and outcome.reason == EXPIRED:
            _expired(unit, letter)
        elif outcome.verdict in (OutcomeKind.DROPPED, OutcomeKind.FAILED):
            unit.outbox.drop(letter.id, outcome.reason)
            if outcome.verdict is OutcomeKind.FAILED:
                dashboard.refused(unit, int(outcome.by_telegram))
                after.failed(unit, letter, outcome.reason)
        elif outcome.verdict is OutcomeKind.UNREACHABLE:
            after.unreachable(unit, letter.person)
            unit.outbox_queue.drop_all(letter.person, outcome.reason)
        elif outcome.verdict is OutcomeKind.REFUSED:
            _hold(unit, outcome)
        elif outcome.verdict in (OutcomeKind.NO_ROOM, OutcomeKind.AGAIN):
            _step_aside(unit, outcome, after)


def _step_aside(unit: UnitOfWork, outcome: Outcome, after: FailureServices) -> None:
    """Try the letter again later, and others of its chat before; of a file without room on the disk tell why."""
    letter, no_room = outcome.letter, outcome.verdict is OutcomeKind.NO_ROOM
    seconds, tries = (outcome.pause, letter.tries) if no_room else (outcome.aside, outcome.tries)
    unit.outbox_queue.step_aside(letter.id, later(unit.now, int(seconds * 1000)), tries)
    if no_room:
        after.delayed(unit, letter)


def _expired(unit: UnitOfWork, letter: Letter) -> None:
    """Unless the clock was set forward since it was read, or the machine slept: it is given that time, and goes."""
    downtime.notice(unit)
    unit.outbox_queue.drop_expired(letter.id, EXPIRED)


def _is_elsewhere(outcome: Outcome) -> bool:
    """Whether the message that was to be edited stays as it was."""
    if outcome.verdict is OutcomeKind.SENT:
        return outcome.message_id != outcome.letter.edits
    return outcome.verdict is OutcomeKind.FAILED or (
        outcome.verdict is OutcomeKind.DROPPED and outcome.reason not in (UNKNOWN, NEWER)
    )


def _sent(unit: UnitOfWork, outcome: Outcome) -> None:
    letter = outcome.letter
    if letter.live is not None:
        _sent_live(unit, letter, letter.live, outcome.message_id)
    if outcome.upload is not None:
        unit.uploaded_files.keep(outcome.upload.content, outcome.upload.file_id)
    if outcome.linked:
        undelivered.linked(unit, letter)


def _sent_live(unit: UnitOfWork, letter: Letter, live: str, message_id: int | None) -> None:
    if message_id is not None:
        news = letter.facts.get("news")  # a version of a project's progress; a task has another field of this name
        unit.live_messages.keep(letter.person, live, message_id, news if isinstance(news, int) else 0)
    unit.outbox_queue.sent_live(letter, message_id)


def _hold(unit: UnitOfWork, outcome: Outcome) -> None:
    until = later(unit.now, int(outcome.pause * 1000))
    unit.outbox_queue.hold(outcome.letter.person, until)
    if outcome.stuck:
        unit.outbox_queue.step_aside(outcome.letter.id, later(until, int(outcome.aside * 1000)), outcome.tries)
    dashboard.refused(unit, 1)
    if outcome.everybody:
        unit.settings.put(downtime.HOLD_ALL, str(until))


def held(unit: UnitOfWork) -> tuple[dict[int, Moment], Moment]:
    """The chats Telegram wants left alone, and until when all of them."""
    return unit.outbox_queue.holds(), Moment(int(unit.settings.get(downtime.HOLD_ALL) or 0))
