"""What would become of each line of a bank's file, beside what is in the book. Records nothing."""

from collections.abc import Container
from dataclasses import dataclass, field, replace
from hashlib import sha256

from domain.moments import DAY, later
from domain.money.amounts import Millionths
from domain.money.bank_lines import NOT_POSTED, BankLine
from domain.money.ledger import requester_account
from domain.money.messages.bank_statements import UnmatchedLine
from domain.people.people import Person
from formats.bank.creditor_reference import OWN
from formats.bank.credits import Credit
from formats.bank.iso20022 import BankMessage
from services.act import Act
from services.money import deposits
from services.money.bank import lines, payout_answers
from services.money.bank.payout_answers import Matched
from storage.unit import UnitOfWork

TYPED = 60 * DAY  # a movement of the same sum from elsewhere within this time may be this one: typed, or a table's row
ROW = "row:"  # begins the key of one from a table


@dataclass(slots=True)
class Found:
    """What a bank's file says, beside what is in the book: nothing of it is booked yet."""

    deposits: list[tuple[Credit, Person, bool]] = field(default_factory=list)  # booked before or not
    waiting: list[tuple[BankLine, str, int | None, int | None]] = field(default_factory=list)  # why, person, movement
    unmatched: list[UnmatchedLine] = field(default_factory=list)
    known: int = 0
    answers: Matched = field(default_factory=Matched)

    @property
    def new(self) -> int:
        """How many lines a press would keep, beside deposits."""
        return len(self.waiting) + sum(step.answer.line is not None for step in self.answers.steps)


def key_of(credit: Credit) -> str:
    """The account and the bank's own reference: the same in a statement and in an advice."""
    return f"{credit.source}:" + sha256(f"{credit.account}\n{credit.number}".encode()).hexdigest()[:32]


def match(act: Act, said: BankMessage) -> Found:
    """What would become of each line. Records nothing."""
    unit, currency, found = act.unit, act.house.terms.currency, Found()
    own = [key_of(credit) for credit in said.credits]
    for credit in said.credits:
        flaw, person = _judge(unit, credit, currency, own)
        booked = unit.ledger.is_posted(f"deposit:{key_of(credit)}")
        if credit.line is not None and unit.payouts.lines.is_known(credit.line.key) and (flaw or not booked):
            found.known += 1
        elif flaw or person is None:
            _wait(unit, found, credit.line, flaw, person)
        else:
            found.deposits.append((credit, person, booked))
    for line in said.others:
        if unit.payouts.lines.is_known(line.key) or _is_told(unit, line):
            found.known += 1
        else:
            _wait(unit, found, line, "reversal" if line.reversal else "debit" if line.debit else "reference", None)
    found.answers = payout_answers.match(unit, said.answers)
    return found


def _is_told(unit: UnitOfWork, line: BankLine) -> bool:
    """Whether another view told of the parts of this entry."""
    return line.amount > 0 and unit.payouts.lines.sum_of_entry(line) == line.amount


def _wait(unit: UnitOfWork, found: Found, line: BankLine | None, why: str, person: Person | None) -> None:
    if line is None:
        return
    since = later(unit.now, -TYPED)
    movement = None
    if why in ("debit", "reference"):
        movement = unit.payouts.lines.find_recorded(line, since)
        why = why if movement is None else "typed"
    elif why == "typed" and person is not None:
        movement = unit.payouts.lines.find_deposit(line, requester_account(person), since)
    found.waiting.append((line, why, person.id if person else None, movement))
    label = person.label if person else ""
    shown = lines.shown(unit, line, why)
    found.unmatched.append(replace(shown, party=f"{label} · {line.said}" if label else shown.party))


def effect_of(found: Found) -> dict[str, int]:
    """What a press would add to what the ledger says is on the bank's account, by currency."""
    moved = dict[str, int]()

    def add(currency: str, amount: int) -> None:
        moved[currency] = moved.get(currency, 0) + amount

    for credit, _, booked in found.deposits:
        add(credit.currency, 0 if booked else credit.amount)
    for line, why, *_ in found.waiting:
        add(line.currency, 0 if why in NOT_POSTED else _signed(line))
    for step in found.answers.steps:
        for payout in step.payouts:
            was_paid = payout.state == "paid"
            add(payout.currency, -payout.net if step.answer.paid else payout.net if was_paid else 0)
        for _, payout in step.refused:
            add(payout.currency, -payout.net)
        if step.answer.line is not None and step.why and step.twin is None:
            add(step.answer.line.currency, _signed(step.answer.line))
        if step.clears and step.answer.line is not None:
            add(step.answer.line.currency, step.answer.amount)
    return moved


def _signed(line: BankLine) -> int:
    return -line.amount if line.debit else line.amount


def _judge(unit: UnitOfWork, credit: Credit, currency: str, own: Container[str]) -> tuple[str, Person | None]:
    """Why it can't be booked, empty where it can, and whose it is; `own` are the keys of the file."""
    unknown = "slip" if OWN in "".join(credit.said.upper().split()) else "reference"
    person = None if credit.person is None else unit.people.find(credit.person)
    if person is not None and deposits.is_gone(unit, person):
        person = None
    if credit.flaw or credit.person is None:
        return unknown if credit.flaw in ("", "reference") else credit.flaw, person
    if credit.currency != currency:
        return "currency", person
    key = key_of(credit)
    booked = unit.ledger.posted(f"deposit:{key}")
    if booked not in (None, credit.amount):
        return "known", person
    if person is None:
        return unknown, None
    if booked is None and _elsewhere(unit, person, Millionths(credit.amount), currency, key, own):
        return "typed", person
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
