"""The reserve of a project whose tasks come one by one, as a program's HITs do."""

from domain.money.amounts import Millionths
from domain.money.ledger import budget_account, requester_account, topup_account
from domain.money.topups import reserve_each
from domain.people.people import Person
from domain.projects.projects import Project
from services.money import topups, transfers
from services.money.wage_floor import payments
from storage.unit import UnitOfWork


def keep_up(unit: UnitOfWork, requester: Person, project: Project, seconds: float) -> None:
    """After more answers were asked for, each of so many seconds: the reserve of all that are still to come, as far as
    it is not there already. Raises FundsMissing."""
    if unit.topups.promised(project.id) is None:
        return
    more = lacking(unit, project, seconds)
    if more > 0:
        transfers.afford(unit, requester, project, more)
        payments.set_aside(unit, project, "reserve", requester_account(requester), topup_account(project.id), more)
    topups.settle(unit, project)


def lacking(unit: UnitOfWork, project: Project, seconds: float, places: int = 0) -> Millionths:
    """What the reserve lacks for all answers that are to come, and so many more; below zero where it has more."""
    promised = unit.topups.promised(project.id)
    if promised is None:
        return Millionths(0)
    new = places * project.cost_each
    to_come = (unit.ledger.balance(budget_account(project.id), project.currency) + new) // project.cost_each
    there = unit.ledger.balance(topup_account(project.id), project.currency)
    each = reserve_each(project.pay, Millionths(promised.floor), seconds)
    return Millionths(max(each * to_come - there, topups.missing_for(unit, project, new=new)))
