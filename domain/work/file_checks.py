"""Checks of photos and voice messages: all of them, unless the project says otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from domain.messages import Message, record
from domain.work.assignments import AssignmentId

BANDS, BAND_DIGITS = 4, 4  # parts of a print, of so many hexadecimal digits
NEAR_BITS = 3  # bits in which prints of one picture differ at most: one of four bands is then the same


class FileFlaw(StrEnum):
    """Reason why a photo or voice message is probably not an answer."""

    BLANK = "blank"
    DARK = "dark"
    BLURRED = "blurred"
    SCREENSHOT = "screenshot"
    SENT_BEFORE = "sent_before"
    SHORT = "short"
    QUIET = "quiet"


@record
class Retake:
    """A file whose sender was asked whether it is meant; `handed_in` is empty once the sender has decided."""

    assignment: AssignmentId
    handed_in: str
    album: str
    print: str


@dataclass(frozen=True, slots=True)
class RetakeAsked(Message):
    """Question to a worker whose photo or voice message seems to be something else: send another one, or use it all the
    same?"""

    assignment: AssignmentId
    flaws: tuple[str, ...]
    heard: bool


@dataclass(frozen=True, slots=True)
class RetakeKept(Message):
    """Message to a worker: the file counts as it is."""

    heard: bool


def bands_of(print_: str) -> tuple[int, ...]:
    """Return the band numbers of a print; prints of nearly the same picture share at least one. Empty for an empty
    print."""
    parts = (print_[band * BAND_DIGITS : (band + 1) * BAND_DIGITS] for band in range(BANDS))
    return tuple((band << 16) + int(part, 16) for band, part in enumerate(parts)) if print_ else ()


def are_near(first_print: str, second_print: str) -> bool:
    """Return whether two prints (hexadecimal) are of nearly the same picture."""
    return (int(first_print, 16) ^ int(second_print, 16)).bit_count() <= NEAR_BITS


ALL_OFF, LEFT_OUT_PREFIX = "off", "no "
# Below which limit a photo or a voice message has the flaw; and between which limits a project may set it.
USUAL_LIMITS: Mapping[FileFlaw, float] = {
    FileFlaw.BLANK: 6.0,  # contrast, in grey levels
    FileFlaw.DARK: 14.0,  # light, in grey levels
    FileFlaw.BLURRED: 30.0,  # variance of the Laplacian
    FileFlaw.SHORT: 0.7,  # seconds
    FileFlaw.QUIET: -50.0,  # decibels below full scale
}
LIMIT_BOUNDS: Mapping[FileFlaw, tuple[float, float]] = {
    FileFlaw.BLANK: (0.0, 100.0),
    FileFlaw.DARK: (0.0, 200.0),
    FileFlaw.BLURRED: (0.0, 10_000.0),
    FileFlaw.SHORT: (0.0, 600.0),
    FileFlaw.QUIET: (-90.0, 0.0),
}
REPEATED = "repeated"  # what requesters call Flaw.SENT_BEFORE
FLAWS_BY_NAME: Mapping[str, FileFlaw] = {
    REPEATED if flaw is FileFlaw.SENT_BEFORE else flaw.value: flaw for flaw in FileFlaw
}


@dataclass(frozen=True)
class FileChecks:
    """The checks of a project's files. `settings` are the project's own words: `off`; `no NAME`; `NAME=LIMIT`."""

    settings: tuple[str, ...] = ()

    @cached_property
    def _limits(self) -> Mapping[FileFlaw, float]:
        limit_settings = (setting.partition("=") for setting in self.settings if "=" in setting)
        return {**USUAL_LIMITS, **{FLAWS_BY_NAME[name]: float(limit) for name, _, limit in limit_settings}}

    @cached_property
    def left_out(self) -> frozenset[FileFlaw]:
        if ALL_OFF in self.settings:
            return frozenset(FileFlaw)
        return frozenset(
            FLAWS_BY_NAME[setting.removeprefix(LEFT_OUT_PREFIX)]
            for setting in self.settings
            if setting.startswith(LEFT_OUT_PREFIX)
        )

    @property
    def are_off(self) -> bool:
        return self.left_out == frozenset(FileFlaw)

    def get_limit(self, flaw: FileFlaw) -> float:
        return self._limits[flaw]

    def filter_wanted(self, *flaws: FileFlaw) -> Iterator[FileFlaw]:
        """Yield those of the flaws that the project does not leave out."""
        return (flaw for flaw in flaws if flaw not in self.left_out)


ALL_CHECKS = FileChecks()
