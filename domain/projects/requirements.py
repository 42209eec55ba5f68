"""Requirements on workers' qualifications: one comparison each.

`12 >= 80`: at least 80 in the qualification type 12; `accepted >= 100`: of what the house itself knows of a worker.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

ACCEPTED, ACCEPTED_PERCENT, MASTERS = "accepted", "accepted%", "masters"
OF_HOUSE = (ACCEPTED, ACCEPTED_PERCENT, MASTERS)
MOST_VALUES = 15
FEW = 100  # answers, below which all of them count as accepted
MASTERS_ACCEPTED, MASTERS_PERCENT = 1_000, 98  # answers, and the accepted share of them, of a master


class Compared(StrEnum):
    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"
    IS = "="
    IS_NOT = "!="
    IN = "in"
    NOT_IN = "not in"
    EXISTS = "exists"
    MISSING = "missing"


WITHOUT_VALUE = (Compared.EXISTS, Compared.MISSING)
SEVERAL = (Compared.IN, Compared.NOT_IN)
_WRITTEN = re.compile(
    rf"([0-9]+|{'|'.join(OF_HOUSE)}) (>=|>|<=|<|=|!=|not in|in|exists|missing)(?: (-?[0-9]+(?:\|-?[0-9]+)*))?( hidden)?"
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """`subject`: the number of a qualification type, or a name of OF_HOUSE. `hidden`: who does not meet it does not
    hear of the project."""

    subject: str
    compared: Compared
    values: tuple[int, ...] = ()
    hidden: bool = False

    def __str__(self) -> str:
        said = f"{self.subject} {self.compared} {self.said}".rstrip()
        return f"{said} hidden" if self.hidden else said

    @property
    def can_be_asked_for(self) -> bool:
        return self.type is not None and not self.hidden and self.compared is not Compared.MISSING

    @property
    def said(self) -> str:
        return "|".join(map(str, self.values))

    @property
    def type(self) -> int | None:
        """None where the house itself knows."""
        return int(self.subject) if self.subject.isdecimal() else None

    def is_met(self, value: int | None) -> bool:
        """None: the worker has none; then only MISSING is met."""
        if value is None or self.compared in WITHOUT_VALUE:
            return (value is None) is (self.compared is Compared.MISSING)
        first = self.values[0]
        return {
            Compared.AT_LEAST: value >= first,
            Compared.ABOVE: value > first,
            Compared.AT_MOST: value <= first,
            Compared.BELOW: value < first,
            Compared.IS: value == first,
            Compared.IS_NOT: value != first,
            Compared.IN: value in self.values,
            Compared.NOT_IN: value not in self.values,
        }[self.compared]


def requirement(written: str) -> Requirement:
    """Raises ValueError for what is none."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(written)
    compared = Compared(found[2])
    values = tuple(map(int, found[3].split("|"))) if found[3] else ()
    if bool(values) is (compared in WITHOUT_VALUE) or (len(values) > 1 and compared not in SEVERAL):
        raise ValueError(written)
    return Requirement(found[1], compared, values, bool(found[4]))


def can_be_met(asked: Sequence[Requirement]) -> bool:
    """Whether some value, or having none, meets all of them: the values named, and those beside them, tell."""
    named = {beside for each in asked for value in each.values for beside in (value - 1, value, value + 1)}
    return any(all(each.is_met(value) for each in asked) for value in (None, 0, *named))


def accepted_percent(answered: int, rejected: int) -> int:
    """100 while there are few."""
    return 100 if answered < FEW else 100 * (answered - rejected) // answered


def is_master(answered: int, rejected: int) -> bool:
    return answered - rejected >= MASTERS_ACCEPTED and accepted_percent(answered, rejected) >= MASTERS_PERCENT
