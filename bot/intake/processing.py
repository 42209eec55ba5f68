"""Processes one update until it is done, ignored, or given up with an apology; failures are tried again."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import orjson
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.clock import Clock
from bot.intake.seclusion import Seclusion
from bot.intake.shapes import usable
from bot.transport import pause_of
from domain.people.messages import ErrorNoticed
from domain.work.delivery import FileWaits
from formats.errors import is_full
from handlers.arrival import Arrived, arrived_of
from handlers.context import AlreadyHandled
from storage.boxes.inbox import NotYet
from storage.boxes.received import Received
from storage.database import Database
from storage.drivers.dialects import Unavailable
from storage.drivers.errors import named
from storage.unit import UnitOfWork

ENDED = 3  # processes that ended while an update was under way: it is begun once more, alone, and then given up
LONG = 1.0  # seconds after which an update is noted as under way; one that brings a file is so at once
TRIES = 3  # of an update whose handler raises a bug
NO_ROOM_TRIES = 20  # of an update for whose file the disk has no room: some ten minutes
LONGEST = 30.0  # seconds between tries while the database or Telegram is away
BEHIND, FURTHEST = 0.03, 1.0  # seconds, at first and at most, while another process has an earlier one of that person

Dispatch = Callable[[Arrived], Awaitable[bool]]

log = logging.getLogger(__name__)


class UnderWay:
    """Tells of each update that is still under way after LONG seconds; one timer serves all."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self.tell, self.begun = tell, dict[int, float]()
        self.timer: asyncio.TimerHandle | None = None

    def begin(self, update_id: int) -> None:
        loop = asyncio.get_running_loop()
        self.begun[update_id] = loop.time()
        self.timer = self.timer or loop.call_later(LONG, self._look)

    def end(self, update_id: int) -> None:
        self.begun.pop(update_id, None)

    def _look(self) -> None:
        loop, self.timer = asyncio.get_running_loop(), None
        for update_id, began in list(self.begun.items()):  # in the order in which they began
            left = began + LONG - loop.time()
            if left > 0:
                self.timer = loop.call_later(left, self._look)
                return
            self.end(update_id)
            self.tell(update_id)


class Processing:
    """`dispatch(update)` says whether it has ended the update, which saves a reading; it raises what went wrong."""

    def __init__(self, bot: Bot, dispatch: Dispatch, database: Database, clock: Clock) -> None:
        self.bot, self.dispatch, self.database, self.clock = bot, dispatch, database, clock
        self.waits: Counter[int] = Counter()
        self.counts: Counter[str] = Counter()
        self.notes: set[asyncio.Task[bool]] = set()
        self.under_way = UnderWay(self._is_long)
        self.seclusion = Seclusion()

    async def __call__(self, received: Received) -> float | None:
        if received.begun > ENDED:
            outcome: bool | Exception = EndedProcess(received.update_id)
        else:
            outcome = await self._in_turn(received)
        pause = await self._settled(received, outcome)
        if pause is None:
            self.waits.pop(received.update_id, None)
        return pause

    async def _in_turn(self, received: Received) -> bool | Exception:
        """What brings a file waits for one that ended processes, which in turn runs with no other file beside it."""
        if received.begun == ENDED:
            async with self.seclusion.alone():
                return await self._noted(received)
        if brings_file(received):
            async with self.seclusion.beside():
                return await self._noted(received)
        return await self._noted(received)

    async def _noted(self, received: Received) -> bool | Exception:
        """Counts updates in progress when the process dies; a requested stop does not count."""
        if not brings_file(received):
            self.under_way.begin(received.update_id)
        elif not await self._note_begun(received.update_id):
            return NotYet(received.update_id)
        try:
            return await self._process(received)
        except asyncio.CancelledError:
            with suppress(Exception):
                await self.database.transact(lambda unit: unit.inbox.outlived(received.update_id), self.clock())
            raise
        finally:
            self.under_way.end(received.update_id)

    def _is_long(self, update_id: int) -> None:
        note = asyncio.create_task(self._note_begun(update_id))
        self.notes.add(note)
        note.add_done_callback(self.notes.discard)

    async def _note_begun(self, update_id: int) -> bool:
        """False where it does not wait, or the database is away."""
        with suppress(Exception):
            return await self.database.transact(lambda unit: unit.inbox.begun(update_id), self.clock())
        return False

    async def _process(self, received: Received) -> bool | Exception:
        """Whether the update has ended, or what went wrong."""
        arrived = self._built(received)
        if arrived is None:
            return False
        try:
            return await self.dispatch(arrived)
        except Exception as error:
            return error

    def _built(self, received: Received) -> Arrived | None:
        """As handlers read it; None for an update that no handler takes."""
        wanted = usable(received.payload)
        try:
            return None if wanted is None else arrived_of(without_nul(wanted), self.bot)
        except Exception as error:
            told = {"update": received.update_id, "reason": type(error).__name__}
            log.error("An update has an unknown structure", extra=told, exc_info=error)
            return None

    async def _settled(self, received: Received, ended: bool | Exception) -> float | None:
        if ended is True:
            self._report(received, "done", None)
            return None
        error = ended or None
        waits = min(9, self.waits[received.update_id])
        patience = min(LONGEST, 0.5 * 4**waits)
        if isinstance(error, RetryAfter):
            patience = max(patience, pause_of(error))
        try:
            outcome, pause = await self.database.transact(settle, self.clock(), received, error, patience)
            pause = min(FURTHEST, BEHIND * 2**waits) if outcome == "behind" else pause
        except Exception as failure:
            outcome, pause, error = "waiting", patience, failure
        self._report(received, outcome, error)
        self.waits[received.update_id] += 1
        return pause

    def _report(self, received: Received, outcome: str, error: Exception | None) -> None:
        self.counts[outcome] += 1
        told = {"update": received.update_id, "outcome": outcome}
        log.debug("An update", extra=told)
        if error is None or outcome in ("done", "behind"):
            return
        level = logging.WARNING if is_passing(error) else logging.ERROR
        trace = None if is_passing(error) else error
        reason = "the disk is full" if is_full(error) else named(error)
        log.log(level, "An update failed", extra={**told, "reason": reason}, exc_info=trace)


