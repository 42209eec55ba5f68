"""Messages with the platform's public figures."""

from dataclasses import dataclass

from domain.fairness.complaints import NO_COMPLAINTS, ComplaintFigures
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.holdings import Holdings


@dataclass(frozen=True, slots=True)
class Figures:
    """`active` in the last days, for each number of `DAYS`; `paid` count who ever earned each of `PAID` or more.

    `month` (earned in 30 days) and `hour` (pay for an hour of answering) are a median and a lowest tenth, None where
    so few people could be identified; `spread` counts people between `STEPS`.
    """

    registered: int
    active: tuple[int, ...]
    paid: tuple[int, ...]
    month: tuple[Millionths | None, Millionths | None]
    hour: tuple[Millionths | None, Millionths | None]
    spread: tuple[int, ...]
    books: tuple[Holdings, ...]
    complaints: ComplaintFigures = NO_COMPLAINTS


@dataclass(frozen=True, slots=True)
class PlatformFigures(Message):
    """As they were at `at`; `days`, `bounds` and `steps` (units of `currency`) say of what the figures are.

    `hash` seals the ledger after `position` operations.
    """

    currency: str
    at: Moment
    days: tuple[int, ...]
    bounds: tuple[int, ...]
    steps: tuple[int, ...]
    figures: Figures
    position: int
    hash: str
