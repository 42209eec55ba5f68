"""What whoever runs the bot may ask and do. Every act is in the audit log."""

from typing import Any

from domain.money.amounts import Millionths
from domain.money.ledger import budget_account, requester_account
from domain.money.pricing import Terms
from domain.people.messages import RoleGranted, RoleSet, RoleWithdrawn
from domain.people.people import Person
from domain.projects.projects import Project
from domain.refusals import BadInput, NotFound
from services.act import Act
from services.money import transfers, wallet
from services.people import onboarding
from storage.unit import UnitOfWork

NOBODY = ""
LARGEST_ID = 2**52  # Telegram promises that ids fit into 52 bits


def deposit(
    unit: UnitOfWork, admin: Person, who: str, amount: Millionths, reference: str, key: str, terms: Terms
) -> None:
    """Records money that reached the bank for a requester, and tells both."""
    if amount <= 0:
        raise BadInput(what="amount", value=str(amount), expected=["amount"])
    person = find(unit, who, meet=True)
    transfer = transfers.deposit(unit, person, amount, terms.currency, key, reference)
    unit.audit.note(admin.id, "deposit", f"person:{person.id}", amount=amount, reference=reference, transfer=transfer)
    after = unit.ledger.balance(requester_account(person), terms.currency)
    facts: dict[str, Any] = {"amount": amount, "available": after, "currency": terms.currency, "reference": reference}
    unit.outbox.say(admin.id, "admin.deposited", who=person.label, transfer=transfer, met=bool(person.name), **facts)
    if person.id != admin.id and person.name:
        unit.outbox.say(person.id, "projects.deposited", transfer=transfer, **facts)


def refund(
    unit: UnitOfWork, admin: Person, who: str, amount: Millionths, reference: str, key: str, terms: Terms
) -> None:
    """Records unused money that the bank sent back to a requester, and tells both."""
    person = find(unit, who)
    transfer = transfers.refund(unit, person, amount, terms.currency, key, reference)
    unit.audit.note(admin.id, "refund", f"person:{person.id}", amount=amount, reference=reference, transfer=transfer)
    after = unit.ledger.balance(requester_account(person), terms.currency)
    facts: dict[str, Any] = {"amount": amount, "available": after, "currency": terms.currency, "reference": reference}
    unit.outbox.say(admin.id, "admin.refunded", who=person.label, transfer=transfer, **facts)
    if person.id != admin.id:
        unit.outbox.say(person.id, "projects.refunded", transfer=transfer, **facts)


def balance(unit: UnitOfWork, admin: Person, who: str, terms: Terms) -> None:
    person = find(unit, who)
    account = requester_account(person)
    there = unit.ledger.currencies(account)
    unit.audit.note(admin.id, "balance", f"person:{person.id}")
    unit.outbox.say(
        admin.id,
        "admin.balance",
        who=person.label,
        telegram_id=person.telegram_id,
        worker=person.is_worker,
        asks=bool(there) or person.requester,
        free=[
            {"currency": currency, "amount": unit.ledger.balance(account, currency)}
            for currency in there or [terms.currency]
        ],
        projects=[_project(unit, project) for project in unit.projects.of(person.id)],
        **wallet.balance_of(unit, person, terms),
    )


def _project(unit: UnitOfWork, project: Project) -> dict[str, Any]:
    return {
        "number": project.id,
        "title": project.title,
        "state": project.state.value,
        "held": unit.ledger.balance(budget_account(project.id), project.currency),
        "currency": project.currency,
    }


def set_role(act: Act, who: str, role: str, state: str) -> RoleSet:
    """Grants or takes the requester's role; running projects go on."""
    unit, on = act.unit, state.lower() == "on"
    if not who or role.lower() != "requester" or state.lower() not in ("on", "off"):
        expected = ["/role PERSON requester on", "/role PERSON requester off"]
        raise BadInput(what="role", value=" ".join((who, role, state)).strip(), expected=expected)
    person = find(unit, who.lower(), meet=True)
    unit.people.make_requester(person.id, on)
    unit.audit.note(act.person.id, "role", f"person:{person.id}", requester=on)
    if person.name:
        onboarding.show_menu(act, unit.people.get(person.id))
        if person.id != act.person.id:
            unit.outbox.tell(person.id, RoleGranted() if on else RoleWithdrawn())
    return RoleSet(person.label, on)


def find(unit: UnitOfWork, who: str, meet: bool = False) -> Person:
    """By Telegram id or @username. With `meet` an id nobody has seen yet is noted, so that it can be given things."""
    name, person = who.strip(), None
    if name.isdecimal():
        telegram_id = int(name[:20])
        if 0 < telegram_id < LARGEST_ID:
            person = unit.people.by_telegram_id(telegram_id)
            if person is None and meet:
                person = unit.people.meet(telegram_id, None, NOBODY, "en", unit.now)
    elif name:
        person = unit.people.by_username(name.removeprefix("@"))
    if person is None:
        raise NotFound(what="person", name=who)
    return person
