"""A requester raises the pay of a project, with one press. Once it was launched, pay never goes down.

From then on every answer is paid the new pay, one whose task was shown with the old pay too: what was promised was the
least. The difference is held for every answer that can still be asked for, before anybody is told.
"""

from dataclasses import replace
from typing import Any

from domain.money.amounts import LARGEST, Millionths, as_decimal, fee_on
from domain.money.ledger import budget_account
from domain.money.pricing import LARGEST_PAY, Terms, raises_of
from domain.people.people import Person
from domain.projects.projects import Project, ProjectState
from domain.refusals import BadInput, OnlyUp, WrongState
from services.money import topups, transfers
from services.projects import ownership, projects
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

TOLD = 1_000  # workers with a task in hand who are told at once


def offer(unit: UnitOfWork, requester: Person, number: int, terms: Terms) -> None:
    """What some raises would cost."""
    project = _raisable(unit, requester, number)
    steps = [_priced(unit, project, pay, terms) for pay in raises_of(project.pay)]
    offered = [{"pay": raised.pay, "more": more} for raised, more in steps]
    facts: dict[str, Any] = {"number": project.id, "title": project.title, "currency": project.currency}
    unit.outbox.say(requester.id, "raising.offer", pay=project.pay, offered=offered, **facts)


def raise_pay(unit: UnitOfWork, requester: Person, number: int, pay: Millionths, terms: Terms) -> None:
    """Holds the difference, or names what is missing and changes nothing. A second press finds it done."""
    unit.pay_raises.lock(_raisable(unit, requester, number).id)
    project = _raisable(unit, requester, number)
    if pay > LARGEST_PAY:
        raise BadInput(what="raise", value=str(as_decimal(pay)), expected=["amount"])
    if project.state is ProjectState.DRAFT:
        unit.projects.reprice(project.id, pay, fee_on(pay, terms.fee_percent))
        projects.preview(unit, requester, number, terms)
        return
    if pay <= project.pay:
        raise OnlyUp(number=number, pay=project.pay, currency=project.currency)
    raised, more = _priced(unit, project, pay, terms)
    turn = unit.pay_raises.next_number(project.id)
    if more:
        transfers.hold_more(unit, requester, project, more, turn)
    unit.pay_raises.keep(project, turn, raised.pay, raised.fee, more, unit.submissions.last_of(project.id))
    topups.settle(unit, raised)
    _tell(unit, requester, project, raised, more)


def _raisable(unit: UnitOfWork, requester: Person, number: int) -> Project:
    project = ownership.mine(unit, requester, number)
    if project.state not in (ProjectState.DRAFT, ProjectState.RUNNING):
        raise WrongState(number=number, state=project.state.value)
    return project


def _priced(unit: UnitOfWork, project: Project, pay: Millionths, terms: Terms) -> tuple[Project, Millionths]:
    """The project at this pay, and what that takes: for each answer the budget pays for now, the difference."""
    fee = max(project.fee, fee_on(pay, terms.fee_percent))
    raised = replace(project, pay=pay, fee=fee)
    if project.state is ProjectState.DRAFT:
        return raised, Millionths(0)
    answers = unit.ledger.locked_balance(budget_account(project.id), project.currency) // project.cost_each
    more = (raised.cost_each - project.cost_each) * answers
    if more > LARGEST:
        raise BadInput(what="cost", value=str(answers), expected=[])
    return raised, Millionths(more)


def _tell(unit: UnitOfWork, requester: Person, was: Project, raised: Project, more: int) -> None:
    facts: dict[str, Any] = {"title": raised.title, "currency": raised.currency, "pay": raised.pay, "before": was.pay}
    unit.outbox.say(requester.id, "raising.raised", number=raised.id, held=more, **facts)
    for worker in unit.pay_raises.at_it(raised.id, TOLD):
        told: dict[str, Any] = {"lane": Lane.BROADCAST, "klass": "nudge", "expires_in": raised.minutes * 60_000}
        unit.outbox.say(worker, "raising.news", **told, **facts)
