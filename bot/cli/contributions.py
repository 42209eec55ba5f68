"""`pouce contributions`: rates read in, declarations written, their payment booked."""

import sys
from pathlib import Path

from bot.cli.counting import counted
from bot.cli.ledger import NotDone, of_this_version, present, reading, told
from bot.cli.reports import as_rows
from bot.settings import Settings
from domain.money.amounts import as_decimal
from domain.money.contributions import FRANCE, DeclaredLine
from domain.money.payouts import FUNDING_CURRENCY
from domain.refusals import MoreThanThere, NotFound
from formats.taxes.contribution_rates import RatesRefused, read_rates
from formats.values import Value
from services.money.tax_reports import units
from services.money.taxes import contributions
from storage.database import one_transaction
from storage.unit import UnitOfWork

COLUMNS = ("siret", "month", "rate_percent", "payouts", "gross", "contribution", "currency")


@told
def rates(settings: Settings, file: str) -> int:
    """Reads Urssaf's monthly file: all of it, or nothing."""
    _needs_france(settings)
    try:
        found = read_rates(Path(file).read_bytes())
    except RatesRefused as refused:
        for flaw in refused.flaws:
            print(f"line {flaw.line}, {flaw.column}: expected {flaw.expected}", file=sys.stderr)
        raise NotDone("Nothing was read in.") from None
    of_this_version(settings)
    with one_transaction(settings.database_url, present()) as unit:
        contributions.read_in(unit, found)
    print(counted(len(found), "rate"))
    return 0


@told
def declare(settings: Settings, file: str, number: int | None = None) -> int:
    """Writes a new declaration of all that was paid since the last, or an earlier one again."""
    _needs_france(settings)
    if number is not None:
        with reading(settings) as unit:
            return _written(unit, number, file)
    of_this_version(settings)
    with one_transaction(settings.database_url, present()) as unit:
        made = contributions.declare(unit)
        if made is None:
            print("Nothing is due.")
            return 0
        return _written(unit, made, file)


@told
def paid(settings: Settings, number: int, reference: str) -> int:
    """Books that a declaration was paid to Urssaf."""
    if not reference.strip():
        raise NotDone("REFERENCE: expected the payment's, as the bank shows it")
    of_this_version(settings)
    try:
        with one_transaction(settings.database_url, present()) as unit:
            operation = contributions.pay_over(unit, number, reference)
    except NotFound:
        raise NotDone(f"NUMBER: there is no declaration {number}") from None
    except MoreThanThere as short:
        there = as_decimal(short.available)
        raise NotDone(f"Only {there} {short.currency} are withheld and settled; nothing was booked.") from None
    print("It was booked before, or there is nothing to pay." if operation is None else f"operation {operation}")
    return 0


def _written(unit: UnitOfWork, number: int, file: str) -> int:
    declaration = unit.contributions.declaration(number)
    if declaration is None:
        raise NotDone(f"NUMBER: there is no declaration {number}")
    as_rows(file, COLUMNS, [_row(line) for line in unit.contributions.lines(number)])
    print(f"declaration {number}: {units(declaration.total)} {FUNDING_CURRENCY} are due")
    return 0


def _row(line: DeclaredLine) -> list[Value]:
    money = (units(line.gross), units(line.amount))
    return [line.siret, line.month, f"{line.rate / 100:.2f}", line.payouts, *money, FUNDING_CURRENCY]


def _needs_france(settings: Settings) -> None:
    if settings.contributions != FRANCE:
        raise NotDone(f"CONTRIBUTIONS: expected {FRANCE}; nothing is withheld here")
