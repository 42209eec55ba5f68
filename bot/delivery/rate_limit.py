"""The rate limit of calls: a sliding window of one second, a rest per chat, and pauses requested by Telegram.

A call counts from when Telegram may have read it. That is its start, later by what its answer took beyond the usual:
a late timer, a slow connection or a busy machine must not let two seconds' calls arrive in one.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

PER_SECOND = 30  # calls a second that Telegram accepts
WINDOW = 1.01  # seconds that hold so many calls: a little over one, for delays that cannot be measured here
EVEN = 0.9  # a late call keeps this share of the even distance,
BEHIND = 0.1  # and makes up for so many seconds at most
WARY = 1.07  # after a refusal of all chats intervals are stretched so much,
MISTRUST = 300.0  # for so many seconds
REST = 1.0  # seconds between the end of a message to a chat, or of an edit there, and the start of the next
GROUP = 3.05  # a group takes 20 a minute: it rests so many times as long
USUAL = 100  # answers that say how long one takes at least
SLACK = 0.008  # seconds of lateness the window is wide enough for
LATEST = 0.5  # seconds after which a call that is not answered is taken to have been read
ROOM = 0.7  # the share of a second's calls that may be used when tidying is thought of
TOGETHER = 3.0  # two chats refused within so many seconds: it is not about one chat


@dataclass(slots=True)
class CallStart:
    """A call: when it was started, and when it counts from."""

    began: float
    counts: float


@dataclass(slots=True)
class SendRate:
    """Seconds of `clock`, which never goes back. `per_second` 0 and `rest` 0 switch the limits off."""

    per_second: int = PER_SECOND
    rest: float = REST
    clock: Callable[[], float] = time.monotonic
    starts: deque[CallStart] = field(default_factory=deque)
    took: deque[float] = field(default_factory=lambda: deque(maxlen=USUAL))
    due: float = 0.0
    paused_until: float = 0.0
    wary_until: float = 0.0
    free_at: dict[int, float] = field(default_factory=dict)
    held: dict[int, float] = field(default_factory=dict)
    flying: dict[int, CallStart] = field(default_factory=dict)
    refused: dict[int, float] = field(default_factory=dict)
    charged: dict[int, int] = field(default_factory=dict)

    def wait(self) -> float:
        """Seconds until any call may start; 0 or less: now."""
        now, soonest = self.clock(), self.paused_until
        if self.per_second and self.starts:
            stretch = WARY if now < self.wary_until else 1.0
            evenly = max(self.due, self.starts[-1].began + EVEN * stretch / self.per_second)
            soonest = max(soonest, evenly, self._window(now) + WINDOW * stretch)
        return soonest - now

    def _window(self, now: float) -> float:
        """When the first of the last second's calls counts from, if there were as many as may be."""
        usual = self._usual()
        for start in self.flying.values():
            start.counts = self._counts(start, now, usual)
        counted = sorted(start.counts for start in self.starts)
        return counted[-self.per_second] if len(counted) >= self.per_second else -math.inf

    def _counts(self, start: CallStart, now: float, usual: float) -> float:
        return start.began + min(LATEST, max(0.0, now - start.began - usual))

    def _usual(self) -> float:
        """Seconds an answer takes when nothing delays the call, and the delay that is ignored."""
        return (min(self.took) if len(self.took) == USUAL else 0.0) + SLACK

    def has_room(self) -> bool:
        """Whether the last second had room for tidying."""
        since = self.clock() - 1.0
        return not self.per_second or sum(start.began > since for start in self.starts) < ROOM * self.per_second

    def is_free(self, chat: int) -> bool:
        return chat not in self.flying and self.free_at.get(chat, 0.0) <= self.clock()

    def is_held(self, chat: int) -> bool:
        """Whether Telegram asked to leave this chat alone, beyond the usual rest."""
        return self.held.get(chat, 0.0) > self.clock()

    def start(self, chat: int) -> None:
        now = self.clock()
        self.flying[chat] = start = CallStart(now, now)
        if self.per_second:
            self.due = max(self.due, now - BEHIND) + WINDOW / self.per_second
            self.starts.append(start)
            while self.starts[0].began < now - WARY * WINDOW - LATEST:
                self.starts.popleft()

    def end(self, chat: int, counted: bool) -> None:
        """`counted`: Telegram may have seen it; otherwise the turn was not used and the chat need not rest."""
        start, now = self.flying.pop(chat), self.clock()
        if counted:
            start.counts = self._counts(start, now, self._usual())
            self.took.append(now - start.began)
            self._rest(chat, now)
        elif start in self.starts:
            self.starts.remove(start)
            self.due -= WINDOW / self.per_second

    def charge(self, chat: int, more: int) -> float:
        """The call under way brings so many messages beyond its first, and each counts; seconds until all have room."""
        self.charged[chat] = more
        if not self.per_second:
            return 0.0
        now = self.clock()
        self.starts.extend(CallStart(now, now) for _ in range(more))
        self.due = max(self.due, now) + more * WINDOW / self.per_second
        return more * WINDOW / self.per_second

    def _rest(self, chat: int, now: float) -> None:
        """Telegram may count an edit like a message: both share a chat's pace."""
        messages = 1 + self.charged.pop(chat, 0)
        rest = self.rest * messages * (GROUP if chat < 0 else 1)
        self.free_at[chat] = max(self.free_at.get(chat, 0.0), now + rest)
        if len(self.free_at) > 5_000:
            self.free_at = {chat: until for chat, until in self.free_at.items() if until > now}

    def put_off(self, chat: int, seconds: float) -> None:
        self.free_at[chat] = max(self.free_at.get(chat, 0.0), self.clock() + seconds)

    def hold(self, chat: int, seconds: float) -> None:
        """Holds a chat for the seconds Telegram asked for; until then its letters stay in the table."""
        self.put_off(chat, seconds)
        now = self.clock()
        self.held = {other: until for other, until in self.held.items() if until > now}
        self.held[chat] = self.free_at[chat]

    def begin(self) -> None:
        """Waits a chat's rest first, for calls that another process, or the one before, may have made until now."""
        self.hold_all(self.rest and self.rest + WINDOW - 1.0)

    def hold_all(self, seconds: float) -> None:
        self.paused_until = max(self.paused_until, self.clock() + seconds)

    def is_paused(self) -> bool:
        """Whether all chats are held."""
        return self.paused_until > self.clock()

    def refuse(self, chat: int, seconds: float) -> bool:
        """A 429 holds this chat; all chats when another one was refused just before. True for all."""
        now = self.clock()
        self.hold(chat, seconds)
        self.refused = {other: at for other, at in self.refused.items() if at > now - TOGETHER}
        self.refused[chat] = now
        if len(self.refused) < 2:
            return False
        self.hold_all(seconds)
        self.wary_until = now + MISTRUST
        return True
