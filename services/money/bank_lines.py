"""Lines of the bank that fit nothing: their money is in the book as unexplained, until a person says what they are."""

from dataclasses import replace
from hashlib import sha256

from domain.money.amounts import Millionths
from domain.money.bank_statements import (
    CHARGE,
    DEPOSIT,
    EXPLANATIONS,
    NOT_POSTED,
    OWN,
    PAYOUT,
    RECORDED,
    UNEXPLAINED,
    BankLine,
    BankLineExplained,
    BankLineShown,
    BankLinesListed,
    BankRecord,
    Unexplained,
    UnmatchedLine,
)
from domain.money.ledger import BANK, Transfer
from domain.money.payouts import Payout, PayoutState
from domain.people.accounts import Person
from domain.refusals import BadInput, NotFound
from services.act import Act
from services.money import deposits, operator_money, settlement
from storage.unit import UnitOfWork

LISTED = 8  # lines on a page
CURRENCY_LETTERS = 3
EXAMPLE = "/bank 12 deposit PERSON"


def part(line: BankLine, name: str, amount: int) -> BankLine:
    """Return a part of a line, known by its name."""
    key = sha256(f"{line.key}\n{name}".encode()).hexdigest()[:32]
    return replace(line, key=key, entry="", amount=amount, reference=f"{line.reference} {name}".strip())


def label_of(unit: UnitOfWork, payout: int | None) -> str:
    """Return whose payout it is, as admins read it; empty for none of ours."""
    found = None if payout is None else unit.payouts.find(payout)
    return unit.people.get(found.worker).label if found else ""


def shown(
    unit: UnitOfWork, line: BankLine, why: str, payout: int | None = None, file: int | None = None
) -> UnmatchedLine:
    """Return a line of a bank's file as it is shown before anything is booked."""
    money = (line.amount, line.currency, line.debit)
    about = (line.written, line.booked_on, line.reference, label_of(unit, payout) or party_of(line))
    return UnmatchedLine(why, *money, *about, payout, file)


def party_of(line: BankLine) -> str:
    """Return who paid or was paid, and for what, in the bank's words."""
    return " · ".join(filter(None, (line.party, line.said)))


def wait(
    unit: UnitOfWork,
    line: BankLine,
    why: str,
    *,
    payout: int | None = None,
    file: int | None = None,
    person: int | None = None,
    recorded: int | None = None,
) -> bool:
    """Keep a line that waits, and its money as unexplained; False where it was kept before. `recorded` is the movement
    that it may be: then its money is in the book already."""
    if unit.payouts.lines.is_known(line.key):
        return False
    suspense = None if why in NOT_POSTED else _post(unit, line)
    payout = payout if payout and unit.payouts.find(payout) else None
    file = file if file and unit.payouts.find_file(file) else None
    about = {"payout": payout, "file": file, "person": person}
    party = "" if payout or person else party_of(line)
    unit.payouts.lines.add(line, state="waiting", why=why, party=party, suspense=suspense, transfer=recorded, **about)
    return True


def _post(unit: UnitOfWork, line: BankLine) -> int | None:
    """Move a line's money between the bank and what is unexplained; None where its amount can't be read."""
    if not line.amount or len(line.currency) != CURRENCY_LETTERS or not line.currency.isalpha():
        return None
    way = (UNEXPLAINED, BANK) if line.debit else (BANK, UNEXPLAINED)
    unit.ledger.open(way, line.currency)
    key, amount = f"unexplained:{line.key}", Millionths(line.amount)
    return unit.ledger.post(Transfer(key, "unexplained", *way, amount, line.currency, memo=line.reference))


def clear(act: Act, key: str) -> None:
    """Explain a debit that waited: the bank has sent it back."""
    line = act.unit.payouts.lines.find(key)
    if line is not None and line.state == "waiting":
        _explain(act, line, "returned", None)


def _explain(act: Act, line: BankRecord, why: str, transfer: int | None, person: int | None = None) -> bool:
    """Record what a line was; what was kept as unexplained is taken back. False where it was explained before."""
    undone = _undo(act.unit, line)
    about = {"undone": undone, "transfer": transfer, "person": person}
    if not act.unit.payouts.lines.explain(line, why, act.person.id, **about):
        return False
    act.unit.audit.note(act.person.id, "bank line", f"line:{line.id}", why=why, transfer=transfer)
    return True


def _undo(unit: UnitOfWork, line: BankRecord) -> int | None:
    if line.suspense is None:
        return None
    way = (BANK, UNEXPLAINED) if line.debit else (UNEXPLAINED, BANK)
    key = f"explained:{line.key}"
    return unit.ledger.post(
        Transfer(key, "explained", *way, line.amount, line.currency, reverses=line.suspense, memo=line.reference)
    )


