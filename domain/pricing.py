"""What a project costs, what an hour of it pays, and whether that is enough to be offered at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from statistics import median

from domain.moments import HOUR
from domain.money import Millionths

WORDS_A_SECOND = 4.0  # 240 words a minute: Brysbaert 2019, silent reading
CENT = 10_000  # millionths
DECIDING = 2.5  # seconds to find and press a button


@dataclass(frozen=True, slots=True)
class Terms:
    """The platform's: currency, fee on top of each reward (percent), wage floor per hour (0: none)."""

    currency: str
    fee_percent: Decimal
    floor: Millionths


@dataclass(frozen=True, slots=True)
class Quote:
    """What a launch would hold and pay; `seconds` is the expected time of one submission."""

    tasks: int
    gold: int
    submissions: int
    reward: Millionths
    fee: Millionths
    seconds: float
    hourly: Millionths
    floor: Millionths
    needed_pay: Millionths

    @property
    def total(self) -> Millionths:
        return Millionths(self.reward + self.fee)

    @property
    def passes_floor(self) -> bool:
        return self.hourly >= self.floor


def expected_seconds(texts: Sequence[str]) -> float:
    """Median over the tasks: reading what is shown, then deciding."""
    return DECIDING + median(len(text.split()) for text in texts) / WORDS_A_SECOND if texts else DECIDING


def hourly(pay: int, milliseconds: float) -> Millionths:
    """Pay per hour at this time per submission, rounded down to the cent: an estimate has no millionths."""
    return Millionths(int(pay * HOUR / max(1.0, milliseconds)) // CENT * CENT)


def pay_for_floor(floor: Millionths, seconds: float) -> Millionths:
    """The smallest pay that reaches the floor, rounded up to a thousandth of the unit."""
    exact = Decimal(floor) * Decimal(seconds) / 3600
    return Millionths(int((exact / 1000).to_integral_value(ROUND_CEILING)) * 1000)


def quote(tasks: int, gold: int, submissions: int, pay: int, fee: int, seconds: float, floor: Millionths) -> Quote:
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
    )
