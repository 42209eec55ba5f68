"""The bank's statement: credits with a requester's reference and answers about payouts are listed, and booked with one
press. Every other line is kept for a person, its money as unexplained (services/money/bank/lines.py)."""

from pydantic import TypeAdapter

from domain.money.amounts import Millionths
from domain.money.ledger import BANK
from domain.money.messages.bank_statements import Reconciled, StatementBooked, StatementDeposit, StatementRead
from domain.money.payouts import masked
from domain.refusals import StatementRefused
from formats.bank.creditor_reference import of_person
from formats.bank.iso20022 import BankMessage
from services.act import Act
from services.money import deposits
from services.money.bank import lines, payout_answers
from services.money.bank.statement_matching import Found, effect_of, key_of, match
from storage.unit import UnitOfWork

JOURNEY = "bank_statement"
LONGEST = 140  # characters of a memo
LISTED = 8  # lines on a page
_MESSAGE = TypeAdapter(BankMessage)


def check(act: Act) -> None:
    """Raises NotAllowed for who is no admin."""
    act.require("admin")


def read(act: Act, number: int, said: BankMessage) -> StatementRead:
    """Books nothing: what the file says is kept until the button is pressed. The number tells this list from others."""
    unit, iban = act.unit, act.house.payer.iban
    act.require("admin")
    named = {each.account for each in said.credits} | {each.account for each in said.answers if each.account}
    accounts = named.union(said.accounts)
    if accounts and (not iban or accounts - {iban}):
        raise StatementRefused(why="account")
    _check_debtors(unit, said, iban)
    draft = {"statement": number, "currency": act.house.terms.currency, "said": _MESSAGE.dump_python(said, mode="json")}
    unit.drafts.keep(act.person.id, JOURNEY, draft, unit.now)
    return _listed(act, number, said, 0)


def turn(act: Act, statement: int, page: int) -> StatementRead:
    """Another page of the list. Raises StatementRefused for an older list."""
    return _listed(act, statement, _kept(act, statement), page)


def _listed(act: Act, number: int, said: BankMessage, page: int) -> StatementRead:
    unit, currency, found = act.unit, act.house.terms.currency, match(act, said)
    unclear, unmatched = found.answers.unclear, found.unmatched
    pages = max(1, -(-(len(unclear) + len(unmatched)) // LISTED))
    page = min(max(0, page), pages - 1)
    first, last = page * LISTED, (page + 1) * LISTED
    before = max(0, first - len(unclear)), max(0, last - len(unclear))
    return StatementRead(
        statement=number,
        currency=currency,
        deposits=tuple(
            StatementDeposit(person.label, credit.amount, of_person(person.id), booked)
            for credit, person, booked in found.deposits
        ),
        unmatched=tuple(unmatched[before[0] : before[1]]),
        payouts=tuple(found.answers.found),
        known=found.known + found.answers.known,
        unclear=tuple(unclear[first:last]),
        wise=said.wise,
        unclear_count=len(unclear),
        unmatched_count=len(unmatched),
        new=found.new,
        page=page,
        pages=pages,
        balances=_reconciled(unit, said, effect_of(found)),
    )


def _check_debtors(unit: UnitOfWork, said: BankMessage, iban: str) -> None:
    """A report on somebody else's file may use our references. Ours are the account set now, and those that the files
    it answers were paid from."""
    files = (unit.payouts.find_file(each) for each in {each.file for each in said.answers if each.file is not None})
    own = {iban, *(file.payer_iban for file in files if file is not None)}
    for account, where in said.debtors.items():
        if account not in own:
            raise StatementRefused(why="debtor", what=masked(account), where=where)


def book(act: Act, statement: int) -> StatementBooked:
    """Each line and each answer once, however often the list or another file with it is booked, matched anew: what was
    recorded since the list was made is not recorded again."""
    unit, said = act.unit, _kept(act, statement)
    unit.drafts.drop(act.person.id)
    found = match(act, said)
    amounts = _deposit(act, found)
    waiting = 0
    for line, why, whose, movement in found.waiting:
        waiting += lines.wait(unit, line, why, person=whose, recorded=movement)
    paid, failed, unclear = payout_answers.record(act, found.answers.steps)
    return StatementBooked(
        count=len(amounts),
        amount=sum(amounts),
        currency=act.house.terms.currency,
        before=found.known + found.answers.known + len(found.deposits) - len(amounts),
        paid=paid,
        failed=failed,
        waiting=waiting + unclear,
        open=unit.payouts.lines.count_waiting(),
        balances=_reconciled(unit, said, {}),
    )


def _deposit(act: Act, found: Found) -> list[int]:
    """Book the deposits that are not booked yet; their amounts."""
    amounts = list[int]()
    for credit, person, booked in found.deposits:
        transfer, amount = None, Millionths(credit.amount)
        if not booked:
            memo = f"{of_person(person.id)} {credit.number}"[:LONGEST]
            transfer = deposits.record(act, person, amount, act.house.terms.currency, key_of(credit), memo)
            amounts.append(amount)
        if credit.line is not None:
            act.unit.payouts.lines.add(credit.line, person=person.id, transfer=transfer)
    return amounts


def _kept(act: Act, statement: int) -> BankMessage:
    """What the list of this number says. Raises StatementRefused for an older one, and one in another currency."""
    draft, currency = act.unit.drafts.of(act.person.id), act.house.terms.currency
    if draft is None or draft.journey != JOURNEY or draft.kept["statement"] != statement:
        raise StatementRefused(why="old")
    if draft.kept.get("currency", currency) != currency or "said" not in draft.kept:
        raise StatementRefused(why="old")
    return _MESSAGE.validate_python(draft.kept["said"])


def _reconciled(unit: UnitOfWork, said: BankMessage, effect: dict[str, int]) -> tuple[Reconciled, ...]:
    """The balances of a statement beside the book: of each currency the first opening and the last closing one."""
    found = dict[str, Reconciled]()
    for each in sorted(said.balances, key=lambda balance: balance.day):
        opening = found[each.currency].opening if each.currency in found else each.opening
        booked = effect.get(each.currency, 0) - unit.ledger.balance(BANK, each.currency)
        found[each.currency] = Reconciled(each.currency, opening, each.closing, each.day, booked)
    return tuple(found.values())
