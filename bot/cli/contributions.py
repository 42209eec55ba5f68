"""`pouce contributions`: rates read in, declarations written, their payment booked."""

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bot import clock
from bot.cli import recorded_files
from bot.cli.counting import counted
from bot.cli.ledger import NotDone, of_this_version, reading, told
from bot.cli.reports import as_rows
from bot.settings import Settings
from domain.money.amounts import as_decimal
from domain.money.contributions import FRANCE, DeclaredLine
from domain.money.payouts import FUNDING_CURRENCY
from domain.refusals import MoreThanThere, NotFound
from formats.taxes.contribution_rates import RatesRefused, read_rates
from formats.values import Value
from jobs.money.bank_files import as_csv
from services.money.tax_reports import units
from services.money.taxes import contributions
from storage.database import one_transaction
from storage.unit import UnitOfWork

COLUMNS = ("siret", "month", "rate_percent", "payouts", "gross", "contribution", "currency")
DECLARATION = "declaration"  # what waits beside its place


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
    with one_transaction(settings.database_url, clock.wall_clock()) as unit:
        contributions.read_in(unit, found)
    print(counted(len(found), "rate"))
    return 0


@told
def declare(settings: Settings, file: str, number: int | None = None) -> int:
    """Writes a new declaration of all that was paid since the last, or an earlier one again."""
    _needs_france(settings)
    if number is not None:
        with reading(settings) as unit:
            declared = _declared(unit, number)
        as_rows(file, COLUMNS, declared.rows)
        print(declared.due)
        return 0
    of_this_version(settings)
    if _finished(settings, Path(file)):
        print("It is of an earlier call, which was cut off. Call again for what was paid later.")
        return 0
    return _declare_anew(settings, Path(file))


def _declare_anew(settings: Settings, file: Path) -> int:
    """Recorded and put in its place, or neither."""
    now, declared = clock.wall_clock(), None
    try:
        with ExitStack() as held:
            with one_transaction(settings.database_url, now) as unit:
                made = contributions.declare(unit)
                if made is None:
                    print("Nothing is due.")
                    return 0
                declared = _declared(unit, made)
                part = Path(held.enter_context(TemporaryDirectory(prefix="pouce-"))) / "declaration.csv"
                part.write_bytes(as_csv(COLUMNS, declared.rows))
                waiting = held.enter_context(recorded_files.beside(file, DECLARATION, f"{made}-{now}", part))
            recorded_files.put(waiting, file)
    except Exception:
        if declared is None or not _finished(settings, file):
            raise
    print(f"{file}: {counted(len(declared.rows), 'row')}")
    print(declared.due)
    return 0


def _finished(settings: Settings, file: Path) -> bool:
    """Puts in its place what an earlier call recorded; removes what none did."""

    def is_recorded(mark: str) -> bool:
        number, at = mark.split("-")
        with reading(settings) as unit:
            found = unit.contributions.declaration(int(number))
        return found is not None and found.made_at == int(at)

    return recorded_files.finished(file, DECLARATION, is_recorded)


@told
def paid(settings: Settings, number: int, reference: str) -> int:
    """Books that a declaration was paid to Urssaf."""
    if not reference.strip():
        raise NotDone("REFERENCE: expected the payment's, as the bank shows it")
    of_this_version(settings)
    try:
        with one_transaction(settings.database_url, clock.wall_clock()) as unit:
            operation = contributions.pay_over(unit, number, reference)
    except NotFound:
        raise NotDone(f"NUMBER: there is no declaration {number}") from None
    except MoreThanThere as short:
        there = as_decimal(short.available)
        raise NotDone(f"Only {there} {short.currency} are withheld and settled; nothing was booked.") from None
    print("It was booked before, or there is nothing to pay." if operation is None else f"operation {operation}")
    return 0


class _Declared(NamedTuple):
    rows: list[list[Value]]
    due: str  # what is said of it


def _declared(unit: UnitOfWork, number: int) -> _Declared:
    declaration = unit.contributions.declaration(number)
    if declaration is None:
        raise NotDone(f"NUMBER: there is no declaration {number}")
    due = f"declaration {number}: {units(declaration.total)} {FUNDING_CURRENCY} are due"
    return _Declared([_row(line) for line in unit.contributions.lines(number)], due)


def _row(line: DeclaredLine) -> list[Value]:
    money = (units(line.gross), units(line.amount))
    return [line.siret, line.month, f"{line.rate / 100:.2f}", line.payouts, *money, FUNDING_CURRENCY]


def _needs_france(settings: Settings) -> None:
    if settings.contributions != FRANCE:
        raise NotDone(f"CONTRIBUTIONS: expected {FRANCE}; nothing is withheld here")
