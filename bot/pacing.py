"""When the next call may go out: evenly, never too many in any second, a rest per chat, pauses as told."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

PER_SECOND = 28  # Telegram bears about 30
REST = 1.0  # seconds between the end of one call to a chat and the start of the next
EVEN = 0.97  # calls keep this share of the even distance: a late timer can be made up for
ROOM = 0.7  # the share of a second's calls that may be used when tidying is thought of
TOGETHER = 3.0  # two chats refused within so many seconds: it is not about one chat


@dataclass(slots=True)
class Pace:
    """Seconds of `clock`, which never goes back. `per_second` 0 and `rest` 0 switch the limits off."""

    per_second: int = PER_SECOND
    rest: float = REST
    clock: Callable[[], float] = time.monotonic
    starts: deque[float] = field(default_factory=deque)
    paused_until: float = 0.0
    free_at: dict[int, float] = field(default_factory=dict)
    held: dict[int, float] = field(default_factory=dict)
    flying: dict[int, float] = field(default_factory=dict)
    refused: dict[int, float] = field(default_factory=dict)

    def wait(self) -> float:
        """Seconds until any call may start; 0 or less: now."""
        now = self.clock()
        soonest = self.paused_until
        if self.per_second and self.starts:
            soonest = max(soonest, self.starts[-1] + EVEN / self.per_second)
            if len(self.starts) == self.per_second:
                soonest = max(soonest, self.starts[0] + 1.0)
        return soonest - now

    def has_room(self) -> bool:
        """Whether the last second was quiet enough for what nobody waits for."""
        since = self.clock() - 1.0
        return not self.per_second or sum(start > since for start in self.starts) < ROOM * self.per_second

    def is_free(self, chat: int) -> bool:
        return chat not in self.flying and self.free_at.get(chat, 0.0) <= self.clock()

    def is_held(self, chat: int) -> bool:
        """Whether Telegram asked to leave this chat alone, beyond the usual rest."""
        return self.held.get(chat, 0.0) > self.clock()

    def start(self, chat: int) -> None:
        self.flying[chat] = self.clock()
        if self.per_second:
            self.starts.append(self.flying[chat])
            if len(self.starts) > self.per_second:
                self.starts.popleft()

    def end(self, chat: int, counted: bool) -> None:
        """`counted`: Telegram may have seen a message; otherwise the turn was not used and the chat need not rest."""
        started = self.flying.pop(chat)
        if counted and self.rest:
            self.put_off(chat, self.rest)
        elif not counted and started in self.starts:
            self.starts.remove(started)
        if len(self.free_at) > 5_000:
            now = self.clock()
            self.free_at = {chat: until for chat, until in self.free_at.items() if until > now}

    def put_off(self, chat: int, seconds: float) -> None:
        self.free_at[chat] = max(self.free_at.get(chat, 0.0), self.clock() + seconds)

    def hold(self, chat: int, seconds: float) -> None:
        """As told by Telegram; until then its letters stay in the table."""
        self.put_off(chat, seconds)
        now = self.clock()
        self.held = {other: until for other, until in self.held.items() if until > now}
        self.held[chat] = self.free_at[chat]

    def hold_all(self, seconds: float) -> None:
        self.paused_until = max(self.paused_until, self.clock() + seconds)

    def refuse(self, chat: int, seconds: float) -> bool:
        """A 429: this chat is held; so is everybody when another chat was refused just before. True if so."""
        now = self.clock()
        self.hold(chat, seconds)
        self.refused = {other: at for other, at in self.refused.items() if at > now - TOGETHER}
        self.refused[chat] = now
        if len(self.refused) < 2:
            return False
        self.hold_all(seconds)
        return True
