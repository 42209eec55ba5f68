"""Checks of photos and voice messages: all of them, unless the project says otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from domain.messages import Message, record
from domain.work.assignments import AssignmentId

BANDS, BAND = 4, 4  # parts of a print, of so many hexadecimal digits
NEAR = 3  # bits in which prints of one picture differ at most: one of four bands is then the same


class Flaw(StrEnum):
    """What it seems to be."""

    BLANK = "blank"
    DARK = "dark"
    BLURRED = "blurred"
    SCREENSHOT = "screenshot"
    SENT_BEFORE = "sent_before"
    SHORT = "short"
    QUIET = "quiet"


@record
class Retake:
    """What waits for its sender's word; `handed_in` is empty once it was heard."""

    assignment: AssignmentId
    handed_in: str
    album: str
    print: str


@dataclass(frozen=True, slots=True)
class RetakeAsked(Message):
    """To a worker whose photo or voice message seems to be something else: another one, or this one all the same."""

    assignment: AssignmentId
    flaws: tuple[str, ...]
    heard: bool


@dataclass(frozen=True, slots=True)
class RetakeKept(Message):
    """It counts as it is."""

    heard: bool


def bands_of(print_: str) -> tuple[int, ...]:
    """Numbers of which two pictures that are nearly the same share one."""
    parts = (print_[at * BAND : (at + 1) * BAND] for at in range(BANDS))
    return tuple((at << 16) + int(part, 16) for at, part in enumerate(parts)) if print_ else ()


def are_near(one: str, other: str) -> bool:
    return (int(one, 16) ^ int(other, 16)).bit_count() <= NEAR


OFF, WITHOUT = "off", "no "
# Below which limit a photo or a voice message has the flaw; and between which limits a project may set it.
USUAL: Mapping[Flaw, float] = {
    Flaw.BLANK: 6.0,  # contrast, in grey levels
    Flaw.DARK: 14.0,  # light, in grey levels
    Flaw.BLURRED: 30.0,  # variance of the Laplacian
    Flaw.SHORT: 0.7,  # seconds
    Flaw.QUIET: -50.0,  # decibels below full scale
}
BOUNDS: Mapping[Flaw, tuple[float, float]] = {
    Flaw.BLANK: (0.0, 100.0),
    Flaw.DARK: (0.0, 200.0),
    Flaw.BLURRED: (0.0, 10_000.0),
    Flaw.SHORT: (0.0, 600.0),
    Flaw.QUIET: (-90.0, 0.0),
}
REPEATED = "repeated"  # what requesters call Flaw.SENT_BEFORE
NAMES: Mapping[str, Flaw] = {REPEATED if each is Flaw.SENT_BEFORE else each.value: each for each in Flaw}


@dataclass(frozen=True)
class FileChecks:
    """`said` are a project's own words: `off`; `no NAME`; `NAME=LIMIT`."""

    said: tuple[str, ...] = ()

    @cached_property
    def _limits(self) -> Mapping[Flaw, float]:
        told = (each.partition("=") for each in self.said if "=" in each)
        return {**USUAL, **{NAMES[name]: float(limit) for name, _, limit in told}}

    @cached_property
    def left_out(self) -> frozenset[Flaw]:
        if OFF in self.said:
            return frozenset(Flaw)
        return frozenset(NAMES[each.removeprefix(WITHOUT)] for each in self.said if each.startswith(WITHOUT))

    @property
    def are_off(self) -> bool:
        return self.left_out == frozenset(Flaw)

    def limit(self, flaw: Flaw) -> float:
        return self._limits[flaw]

    def wanted(self, *found: Flaw) -> Iterator[Flaw]:
        """Those that the project does not leave out."""
        return (each for each in found if each not in self.left_out)


EVERY = FileChecks()
