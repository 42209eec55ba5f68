"""Lines of the bank that match nothing: their money is booked as unexplained, until an admin says what they are."""

from dataclasses import replace
from hashlib import sha256

from domain.money import ledger
from domain.money.amounts import Millionths
from domain.money.bank_statements import (
    CARDS,
    CHARGE,
    DEPOSIT,
    EXPLANATIONS,
    OWN,
    PAYOUT,
    REASONS_NOT_POSTED,
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
from services.money import card_payments, deposits, operator_money, settlement
from storage.unit import UnitOfWork

LINES_PER_PAGE = 8  # lines on a page
CURRENCY_CODE_LETTERS = 3
USAGE = "/bank 12 deposit PERSON"


def make_part(line: BankLine, name: str, amount: int) -> BankLine:
    """Return a part of a line, known by its name."""
    key = sha256(f"{line.key}\n{name}".encode()).hexdigest()[:32]
    return replace(line, key=key, entry="", amount=amount, reference=f"{line.reference} {name}".strip())


def payout_label(unit: UnitOfWork, payout: int | None) -> str:
    """Return the label of the payout's worker, for admins; empty if the payout is none of ours."""
    found_payout = None if payout is None else unit.payouts.find(payout)
    return unit.people.get(found_payout.worker).label if found_payout else ""


def preview_line(
    unit: UnitOfWork, line: BankLine, why: str, payout: int | None = None, file: int | None = None
) -> UnmatchedLine:
    """Return a line of a bank's file as it is shown before anything is booked."""
    return UnmatchedLine(
        why,
        amount=line.amount,
        currency=line.currency,
        debit=line.debit,
        written=line.written,
        day=line.booked_on,
        reference=line.reference,
        party=payout_label(unit, payout) or party_text(line),
        payout=payout,
        file=file,
    )


def party_text(line: BankLine) -> str:
    """Return who paid or was paid, and for what, in the bank's words."""
    return " · ".join(filter(None, (line.party, line.said)))


def keep_waiting(
    unit: UnitOfWork,
    line: BankLine,
    why: str,
    *,
    payout: int | None = None,
    file: int | None = None,
    person: int | None = None,
    recorded: int | None = None,
) -> bool:
    """Store a line that waits for an explanation, and book its money as unexplained; return False if it was stored
    before. `recorded` is the movement that it may be: then its money is booked already."""
    if unit.payouts.lines.is_known(line.key):
        return False
    suspense = None if why in REASONS_NOT_POSTED else _post_unexplained(unit, line)
    payout = payout if payout and unit.payouts.find(payout) else None
    file = file if file and unit.payouts.find_file(file) else None
    links = {"payout": payout, "file": file, "person": person}
    party = "" if payout or person else party_text(line)
    unit.payouts.lines.add(line, state="waiting", why=why, party=party, suspense=suspense, transfer=recorded, **links)
    return True


def _post_unexplained(unit: UnitOfWork, line: BankLine) -> int | None:
    """Move a line's money between the bank and the unexplained account; None if its amount or currency is
    unreadable."""
    if not line.amount or len(line.currency) != CURRENCY_CODE_LETTERS or not line.currency.isalpha():
        return None
    debit, credit = (UNEXPLAINED, BANK) if line.debit else (BANK, UNEXPLAINED)
    unit.ledger.open((debit, credit), line.currency)
    return unit.ledger.post(
        Transfer(
            f"unexplained:{line.key}",
            "unexplained",
            debit=debit,
            credit=credit,
            amount=Millionths(line.amount),
            currency=line.currency,
            memo=line.reference,
        )
    )


def clear_returned_debit(act: Act, key: str) -> None:
    """Explain a debit that waited: the bank has sent it back. Nothing if it does not wait."""
    line = act.unit.payouts.lines.find_by_key(key)
    if line is not None and line.state == "waiting":
        _record_explanation(act, line, "returned", None)


def _record_explanation(act: Act, line: BankRecord, why: str, transfer: int | None, person: int | None = None) -> bool:
    """Store what a line was, and reverse its unexplained money. Return False if it was explained before."""
    undone = _reverse_unexplained(act.unit, line)
    links = {"undone": undone, "transfer": transfer, "person": person}
    if not act.unit.payouts.lines.set_explained(line, why, act.person.id, **links):
        return False
    act.unit.audit.note(act.person.id, "bank line", f"line:{line.id}", why=why, transfer=transfer)
    return True


def _reverse_unexplained(unit: UnitOfWork, line: BankRecord) -> int | None:
    if line.suspense is None:
        return None
    debit, credit = (BANK, UNEXPLAINED) if line.debit else (UNEXPLAINED, BANK)
    return unit.ledger.post(
        Transfer(
            f"explained:{line.key}",
            "explained",
            debit=debit,
            credit=credit,
            amount=line.amount,
            currency=line.currency,
            reverses=line.suspense,
            memo=line.reference,
        )
    )


def list_waiting(act: Act, page: int = 0) -> BankLinesListed:
    """Return a page of the lines that wait, the oldest first (`/bank`)."""
    unit = act.unit
    count = unit.payouts.lines.count_waiting()
    pages = max(1, -(-count // LINES_PER_PAGE))
    page = min(max(0, page), pages - 1)
    waiting_lines = unit.payouts.lines.list_waiting(LINES_PER_PAGE, page * LINES_PER_PAGE)
    return BankLinesListed(
        tuple(_line_view(unit, bank_line) for bank_line in waiting_lines), count, page, pages, list_unexplained(unit)
    )


def list_unexplained(unit: UnitOfWork) -> tuple[Unexplained, ...]:
    """Return the balances of the unexplained account, by currency; empty if nothing is open."""
    sums = ((currency, unit.ledger.balance(UNEXPLAINED, currency)) for currency in unit.ledger.currencies(UNEXPLAINED))
    return tuple(Unexplained(currency, balance) for currency, balance in sums if balance)


def show_line(act: Act, line: int) -> BankLineShown:
    """Return one line and what it can be explained as. Raise NotFound."""
    return _line_screen(act, _get_line(act.unit, line))


def _line_screen(act: Act, line: BankRecord) -> BankLineShown:
    choices = tuple(choice for choice in EXPLANATIONS if _can_be_explained_as(act.unit, line, choice))
    person_label = act.unit.people.get(line.person).label if line.person is not None else ""
    return BankLineShown(_line_view(act.unit, line), choices, person_label, line.transfer, line.why == "")


def _line_view(unit: UnitOfWork, line: BankRecord) -> UnmatchedLine:
    party = payout_label(unit, line.payout) or line.party
    if line.person is not None and not party:
        party = unit.people.get(line.person).label
    return UnmatchedLine(
        line.why,
        amount=line.amount,
        currency=line.currency,
        debit=line.debit,
        written=line.written,
        day=line.booked_on,
        reference=line.reference,
        party=party,
        payout=line.payout,
        file=line.file,
        line=line.id,
        code=line.code,
    )


def _can_be_explained_as(unit: UnitOfWork, line: BankRecord, choice: str) -> bool:
    """Return whether a waiting line can be explained as this."""
    if choice == RECORDED:
        return True
    if not line.amount or (line.suspense is None and line.why != "typed"):
        return False
    if choice == PAYOUT:
        payout = _find_matching_payout(unit, line)
        return payout is not None and payout.may_become(_payout_state(line))
    if choice == DEPOSIT:
        return not line.debit
    if choice == CARDS:
        return unit.ledger.balance(ledger.CARDS, line.currency) != 0
    return choice == OWN or line.debit


def _find_matching_payout(unit: UnitOfWork, line: BankRecord) -> Payout | None:
    """Return the payout that a line names with the payout's own amount and currency, else None."""
    payout = None if line.payout is None else unit.payouts.find(line.payout)
    return payout if payout and payout.net == line.amount and payout.currency == line.currency else None


def _payout_state(line: BankRecord) -> PayoutState:
    return PayoutState.PAID if line.debit else PayoutState.FAILED


def explain_line(act: Act, line: int, choice: str, who: str = "") -> BankLineExplained:
    """Explain a waiting line, once, and record the movement that it is. Raise NotFound if it is unknown or was
    explained before, BadInput if it cannot be `choice`, and the refusals of the movement: then it waits on."""
    unit, bank_line = act.unit, _get_line(act.unit, line)
    if bank_line.state != "waiting":
        raise NotFound(what="bank_line_done", name=str(bank_line.id))
    if choice not in EXPLANATIONS or not _can_be_explained_as(unit, bank_line, choice):
        raise BadInput(what="bank_line", value=choice, expected=[USAGE])
    person = _get_depositor(unit, bank_line, who) if choice == DEPOSIT else None
    recorded = bank_line.transfer if choice == RECORDED else None
    if not _record_explanation(act, bank_line, choice, recorded, person.id if person else None):
        raise NotFound(what="bank_line_done", name=str(bank_line.id))
    transfer = recorded if choice == RECORDED else _record_movement(act, bank_line, choice, person)
    if transfer is not None and choice != RECORDED:
        unit.payouts.lines.set_transfer(bank_line, transfer)
    who = person.label if person else ""
    return BankLineExplained(_line_view(unit, bank_line), choice, who, transfer, unit.payouts.lines.count_waiting())


def _get_depositor(unit: UnitOfWork, line: BankRecord, who: str) -> Person:
    """Return whose deposit a line is: the person named, else the one whose reference it bears. Raise NotFound and
    BadInput."""
    if who:
        return deposits.get_present_person(unit, who)
    person = None if line.person is None else unit.people.get(line.person)
    if person is None or deposits.has_left(unit, person):
        raise BadInput(what="bank_line", value=who, expected=[USAGE])
    return person


def _record_movement(act: Act, line: BankRecord, choice: str, person: Person | None) -> int | None:
    """Record the movement that a line is, and return its number."""
    memo, key = f"{line.booked_on} {line.reference}".strip(), f"line:{line.key}"
    if person is not None:
        return deposits.post_deposit(act, person, amount=line.amount, currency=line.currency, key=key, memo=memo)
    if choice in (CHARGE, OWN):
        kind = operator_money.KINDS_BY_CHOICE[choice, line.debit]
        return operator_money.move_operator_money(
            act, kind, amount=line.amount, currency=line.currency, key=key, memo=memo
        )
    if choice == CARDS:
        kind = card_payments.PAYOUT_BACK if line.debit else card_payments.PAYOUT
        return card_payments.move_provider_money(
            act, kind, amount=line.amount, currency=line.currency, key=key, memo=memo
        )
    payout = _find_matching_payout(act.unit, line)
    if payout is None:
        return None
    settlement.record_decision(act, payout, _payout_state(line), "" if line.debit else "other")
    return act.unit.payouts.find_newest_movement("paid" if line.debit else "bounced", payout.id)


def _get_line(unit: UnitOfWork, number: int) -> BankRecord:
    """Raises NotFound."""
    line = unit.payouts.lines.find_number(number)
    if line is None:
        raise NotFound(what="bank_line", name=str(number))
    return line
