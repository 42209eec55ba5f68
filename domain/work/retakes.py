"""A photo or a voice message that may not be what its sender meant to send: they are asked once whether it is."""

from dataclasses import dataclass
from enum import StrEnum

from domain.messages import Message
from domain.records import record
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
