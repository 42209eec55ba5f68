"""Deposits of requesters and refunds of unused money: recorded by an admin, notified to both."""

from domain.money.amounts import Millionths, check_cents, leading_money
from domain.money.deposits import (
    DepositRecorded,
    FundsDeposited,
    FundsRefunded,
    RefundRecorded,
)
from domain.money.ledger import requester_account
from domain.people.accounts import Person, PersonId
from domain.refusals import BadInput, NotFound
from formats.bank.iban import person_in
from services.act import Act
from services.money import transfers
from services.people import accounts
from storage.unit import UnitOfWork

LONGEST = 140  # characters of a reference


def deposit(act: Act, who: str, amount: str, reference: str) -> DepositRecorded:
    """`/deposit PERSON AMOUNT [reference]`: recorded once per request, however often it is delivered."""
    unit = act.unit
    sum_, currency, memo = _amount(act, "deposit", who, amount, reference)
    person = require_person(unit, who)
    made = record(act, person, sum_, currency, act.key, memo)
    free = unit.ledger.balance(requester_account(person), currency)
    return DepositRecorded(person.label, bool(person.name), sum_, free, currency, memo, made)


def record(act: Act, person: Person, amount: Millionths, currency: str, key: str, memo: str) -> int | None:
    """Moves it and tells the requester; the transfer's id, None where the key was recorded before."""
    unit = act.unit
    made = transfers.deposit(unit, person, amount, currency, key, memo)
    unit.audit.note(act.person.id, "deposit", f"person:{person.id}", amount=amount, reference=memo, transfer=made)
    free = unit.ledger.balance(requester_account(person), currency)
    if person.id != act.person.id and person.name:
        unit.outbox.tell(person.id, FundsDeposited(amount, free, currency, memo, made, person.team_name))
    return made


def refund(act: Act, who: str, amount: str, reference: str) -> RefundRecorded:
    """`/refund PERSON AMOUNT [reference]`: the way back of a deposit."""
    unit = act.unit
    sum_, currency, memo = _amount(act, "refund", who, amount, reference)
    person = accounts.get_person(unit, who)
    made = transfers.refund(unit, person, sum_, currency, act.key, memo)
    unit.audit.note(act.person.id, "refund", f"person:{person.id}", amount=sum_, reference=memo, transfer=made)
    free = unit.ledger.balance(requester_account(person), currency)
    if person.id != act.person.id:
        unit.outbox.tell(person.id, FundsRefunded(sum_, free, currency, memo, made, person.team_name))
    return RefundRecorded(person.label, sum_, free, currency, memo, made)


def is_gone(unit: UnitOfWork, person: Person) -> bool:
    """Erased, or a team that is closed: nobody could use money there, or ask for it back."""
    team = unit.teams.find(person.id) if person.is_team else None
    return person.telegram_id is None or (team is not None and team.closed_at is not None)


def require_person(unit: UnitOfWork, who: str) -> Person:
    """A person, also by the reference of their transfers. Raises NotFound, for who is gone too."""
    found = _known(unit, who, meet=True)
    if found is None or is_gone(unit, found):
        raise NotFound(what="person", name=who)
    return found


def _known(unit: UnitOfWork, who: str, meet: bool = False) -> Person | None:
    number = person_in(who)
    return accounts.get_person(unit, who, meet) if number is None else unit.people.find(PersonId(number))


def _currencies(unit: UnitOfWork, who: str) -> list[str]:
    """Those of their account; none where nobody is known so."""
    try:
        person = _known(unit, who)
    except NotFound:
        return []
    return [] if person is None else unit.ledger.currencies(requester_account(person))


def _amount(act: Act, command: str, who: str, amount: str, reference: str) -> tuple[Millionths, str, str]:
    """Whole cents above zero; the currency, which is the house's where they name none that their account has; and the
    reference, cut."""
    words, said, house = f"{amount} {reference}", f"/{command} {who} {{}}", act.house.terms.currency
    value, memo, currency = leading_money(words, house, _currencies(act.unit, who), said)
    if who and amount and not value:
        raise BadInput(what=f"{command}_amount", value=amount, expected=["amount"])
    if not who or not value:
        raise BadInput(what=command, value=f"{who} {amount}".strip(), expected=[f"/{command} PERSON AMOUNT"])
    check_cents(value, currency, words.removesuffix(memo).strip())
    return value, currency, memo[:LONGEST]
