"""The operator's own money: bank charges, and fees that the operator takes out or pays in."""

from typing import NamedTuple

from domain.money.amounts import Millionths, require_whole_cents, split_leading_money
from domain.money.bank_statements import CHARGE, OWN, OperatorMoneyMoved
from domain.money.ledger import BANK, CARD_FEES, FEES, FEES_ACCOUNTS, Transfer
from domain.refusals import BadInput, MoreThanThere
from services.act import Act
from storage.unit import UnitOfWork

MINUS_SIGNS = "-−–"  # signs of it, as keyboards write them
MAX_REASON_CHARS = 140  # characters of a reason
KINDS_BY_CHOICE = {
    (CHARGE, True): "charge",
    (CHARGE, False): "charge back",
    (OWN, True): "drawn",
    (OWN, False): "paid in",
}
OUTGOING_KINDS = ("charge", "drawn")


def record_charge(act: Act, amount: str, reason: str) -> OperatorMoneyMoved:
    """Record a charge that the bank took, out of the fees; with a minus one that it gave back (`/charge AMOUNT
    reason`). Raise BadInput, NotWholeCents, and MoreThanThere for more than the free fees."""
    return _record_typed(act, CHARGE, amount, reason)


def record_draw(act: Act, amount: str, reason: str) -> OperatorMoneyMoved:
    """Record fees that the operator took out of the bank account; with a minus money paid in (`/draw AMOUNT reason`).
    Raise BadInput, NotWholeCents, and MoreThanThere for more than the free fees."""
    return _record_typed(act, OWN, amount, reason)


def _record_typed(act: Act, choice: str, amount: str, reason: str) -> OperatorMoneyMoved:
    """Record the movement that an admin typed. Raise BadInput, NotWholeCents or MoreThanThere."""
    command = "charge" if choice == CHARGE else "draw"
    value, currency, memo, is_back = read_typed_movement(act, command, amount, reason, of_account=FEES)
    kind = KINDS_BY_CHOICE[choice, not is_back]
    operation = move_operator_money(act, kind, amount=value, currency=currency, key=act.key, memo=memo)
    fees_after = get_free_fees(act.unit, currency)
    return OperatorMoneyMoved(
        kind=kind, amount=value, currency=currency, reason=memo, left=fees_after, operation=operation
    )


class TypedMovement(NamedTuple):
    """An amount with its reason, as an admin typed them; `is_back`: a minus stood before the amount."""

    amount: Millionths
    currency: str
    reason: str
    is_back: bool


def read_typed_movement(act: Act, command: str, amount: str, reason: str, of_account: str) -> TypedMovement:
    """Return what was typed behind a command such as `/charge -9.50 refunded`, in the house's currency or one that the
    account has. Raise BadInput or NotWholeCents."""
    unsigned = amount.lstrip(MINUS_SIGNS)
    sign, words = amount.removesuffix(unsigned), f"{unsigned} {reason}"
    currencies = act.unit.ledger.currencies(of_account)
    value, memo, currency = split_leading_money(words, act.house.terms.currency, currencies, f"/{command} {sign}{{}}")
    if not value or not memo:
        raise BadInput(what=command, value="", expected=[f"/{command} AMOUNT reason"])
    require_whole_cents(value, currency, words.removesuffix(memo).strip())
    return TypedMovement(value, currency, memo[:MAX_REASON_CHARS], bool(sign))


def move_operator_money(act: Act, kind: str, amount: Millionths, currency: str, key: str, memo: str) -> int | None:
    """Move the operator's money between the fees and the bank, and return the operation's number; None if the key was
    booked before. Raise MoreThanThere for more than the free fees."""
    unit = act.unit
    unit.ledger.open((FEES, BANK), currency)
    if unit.ledger.is_posted(f"{kind}:{key}"):
        return None
    if kind in OUTGOING_KINDS:
        free_money = get_free_fees(unit, currency)
        if amount > free_money:
            raise MoreThanThere(asked=amount, available=max(0, free_money), currency=currency)
        gather_fees(unit, currency, amount)
    debit, credit = (FEES, BANK) if kind in OUTGOING_KINDS else (BANK, FEES)
    operation = unit.ledger.post(
        Transfer(f"{kind}:{key}", kind, debit=debit, credit=credit, amount=amount, currency=currency, memo=memo)
    )
    unit.audit.note(act.person.id, kind, FEES, amount=amount, reference=memo, transfer=operation)
    return operation


def get_free_fees(unit: UnitOfWork, currency: str) -> int:
    """Lock the fees and return the part of them that nobody can claim back, less what the provider of cards kept."""
    unit.ledger.locked_balance(FEES, currency)
    kept_by_provider = -unit.ledger.balance(CARD_FEES, currency)
    return unit.ledger.balance(FEES, currency) - unit.reviews.owed_fees(currency) - kept_by_provider


def gather_fees(unit: UnitOfWork, currency: str, amount: int) -> None:
    """Move fees from their other accounts to the first one until it holds `amount`, as far as they reach."""
    missing = amount - unit.ledger.locked_balance(FEES, currency)
    for source in FEES_ACCOUNTS:
        if missing > 0 and source != FEES:
            part = Millionths(min(missing, unit.ledger.locked_balance(source, currency)))
            if part > 0:
                key = f"gather:{FEES}:{unit.ledger.last_transfer()}"
                unit.ledger.post(
                    Transfer(key=key, kind="gather", debit=source, credit=FEES, amount=part, currency=currency)
                )
                missing -= part
