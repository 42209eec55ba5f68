"""Moves top-ups: from the reserve to workers, and from a budget or a requester's free money to the reserve."""

from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, available_account, budget_account, topup_account
from domain.money.messages.balances import TopupPaid
from domain.people.people import PersonId
from domain.projects.projects import Project
from storage.boxes.outbox import Lane
from storage.money.topups import MeasuredWindow
from storage.unit import UnitOfWork


def pay_windows(
    unit: UnitOfWork, project: Project, windows: list[MeasuredWindow], beside: int = 0, last_chance: bool = False
) -> set[PersonId]:
    """Pay all that is owed, and return who got something. A reserve that is too small is shared by all answers alike,
    and by so many `beside`, which people are at work on."""
    answers, paid = beside + sum(window.submissions for window in windows), set[PersonId]()
    for window in windows:
        paid |= _pay(unit, project, window, answers, last_chance)
        answers -= window.submissions
    return paid


def _pay(unit: UnitOfWork, project: Project, window: MeasuredWindow, answers: int, last_chance: bool) -> set[PersonId]:
    """The same to every answer of the window: all that is owed, or at first, and at last, its share of what there is
    for so many `answers`."""
    there = unit.ledger.locked_balance(topup_account(project.id), project.currency)
    owed = window.each_owed - window.each_paid
    each = min(owed, there // answers)
    if each <= 0 or (each < owed and window.each_paid and not last_chance):
        return set()
    part = f":{window.each_paid}" if window.each_paid else ""
    earners = unit.topups.earners(project.id, window.number)
    for worker, given in earners:
        key = f"topup:{project.id}:{window.number}:{worker}{part}"
        _pay_one(unit, project, worker, key, each * given, given)
    unit.topups.paid(project.id, window.number, each)
    return {worker for worker, _ in earners}


def _pay_one(unit: UnitOfWork, project: Project, worker: PersonId, key: str, amount: int, answers: int) -> None:
    earner = unit.people.get(worker)
    about = (topup_account(project.id), available_account(earner), Millionths(amount), project.currency, project.id)
    transfer = unit.ledger.post(Transfer(key, "topup", *about))
    told = TopupPaid(project.title, amount, project.currency, answers, transfer)
    unit.outbox.tell(worker, told, lane=Lane.BROADCAST, key=key)


def cover(unit: UnitOfWork, project: Project, due: int) -> None:
    """Cover top-ups of an ended project from its budget, beyond the reserve."""
    reserve, budget = topup_account(project.id), budget_account(project.id)
    lacking = due - unit.ledger.locked_balance(reserve, project.currency)
    taken = min(lacking, unit.ledger.locked_balance(budget, project.currency))
    set_aside(unit, project, "reserve", budget, reserve, taken)


def set_aside(unit: UnitOfWork, project: Project, kind: str, source: str, target: str, amount: int) -> None:
    """Moves money to or from the reserve, under a key unique to the call."""
    if amount <= 0:
        return
    reserve = topup_account(project.id)
    unit.ledger.open((reserve,), project.currency)
    key = f"{kind}:{project.id}:{unit.ledger.version(reserve, project.currency)}"
    unit.ledger.post(Transfer(key, kind, source, target, Millionths(amount), project.currency, project.id))
