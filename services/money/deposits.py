"""Deposits of requesters and refunds of unused money: recorded by an admin, notified to both."""

from domain.money.amounts import Millionths, require_whole_cents, split_leading_money
from domain.money.deposits import DepositRecorded, FundsDeposited, FundsRefunded, RefundRecorded
from domain.money.ledger import requester_account
from domain.people.accounts import Person, PersonId
from domain.refusals import BadInput, NotFound
from formats.bank.iban import find_requester
from services.act import Act
from services.money import transfers
from services.people import accounts
from storage.unit import UnitOfWork

MAX_REFERENCE_CHARS = 140  # characters of a reference


def record_deposit(act: Act, who: str, amount: str, reference: str) -> DepositRecorded:
    """Record the deposit of `/deposit PERSON AMOUNT [reference]` and tell the requester, once per request however often
    the request is delivered. A person who never wrote to the bot is created. Raise BadInput for a bad amount,
    NotWholeCents, and NotFound for a person who has left."""
    unit = act.unit
    value, currency, memo = _parse_amount(act, "deposit", who, amount, reference)
    person = get_present_person(unit, who)
    operation = post_deposit(act, person, amount=value, currency=currency, key=act.key, memo=memo)
    free_money = unit.ledger.balance(requester_account(person), currency)
    return DepositRecorded(
        who=person.label,
        met=bool(person.name),
        amount=value,
        available=free_money,
        currency=currency,
        reference=memo,
        operation=operation,
    )


def post_deposit(act: Act, person: Person, amount: Millionths, currency: str, key: str, memo: str) -> int | None:
    """Move a deposit from the bank to the requester's account, and tell the requester unless they recorded it
    themselves. Return the transfer's number, or None if the key was recorded before."""
    unit = act.unit
    operation = transfers.post_deposit(unit, person, amount=amount, currency=currency, key=key, memo=memo)
    unit.audit.note(act.person.id, "deposit", f"person:{person.id}", amount=amount, reference=memo, transfer=operation)
    free_money = unit.ledger.balance(requester_account(person), currency)
    if person.id != act.person.id and person.name:
        unit.outbox.tell(
            person.id,
            FundsDeposited(
                amount=amount,
                available=free_money,
                currency=currency,
                reference=memo,
                operation=operation,
                team=person.team_name,
            ),
        )
    return operation


def record_refund(act: Act, who: str, amount: str, reference: str) -> RefundRecorded:
    """Record the refund of `/refund PERSON AMOUNT [reference]`: unused money that was sent back to a requester, who is
    told. Raise BadInput for a bad amount, NotWholeCents, NotFound, and MoreThanThere if it is not free."""
    unit = act.unit
    value, currency, memo = _parse_amount(act, "refund", who, amount, reference)
    person = accounts.get_person(unit, who)
    operation = transfers.post_refund(unit, person, amount=value, currency=currency, key=act.key, memo=memo)
    unit.audit.note(act.person.id, "refund", f"person:{person.id}", amount=value, reference=memo, transfer=operation)
    free_money = unit.ledger.balance(requester_account(person), currency)
    if person.id != act.person.id:
        unit.outbox.tell(
            person.id,
            FundsRefunded(
                amount=value,
                available=free_money,
                currency=currency,
                reference=memo,
                operation=operation,
                team=person.team_name,
            ),
        )
    return RefundRecorded(
        who=person.label, amount=value, available=free_money, currency=currency, reference=memo, operation=operation
    )


def has_left(unit: UnitOfWork, person: Person) -> bool:
    """Return whether an account has no owner any more: an erased person or a closed team could neither use the money
    nor ask for it back."""
    team = unit.teams.find(person.id) if person.is_team else None
    return person.telegram_id is None or (team is not None and team.closed_at is not None)


def get_present_person(unit: UnitOfWork, who: str) -> Person:
    """Return the person named by id, @username or the reference of their bank transfers; create one who never wrote to
    the bot. Raise NotFound for an unknown name, an erased person and a closed team."""
    person = _find_person(unit, who, meet=True)
    if person is None or has_left(unit, person):
        raise NotFound(what="person", name=who)
    return person


def _find_person(unit: UnitOfWork, who: str, meet: bool = False) -> Person | None:
    """Return the person named so, or by the reference of their bank transfers; None if that reference is nobody's. With
    `meet`, create a person who never wrote to the bot. Raise NotFound for an unknown name."""
    number = find_requester(who)
    return accounts.get_person(unit, who, meet) if number is None else unit.people.find(PersonId(number))


def _account_currencies(unit: UnitOfWork, who: str) -> list[str]:
    """Return the currencies of this person's account; none if nobody is named so."""
    try:
        person = _find_person(unit, who)
    except NotFound:
        return []
    return [] if person is None else unit.ledger.currencies(requester_account(person))


def _parse_amount(act: Act, command: str, who: str, amount: str, reference: str) -> tuple[Millionths, str, str]:
    """Return the amount (above zero, in whole cents), its currency and the reference, cut to MAX_REFERENCE_CHARS.

    The currency is the platform's, unless the amount names another that the person's account has. Raise BadInput or
    NotWholeCents."""
    words, usage, house_currency = f"{amount} {reference}", f"/{command} {who} {{}}", act.house.terms.currency
    value, memo, currency = split_leading_money(words, house_currency, _account_currencies(act.unit, who), usage)
    if who and amount and not value:
        raise BadInput(what=f"{command}_amount", value=amount, expected=["amount"])
    if not who or not value:
        raise BadInput(what=command, value=f"{who} {amount}".strip(), expected=[f"/{command} PERSON AMOUNT"])
    require_whole_cents(value, currency, words.removesuffix(memo).strip())
    return value, currency, memo[:MAX_REFERENCE_CHARS]
