"""Refusals of projects, their files and reviews."""

from dataclasses import dataclass
from typing import Any

from domain.refusals.refusal import Refusal


class ProjectRefusal(Refusal):
    pass


@dataclass(eq=False)
class WrongState(ProjectRefusal):
    """`stop` is that of an admin where it can be appealed, else 0."""

    number: int
    state: str
    stop: int = 0


@dataclass(eq=False)
class TakesNoReviews(ProjectRefusal):
    """`why`: models (no file of it brought answers of this model) or waiting (rows wait for a launch)."""

    number: int
    why: str


@dataclass(eq=False)
class NothingToLaunch(ProjectRefusal):
    number: int


@dataclass(eq=False)
class FundsMissing(ProjectRefusal):
    missing: int
    needed: int
    available: int
    currency: str
    owed: int = 0
    raised: bool = False
    team: str = ""
    team_number: int = 0


@dataclass(eq=False)
class JudgesPayMissing(ProjectRefusal):
    missing: int
    needed: int
    available: int
    currency: str
    team: str = ""
    team_number: int = 0


@dataclass(eq=False)
class BelowFloor(ProjectRefusal):
    number: int
    pay: int
    needed: int
    hourly: int
    floor: int
    seconds: float
    currency: str


@dataclass(eq=False)
class TimeUntold(ProjectRefusal):
    number: int
    why: str


@dataclass(eq=False)
class OnlyUp(ProjectRefusal):
    number: int
    pay: int
    currency: str


class CantTellIsPaid(ProjectRefusal):
    pass


class RightByGold(ProjectRefusal):
    pass


@dataclass(eq=False)
class CannotRedo(ProjectRefusal):
    why: str  # gold, before, gone


@dataclass(eq=False)
class FileRefused(ProjectRefusal):
    name: str
    errors: list[dict[str, Any]]
    total: int


@dataclass(eq=False)
class FileDropped(ProjectRefusal):
    name: str


@dataclass(eq=False)
class DraftsFull(ProjectRefusal):
    """Rows and megabytes that wait, and at most how many may."""

    rows: int
    megabytes: int
    most: int
    limit: int


@dataclass(eq=False)
class FormRefused(ProjectRefusal):
    errors: list[dict[str, Any]]