def listed(act: Act, page: int = 0) -> BankLinesListed:
    """`/bank`: the lines that wait, a page at a time, the oldest first."""
    unit = act.unit
    count = unit.payouts.lines.count_waiting()
    pages = max(1, -(-count // LISTED))
    page = min(max(0, page), pages - 1)
    found = unit.payouts.lines.waiting(LISTED, page * LISTED)
    return BankLinesListed(tuple(_view(unit, each) for each in found), count, page, pages, unexplained(unit))


def unexplained(unit: UnitOfWork) -> tuple[Unexplained, ...]:
    """Return what external:unexplained holds, by currency; empty where nothing is open."""
    sums = ((currency, unit.ledger.balance(UNEXPLAINED, currency)) for currency in unit.ledger.currencies(UNEXPLAINED))
    return tuple(Unexplained(currency, balance) for currency, balance in sums if balance)


def show(act: Act, line: int) -> BankLineShown:
    """One line and what it can be said to be."""
    return _shown(act, _line(act.unit, line))


def _shown(act: Act, line: BankRecord) -> BankLineShown:
    choices = tuple(choice for choice in EXPLANATIONS if _may_be(act.unit, line, choice))
    who = act.unit.people.get(line.person).label if line.person is not None else ""
    return BankLineShown(_view(act.unit, line), choices, who, line.transfer, line.why == "")


def _view(unit: UnitOfWork, line: BankRecord) -> UnmatchedLine:
    party = label_of(unit, line.payout) or line.party
    if line.person is not None and not party:
        party = unit.people.get(line.person).label
    about = (line.written, line.booked_on, line.reference, party, line.payout, line.file)
    return UnmatchedLine(line.why, line.amount, line.currency, line.debit, *about, line=line.id, code=line.code)


def _may_be(unit: UnitOfWork, line: BankRecord, choice: str) -> bool:
    """Whether a waiting line can be said to be this."""
    if choice == RECORDED:
        return True
    if not line.amount or (line.suspense is None and line.why != "typed"):
        return False
    if choice == PAYOUT:
        payout = _payout_of(unit, line)
        return payout is not None and payout.may_become(_state_of(line))
    if choice == DEPOSIT:
        return not line.debit
    return choice == OWN or line.debit


def _payout_of(unit: UnitOfWork, line: BankRecord) -> Payout | None:
    """Return the payout that a line names with its own amount; None for any other."""
    payout = None if line.payout is None else unit.payouts.find(line.payout)
    return payout if payout and payout.net == line.amount and payout.currency == line.currency else None


def _state_of(line: BankRecord) -> PayoutState:
    return PayoutState.PAID if line.debit else PayoutState.FAILED


def explain(act: Act, line: int, choice: str, who: str = "") -> BankLineExplained:
    """Say what a waiting line is, once. Raises NotFound where that was said before, BadInput for what it can't
    be, and the refusals of the movement that it becomes: then it waits on."""
    unit, found = act.unit, _line(act.unit, line)
    if found.state != "waiting":
        raise NotFound(what="bank_line_done", name=str(found.id))
    if choice not in EXPLANATIONS or not _may_be(unit, found, choice):
        raise BadInput(what="bank_line", value=choice, expected=[EXAMPLE])
    person = _depositor(unit, found, who) if choice == DEPOSIT else None
    recorded = found.transfer if choice == RECORDED else None
    if not _explain(act, found, choice, recorded, person.id if person else None):
        raise NotFound(what="bank_line_done", name=str(found.id))
    transfer = recorded if choice == RECORDED else _become(act, found, choice, person)
    if transfer is not None and choice != RECORDED:
        unit.payouts.lines.link(found, transfer)
    who = person.label if person else ""
    return BankLineExplained(_view(unit, found), choice, who, transfer, unit.payouts.lines.count_waiting())


def _depositor(unit: UnitOfWork, line: BankRecord, who: str) -> Person:
    """Return whose deposit a line is: who is named, else whose reference it bears. Raises NotFound and BadInput."""
    if who:
        return deposits.get_present_person(unit, who)
    person = None if line.person is None else unit.people.get(line.person)
    if person is None or deposits.has_left(unit, person):
        raise BadInput(what="bank_line", value=who, expected=[EXAMPLE])
    return person


def _become(act: Act, line: BankRecord, choice: str, person: Person | None) -> int | None:
    """Record the movement that a line is; its number."""
    memo, key = f"{line.booked_on} {line.reference}".strip(), f"line:{line.key}"
    if person is not None:
        return deposits.post_deposit(act, person, line.amount, line.currency, key, memo)
    if choice in (CHARGE, OWN):
        kind = operator_money.KINDS[choice, line.debit]
        return operator_money.move(act, kind, line.amount, line.currency, key, memo)
    payout = _payout_of(act.unit, line)
    if payout is None:
        return None
    settlement.record(act, payout, _state_of(line), "" if line.debit else "other")
    return act.unit.payouts.movement("paid" if line.debit else "bounced", payout.id)


def _line(unit: UnitOfWork, number: int) -> BankRecord:
    """Raises NotFound."""
    found = unit.payouts.lines.find_number(number)
    if found is None:
        raise NotFound(what="bank_line", name=str(number))
    return found
