"""A year's return under DAC7: figures of each seller by quarter, and the documents a message is made of.

The schemas carry amounts in full units, without decimals. A worker earns cents: rounded quarter by quarter, a year of
them would vanish. So the running sum of the year is rounded, and each quarter is what it grew by: the year is exact to
half a unit, and no quarter is negative.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.money.amounts import UNIT
from domain.people.people import PersonId

Quarters = tuple[int, int, int, int]


class Indicator(StrEnum):
    """OECD DocTypeIndic: what a document is to those that were filed before."""

    RESENT = "OECD0"
    NEW = "OECD1"
    CORRECTED = "OECD2"
    DELETED = "OECD3"

    @property
    def of_a_test(self) -> str:
        return f"OECD1{self.value[-1]}"


class Kind(StrEnum):
    """OECD MessageTypeIndic."""

    NEW = "DPI401"
    CORRECTIONS = "DPI402"
    NOTHING = "DPI403"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one worker and currency: millionths, but for the number of activities."""

    person: PersonId
    currency: str
    consideration: Quarters
    fees: Quarters
    withheld: Quarters
    activities: Quarters


@dataclass(frozen=True, slots=True)
class Reported:
    """A seller as a message tells of them: the tax form, the bank account (empty where there is none), the figures."""

    answers: Mapping[str, str]
    holder: str
    iban: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Document:
    """`corrects` is the reference of the document it takes the place of."""

    indicator: Indicator
    reference: str
    corrects: str = ""


def whole_units(quarters: Sequence[int], at_least_one: bool = False) -> Quarters:
    """Half a unit is rounded up; `at_least_one`: a year that is not nothing is not told as nothing."""
    found, told, sum_ = [], 0, 0
    for amount in quarters:
        sum_ += amount
        rounded = max(told, (2 * sum_ + UNIT) // (2 * UNIT))
        found.append(rounded - told)
        told = rounded
    if at_least_one and sum_ > 0 and told == 0:
        found[max(quarter for quarter in range(4) if quarters[quarter])] = 1
    return found[0], found[1], found[2], found[3]
