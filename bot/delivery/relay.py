"""The relay of a bot sends its letters of the outbox to Telegram: replies first, within its limits, each chat in
order; outcomes are recorded in batches."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from dataclasses import replace

from bot.clock import Clock
from bot.delivery.attempts import Attempts, FailureServices, Outcome, OutcomeKind, Receipts, read_holds
from bot.delivery.backlog import Backlog, Busy
from bot.delivery.rate_limit import REST, SendRate
from bot.intake.polling import TokenRefused
from domain.people.bots import FIRST_BOT
from storage.boxes.outbox import Lane, Letter, WrittenLetter, letter_of
from storage.database import Database
from storage.drivers.connection import error_name

LANES = tuple(Lane)  # replies first
MAX_CALLS = 400  # calls under way
CALLS_RESERVED_FOR_REPLIES = 100  # of them reserved for replies, which go on while other letters are stuck
READING_INTERVAL_SECONDS = 0.5  # seconds between readings of the outbox from its start
MIN_RETRY_SECONDS = 0.5  # seconds between a call Telegram may have seen and the next one for the same letter

log = logging.getLogger(__name__)


class Relay:
    """Sends a bot's letters. `after` runs where a person cannot be written to, or a letter is refused for good;
    `busy` as in Backlog."""

    def __init__(
        self,
        database: Database,
        attempts: Attempts,
        after: FailureServices,
        clock: Clock,
        pace: SendRate,
        busy: Busy = lambda chat: False,
        bot: int = FIRST_BOT,
    ) -> None:
        self.bot = bot
        self.database, self.attempts, self.clock, self.pace = database, attempts, clock, pace
        self.backlog = Backlog(database, pace, clock, busy, bot)
        self.receipts = Receipts(database, after, clock, self._release)
        self.token_refused = False
        self.changed = asyncio.Event()
        self.calls: set[asyncio.Task[None]] = set()
        self.counts: Counter[str] = Counter()
        self.failures = self.probes = 0
        self.failing: set[int | None] = set()
        database.on("outbox", self.backlog.note_written)
        database.on_handed(WrittenLetter, self._hand_over, bot)

    async def run(self) -> None:
        """Send letters until cancelled. Raise TokenRefused."""
        await self._restore_pauses()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read_outbox())
            group.create_task(self._send_letters())
            group.create_task(self.receipts.run())

    def _hand_over(self, written: list[WrittenLetter]) -> None:
        self.backlog.hand_over(map(letter_of, written))
        self.changed.set()

    async def stop(self, patience: float) -> None:
        """Wait for the calls in progress, `patience` seconds at most, and record their outcomes; `run` was cancelled
        before."""
        if self.calls:
            await asyncio.wait(self.calls, timeout=patience)
        for call in self.calls:
            call.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.receipts.flush()

    async def _restore_pauses(self) -> None:
        """Restore the pauses that Telegram asked for before a restart, and begin with a chat's rest."""
        self.pace.hold_at_start()
        now = self.clock()
        holds, all_held = await self.database.transact(read_holds, now, self.bot)
        for chat, until in holds.items():
            self.pace.hold(chat, (until - now) / 1000)
        self.pace.hold_all((all_held - now) / 1000)

    async def _read_outbox(self) -> None:
        loop = asyncio.get_running_loop()
        restart = 0.0
        while True:
            self.backlog.wake.clear()
            if loop.time() >= restart:
                self.backlog.start_over()
                restart = loop.time() + READING_INTERVAL_SECONDS
            try:
                await self.backlog.load()
            except Exception as error:
                log.warning("The outbox cannot be read; trying again", extra={"reason": error_name(error)})
                await asyncio.sleep(READING_INTERVAL_SECONDS)
            self.changed.set()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(restart):
                    await self.backlog.wake.wait()

    async def _send_letters(self) -> None:
        """Send one letter a turn: it is read again before its slot, and chosen in its slot, so that an answer
        overtakes. Raise TokenRefused."""
        while True:
            self.changed.clear()
            if self.token_refused:
                raise TokenRefused
            letter = self.backlog.find_next(lanes := self._lanes())
            if letter is not None and not self.backlog.is_fresh(letter):
                await self._refresh(lanes)
            elif (wait := self.pace.seconds_to_wait()) > 0:
                await asyncio.sleep(min(wait, 1.0))
            elif letter is None:
                await self._until_changed()
            else:
                self._start(letter)

    async def _refresh(self, lanes: tuple[Lane, ...]) -> None:
        try:
            await self.backlog.refresh(lanes)
        except Exception as error:  # the database is away: the letters wait for it
            log.warning("The outbox cannot be read; trying again", extra={"reason": error_name(error)})
            await asyncio.sleep(READING_INTERVAL_SECONDS)

    def _lanes(self) -> tuple[Lane, ...]:
        """The lanes that may be sent now. While Telegram does not answer, one call at a time probes it."""
        under_way = len(self.calls)
        if under_way >= (1 if self._is_away() else MAX_CALLS):
            return ()
        return LANES if under_way < MAX_CALLS - CALLS_RESERVED_FOR_REPLIES else LANES[:1]

    def _is_away(self) -> bool:
        """Return whether Telegram is away: three failures in a row, not all of one chat."""
        return self.failures > 2 and len(self.failing) > 1

    async def _until_changed(self) -> None:
        soonest = self.backlog.find_next_free_time()
        wait = None if soonest is None else max(0.001, soonest - self.pace.clock())
        if soonest is not None and soonest <= self.pace.clock():
            wait = 0.1  # the rest waits for room, not for its chat
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):  # wait_for may lose a cancellation
                await self.changed.wait()

    def _start(self, letter: Letter) -> None:
        self.backlog.take(letter)
        if letter.chat is not None:
            self.pace.start_call(letter.chat)
        call = asyncio.create_task(self._call(letter), name=f"letter {letter.id}")
        self.calls.add(call)
        call.add_done_callback(self._end_call)

    def _end_call(self, call: asyncio.Task[None]) -> None:
        self.calls.discard(call)
        self.changed.set()

    async def _call(self, letter: Letter) -> None:
        outcome = Outcome(letter, OutcomeKind.AGAIN, reason="cancelled", counted=True)
        try:
            outcome = await self.attempts(letter)
        finally:
            if letter.chat is not None:
                self.pace.end_call(letter.chat, outcome.counted)
        self._conclude(outcome)

    def _conclude(self, outcome: Outcome) -> None:
        """Act on an outcome: put the letter back, step it aside, hold its chat, or have it recorded."""
        self.counts[outcome.verdict.value] += 1
        letter = outcome.letter
        # Alike for all: a screen, or a number that is missing, would tell the hour of a post.
        log.debug("A letter", extra={"outcome": outcome.verdict.value})
        if outcome.verdict is OutcomeKind.STOP:
            self.token_refused = True
            self.backlog.put_back(letter)
        elif outcome.verdict is OutcomeKind.AGAIN:
            self._try_again(outcome)
        elif outcome.verdict is OutcomeKind.LATER:
            self._put_back(outcome)
        elif outcome.verdict is OutcomeKind.PARTLY:
            self._note_answer()
            self.backlog.put_back(letter)
        else:
            self._note_answer()
            if outcome.verdict is OutcomeKind.REFUSED and letter.chat is not None:
                outcome = self._hold_refused(outcome, letter.chat)
            if outcome.verdict is OutcomeKind.UNREACHABLE and letter.chat is not None:
                self.pace.hold(letter.chat, REST)  # until it is written down
                self.backlog.evict_chat(letter.chat)
            self.receipts.add(outcome)

    def _note_answer(self) -> None:
        """Reset the counts of failures, because Telegram has answered."""
        self.failures = self.probes = 0
        self.failing.clear()

    def _hold_refused(self, outcome: Outcome, chat: int) -> Outcome:
        """Hold the chat, or all chats, as Telegram asked; return the outcome with what was held."""
        everybody = self.pace.note_refusal(chat, outcome.pause)
        self.backlog.evict_chat(chat)
        log_fields = {"letter": outcome.letter.id, "seconds": outcome.pause, "everybody": everybody}
        log.warning("Telegram asks to wait", extra=log_fields)
        return replace(outcome, everybody=everybody)

    def _release(self, outcome: Outcome) -> None:
        """Forget a recorded letter. A refused chat is held again from now, as its letters are due so long after they
        were recorded: none written later may overtake them."""
        letter = outcome.letter
        if outcome.verdict is OutcomeKind.REFUSED and letter.chat is not None:
            self.pace.hold(letter.chat, outcome.pause)
        self.backlog.forget(letter)

    def _try_again(self, outcome: Outcome) -> None:
        self.failures += 1
        self.failing.add(outcome.letter.chat)
        if self.failures == 3:
            log.warning("Telegram does not answer; probing", extra={"reason": outcome.reason})
        if self._is_away() and not self.pace.is_paused():  # concurrent calls fail together
            self.pace.hold_all(min(5.0, 0.5 * 2 ** min(self.probes, 4)))
            self.probes += 1
        if outcome.is_stuck:
            self._put_off(outcome.letter, MIN_RETRY_SECONDS)
            self.receipts.add(outcome)
        else:
            self._put_back(outcome)

    def _put_back(self, outcome: Outcome) -> None:
        self._put_off(outcome.letter, max(outcome.pause, MIN_RETRY_SECONDS if outcome.counted else 0.0))
        self.backlog.put_back(outcome.letter)

    def _put_off(self, letter: Letter, seconds: float) -> None:
        if letter.chat is not None:
            self.pace.put_off(letter.chat, seconds)
