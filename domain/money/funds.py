"""Messages about a requester's money: funds, deposits, refunds, bonuses, missing money for the wage floor.

Amounts are whole millionths of the currency; an `operation` is the number of a transfer, explained by `/why`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId


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


@dataclass(frozen=True, slots=True)
class CurrencyFunds:
    """A requester's money in one currency: free now, and in all deposited, given as bonuses, refunded, and spent on
    judges of their rejections; set aside for paid tests. `since` the first of it came; None: nothing ever did."""

    currency: str
    amount: int
    deposited: int
    bonuses: int
    refunded: int
    judges: int
    tests: int = 0
    since: Moment | None = None


@dataclass(frozen=True, slots=True)
class ProjectFunds:
    """What a project was `given`: `held`, `reserve` and `disputed` are still there, the rest is its use.

    given = held + reserve + disputed + rewards + topups + fees + returned, to the millionth.
    """

    number: ProjectId
    title: str
    currency: str
    given: int
    held: int
    reserve: int
    disputed: int
    rewards: int
    topups: int
    fees: int
    returned: int


@dataclass(frozen=True, slots=True)
class OtherFunds:
    """What so many older projects were given together, and what of it is still there."""

    currency: str
    projects: int
    given: int
    left: int


def together(projects: Iterable[ProjectFunds], others: Iterable[OtherFunds] = ()) -> tuple[OtherFunds, ...]:
    """By currency."""
    found: dict[str, OtherFunds] = {}
    alone = (OtherFunds(of.currency, 1, of.given, of.held + of.reserve + of.disputed) for of in projects)
    for each in (*alone, *others):
        so_far = found.get(each.currency, OtherFunds(each.currency, 0, 0, 0))
        count, given, left = so_far.projects + each.projects, so_far.given + each.given, so_far.left + each.left
        found[each.currency] = OtherFunds(each.currency, count, given, left)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Funds(Message):
    """A requester's money `at` a moment: by currency, and the use of each project's budget, of `others` together.
    `invoices`: they are offered; `fundable`: money can be added by bank transfer; `zone`: the requester's; `team`: the
    account's name, empty for the reader's own."""

    free: tuple[CurrencyFunds, ...]
    projects: tuple[ProjectFunds, ...]
    at: Moment
    invoices: bool = False
    fundable: bool = False
    zone: str = "UTC"
    team: str = ""
    others: tuple[OtherFunds, ...] = ()


@dataclass(frozen=True, slots=True)
class DebtPaid(Message):
    """The requester paid what an ended project owed its workers."""

    number: ProjectId
    title: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class RestEnded(Message):
    """A project rested for `days` without the missing reserve and was ended; `returned` came back."""

    number: ProjectId
    title: str
    days: int
    returned: int
    currency: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a draft costs more than there is; in whole cents."""

    number: ProjectId
    title: str
    missing: int


@dataclass(frozen=True, slots=True)
class FundingChoice(Message):
    """To a requester with `available` free: how much shall be added? `team`: to whose account, empty for their own."""

    currency: str
    available: int
    lacking: tuple[Lacking, ...]
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class FundingAsked(Message):
    """To a requester: the operator's account, and the reference that says whose money it is: theirs or the `team`'s."""

    amount: int
    currency: str
    name: str
    iban: str
    bic: str
    reference: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class PayGivenBack(Message):
    """To the requester: a worker who left gave up pay that had come from them, or could not be paid it."""

    amount: int
    available: int
    currency: str
    operation: int | None
    team: str = ""
