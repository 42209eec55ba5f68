"""The platform's holdings in one currency, by owner."""

from dataclasses import dataclass

from domain.money.amounts import Millionths


@dataclass(frozen=True, slots=True)
class Holdings:
    """`held` at the bank: `workers`, `requesters`, running `projects` and what is `withheld` have the others' part.
    `unexplained` came to the bank, or where below zero left it, and nobody has said as what."""

    currency: str
    held: Millionths
    fees: Millionths
    workers: Millionths
    requesters: Millionths
    projects: Millionths
    withheld: Millionths
    unexplained: int = 0

    @property
    def owed(self) -> Millionths:
        return Millionths(self.workers + self.requesters + self.projects + self.withheld)
