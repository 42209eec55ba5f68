"""The right to leave: a project gives back what was answered there; a person is forgotten once nothing is owed."""

from typing import Any

from domain.money.amounts import CENT
from domain.money.ledger import available_account, payout_account, pending_account, requester_account
from domain.people.people import Person
from domain.projects.projects import ProjectId
from domain.refusals import NotFound
from services.quality import consensus
from services.work import places
from storage.unit import UnitOfWork

AT_ONCE = 5
TOGETHER = 50  # tasks drawn anew in one transaction: answers go in between


def ask(unit: UnitOfWork, person: Person, sure: bool = False) -> None:
    """What would go, what stays, and what is still open; nothing happens yet."""
    unit.outbox.say(person.id, "forgetting.ask", sure=sure, open=open_matters(unit, person), worker=person.is_worker)


def keep(unit: UnitOfWork, person: Person) -> None:
    """They thought better of it."""
    unit.outbox.say(person.id, "forgetting.kept")


def forget(unit: UnitOfWork, person: Person) -> None:
    """Nobody gives up money by leaving: what is open is shown instead. Else the farewell is the last message."""
    if open_matters(unit, person):
        ask(unit, person)
        return
    if unit.erasure.begin(person.id):
        in_hand = unit.assignments.active_for(person.id)
        if in_hand is not None:
            places.hand_back(unit, in_hand)
        unit.outbox.say(person.id, "forgetting.farewell", key=f"farewell:{person.id}:{unit.now}")


def ask_withdraw(unit: UnitOfWork, person: Person, number: int) -> None:
    """What ending the consent to one project does; nothing happens yet."""
    project = unit.projects.find(ProjectId(number))
    enrolment = unit.enrolments.find(person.id, project.id) if project else None
    if project is None or enrolment is None or enrolment.consented_at is None:
        raise NotFound(what="consent", name=str(number))
    unit.outbox.say(person.id, "forgetting.ask_one", number=project.id, title=project.title, answers=enrolment.answered)


def withdraw(unit: UnitOfWork, person: Person, number: int) -> None:
    """Consent to one project ends: no task of it any more, and its requester's files lose these answers."""
    project = unit.projects.find(ProjectId(number))
    answers = unit.erasure.withdraw(person.id, project.id) if project else None
    if project is None or answers is None:
        raise NotFound(what="consent", name=str(number))
    unit.audit.note(person.id, "withdraw", f"project:{project.id}", answers=answers)
    unit.outbox.say(person.id, "forgetting.withdrawn", title=project.title, answers=answers)


def finish(unit: UnitOfWork) -> None:
    """Forgets whoever has read the farewell; money that came meanwhile keeps them."""
    for number in unit.erasure.ready(AT_ONCE):
        person = unit.people.get(number)
        if open_matters(unit, person):
            unit.erasure.stop(number)
        else:
            if person.telegram_id is not None:
                unit.remembered.keep(number, person.telegram_id)
            unit.erasure.erase(person)
            unit.audit.note(None, "erased", f"person:{number}")


def redraw(unit: UnitOfWork) -> None:
    """What tasks came to without the words of those who took them back."""
    for number in unit.erasure.to_redraw(TOGETHER):
        task = unit.tasks.lock(number)
        if task.gold is None:
            project = unit.projects.get(task.project)
            consensus.settle(unit, project, task, consensus.redraw(unit, project, task))
            unit.reviews.redrawn(task.id)
        unit.erasure.redrawn(task.id)


def open_matters(unit: UnitOfWork, person: Person) -> list[dict[str, Any]]:
    """What must be settled first: each matter by name, money with its amount and currency."""
    found: list[dict[str, Any]] = []
    for what, account in _money(person):
        for currency in unit.ledger.currencies(account):
            amount = unit.ledger.balance(account, currency)
            if amount >= (CENT if what in ("available", "funds") else 1):
                found.append({"what": what, "amount": amount, "currency": currency})
    counts = {"disputed": unit.erasure.disputed(person.id), "running": unit.erasure.running(person.id)}
    return found + [{"what": what, "count": count} for what, count in counts.items() if count]


def _money(person: Person) -> tuple[tuple[str, str], ...]:
    return (
        ("pending", pending_account(person)),
        ("available", available_account(person)),
        ("on_the_way", payout_account(person)),
        ("funds", requester_account(person)),
    )
