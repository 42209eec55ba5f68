"""`/funds`: a requester's free money, and the use of each project's budget."""

from collections.abc import Iterable

from domain.money.amounts import (
    CENT,
    as_decimal,
    parse_typed_amount,
    round_up_to_cents,
)
from domain.money.funds import (
    CurrencyFunds,
    FundingAsked,
    FundingChoice,
    Funds,
    Lacking,
    ProjectFunds,
    together,
)
from domain.money.ledger import (
    account_of_tests,
    budget_account,
    disputed_account,
    extra_account,
    requester_account,
    topup_account,
)
from domain.money.payouts import FUNDING_CURRENCY, MOST_FUNDED
from domain.people.teams import TeamNumber
from domain.projects.projects import Project, ProjectState
from domain.refusals import BadInput, FundingClosed
from formats.bank.iban import of_person
from formats.bank.sepa import carried
from services.act import Act, House
from services.projects.preflight import price_of
from storage.money.ledger import MovedAmount
from storage.unit import UnitOfWork

EXAMPLE = "/fund 100.00"
ROOM = 210  # bytes of a name in the code, of 331 in all
SHOWN = 4  # projects that lack money


def fund(act: Act, amount: str) -> FundingAsked:
    """Moves nothing: the money counts once the bank shows it."""
    currency = _open(act)
    value = parse_typed_amount(amount, currency, "/fund {}")
    if value is None:
        raise BadInput(what="fund", value=amount, expected=[EXAMPLE])
    return _asked(act, value, amount)


def press(act: Act, amount: int, team: TeamNumber) -> FundingAsked:
    """The same by a button, which can carry any number, for the account that it was made for."""
    _open(act)
    return _asked(act, amount, f"{as_decimal(amount)}")


def choose(act: Act) -> FundingChoice:
    currency = _open(act)
    free, whose = act.unit.ledger.balance(requester_account(act.person), currency), act.person
    return FundingChoice(currency, free, _lacking(act), whose.team_name, whose.team_number)


def is_open(house: House) -> bool:
    return house.terms.currency == FUNDING_CURRENCY and bool(house.payer.name and house.payer.iban)


def _lacking(act: Act) -> tuple[Lacking, ...]:
    """Drafts that cost more than there is, the newest first; each as if it were the only one."""
    currency = act.house.terms.currency
    there = act.unit.ledger.balance(requester_account(act.person), currency)
    drafts = [
        each
        for each in act.unit.projects.of(act.person.id)
        if each.state is ProjectState.DRAFT and each.currency == currency
    ]
    found = []
    for project in sorted(drafts, key=lambda each: -each.id)[:SHOWN]:
        try:
            total = price_of(act.unit, project, act.house.terms).total
        except BadInput:  # more than any account holds
            continue
        if total > there:
            found.append(Lacking(project.id, project.title, round_up_to_cents(total - there)))
    return tuple(found)


def _open(act: Act) -> str:
    """The currency. Raises FundingClosed."""
    currency = act.house.terms.currency
    if not is_open(act.house):
        raise FundingClosed(why="account" if currency == FUNDING_CURRENCY else "currency", currency=currency)
    return currency


def _asked(act: Act, value: int, said: str) -> FundingAsked:
    if value % CENT or not CENT <= value <= MOST_FUNDED:
        raise BadInput(what="fund", value=said, expected=[EXAMPLE])
    currency, payer = act.house.terms.currency, act.house.payer
    reference, team = of_person(act.person.id), act.person.team_name
    return FundingAsked(value, currency, _fitting(payer.name), payer.iban, payer.bic, reference, team)


def _fitting(name: str) -> str:
    """As it is set; in plain letters where its own take too many bytes for the code."""
    return name if len(name.encode()) <= ROOM else carried(name)


LISTED, READ = 10, 2_000  # projects one by one; those that are summed
PAY = ("reward", "redo", "reject", "appeal", "waived")  # of answers
JUDGING = ("stake", "unstake", "costs", "judge", "jury", "unjury")  # beside the budget


def show(act: Act, found: Funds) -> Funds:
    """`/funds`, as `read` found them beside the writer."""
    return found


def read(act: Act) -> Funds:
    """A requester's own funds, by currency and by project. Reads much: on a connection of its own."""
    unit, account = act.unit, requester_account(act.person)
    currencies = unit.ledger.currencies(account) or [act.house.terms.currency]
    spent = [_project(unit, project) for project in unit.projects.of(act.person.id, READ)]
    given = [found for found in spent if found.given]
    return Funds(
        free=tuple(_free(unit, account, account_of_tests(act.person), currency) for currency in currencies),
        projects=tuple(given[:LISTED]),
        at=unit.now,
        invoices=bool(act.house.vat_rule),
        fundable=is_open(act.house),
        zone=unit.preferences.known(act.chat.id).zone_name,
        team=act.person.team_name,
        others=together(given[LISTED:]),
    )


def _free(unit: UnitOfWork, account: str, for_tests: str, currency: str) -> CurrencyFunds:
    amount, tests = (unit.ledger.balance(name, currency) for name in (account, for_tests))
    return CurrencyFunds(currency, amount, **unit.spending.besides(account, currency), tests=tests)


def _project(unit: UnitOfWork, project: Project) -> ProjectFunds:
    moved, currency = unit.spending.of(project.id), project.currency
    return ProjectFunds(
        number=project.id,
        title=project.title,
        currency=currency,
        given=sum(each.amount for each in moved if (each.source, each.target) == ("requester", "project")),
        held=sum(unit.ledger.balance(name(project.id), currency) for name in (budget_account, extra_account)),
        reserve=unit.ledger.balance(topup_account(project.id), currency),
        disputed=unit.ledger.balance(disputed_account(project.id), currency),
        rewards=_net(moved, "worker", PAY),
        topups=_net(moved, "worker", ("topup",)),
        fees=_net([each for each in moved if each.kind not in JUDGING], "platform"),
        returned=sum(each.amount for each in moved if each.target == "requester" and each.kind not in JUDGING),
    )


def _net(moved: Iterable[MovedAmount], whose: str, kinds: tuple[str, ...] = ()) -> int:
    """Credits less reversals."""
    counted = [each for each in moved if not kinds or each.kind in kinds]
    came = sum(each.amount for each in counted if each.target == whose and each.source != whose)
    return came - sum(each.amount for each in counted if each.source == whose and each.target != whose)
