"""The backlog in memory: a bounded window on the outbox, by lane, from which the next letter is picked."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from bot.clock import Clock
from bot.delivery.rate_limit import SendRate
from domain.people.bots import FIRST_BOT
from storage.boxes.outbox import Lane, Letter, may_be_at_hand
from storage.database import Database
from storage.drivers.records import Page
from storage.unit import UnitOfWork


@dataclass(slots=True)
class BacklogWindow:
    """One lane's letters by id, and how far its table was read (`after`). `rounds`: number of readings from the
    start; `ended`: read to the end since then; `behind`: something was written since that is to be read; `tangled`:
    letters are not in the order of their ids."""

    letters: dict[int, Letter] = field(default_factory=dict)
    chats: Counter[int | None] = field(default_factory=Counter)
    after: int = 0
    passed: set[int | None] = field(default_factory=set)
    rounds: int = 0
    ended: bool = False
    behind: bool = False
    tangled: bool = False

    def add(self, letter: Letter) -> None:
        """Add a letter; `sort` is to follow. Most letters come in the order of their ids."""
        self.tangled |= bool(self.letters) and letter.id < next(reversed(self.letters))
        self.letters[letter.id] = letter
        self.chats[letter.chat] += 1

    def sort(self) -> None:
        if self.tangled:
            self.letters, self.tangled = dict(sorted(self.letters.items())), False

    def remove(self, letter: Letter) -> None:
        del self.letters[letter.id]
        self.chats[letter.chat] -= 1
        if not self.chats[letter.chat]:
            del self.chats[letter.chat]

    def start_over(self) -> None:
        """Read from the start again: rows that were passed over, put off, or written late are found that way."""
        self.after, self.passed, self.ended = 0, set(), False
        self.rounds += 1

    def read_on(self) -> None:
        """Read what was written since the lane was read to its end."""
        self.ended = False


MAX_LETTERS = 400  # letters of a lane in memory
MAX_LETTERS_PER_CHAT = 4  # of them to one chat
MAX_SOON_LETTERS = 4_000  # letters at hand that are due soon
PAGE_LETTERS = 200
FRESH_SECONDS = 0.3  # seconds after which a letter is read again before it is sent,
LETTERS_AHEAD = 8  # and with it so many that come next: what goes in that time
ROUNDS_PER_TIDY_READING = 10  # of so many readings from the start one is of edits that tidy, too

Busy = Callable[[int], bool]


class Backlog:
    """The letters of a bot at hand. `known` holds the ids that must not be read again: in memory, on their way, or not
    recorded yet. `soon` are letters that are due in some seconds, as they were handed over: their rows need not be
    read whole then. `busy(chat)` tells whether something its person did is being handled: the answer to it comes
    before tidying, which would take the chat's next second."""

    def __init__(
        self, database: Database, pace: SendRate, clock: Clock, busy: Busy = lambda chat: False, bot: int = FIRST_BOT
    ) -> None:
        self.bot = bot
        self.database, self.pace, self.clock, self.busy = database, pace, clock, busy
        self.windows = {lane: BacklogWindow() for lane in Lane}
        self.hurried = [window for lane, window in self.windows.items() if lane is not Lane.TIDY]
        self.known: set[int] = set()
        self.soon: dict[int, Letter] = {}
        self.read_at: dict[int, float] = {}
        self.wake = asyncio.Event()
        self.rounds = 0

    def start_over(self) -> None:
        """Read all lanes from the start again; tidying edits only once in some rounds. They become due in the order
        of their ids and pile up behind a chat that is kept busy: read from the start each time, each would be read
        again and again."""
        self.rounds += 1
        for lane, window in self.windows.items():
            if lane is Lane.TIDY and self.rounds % ROUNDS_PER_TIDY_READING:
                window.read_on()
            else:
                window.start_over()

    async def load(self) -> None:
        """Read on where the last reading ended, as far as memory allows: all lanes as they are at one moment.
        Tidying edits are read to the end once a round: what is not due yet, seconds of it, would be passed over at
        each reading."""
        if self.database.is_shared:  # a reply may be committed after one with a greater number
            self.windows[Lane.REPLY].start_over()
        lanes = {lane for lane in Lane if lane is not Lane.TIDY or not self.windows[lane].ended}
        while positions := {lane: self.windows[lane].after for lane in sorted(lanes) if self._has_space(lane)}:
            rounds = {lane: self.windows[lane].rounds for lane in positions}
            for lane in positions:
                self.windows[lane].behind = False
            for lane, page in (
                await self.database.look(partial(self._read_pages, positions=positions), self.clock())
            ).items():
                window = self.windows[lane]
                if window.rounds != rounds[lane]:
                    continue  # it is to be read from the start again: what was read may overtake what comes before
                self._add_page(window, page.records)
                window.after = page.last_id
                window.ended = not page.is_full
                if window.ended:
                    lanes.discard(lane)

    def _has_space(self, lane: Lane) -> bool:
        return len(self.windows[lane].letters) < MAX_LETTERS - PAGE_LETTERS

    def _read_pages(self, unit: UnitOfWork, positions: dict[Lane, int]) -> dict[Lane, Page[Letter]]:
        queue, soon = unit.outbox_queue, {Lane.TIDY: self.soon}
        return {
            lane: queue.list_due(lane, position, PAGE_LETTERS, self.known, soon.get(lane, {}), bot=self.bot)
            for lane, position in positions.items()
        }

    def _add_page(self, window: BacklogWindow, letters: Iterable[Letter]) -> None:
        """Add a page of letters. A chat that is held, or has enough here, is passed over with all that follows, so
        that order stays."""
        for letter in letters:
            chat = letter.chat
            is_full = self._is_full(window, chat)
            if letter.id in self.known or chat in window.passed or is_full:
                if is_full:
                    window.passed.add(chat)
                continue
            self._add(window, letter)
        window.sort()

    def _is_full(self, window: BacklogWindow, chat: int | None) -> bool:
        return window.chats.get(chat, 0) >= MAX_LETTERS_PER_CHAT or (chat is not None and self.pace.is_held(chat))

    def _add(self, window: BacklogWindow, letter: Letter) -> None:
        window.add(letter)
        self.known.add(letter.id)
        self.soon.pop(letter.id, None)
        self.read_at[letter.id] = self.pace.clock()

    def hand_over(self, letters: Iterable[Letter]) -> None:
        """Add letters that were committed just now, without a reading, unless something before them is to be read
        first."""
        now = self.clock()
        for letter in letters:
            if letter.due_at > now:
                self._remember_soon(letter)
                continue
            window, chat = self.windows[letter.lane], letter.chat
            crowded = len(window.letters) >= MAX_LETTERS or chat in window.passed or self._is_full(window, chat)
            if window.ended and not window.behind and not crowded:
                self._add(window, letter)
            else:
                window.behind = True
                self.wake.set()

    def _remember_soon(self, letter: Letter) -> None:
        if len(self.soon) >= MAX_SOON_LETTERS:
            self.soon.clear()  # those that ended meanwhile are among them
        if may_be_at_hand(letter):
            self.soon[letter.id] = letter

    def note_written(self) -> None:
        """Note that something was written and is to be read."""
        for window in self.hurried:
            window.behind = True
        self.wake.set()

    def find_next(self, lanes: Collection[Lane]) -> Letter | None:
        """Return the first letter, by lane, whose chat may be written to; None if there is none."""
        return next(self._sendable_letters(lanes), None)

    def _sendable_letters(self, lanes: Collection[Lane]) -> Iterator[Letter]:
        """The letters that may go now, one a chat, in their order."""
        for lane in lanes:
            if lane is Lane.TIDY and not self.pace.has_room():
                return  # it is the last lane
            behind: set[int | None] = set()
            for letter in self.windows[lane].letters.values():
                if letter.chat not in behind and self._may_go(lane, letter):
                    yield letter
                behind.add(letter.chat)

    def take(self, letter: Letter) -> None:
        """Take a letter that is sent now out of its window; it stays known."""
        self.windows[letter.lane].remove(letter)

    def is_fresh(self, letter: Letter) -> bool:
        return self.pace.clock() - self.read_at.get(letter.id, 0.0) < FRESH_SECONDS

    async def refresh(self, lanes: Collection[Lane]) -> None:
        """Read the letters that go next once more: some wait no longer, some are to say something else."""
        next_letters = [
            letter for letter in islice(self._sendable_letters(lanes), LETTERS_AHEAD) if not self.is_fresh(letter)
        ]
        current_letters = await self.database.freely(
            lambda unit: [
                unit.outbox_queue.find_waiting(stale_letter.id, stale_letter) for stale_letter in next_letters
            ],
            self.clock(),
        )
        for letter, current in zip(next_letters, current_letters, strict=True):
            window = self.windows[letter.lane]
            if window.letters.get(letter.id) is not letter:
                continue  # it has left meanwhile
            if current is not None and (current.lane, current.chat) == (letter.lane, letter.chat):
                window.letters[current.id] = current  # in its place
            else:
                window.remove(letter)
                if current is None:
                    self.forget(letter)
                    continue
                self._insert(current)
            self.read_at[current.id] = self.pace.clock()

    def _may_go(self, lane: Lane, letter: Letter) -> bool:
        if letter.chat is None:
            return True
        if not self.pace.is_free(letter.chat):
            return False
        return lane is not Lane.TIDY or not self._has_other(letter.chat)

    def _has_other(self, chat: int) -> bool:
        """Return whether something else goes to the chat, or soon will."""
        return self.busy(chat) or any(chat in window.chats for window in self.hurried)

    def put_back(self, letter: Letter) -> None:
        """Put a letter back; it comes first again in its lane, since its id is as low as before."""
        self._insert(letter)

    def _insert(self, letter: Letter) -> None:
        window = self.windows[letter.lane]
        window.add(letter)
        window.sort()

    def forget(self, letter: Letter) -> None:
        """Forgets a letter that ended or waits in its row again. A chat that was skipped and has room now is read at
        once."""
        self.known.discard(letter.id)
        self.read_at.pop(letter.id, None)
        window, chat = self.windows[letter.lane], letter.chat
        if chat in window.passed and chat not in window.chats and not (chat and self.pace.is_held(chat)):
            window.start_over()
            self.wake.set()

    def evict_chat(self, chat: int) -> None:
        """Drop the letters to a chat that must wait from memory; the table keeps them."""
        for window in self.windows.values():
            for letter in [letter for letter in window.letters.values() if letter.chat == chat]:
                window.remove(letter)
                self.forget(letter)
            window.passed.add(chat)

    def find_next_free_time(self) -> float | None:
        """Return the clock's time at which a chat with a letter here becomes free; None when only a call's end frees
        one."""
        pace = self.pace
        times = [
            pace.free_at.get(letter.chat, 0.0)
            for window in self.windows.values()
            for letter in window.letters.values()
            if letter.chat is not None and letter.chat not in pace.flying
        ]
        return min(times, default=None)
