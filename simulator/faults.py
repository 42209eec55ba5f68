"""Fault switches between a bot and Telegram, seeded so that a run can be repeated."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, Literal, TypeVar, get_args

from simulator.errors import RefusedCall
from simulator.values import Json

T = TypeVar("T")
Kind = Literal["refuse", "delay", "slice", "cut_before", "cut_after", "duplicate", "replay", "shuffle", "mix"]
DESCRIPTIONS = {
    400: "Bad Request",
    403: "Forbidden: bot was blocked by the user",
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass(frozen=True, slots=True)
class FaultSwitch:
    """One switch. `method` is a glob; `count` is how often it strikes (None: until removed).

    `refuse` answers with `code`; `delay` waits `seconds`; `slice` sends the answer byte by byte, `seconds`
    apart; `cut_before` drops the connection before anything happened; `cut_after` when it has happened but
    the answer is lost. For updates (method `getUpdates`, `webhook` or a glob of both): `duplicate` delivers
    one `times` more, `replay` again although it was confirmed, `shuffle` shuffles a batch, `mix` keeps what
    comes from one chat in order, as Telegram does. `media` is a glob of the address or identifier a call names.
    """

    id: int
    kind: Kind
    method: str = "*"
    code: int = 500
    retry_after: int = 1
    description: str | None = None
    seconds: float = 0.0
    times: int = 1
    count: int | None = None
    probability: float = 1.0
    chat_id: int | None = None
    media: str | None = None

    def suits(self, kind: str, method: str, chat_id: int | None, media: str = "") -> bool:
        spent = self.count is not None and self.count <= 0
        suits_chat = self.chat_id is None or self.chat_id == chat_id
        suits_media = self.media is None or fnmatchcase(media, self.media)
        return kind == self.kind and not spent and suits_chat and suits_media and fnmatchcase(method, self.method)

    def refusal(self) -> RefusedCall:
        words = self.description or DESCRIPTIONS.get(self.code, "Internal Server Error")
        retry = self.retry_after if self.code == 429 else None
        return RefusedCall(self.code, words.format(retry_after=self.retry_after), retry)

    def view(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Faults:
    """The switches that are on."""

    seed: int = 0
    switches: dict[int, FaultSwitch] = field(default_factory=dict)
    _dice: random.Random = field(init=False)
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311 - dice for tests, not for secrets

    def add(self, kind: Kind, method: str = "*", **details: Any) -> FaultSwitch:
        """Switch a fault on; the details are those of `Fault`."""
        if kind not in get_args(Kind):
            raise ValueError(f"no such fault: {kind}")
        fault = FaultSwitch(next(self._ids), kind, method, **details)
        self.switches[fault.id] = fault
        return fault

    def clear(self) -> None:
        self.switches.clear()

    def strike(self, kind: str, method: str, chat_id: int | None = None, media: str = "") -> FaultSwitch | None:
        """Return the first switch that hits this call, its count used up by one, or None."""
        for fault in self.switches.values():
            if fault.suits(kind, method, chat_id, media) and self._dice.random() < fault.probability:
                if fault.count is not None:
                    self.switches[fault.id] = replace(fault, count=fault.count - 1)
                return fault
        return None

    def hits(self, kind: str, method: str) -> bool:
        return bool(self.switches) and self.strike(kind, method) is not None

    def often(self, kind: str, method: str) -> int:
        """Return how many times more something is delivered."""
        fault = self.strike(kind, method) if self.switches else None
        return fault.times if fault else 0

    def shuffled(self, batch: list[T], method: str, lane: Callable[[T], str]) -> list[T]:
        """Return the batch in any order (`shuffle`), or in any that keeps each lane's own (`mix`), if such a switch
        strikes."""
        if len(batch) > 1 and self.hits("shuffle", method):
            return self._dice.sample(batch, len(batch))
        if len(batch) > 1 and self.hits("mix", method):
            return self._mixed(batch, lane)
        return batch

    def _mixed(self, batch: list[T], lane: Callable[[T], str]) -> list[T]:
        lanes: dict[str, deque[T]] = {}
        for item in batch:
            lanes.setdefault(lane(item), deque()).append(item)
        turns = self._dice.sample(batch, len(batch))
        return [lanes[lane(turn)].popleft() for turn in turns]
