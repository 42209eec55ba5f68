"""Messages of the people wing: onboarding, settings, roles, erasure, API keys."""

from dataclasses import dataclass

from domain.messages import Message
from domain.money.amounts import Millionths
from domain.people.settings import QuietUntil
from domain.work.messages import LastAnswer


@dataclass(frozen=True, slots=True)
class GoalReached(Message):
    """The day's goal is reached: `tasks` that `earned` so much. Until `quiet` no task comes unasked."""

    tasks: int
    earned: Millionths
    currency: str
    quiet: QuietUntil | None
    last: LastAnswer | None = None


@dataclass(frozen=True, slots=True)
class PaceKept(Message):
    """The next task comes at the pace they chose: `gap` minutes apart."""

    gap: int
    quiet: QuietUntil | None
    last: LastAnswer | None = None


@dataclass(frozen=True, slots=True)
class LeftInPeace(Message):
    """Several tasks went unanswered: no more come until they want some."""
