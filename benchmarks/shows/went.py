"""What one set's way was like, and what was not well about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from benchmarks.shows.sets import Opened, Shown

MARK = "🧪"  # the requester's own mark on a preview; workers see the same without it
STATES = 3  # of the message of progress, at least: before, between, after
CENT = 10_000  # millionths


@dataclass(frozen=True, slots=True)
class Money:
    """In millionths, as the requester was told: the cost on the card, held at the launch; of `/funds` at the end what
    was given to the project, `spent` (answers, top-ups, fees), what came `back`, what is `left` in it; and by how much
    free money fell over the whole way."""

    card: int
    held: int
    given: int
    spent: int
    back: int
    left: int
    fell: int

    def problems(self) -> Iterator[str]:
        if not self.card == self.held == self.given > 0:
            yield f"the card says {self.card}, {self.held} was set aside, {self.given} was given"
        if self.card != self.spent + self.back or self.left:
            yield f"{self.card} on the card; {self.spent} spent, {self.back} back, {self.left} left"
        if self.fell != self.spent:
            yield f"{self.spent} spent, but free money fell by {self.fell}"


@dataclass(frozen=True, slots=True)
class Sight:
    """A task as somebody saw it: its text, the labels of its buttons, its picture or sound."""

    text: str
    labels: tuple[str, ...]
    content: bytes | None

    def is_within(self, other: Sight) -> bool:
        """Whether another sees all of it; the sides of a comparison may have changed places."""
        words = Counter(self.text.replace(MARK, "").split())
        return (
            words <= Counter(other.text.split())
            and set(self.labels) <= set(other.labels)
            and (self.content == other.content)
        )


@dataclass(slots=True)
class Went:
    shown: Shown
    number: int = 0
    card: int = 0
    held: int = 0
    money: Money | None = None
    foretold: str = ""
    preview: Sight | None = None
    is_preview_over: bool = False
    as_worker: bool = False
    progress: list[int] = field(default_factory=list)
    acts: int = 0
    seconds: float = 0.0
    answers: int = 0
    opened: Opened | None = None
    broken: str = ""
    """What the tool said of a download cut in half."""
    failed: list[str] = field(default_factory=list)

    @property
    def has_moved(self) -> bool:
        return len(set(self.progress)) >= STATES and self.progress == sorted(self.progress) and self.progress[-1] == 100

    def problems(self) -> Iterator[str]:
        yield from self.failed
        yield from self.money.problems() if self.money else ["no money was seen"]
        if not self.is_preview_over:
            yield "the preview was not answered"
        if not self.as_worker:
            yield "the preview is not what a worker saw"
        if not self.has_moved:
            yield f"progress did not move as it should: {self.progress}"
        if self.opened is None or not self.opened.whole:
            yield "the download was not opened, or does not hold every task"

    @property
    def is_well(self) -> bool:
        return not any(self.problems())

    def controls(self) -> Iterator[tuple[str, bool]]:
        """What must not pass, and whether it was seen: each is this very way with one thing wrong."""
        yield "a download cut in half", bool(self.broken)
        yield "no download", not replace(self, opened=None).is_well
        if self.money:
            for name in ("card", "held", "spent", "back"):
                off = replace(self.money, **{name: getattr(self.money, name) + CENT})
                yield f"{name} off by a cent", not replace(self, money=off).is_well
                off = replace(self.money, **{name: getattr(self.money, name) - 1})
                yield f"{name} off by a millionth", not replace(self, money=off).is_well
        yield "progress that stands still", not replace(self, progress=[0, 100]).is_well
        yield "a preview nobody answered", not replace(self, is_preview_over=False).is_well

    @property
    def unseen(self) -> list[str]:
        return [name for name, seen in self.controls() if not seen]


def seen_by(sight: Sight | None, others: Iterable[Sight]) -> bool:
    return sight is not None and any(sight.is_within(other) for other in others)
