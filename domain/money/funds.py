"""Messages about a requester's funds: free money, budgets of projects, money that is missing.

Amounts are whole millionths of the currency; an `operation` is the number of a transfer, explained by `/why`."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.messages import Message, Note
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class Holdings:
    """Money `held` at the bank, and at the provider of `cards`, and whose it is: the operator's `fees` (less what the
    provider has kept), and what `workers`, `requesters`, running `projects` and authorities (`withheld`) have.
    `unexplained` came to the bank (negative: left it), and no admin has explained it yet."""

    currency: str
    held: Millionths
    fees: Millionths
    workers: Millionths
    requesters: Millionths
    projects: Millionths
    withheld: Millionths
    unexplained: int = 0
    cards: int = 0

    @property
    def there(self) -> int:
        """Money at the bank and at the provider of cards."""
        return self.held + self.cards

    @property
    def owed_to_others(self) -> Millionths:
        """Money at the bank that is not the operator's."""
        return Millionths(self.workers + self.requesters + self.projects + self.withheld)


@dataclass(frozen=True, slots=True)
class CurrencyFunds:
    """A requester's money in one currency: free now (`amount`), and in total deposited, given as bonuses, refunded,
    spent on judges of their rejections, and set aside for paid tests. `since` is the moment of the first movement, None
    if there was none."""

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
    """Use of the money that a project was `given`.

    given = held + reserve + disputed + rewards + topups + fees + returned, to the millionth."""

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
    """Sum over so many older `projects`: what they were given, and what of it is `left` in them."""

    currency: str
    projects: int
    given: int
    left: int


def sum_by_currency(
    projects: Iterable[ProjectFunds], older_projects: Iterable[OtherFunds] = ()
) -> tuple[OtherFunds, ...]:
    """Return the sums of all these projects, one for each currency."""
    sums: dict[str, OtherFunds] = {}
    single_projects = (
        OtherFunds(project.currency, 1, project.given, project.held + project.reserve + project.disputed)
        for project in projects
    )
    for funds in (*single_projects, *older_projects):
        so_far = sums.get(funds.currency, OtherFunds(funds.currency, 0, 0, 0))
        project_count, given_sum, left_sum = (
            so_far.projects + funds.projects,
            so_far.given + funds.given,
            so_far.left + funds.left,
        )
        sums[funds.currency] = OtherFunds(funds.currency, project_count, given_sum, left_sum)
    return tuple(sums.values())


@dataclass(frozen=True, slots=True)
class Funds(Message):
    """Message to a requester: their funds at the moment `at`, by currency, and the use of each project's budget;
    `others` are older projects in sum. `notes`: what extensions add; `fundable`: money can be added by bank
    transfer or card; `zone`: the requester's; `team`: the account's name, empty for the reader's own."""

    free: tuple[CurrencyFunds, ...]
    projects: tuple[ProjectFunds, ...]
    at: Moment
    notes: tuple[Note, ...] = ()
    fundable: bool = False
    zone: str = "UTC"
    team: str = ""
    others: tuple[OtherFunds, ...] = ()


@dataclass(frozen=True, slots=True)
class DebtPaid(Message):
    """Message to a requester: what an ended project owed its workers was paid."""

    number: ProjectId
    title: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class RestEnded(Message):
    """Message to a requester: a project paused for `days` without the missing reserve and was ended; `returned` came
    back."""

    number: ProjectId
    title: str
    days: int
    returned: int
    currency: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """Sum that a draft costs more than the requester's free money, rounded up to whole cents."""

    number: ProjectId
    title: str
    missing: int


@dataclass(frozen=True, slots=True)
class FundingChoice(Message):
    """Message to a requester with `available` free: asks how much to add. `team` is the account it goes to, empty
    for their own."""

    currency: str
    available: int
    lacking: tuple[Lacking, ...]
    team: str = ""
    team_number: int = 0


@dataclass(frozen=True, slots=True)
class FundingAsked(Message):
    """Message to a requester: the operator's bank account and the reference that says whose money it is, theirs or the
    `team`'s. `card`: what can be paid by card instead, 0 if cards are not taken."""

    amount: int
    currency: str
    name: str
    iban: str
    bic: str
    reference: str
    team: str = ""
    team_number: int = 0
    card: int = 0


@dataclass(frozen=True, slots=True)
class PayGivenBack(Message):
    """Message to the requester: a worker who left gave up pay that had come from them, or could not be paid it."""

    amount: int
    available: int
    currency: str
    operation: int | None
    team: str = ""
