"""The bank's statement: credits with a requester's reference and answers about payouts are listed, and booked with one
press."""

from collections.abc import Container
from hashlib import sha256
from typing import Any

from domain.moments import DAY, later
from domain.money.amounts import Millionths
from domain.money.ledger import requester_account
from domain.money.messages.bank_statements import (
    StatementBooked,
    StatementDeposit,
    StatementRead,
    UnmatchedCredit,
)
from domain.money.payouts import masked
from domain.people.people import Person, PersonId
from domain.refusals import StatementRefused
from formats.bank.camt import Credit
from formats.bank.creditor_reference import OWN, of_person
from formats.bank.iso20022 import BankMessage
from services.act import Act
from services.money import deposits, payout_answers
from storage.unit import UnitOfWork

JOURNEY = "bank_statement"
LONGEST = 140  # characters of a memo
TYPED = 60 * DAY  # a deposit of the same sum from elsewhere within this time may be this one: typed, or a table's row
ROW = "row:"  # begins the key of one from a table


def check(act: Act) -> None:
    """Raises NotAllowed for who is no admin."""
    act.require("admin")


def read(act: Act, number: int, said: BankMessage) -> StatementRead:
    """Books nothing: what can be booked is kept until the button is pressed. The number tells this list from others."""
    unit, currency, iban = act.unit, act.house.terms.currency, act.house.payer.iban
    act.require("admin")
    accounts = {each.account for each in said.credits} | {each.account for each in said.answers if each.account}
    if accounts and (not iban or accounts - {iban}):
        raise StatementRefused(why="account")
    _check_debtors(unit, said, iban)
    found, kept, unmatched = list[StatementDeposit](), list[list[object]](), list[UnmatchedCredit]()
    own = [key_of(credit) for credit in said.credits]
    for credit in said.credits:
        flaw, person = _judged(unit, credit, currency, own)
        if flaw or person is None:
            unmatched.append(UnmatchedCredit(credit.amount, credit.currency, credit.payer, credit.said, flaw))
            continue
        booked = unit.ledger.posted(f"deposit:{key_of(credit)}") is not None
        found.append(StatementDeposit(person.label, credit.amount, of_person(person.id), booked))
        kept.append([key_of(credit), credit.amount, person.id, f"{of_person(person.id)} {credit.number}"[:LONGEST]])
    answers = payout_answers.match(unit, said.answers)
    draft = {"statement": number, "currency": currency, "deposits": kept, "payouts": answers.kept}
    unit.drafts.keep(act.person.id, JOURNEY, draft, unit.now)
    payouts = (tuple(answers.found), answers.known, tuple(answers.unclear))
    return StatementRead(number, currency, tuple(found), tuple(unmatched), *payouts, said.wise)


def _check_debtors(unit: UnitOfWork, said: BankMessage, iban: str) -> None:
    """A report on somebody else's file may use our references. Ours are the account set now, and those that the files
    it answers were paid from."""
    files = (unit.payouts.find_file(each) for each in {each.file for each in said.answers if each.file is not None})
    own = {iban, *(file.payer_iban for file in files if file is not None)}
    for account, where in said.debtors.items():
        if account not in own:
            raise StatementRefused(why="debtor", what=masked(account), where=where)


def book(act: Act, statement: int) -> StatementBooked:
    """Each deposit and each answer of the list once, however often the list or another file with it is booked; none
    that may have been recorded since the list was made."""
    kept, currency = _kept(act, statement), act.house.terms.currency
    found: list[tuple[str, int, int, str]] = kept["deposits"]
    act.unit.drafts.drop(act.person.id)
    made, typed, own = list[int](), 0, [key for key, *_ in found]
    for key, amount, person, memo in found:
        whom = act.unit.people.get(PersonId(person))
        if act.unit.ledger.is_posted(f"deposit:{key}") or deposits.is_gone(act.unit, whom):
            continue
        if _elsewhere(act.unit, whom, Millionths(amount), currency, key, own):
            typed += 1
            continue
        deposits.record(act, whom, Millionths(amount), currency, key, memo)
        made.append(amount)
    paid, failed, left = payout_answers.record(act, kept.get("payouts", ()))
    before = len(found) - len(made) + left
    return StatementBooked(len(made), sum(made), currency, before, paid, failed, typed)


def _kept(act: Act, statement: int) -> dict[str, Any]:
    """The list of this number. Raises StatementRefused for an older one, and one in another currency."""
    draft, currency = act.unit.drafts.of(act.person.id), act.house.terms.currency
    if draft is None or draft.journey != JOURNEY or draft.kept["statement"] != statement:
        raise StatementRefused(why="old")
    if draft.kept.get("currency", currency) != currency:
        raise StatementRefused(why="old")
    return draft.kept


def key_of(credit: Credit) -> str:
    """The account and the bank's own reference: the same in a statement and in an advice."""
    return f"{credit.source}:" + sha256(f"{credit.account}\n{credit.number}".encode()).hexdigest()[:32]


def _judged(unit: UnitOfWork, credit: Credit, currency: str, own: Container[str]) -> tuple[str, Person | None]:
    """Why it can't be booked, or whose it is; `own` are the keys of the file."""
    unknown = "slip" if OWN in "".join(credit.said.upper().split()) else "reference"
    if credit.flaw or credit.person is None:
        return unknown if credit.flaw in ("", "reference") else credit.flaw, None
    if credit.currency != currency:
        return "currency", None
    key = key_of(credit)
    booked = unit.ledger.posted(f"deposit:{key}")
    if booked not in (None, credit.amount):
        return "known", None
    person = unit.people.find(credit.person)
    if person is None or deposits.is_gone(unit, person):
        return unknown, None
    if booked is None and _elsewhere(unit, person, Millionths(credit.amount), currency, key, own):
        return "typed", None
    return "", person


def _elsewhere(
    unit: UnitOfWork, person: Person, amount: Millionths, currency: str, key: str, own: Container[str]
) -> bool:
    """Whether this sum was recorded for them lately, typed or from another source. What a table's row is known by
    changes with its columns and its caption: for it another table is another source, too."""
    recorded = unit.ledger.deposits(requester_account(person), amount, currency, later(unit.now, -TYPED))
    others = (each.removeprefix("deposit:") for each in recorded)
    if key.startswith(ROW):
        return any(each not in own for each in others)
    source = key.partition(":")[0]
    return any(each.partition(":")[0] != source for each in others)
