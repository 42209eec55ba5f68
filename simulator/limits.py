"""Flood control: about 30 messages a second overall, one a second per chat, 20 a minute per group."""

import math
from dataclasses import dataclass, field

from simulator.errors import too_many
from simulator.values import Clock

METERED_PREFIXES = ("send", "forward", "copy")
UNMETERED_METHODS = ("sendChatAction",)


@dataclass(frozen=True, slots=True)
class Limits:
    """Rates and bursts; a rate of 0 switches that limit off. `edits` counts edits of messages as well."""

    per_second: float = 30
    burst: int = 30
    per_chat_second: float = 1
    chat_burst: int = 3
    per_group_minute: float = 20
    edits: bool = False

    @classmethod
    def off(cls) -> "Limits":
        return cls(per_second=0, per_chat_second=0, per_group_minute=0)

    @classmethod
    def strict(cls) -> "Limits":
        """Return limits without bursts: calls must come evenly spaced."""
        return cls(burst=1, chat_burst=1)

    def meters(self, method: str) -> bool:
        if method in UNMETERED_METHODS:
            return False
        return method.startswith(METERED_PREFIXES) or (self.edits and method.startswith("editMessage"))


@dataclass(slots=True)
class RateBucket:
    """The generic cell rate algorithm: `due` is when a caller without burst could call again."""

    due: float = 0.0

    def wait(self, now: float, rate: float, burst: int) -> float:
        """Return the seconds until a call would be allowed: 0 when it is allowed now."""
        return max(0.0, self.due - (burst - 1) / rate - now)

    def take(self, now: float, rate: float) -> None:
        self.due = max(self.due, now) + 1 / rate


@dataclass(slots=True)
class FloodControl:
    """Counts calls and refuses with 429 those beyond the limits."""

    limits: Limits
    clock: Clock
    overall: RateBucket = field(default_factory=RateBucket)
    chats: dict[int, RateBucket] = field(default_factory=dict)
    groups: dict[int, RateBucket] = field(default_factory=dict)

    def take(self, method: str, chat_id: int, messages: int = 1) -> None:
        """Let one call pass or raise 429 with `retry_after`; a refused call costs nothing, an album as much as its
        messages."""
        if not self.limits.meters(method):
            return
        now = self.clock()
        buckets = self._buckets(chat_id)
        wait = max((bucket.wait(now, rate, burst) for bucket, rate, burst in buckets), default=0.0)
        if wait > 1e-9:
            raise too_many(max(1, math.ceil(wait)))
        for bucket, rate, _ in buckets:
            bucket.take(now, rate / messages)

    def _buckets(self, chat_id: int) -> list[tuple[RateBucket, float, int]]:
        limits = self.limits
        buckets = [(self.overall, limits.per_second, limits.burst)]
        buckets.append((self.chats.setdefault(chat_id, RateBucket()), limits.per_chat_second, limits.chat_burst))
        if chat_id < 0:
            group = self.groups.setdefault(chat_id, RateBucket())
            buckets.append((group, limits.per_group_minute / 60, max(1, int(limits.per_group_minute))))
        return [(bucket, rate, burst) for bucket, rate, burst in buckets if rate > 0]
