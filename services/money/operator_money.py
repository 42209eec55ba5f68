"""The operator's own money: bank charges, and fees that the operator takes out or pays in."""

from domain.money.amounts import Millionths, require_whole_cents, split_leading_money
from domain.money.bank_statements import CHARGE, OWN, OperatorMoneyMoved
from domain.money.ledger import (
    BANK,
    FEES,
    FEES_ACCOUNTS,
    Transfer,
)
from domain.refusals import BadInput, MoreThanThere
from services.act import Act
from storage.unit import UnitOfWork

MINUS = "-−–"  # signs of it, as keyboards write them
LONGEST = 140  # characters of a reason
KINDS = {
    (CHARGE, True): "charge",
    (CHARGE, False): "charge back",
    (OWN, True): "drawn",
    (OWN, False): "paid in",
}
OUT = ("charge", "drawn")


def charge(act: Act, amount: str, reason: str) -> OperatorMoneyMoved:
    """`/charge AMOUNT reason`: a charge that the bank took, out of the fees; with a minus one that it gave back."""
    return _typed(act, CHARGE, amount, reason)


def draw(act: Act, amount: str, reason: str) -> OperatorMoneyMoved:
    """`/draw AMOUNT reason`: fees that the operator took out of the bank's account; with a minus what they paid in."""
    return _typed(act, OWN, amount, reason)


def _typed(act: Act, choice: str, amount: str, reason: str) -> OperatorMoneyMoved:
    """Raises BadInput, NotWholeCents and MoreThanThere."""
    command = "charge" if choice == CHARGE else "draw"
    bare = amount.lstrip(MINUS)
    sign, words = amount.removesuffix(bare), f"{bare} {reason}"
    others = act.unit.ledger.currencies(FEES)
    value, memo, currency = split_leading_money(words, act.house.terms.currency, others, f"/{command} {sign}{{}}")
    if not value or not memo:
        raise BadInput(what=command, value="", expected=[f"/{command} AMOUNT reason"])
    require_whole_cents(value, currency, words.removesuffix(memo).strip())
    kind = KINDS[choice, not sign]
    number = move(act, kind, value, currency, act.key, memo[:LONGEST])
    left = free_fees(act.unit, currency)
    return OperatorMoneyMoved(kind, value, currency, memo[:LONGEST], left, number)


def move(act: Act, kind: str, amount: Millionths, currency: str, key: str, memo: str) -> int | None:
    """Move the operator's money between the fees and the bank; the operation's number, None where the key was booked
    before. Raises MoreThanThere for more than the fees that nobody can have back."""
    unit = act.unit
    unit.ledger.open((FEES, BANK), currency)
    if unit.ledger.is_posted(f"{kind}:{key}"):
        return None
    if kind in OUT:
        free = free_fees(unit, currency)
        if amount > free:
            raise MoreThanThere(asked=amount, available=max(0, free), currency=currency)
        gather(unit, currency, amount)
    way = (FEES, BANK) if kind in OUT else (BANK, FEES)
    number = unit.ledger.post(Transfer(f"{kind}:{key}", kind, *way, amount, currency, memo=memo))
    unit.audit.note(act.person.id, kind, FEES, amount=amount, reference=memo, transfer=number)
    return number


def free_fees(unit: UnitOfWork, currency: str) -> int:
    """Return the fees that nobody can have back."""
    unit.ledger.locked_balance(FEES, currency)
    return unit.ledger.balance(FEES, currency) - unit.reviews.owed_fees(currency)


def gather(unit: UnitOfWork, currency: str, amount: int) -> None:
    """Bring so much of the fees together on their first account."""
    lacking = amount - unit.ledger.locked_balance(FEES, currency)
    for source in FEES_ACCOUNTS:
        if lacking > 0 and source != FEES:
            some = Millionths(min(lacking, unit.ledger.locked_balance(source, currency)))
            if some > 0:
                key = f"gather:{FEES}:{unit.ledger.last_transfer()}"
                unit.ledger.post(Transfer(key, "gather", source, FEES, some, currency))
                lacking -= some
