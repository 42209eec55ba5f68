"""`/funds`: a requester's free money, and the use of each project's budget."""

from collections.abc import Iterable

from domain.money.ledger import (
    account_of_tests,
    budget_account,
    disputed_account,
    extra_account,
    requester_account,
    topup_account,
)
from domain.money.messages.funds import CurrencyFunds, Funds, ProjectFunds, together
from domain.projects.projects import Project
from services.act import Act
from services.money import funding
from storage.money.spending import MovedAmount
from storage.unit import UnitOfWork

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
        fundable=funding.is_open(act.house),
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
