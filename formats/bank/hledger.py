"""The ledger as an hledger journal: every transfer, accounts and currencies declared, in the end every balance
asserted, so that `hledger check -s` agrees to the millionth or says where it does not.

Amounts have the book's own signs: what an account holds for its owner is positive, the bank is below zero by all that
was paid in.
"""

from collections.abc import Iterable, Iterator

from domain.moments import Moment, as_datetime
from domain.money.ledger import Account, Movement

HEAD = """; The book, from its first transfer to number {last}. Times are UTC.
; hledger -f THIS check -s
decimal-mark .
"""


def journal(accounts: list[Account], movements: Iterable[Movement], last: int, now: Moment) -> Iterator[str]:
    """Pieces of text; `accounts` with their balances, `movements` oldest first, `last` the newest's number."""
    yield HEAD.format(last=last)
    for currency in sorted({account.currency for account in accounts}):
        yield f"commodity 1000.000000 {currency}\n"
    for name in dict.fromkeys(account.name for account in accounts):
        yield f"account {name}\n"
    latest = Moment(0)
    for movement in movements:
        latest = max(latest, movement.made_at)
        yield transaction(movement)
    yield closing(accounts, max(latest, now))


def transaction(movement: Movement) -> str:
    when = as_datetime(movement.made_at)
    said = f"{movement.kind} | {movement.memo}" if movement.memo else movement.kind
    amount = units(movement.amount)
    tags = f"transfer:{movement.number}, time:{when:%H:%M:%S}"
    return (
        f"\n{when:%Y-%m-%d} ({_quiet(movement.key)}) {_quiet(said)}  ; {tags}\n"
        f"    {movement.debit}  -{amount} {movement.currency}\n"
        f"    {movement.credit}  {amount} {movement.currency}\n"
    )


def closing(accounts: list[Account], when: Moment) -> str:
    """A transaction of nothing, which asserts every balance."""
    if not accounts:
        return ""
    rows = "".join(
        f"    {account.name}  0 {account.currency} = {units(account.balance)} {account.currency}\n"
        for account in accounts
    )
    return f"\n{as_datetime(when):%Y-%m-%d} Every balance, as the book has it\n{rows}"


def units(amount: int) -> str:
    """All six digits: none is rounded."""
    whole, millionths = divmod(abs(amount), 1_000_000)
    return f"{'-' if amount < 0 else ''}{whole}.{millionths:06}"


def _quiet(text: str) -> str:
    """Free text without characters that hledger interprets: a comment, the end of a code or of a line."""
    return " ".join(text.translate({ord(";"): ",", ord("("): "[", ord(")"): "]"}).split())
