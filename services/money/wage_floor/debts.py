"""Top-ups that ended projects still owe: their requester pays them by a button, or with the next launch, whose card
names the sum."""

from domain.money.amounts import Millionths
from domain.money.ledger import requester_account, topup_account
from domain.money.messages.funds import DebtPaid, PayLifted
from domain.people.people import Person, PersonId
from domain.projects.projects import Project, ProjectId
from domain.refusals import NothingToLaunch
from services.act import Act
from services.money import topups, transfers
from services.money.wage_floor import payments
from services.projects.ownership import mine
from storage.unit import UnitOfWork


def total(unit: UnitOfWork, requester: PersonId, launched: Project) -> Millionths:
    """Return what ended projects owe in the currency of the `launched` one, whose own debt is in its reserve."""
    return Millionths(sum(unit.topups.arrears(requester, launched.currency, launched.id).values()))


def pay_all(unit: UnitOfWork, requester: Person, currency: str, launched: int = 0) -> None:
    """Pay what ended projects owe, but for the `launched` one, as far as the requester has it. A launch's card stated
    it."""
    for number, owed in unit.topups.arrears(requester.id, currency, launched).items():
        free = unit.ledger.locked_balance(requester_account(requester), currency)
        _pay(unit, requester, unit.projects.get(number), min(owed, free))


def press(act: Act, number: ProjectId, amount: int) -> DebtPaid | PayLifted:
    """Pay by a button that named so much; where more is owed by now, return the message that names it."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project, owed = mine(unit, act.person, number), topups.owed(unit, number)
    if owed > amount:
        return PayLifted(project.id, project.title, project.currency, 0, owed)
    return pay(unit, act.person, project)


def pay(unit: UnitOfWork, requester: Person, project: Project) -> DebtPaid:
    """Pay what this ended project owes its workers from the requester's free money. Raises FundsMissing, and
    NothingToLaunch where nothing is owed."""
    owed = topups.owed(unit, project.id)
    if not owed:
        raise NothingToLaunch(number=project.id)
    transfers.afford(unit, requester, project, Millionths(owed))
    _pay(unit, requester, project, owed)
    return DebtPaid(project.id, project.title, owed, project.currency)


def _pay(unit: UnitOfWork, requester: Person, project: Project, amount: int) -> None:
    unit.spending.stated.add(project.id, amount)
    payments.set_aside(unit, project, "reserve", requester_account(requester), topup_account(project.id), amount)
    topups.close(unit, requester, project)