class EndedProcess(Exception):
    """A process ended more than once while this update was under way."""


def brings_file(received: Received) -> bool:
    """Whether it holds a file, which is read a little later."""
    messages = (received.payload.get(name) for name in ("message", "edited_message"))
    return any(isinstance(message, dict) and "document" in message for message in messages)


def without_nul(sent: Any) -> Any:
    """The update with NUL characters replaced by spaces, at any depth: PostgreSQL stores none."""
    return _spaced(sent) if b"\\u0000" in orjson.dumps(sent) else sent


def _spaced(sent: Any) -> Any:
    if isinstance(sent, str):
        return sent.replace("\0", " ")
    if isinstance(sent, dict):
        return {name: _spaced(value) for name, value in sent.items()}
    return [_spaced(value) for value in sent] if isinstance(sent, list) else sent


def _tell_no_room(unit: UnitOfWork, received: Received) -> None:
    """Tell the sender once that their file waits until there is room on the disk."""
    person = unit.people.by_telegram_id(received.person)
    if person is not None:
        unit.outbox.tell(person.id, FileWaits(theirs=True), key=f"no room:update {received.update_id}")


def is_passing(error: Exception) -> bool:
    """Whether the cause is outside and temporary: database, network, a full disk."""
    return is_full(error) or (
        isinstance(error, Unavailable | NetworkError | RetryAfter) and not isinstance(error, BadRequest)
    )


def settle(unit: UnitOfWork, received: Received, error: Exception | None, patience: float) -> tuple[str, float | None]:
    """Ends an update its handler left waiting, or returns the seconds until it is tried again. A pair of outcome and
    seconds."""
    if not unit.inbox.is_waiting(received.update_id):
        return "done", None
    # It may have been stored, or have become the first, since.
    if isinstance(error, NotYet | AlreadyHandled) or not unit.inbox.is_first(received.update_id):
        return "behind", BEHIND
    if error is None:
        unit.inbox.finish(received.update_id, "ignored", "nothing to do")
        return "ignored", None
    unit.inbox.outlived(received.update_id)
    if is_full(error):
        _tell_no_room(unit, received)
        if unit.inbox.failed(received.update_id) < NO_ROOM_TRIES:
            return "waiting", patience
    elif is_passing(error):
        return "waiting", patience
    tries = TRIES if isinstance(error, EndedProcess) else unit.inbox.failed(received.update_id)
    if tries < TRIES:
        return "tried again", 0.5 * 4 ** (tries - 1)
    unit.inbox.finish(received.update_id, "dead", type(error).__name__)
    person = unit.people.by_telegram_id(received.person)
    if person is not None:
        unit.outbox.tell(person.id, ErrorNoticed(), key=f"oops:{received.update_id}")
    return "dead", None
