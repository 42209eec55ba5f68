"""A year's return under DAC7: figures of each seller by quarter, and the documents a message is made of.

The schemas carry amounts in full units, without decimals. A worker earns cents: rounded quarter by quarter, a year of
them would vanish. So the running sum of the year is rounded, and each quarter is what it grew by: the year is exact to
half a unit, and no quarter is negative: fees that come back in a later quarter are taken off the earlier ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise

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
    """Half a unit is rounded up; what came back in a later quarter is taken off earlier ones. `at_least_one`: a year
    that is not nothing is not told as nothing."""
    sums = [(2 * sum_ + UNIT) // (2 * UNIT) for sum_ in accumulate(quarters)]
    reached = [0, *(max(0, min(sums[quarter:])) for quarter in range(4))]
    found = [then - before for before, then in pairwise(reached)]
    if at_least_one and sum(quarters) > 0 and not any(found):
        found[max(quarter for quarter in range(4) if quarters[quarter])] = 1
    return found[0], found[1], found[2], found[3]
