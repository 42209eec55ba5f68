"""Pricing: the cost of a project, its pay an hour, and the wage floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from statistics import median

from domain.answers import default_kind, kind_of
from domain.moments import HOUR
from domain.money.amounts import CENT, UNIT, Millionths
from domain.money.effort import DECIDING, reading_seconds
from domain.money.topups import reserve_each

LARGEST_PAY = Millionths(1_000_000 * UNIT)  # for one answer: more is a typing error


@dataclass(frozen=True, slots=True)
class Terms:
    """The platform's: currency, fee on top of each reward (percent), wage floor per hour (0: none)."""

    currency: str
    fee_percent: Decimal
    floor: Millionths


@dataclass(frozen=True, slots=True)
class Quote:
    """The money a launch would hold; `seconds` is the expected time of one submission.

    `reserve` may be paid on top if tasks take longer; there is no fee on it. `owed` is what ended projects of the same
    requester still owe their workers, and is paid with the launch. `base` is the time estimated, or stated
    by the requester, before measurements; `untold` is the reason why there is neither (domain/money/effort.py).
    """

    tasks: int
    gold: int
    submissions: int
    reward: Millionths
    fee: Millionths
    seconds: float
    hourly: Millionths
    floor: Millionths
    needed_pay: Millionths
    reserve: Millionths
    base: float
    untold: str = ""
    owed: int = 0

    @property
    def total(self) -> Millionths:
        """The most that the launch takes of the requester's money."""
        return Millionths(self.held + self.owed)

    @property
    def held(self) -> Millionths:
        """The most that the project itself can cost from here on."""
        return Millionths(self.reward + self.fee + self.reserve)

    @property
    def passes_floor(self) -> bool:
        """By the exact pay an hour: `hourly` is rounded down, and a floor may be finer than a cent."""
        if self.floor == 0 or self.untold or not self.submissions:
            return self.floor == 0 or (not self.untold and self.hourly >= self.floor)
        return Decimal(self.reward) * 3600 >= Decimal(self.floor) * self.submissions * Decimal(self.seconds)


def expected_seconds(texts: Sequence[str], kind: str = "", options: Sequence[str] = ()) -> float:
    """Reading what is shown (the median over the tasks), deciding, and handing in an answer of this kind. How long an
    answer will be is a guess, which measuring corrects."""
    reading = median(map(reading_seconds, texts)) if texts else 0.0
    return DECIDING + reading + kind_of(kind or default_kind()).seconds(options)


def hourly(pay: int, milliseconds: float) -> Millionths:
    """Pay per hour at this time per submission, rounded down to the cent: an estimate has no millionths."""
    return Millionths(int(pay * HOUR / max(1.0, milliseconds)) // CENT * CENT)


def pay_for_floor(floor: Millionths, seconds: float) -> Millionths:
    """The smallest pay that reaches the floor, rounded up to a thousandth of the unit."""
    exact = Decimal(floor) * Decimal(seconds) / 3600
    return Millionths(int((exact / 1000).to_integral_value(ROUND_CEILING)) * 1000)


def raises_of(pay: int) -> tuple[Millionths, ...]:
    """Suggested raises of a pay: by a tenth, a quarter, a half, rounded up to a thousandth of the unit."""
    steps = (-(-pay * part // (100 * 1000)) * 1000 for part in (110, 125, 150))
    return tuple(dict.fromkeys(Millionths(step) for step in steps if step > pay))


def quote(
    tasks: int,
    gold: int,
    submissions: int,
    pay: int,
    fee: int,
    seconds: float,
    floor: Millionths,
    base: float | None = None,
    untold: str = "",
) -> Quote:
    return Quote(
        tasks=tasks,
        gold=gold,
        submissions=submissions,
        reward=Millionths(submissions * pay),
        fee=Millionths(submissions * fee),
        seconds=seconds,
        hourly=hourly(pay, seconds * 1000),
        floor=floor,
        needed_pay=pay_for_floor(floor, seconds),
        reserve=Millionths(submissions * reserve_each(Millionths(pay), floor, seconds)),
        base=seconds if base is None else base,
        untold=untold,
    )
