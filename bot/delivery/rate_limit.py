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
WINDOW_SECONDS = 1.01  # seconds that hold so many calls: a little over one, for delays that cannot be measured here
EVEN_SHARE = 0.9  # a late call keeps this share of the even distance,
MAX_CATCH_UP_SECONDS = 0.1  # and makes up for so many seconds at most
WARY_STRETCH = 1.07  # after a refusal of all chats intervals are stretched so much,
WARY_SECONDS = 300.0  # for so many seconds
REST = 1.0  # seconds between the end of a message to a chat, or of an edit there, and the start of the next
GROUP_REST_FACTOR = 3.05  # a group takes 20 a minute: it rests so many times as long
ANSWERS_SAMPLED = 100  # answers that say how long one takes at least
SLACK_SECONDS = 0.008  # seconds of lateness the window is wide enough for
MAX_LATENESS_SECONDS = 0.5  # seconds after which a call that is not answered is taken to have been read
TIDYING_SHARE = 0.7  # the share of a second's calls that may be used when tidying is thought of
JOINT_REFUSAL_SECONDS = 3.0  # two chats refused within so many seconds: it is not about one chat


@dataclass(slots=True)
class CallStart:
    """A call: when it was started, and when it counts from."""

    began: float
    counts: float


@dataclass(slots=True)
class SendRate:
    """The limits of calls, in seconds of `clock`, which never goes back. `per_second` 0 and `rest` 0 switch the
    limits off."""

    per_second: int = PER_SECOND
    rest: float = REST
    clock: Callable[[], float] = time.monotonic
    starts: deque[CallStart] = field(default_factory=deque)
    took: deque[float] = field(default_factory=lambda: deque(maxlen=ANSWERS_SAMPLED))
    due: float = 0.0
    paused_until: float = 0.0
    wary_until: float = 0.0
    free_at: dict[int, float] = field(default_factory=dict)
    held: dict[int, float] = field(default_factory=dict)
    flying: dict[int, CallStart] = field(default_factory=dict)
    refused: dict[int, float] = field(default_factory=dict)
    charged: dict[int, int] = field(default_factory=dict)

    def seconds_to_wait(self) -> float:
        """Seconds until any call may start; 0 or less: now."""
        now, soonest = self.clock(), self.paused_until
        if self.per_second and self.starts:
            stretch = WARY_STRETCH if now < self.wary_until else 1.0
            evenly = max(self.due, self.starts[-1].began + EVEN_SHARE * stretch / self.per_second)
            soonest = max(soonest, evenly, self._window_start(now) + WINDOW_SECONDS * stretch)
        return soonest - now

    def _window_start(self, now: float) -> float:
        """The time from which the first of the last second's calls counts, if there were as many as allowed; else
        minus infinity."""
        usual = self._usual_seconds()
        for start in self.flying.values():
            start.counts = self._counted_from(start, now, usual)
        counted = sorted(start.counts for start in self.starts)
        return counted[-self.per_second] if len(counted) >= self.per_second else -math.inf

    def _counted_from(self, start: CallStart, now: float, usual: float) -> float:
        return start.began + min(MAX_LATENESS_SECONDS, max(0.0, now - start.began - usual))

    def _usual_seconds(self) -> float:
        """Seconds an answer takes when nothing delays the call, and the delay that is ignored."""
        return (min(self.took) if len(self.took) == ANSWERS_SAMPLED else 0.0) + SLACK_SECONDS

    def has_room(self) -> bool:
        """Return whether the last second had room for tidying."""
        since = self.clock() - 1.0
        return (
            not self.per_second or sum(start.began > since for start in self.starts) < TIDYING_SHARE * self.per_second
        )

    def is_free(self, chat: int) -> bool:
        return chat not in self.flying and self.free_at.get(chat, 0.0) <= self.clock()

    def is_held(self, chat: int) -> bool:
        """Return whether Telegram asked to leave this chat alone, beyond the usual rest."""
        return self.held.get(chat, 0.0) > self.clock()

    def start_call(self, chat: int) -> None:
        now = self.clock()
        self.flying[chat] = start = CallStart(now, now)
        if self.per_second:
            self.due = max(self.due, now - MAX_CATCH_UP_SECONDS) + WINDOW_SECONDS / self.per_second
            self.starts.append(start)
            while self.starts[0].began < now - WARY_STRETCH * WINDOW_SECONDS - MAX_LATENESS_SECONDS:
                self.starts.popleft()

    def end_call(self, chat: int, counted: bool) -> None:
        """End a call. `counted`: Telegram may have seen it; otherwise its slot is given back and the chat need not
        rest."""
        start, now = self.flying.pop(chat), self.clock()
        if counted:
            start.counts = self._counted_from(start, now, self._usual_seconds())
            self.took.append(now - start.began)
            self._start_rest(chat, now)
        elif start in self.starts:
            self.starts.remove(start)
            self.due -= WINDOW_SECONDS / self.per_second

    def charge_messages(self, chat: int, extra_messages: int) -> float:
        """Count the messages that the call under way brings beyond its first; return the seconds until all have
        room."""
        self.charged[chat] = extra_messages
        if not self.per_second:
            return 0.0
        now = self.clock()
        self.starts.extend(CallStart(now, now) for _ in range(extra_messages))
        self.due = max(self.due, now) + extra_messages * WINDOW_SECONDS / self.per_second
        return extra_messages * WINDOW_SECONDS / self.per_second

    def _start_rest(self, chat: int, now: float) -> None:
        """Let the chat rest, once for each message of the call. Telegram may count an edit like a message: both
        share a chat's pace."""
        messages = 1 + self.charged.pop(chat, 0)
        rest = self.rest * messages * (GROUP_REST_FACTOR if chat < 0 else 1)
        self.free_at[chat] = max(self.free_at.get(chat, 0.0), now + rest)
        if len(self.free_at) > 5_000:
            self.free_at = {chat: until for chat, until in self.free_at.items() if until > now}

    def put_off(self, chat: int, seconds: float) -> None:
        self.free_at[chat] = max(self.free_at.get(chat, 0.0), self.clock() + seconds)

    def hold(self, chat: int, seconds: float) -> None:
        """Holds a chat for the seconds Telegram asked for; until then its letters stay in the table."""
        self.put_off(chat, seconds)
        now = self.clock()
        self.held = {held_chat: until for held_chat, until in self.held.items() if until > now}
        self.held[chat] = self.free_at[chat]

    def hold_at_start(self) -> None:
        """Hold all chats for one rest, for calls that another process, or the one before, may have made until now."""
        self.hold_all(self.rest and self.rest + WINDOW_SECONDS - 1.0)

    def hold_all(self, seconds: float) -> None:
        self.paused_until = max(self.paused_until, self.clock() + seconds)

    def is_paused(self) -> bool:
        """Return whether all chats are held."""
        return self.paused_until > self.clock()

    def note_refusal(self, chat: int, seconds: float) -> bool:
        """Hold this chat after a 429; all chats if another one was refused just before. Return whether all are held."""
        now = self.clock()
        self.hold(chat, seconds)
        self.refused = {
            refused_chat: refused_at
            for refused_chat, refused_at in self.refused.items()
            if refused_at > now - JOINT_REFUSAL_SECONDS
        }
        self.refused[chat] = now
        if len(self.refused) < 2:
            return False
        self.hold_all(seconds)
        self.wary_until = now + WARY_SECONDS
        return True
