"""The backlog in memory: a bounded window on the outbox, by lane, from which the next letter is picked."""

import asyncio
from collections import Counter
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
)
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from bot.clock import Clock
from bot.delivery.rate_limit import SendRate
from storage.boxes.outbox import Lane, Letter, may_be_at_hand
from storage.database import Database
from storage.drivers.records import Page
from storage.unit import UnitOfWork


@dataclass(slots=True)
class BacklogWindow:
    """One lane: its letters by id, and how far the table was read; `rounds`: how often from its start; `ended`: up to
    its end since then; `behind`: something was written since that is to be read."""

    letters: dict[int, Letter] = field(default_factory=dict)
    chats: Counter[int | None] = field(default_factory=Counter)
    after: int = 0
    passed: set[int | None] = field(default_factory=set)
    rounds: int = 0
    ended: bool = False
    behind: bool = False
    tangled: bool = False

    def put(self, letter: Letter) -> None:
        """`in_order` is to follow: most come in the order of their ids."""
        self.tangled |= bool(self.letters) and letter.id < next(reversed(self.letters))
        self.letters[letter.id] = letter
        self.chats[letter.chat] += 1

    def in_order(self) -> None:
        if self.tangled:
            self.letters, self.tangled = dict(sorted(self.letters.items())), False

    def take(self, letter: Letter) -> None:
        del self.letters[letter.id]
        self.chats[letter.chat] -= 1
        if not self.chats[letter.chat]:
            del self.chats[letter.chat]

    def start_over(self) -> None:
        """Rows that were passed over, put off, or written late are met by reading from the start again."""
        self.after, self.passed, self.ended = 0, set(), False
        self.rounds += 1

    def go_on(self) -> None:
        """Reads what has come since it was read to its end."""
        self.ended = False


MOST = 400  # letters of a lane in memory
EACH = 4  # of them to one chat
SOON = 4_000  # letters at hand that are due soon
CHUNK = 200
FRESH = 0.3  # seconds after which a letter is read again before it is sent,
AHEAD = 8  # and with it so many that come next: what goes in that time
SELDOM = 10  # of so many readings from the start one is of edits that tidy, too

Busy = Callable[[int], bool]


class Backlog:
    """`known` holds every letter that must not be read again: in memory, on its way, or not marked yet.

    `soon` are letters that are due in some seconds, as they were handed over: their rows need not be read whole then.
    `busy(chat)` says whether something its person did is being handled: the answer to it comes before tidying, which
    would take the chat's next second.
    """

    def __init__(self, database: Database, pace: SendRate, clock: Clock, busy: Busy) -> None:
        self.database, self.pace, self.clock, self.busy = database, pace, clock, busy
        self.windows = {lane: BacklogWindow() for lane in Lane}
        self.hurried = [window for lane, window in self.windows.items() if lane is not Lane.TIDY]
        self.known: set[int] = set()
        self.soon: dict[int, Letter] = {}
        self.read_at: dict[int, float] = {}
        self.wake = asyncio.Event()
        self.rounds = 0

    def start_over(self) -> None:
        """Edits that tidy become due in the order of their ids, and pile up behind whoever keeps a chat busy: read from
        the start each time, each would be read again and again."""
        self.rounds += 1
        for lane, window in self.windows.items():
            if lane is Lane.TIDY and self.rounds % SELDOM:
                window.go_on()
            else:
                window.start_over()

    async def load(self) -> None:
        """Goes on reading where it ended, as far as memory allows: all lanes as they are at one moment. Tidying is read
        to its end once a round: what is not due yet, seconds of it, would be passed over at each reading."""
        if self.database.is_shared:  # a reply may be committed after one with a greater number
            self.windows[Lane.REPLY].start_over()
        lanes = {lane for lane in Lane if lane is not Lane.TIDY or not self.windows[lane].ended}
        while wanted := {lane: self.windows[lane].after for lane in sorted(lanes) if self._has_space(lane)}:
            rounds = {lane: self.windows[lane].rounds for lane in wanted}
            for lane in wanted:
                self.windows[lane].behind = False
            for lane, page in (await self.database.look(partial(self._read, wanted=wanted), self.clock())).items():
                window = self.windows[lane]
                if window.rounds != rounds[lane]:
                    continue  # it is to be read from the start again: what was read may overtake what comes before
                self._put(window, page.found)
                window.after = page.last
                window.ended = not page.full
                if window.ended:
                    lanes.discard(lane)

    def _has_space(self, lane: Lane) -> bool:
        return len(self.windows[lane].letters) < MOST - CHUNK

    def _read(self, unit: UnitOfWork, wanted: dict[Lane, int]) -> dict[Lane, Page[Letter]]:
        queue, soon = unit.outbox_queue, {Lane.TIDY: self.soon}
        return {lane: queue.of_lane(lane, at, CHUNK, self.known, soon.get(lane, {})) for lane, at in wanted.items()}

    def _put(self, window: BacklogWindow, letters: Iterable[Letter]) -> None:
        """A chat that is held, or has enough here, is passed over with all that follows, so that order stays."""
        for letter in letters:
            chat = letter.chat
            full = self._is_full(window, chat)
            if letter.id in self.known or chat in window.passed or full:
                if full:
                    window.passed.add(chat)
                continue
            self._keep(window, letter)
        window.in_order()

    def _is_full(self, window: BacklogWindow, chat: int | None) -> bool:
        return window.chats.get(chat, 0) >= EACH or (chat is not None and self.pace.is_held(chat))

    def _keep(self, window: BacklogWindow, letter: Letter) -> None:
        window.put(letter)
        self.known.add(letter.id)
        self.soon.pop(letter.id, None)
        self.read_at[letter.id] = self.pace.clock()

    def hand(self, letters: Iterable[Letter]) -> None:
        """What was committed just now comes without a reading, unless something before it is to be read first."""
        now = self.clock()
        for letter in letters:
            if letter.due_at > now:
                self._remember(letter)
                continue
            window, chat = self.windows[letter.lane], letter.chat
            crowded = len(window.letters) >= MOST or chat in window.passed or self._is_full(window, chat)
            if window.ended and not window.behind and not crowded:
                self._keep(window, letter)
            else:
                window.behind = True
                self.wake.set()

    def _remember(self, letter: Letter) -> None:
        if len(self.soon) >= SOON:
            self.soon.clear()  # those that ended meanwhile are among them
        if may_be_at_hand(letter):
            self.soon[letter.id] = letter

    def look(self) -> None:
        """Something was written that is to be read."""
        for window in self.hurried:
            window.behind = True
        self.wake.set()

    def next(self, lanes: Collection[Lane]) -> Letter | None:
        """The first letter, by lane, whose chat may be written to."""
        return next(self._going(lanes), None)

    def _going(self, lanes: Collection[Lane]) -> Iterator[Letter]:
        """One letter a chat, in the order in which they go."""
        for lane in lanes:
            if lane is Lane.TIDY and not self.pace.has_room():
                return  # it is the last lane
            behind: set[int | None] = set()
            for letter in self.windows[lane].letters.values():
                if letter.chat not in behind and self._may_go(lane, letter):
                    yield letter
                behind.add(letter.chat)

    def take(self, letter: Letter) -> None:
        """It is on its way."""
        self.windows[letter.lane].take(letter)

    def is_fresh(self, letter: Letter) -> bool:
        return self.pace.clock() - self.read_at.get(letter.id, 0.0) < FRESH

    async def freshen(self, lanes: Collection[Lane]) -> None:
        """Those that go next are read once more: some wait no longer, some are to say something else."""
        front = [letter for letter in islice(self._going(lanes), AHEAD) if not self.is_fresh(letter)]
        found = await self.database.freely(
            lambda unit: [unit.outbox_queue.again(each.id, each) for each in front], self.clock()
        )
        for letter, now in zip(front, found, strict=True):
            window = self.windows[letter.lane]
            if window.letters.get(letter.id) is not letter:
                continue  # it has left meanwhile
            if now is not None and (now.lane, now.chat) == (letter.lane, letter.chat):
                window.letters[now.id] = now  # in its place
            else:
                window.take(letter)
                if now is None:
                    self.forget(letter)
                    continue
                self._put_in(now)
            self.read_at[now.id] = self.pace.clock()

    def _may_go(self, lane: Lane, letter: Letter) -> bool:
        if letter.chat is None:
            return True
        if not self.pace.is_free(letter.chat):
            return False
        return lane is not Lane.TIDY or not self._has_other(letter.chat)

    def _has_other(self, chat: int) -> bool:
        """Whether something else goes to the chat, or soon will."""
        return self.busy(chat) or any(chat in window.chats for window in self.hurried)

    def put_back(self, letter: Letter) -> None:
        """It comes first again among its lane's: its id is as low as it was."""
        self._put_in(letter)

    def _put_in(self, letter: Letter) -> None:
        window = self.windows[letter.lane]
        window.put(letter)
        window.in_order()

    def forget(self, letter: Letter) -> None:
        """Forgets a letter that ended or waits in its row again. A chat that was skipped and has room now is read at
        once."""
        self.known.discard(letter.id)
        self.read_at.pop(letter.id, None)
        window, chat = self.windows[letter.lane], letter.chat
        if chat in window.passed and chat not in window.chats and not (chat and self.pace.is_held(chat)):
            window.start_over()
            self.wake.set()

    def let_go(self, chat: int) -> None:
        """The letters to a chat that must wait leave memory; the table keeps them."""
        for window in self.windows.values():
            for letter in [letter for letter in window.letters.values() if letter.chat == chat]:
                window.take(letter)
                self.forget(letter)
            window.passed.add(chat)

    def soonest(self) -> float | None:
        """The clock's time at which a chat with a letter here becomes free; None when only a call's end frees one."""
        pace = self.pace
        times = [
            pace.free_at.get(letter.chat, 0.0)
            for window in self.windows.values()
            for letter in window.letters.values()
            if letter.chat is not None and letter.chat not in pace.flying
        ]
        return min(times, default=None)
