"""`pouce contributions` and `pouce dac7`: declarations and returns whose file goes with a row in the database.

Such a file is written beside its place before the commit and moved there after it. A process that ends between the two
leaves the file beside its place; the next call finishes it, or removes it if the row was never committed. The process
that writes a file holds a lock on it, so that no other call removes it meanwhile."""

import fcntl
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bot import clock
from bot.cli.ledger import CommandFailed, format_count, read_transaction, report_failures, require_current_schema
from bot.settings import Settings
from domain.moments import Moment, as_datetime
from domain.money.amounts import as_decimal
from domain.money.ledger import account_owner
from domain.money.operator import FRANCE
from domain.money.payouts import FUNDING_CURRENCY
from domain.people.accounts import PersonId
from domain.people.settings import get_zone
from domain.refusals import MoreThanThere, NotFound
from extensions.eu_taxes.cli import write_csv
from extensions.eu_taxes.domain.contributions import DeclaredLine
from extensions.eu_taxes.formats.dpi import (
    FRENCH_SCHEMA_FILE,
    NAMESPACES_BY_NAME,
    BadSchema,
    MessageHead,
    RatesRefused,
    find_schema_flaws,
    read_rates,
    write_message,
)
from extensions.eu_taxes.services import contributions, tax_returns
from extensions.eu_taxes.services.tax_returns import ReturnOrder, TaxReturn, quarter_bounds
from extensions.eu_taxes.storage.contributions import Contributions
from extensions.eu_taxes.storage.tax_returns import TaxReturns
from formats.result_columns import Value
from jobs.statements import to_csv_bytes
from services.act import Encryption
from services.money.statements import FIRST_YEAR, LAST_YEAR, format_units
from storage.backups import check_place, in_place, keep
from storage.database import one_transaction
from storage.unit import UnitOfWork


@contextmanager
def staged_copy(file: Path, purpose: str, mark: str, source: Path) -> Iterator[Path]:
    """Context manager: write a durable copy of `source` beside `file` and yield its path. Its name holds `purpose`, a
    word, and `mark` (letters, digits, hyphens), by which the row is found."""
    check_place(file)
    staged = file.with_name(f".{file.name}.{purpose}.{mark}.recorded")
    with ExitStack() as stack:
        with in_place(staged) as part:
            out = stack.enter_context(part.open("wb"))
            fcntl.flock(out, fcntl.LOCK_SH)
            with source.open("rb") as original:
                shutil.copyfileobj(original, out)
            out.flush()
        yield staged


def put_in_place(staged: Path, file: Path) -> None:
    """Move a staged file to its place, durably."""
    staged.replace(file)
    keep(file.parent)


def finish_earlier_call(file: Path, purpose: str, is_recorded: Callable[[str], bool]) -> bool:
    """Finish what earlier calls for this file left staged: move each to its place if `is_recorded(mark)`, else remove
    it. Return whether one was moved."""
    name_pattern = re.compile(rf"{re.escape(f'.{file.name}.{purpose}.')}([0-9A-Za-z-]+)\.recorded")
    staged_files = [staged for staged in file.parent.glob(".*.recorded") if name_pattern.fullmatch(staged.name)]
    has_finished = False
    for staged in sorted(staged_files):
        with suppress(FileNotFoundError):  # its maker has put it in its place
            has_finished |= _finish_staged_file(staged, file, is_recorded)
    return has_finished


def _finish_staged_file(staged: Path, file: Path, is_recorded: Callable[[str], bool]) -> bool:
    """Move the staged file to its place if its row was committed, else remove it. Return whether it was moved; False
    also while its process lives."""
    with staged.open("rb") as content:
        try:
            fcntl.flock(content, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # its maker lives
        if not is_recorded(staged.name.split(".")[-2]):
            staged.unlink()
            return False
        put_in_place(staged, file)
        return True


COLUMNS = ("siret", "month", "rate_percent", "payouts", "gross", "contribution", "currency")
DECLARATION = "declaration"  # what waits beside its place


@report_failures
def rates(settings: Settings, file: str) -> int:
    """Store the rates of Urssaf's monthly file: all of it, or nothing. Raise CommandFailed, with a line per flaw
    printed, if any row is wrong."""
    _require_france(settings)
    try:
        rates = read_rates(Path(file).read_bytes())
    except RatesRefused as refused:
        for flaw in refused.flaws:
            print(f"line {flaw.line}, {flaw.column}: expected {flaw.expected}", file=sys.stderr)
        raise CommandFailed("Nothing was read in.") from None
    require_current_schema(settings)
    with one_transaction(settings.database_url, clock.wall_clock()) as unit:
        contributions.store_rates(unit, rates)
    print(format_count(len(rates), "rate"))
    return 0


@report_failures
def declare(settings: Settings, file: str, number: int | None = None) -> int:
    """Write a new declaration of all that was paid since the last, or (`number`) an earlier one again. An earlier call
    that was cut off is finished instead."""
    _require_france(settings)
    if number is not None:
        with read_transaction(settings) as unit:
            table = _get_declaration(unit, number)
        write_csv(file, COLUMNS, table.rows)
        print(table.due)
        return 0
    require_current_schema(settings)
    if _finish_declaration(settings, Path(file)):
        print("It is of an earlier call, which was cut off. Call again for what was paid later.")
        return 0
    return _write_declaration(settings, Path(file))


def _write_declaration(settings: Settings, file: Path) -> int:
    """Record a declaration and put its file in place, or do neither. Print that nothing is due if so."""
    now, table = clock.wall_clock(), None
    try:
        with ExitStack() as stack:
            with one_transaction(settings.database_url, now) as unit:
                number = contributions.declare(unit)
                if number is None:
                    print("Nothing is due.")
                    return 0
                table = _get_declaration(unit, number)
                part = Path(stack.enter_context(TemporaryDirectory(prefix="pouce-"))) / "declaration.csv"
                part.write_bytes(to_csv_bytes(COLUMNS, table.rows))
                staged = stack.enter_context(staged_copy(file, DECLARATION, f"{number}-{now}", part))
            put_in_place(staged, file)
    except Exception:
        if table is None or not _finish_declaration(settings, file):
            raise
    print(f"{file}: {format_count(len(table.rows), 'row')}")
    print(table.due)
    return 0


def _finish_declaration(settings: Settings, file: Path) -> bool:
    """Finish an earlier call for this file: move a recorded declaration to its place, remove an unrecorded one. Return
    whether one was moved."""

    def is_recorded(mark: str) -> bool:
        number, made_at = mark.split("-")
        with read_transaction(settings) as unit:
            declaration = unit.records(Contributions).find_declaration(int(number))
        return declaration is not None and declaration.made_at == int(made_at)

    return finish_earlier_call(file, DECLARATION, is_recorded)


@report_failures
def paid(settings: Settings, number: int, reference: str) -> int:
    """Book that a declaration was paid to Urssaf. Raise CommandFailed if there is no such declaration, or less is
    withheld and settled than it says."""
    if not reference.strip():
        raise CommandFailed("REFERENCE: expected the payment's, as the bank shows it")
    require_current_schema(settings)
    try:
        with one_transaction(settings.database_url, clock.wall_clock()) as unit:
            operation = contributions.book_declaration_payment(unit, number, reference)
    except NotFound:
        raise CommandFailed(f"NUMBER: there is no declaration {number}") from None
    except MoreThanThere as short:
        available = as_decimal(short.available)
        raise CommandFailed(
            f"Only {available} {short.currency} are withheld and settled; nothing was booked."
        ) from None
    print("It was booked before, or there is nothing to pay." if operation is None else f"operation {operation}")
    return 0


class _DeclarationTable(NamedTuple):
    """The rows of a declaration, and the line to print about it."""

    rows: list[list[Value]]
    due: str  # what is said of it


def _get_declaration(unit: UnitOfWork, number: int) -> _DeclarationTable:
    """Return a declaration's rows and the line to print about it. Raise CommandFailed if there is none."""
    declaration = unit.records(Contributions).find_declaration(number)
    if declaration is None:
        raise CommandFailed(f"NUMBER: there is no declaration {number}")
    due = f"declaration {number}: {format_units(declaration.total)} {FUNDING_CURRENCY} are due"
    return _DeclarationTable([_row(line) for line in unit.records(Contributions).list_declared_lines(number)], due)


def _row(line: DeclaredLine) -> list[Value]:
    money = (format_units(line.gross), format_units(line.amount))
    return [line.siret, line.month, f"{line.rate / 100:.2f}", line.payouts, *money, FUNDING_CURRENCY]


def _require_france(settings: Settings) -> None:
    """Raise CommandFailed if no contributions are withheld here."""
    if settings.contributions != FRANCE:
        raise CommandFailed(f"CONTRIBUTIONS: expected {FRANCE}; nothing is withheld here")


MAX_NAMED = 20  # flaws, and workers, that are named
RETURN = "return"  # what waits beside its place


@report_failures
def dac7(
    settings: Settings,
    year: str,
    file: str | None = None,
    xml: bool = False,
    schema: str = "dpi",
    xsd: str | None = None,
    filed: bool = False,
    test: bool = False,
) -> int:
    """Write a year's figures of every worker as CSV, or (`xml`) a return. Without a file the return goes to standard
    output; notes about it to standard error. Raise CommandFailed if an argument is wrong or what a return needs is not
    set."""
    checked_year = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0
    if not FIRST_YEAR <= checked_year <= LAST_YEAR:
        raise CommandFailed("YEAR: expected a year such as 2027")
    if clock.wall_clock() < quarter_bounds(checked_year, get_zone(settings.operator.zone))[0]:
        raise CommandFailed(f"YEAR: {checked_year} has not begun")
    if not xml:
        _require_xml({"--schema": schema != "dpi", "--xsd": xsd, "--filed": filed, "--test": test})
        if file is None:
            raise CommandFailed("FILE: expected where the figures shall be written, or --xml")
        return write_sellers(settings, checked_year, file)
    operator = settings.operator
    if operator.missing_settings:
        raise CommandFailed(
            f"{', '.join(operator.missing_settings)}: a return names who runs this; please set what is missing"
        )
    if schema == "fr" and not (operator.country == "FR" and len(operator.tax_number) == 9):
        raise CommandFailed(
            "OPERATOR_TAX_NUMBER: expected a SIREN (9 digits), with OPERATOR_COUNTRY FR, for --schema fr"
        )
    return _draw_up_return(settings, ReturnOrder(checked_year, schema, operator, test), file, xsd, filed and not test)


def _require_xml(options: Mapping[str, object]) -> None:
    """Raise CommandFailed if an option of returns was given without --xml: its user would believe that the year is
    filed."""
    for option in (option for option, value in options.items() if value):
        raise CommandFailed(f"{option}: only with --xml")


def _draw_up_return(settings: Settings, order: ReturnOrder, file: str | None, xsd: str | None, filed: bool) -> int:
    """Write a return, validate it, and record it as filed if `filed`. Return 1 if it is not valid, else 0. An earlier
    call that was cut off is finished instead. Raise CommandFailed without SECRETS_KEY, or if an invalid return should
    be filed."""
    encryption = Encryption(settings.secrets_keys)
    if not encryption:
        raise CommandFailed("SECRETS_KEY: tax forms are encrypted; without the key nobody can read them")
    if file and _finish_return(settings, Path(file)):
        _print_note("It is of an earlier call, which was cut off. Hand it in, then call again for what came later.")
        return 0
    with read_transaction(settings) as unit:  # drawing and validating take a while: the bot goes on meanwhile
        tax_return = tax_returns.draft_return(unit, encryption, order)
        if tax_return is None:
            _print_note("Nothing has changed since the last message: there is nothing to file.")
            return 0
        with tempfile.TemporaryDirectory(prefix="pouce-") as folder:
            part = Path(folder) / "return.xml"
            _write_return(part, order, tax_return, as_datetime(unit.now).astimezone(get_zone(order.operator.zone)))
            has_flaws = _print_flaws(unit, part, order, tax_return, xsd)
            _print_summary(unit, tax_return)
            if unit.now < quarter_bounds(order.year, get_zone(order.operator.zone))[-1]:
                _print_note(f"{order.year} is not over: what is still earned will be a correction.")
            if filed and has_flaws:
                raise CommandFailed("It was not recorded as filed.")
            if filed:
                _file_return(settings, encryption, order, tax_return, part, file=file)
            else:
                _deliver_return(part, file)
    return 1 if has_flaws else 0


def _write_return(part: Path, order: ReturnOrder, tax_return: TaxReturn, written_at: datetime) -> None:
    head = MessageHead(
        NAMESPACES_BY_NAME[order.form],
        order.year,
        tax_return.reference,
        tax_return.kind,
        written_at,
        operator=order.operator,
        document=tax_return.operator,
        test=order.test,
    )
    part.touch(mode=0o600)
    with part.open("w", encoding="utf-8") as out:
        for piece in write_message(head, ((entry.document, entry.reported) for entry in tax_return.entries)):
            out.write(piece)


def _print_flaws(unit: UnitOfWork, part: Path, order: ReturnOrder, tax_return: TaxReturn, xsd: str | None) -> bool:
    """Validate a return and print each flaw with the worker concerned; return whether there are any. Without a schema
    print that it was not validated, and return False. Raise CommandFailed if the schema cannot be read."""
    schema = Path(xsd) if xsd else Path(str(FRENCH_SCHEMA_FILE)) if order.form == "fr" else None
    if schema is None:
        _print_note("Not validated: the OECD's schema is not shipped. Name it with --xsd DPIXML_v1.0.xsd")
        return False
    try:
        schema_flaws = list(find_schema_flaws(part, schema))
    except BadSchema:
        raise CommandFailed(f"{schema}: expected an XML schema that can be read") from None
    for flaw in schema_flaws[:MAX_NAMED]:
        person = tax_return.entries[flaw.seller - 1].reported.figures.person if flaw.seller else None
        whose = f"worker {_worker_label(unit, person)}" if person is not None else "the message"
        _print_note(f"{whose}: {flaw.element} is not as the schema wants")
    _print_note(
        f"{schema.name}: {format_count(len(schema_flaws), 'flaw')}" if schema_flaws else f"{schema.name}: valid"
    )
    return bool(schema_flaws)


def _worker_label(unit: UnitOfWork, person: PersonId) -> str:
    """A worker's Telegram id and name, as commands take them; the ledger's name of an erased one."""
    worker = unit.people.get(person)
    handle = f"@{worker.username}" if worker.username else worker.name
    return f"{account_owner(worker)} {handle}".strip()


def _print_summary(unit: UnitOfWork, tax_return: TaxReturn) -> None:
    sellers = format_count(len(tax_return.entries), "seller")
    _print_note(f"{tax_return.reference}: {tax_return.kind.value}, {sellers}, {tax_return.outside:,} outside the EU")
    for words, workers in (
        ("without a tax form", tax_return.missing),
        ("whose tax form no key opens", tax_return.unreadable),
    ):
        if workers:
            names = ", ".join(_worker_label(unit, worker) for worker in workers[:MAX_NAMED])
            ellipsis = " …" if len(workers) > MAX_NAMED else ""
            _print_note(f"{format_count(len(workers), 'worker')} {words}, left out: {names}{ellipsis}")
    if tax_return.later:
        belong = "new seller belongs" if tax_return.later == 1 else "new sellers belong"
        _print_note(f"{tax_return.later:,} {belong} into a message of their own: file this one, then call again.")


def _deliver_return(part: Path, file: str | None) -> None:
    """Put the return into its file, or print it."""
    if file is None:
        _print_return(part)
        return
    with in_place(Path(file)) as place:
        shutil.copyfile(part, place)
    _print_note(f"written: {file}")


def _print_return(part: Path) -> None:
    with part.open("rb") as content:
        shutil.copyfileobj(content, sys.stdout.buffer)
    sys.stdout.flush()


def _file_return(
    settings: Settings, encryption: Encryption, order: ReturnOrder, tax_return: TaxReturn, part: Path, file: str | None
) -> None:
    """Record a return as filed and put it in its place, or do neither; the bot sends each seller a copy. Raise
    CommandFailed if another message was filed meanwhile."""

    def record(now: Moment, *, print_it: bool = False) -> None:
        with one_transaction(settings.database_url, now) as unit:
            tax_returns.record_return(unit, encryption, order, tax_return)
            if print_it:  # what cannot be printed is not recorded
                _print_return(part)

    try:
        if file is None:
            record(clock.wall_clock(), print_it=True)
        else:
            _file_return_at(settings, Path(file), part, order, record)
    except tax_returns.Overtaken:
        raise CommandFailed("Another message was filed meanwhile: this one was not written. Call again.") from None
    copies = format_count(len(tax_return.entries), "seller is", "sellers are")
    _print_note(f"recorded as filed; {copies} sent a copy")


def _file_return_at(
    settings: Settings, file: Path, part: Path, order: ReturnOrder, record: Callable[[Moment], None]
) -> None:
    """Stage the file, call `record`, and put the file in place; if that fails, finish it if it was recorded."""
    now = clock.wall_clock()
    try:
        with staged_copy(file, RETURN, f"{order.year}-{order.form}-{now}", part) as staged:
            try:
                record(now)
            except tax_returns.Overtaken:
                staged.unlink()  # the other message may be of the same moment
                raise
            put_in_place(staged, file)
        _print_note(f"written: {file}")
    except Exception:
        if not _finish_return(settings, file):
            raise


def _finish_return(settings: Settings, file: Path) -> bool:
    """Finish an earlier call for this file: move a recorded return to its place, remove an unrecorded one. Return
    whether one was moved."""

    def is_recorded(mark: str) -> bool:
        year, form, filed_at = mark.split("-")
        with read_transaction(settings) as unit:
            return unit.records(TaxReturns).is_recorded(int(year), form, Moment(int(filed_at)))

    has_finished = finish_earlier_call(file, RETURN, is_recorded)
    if has_finished:
        _print_note(f"written: {file}")
    return has_finished


def _print_note(words: str) -> None:
    print(words, file=sys.stderr)


def write_sellers(settings: Settings, year: int, file: str) -> int:
    """Write one row a worker: earnings of each quarter, fees, sums withheld, number of answers."""
    with read_transaction(settings) as unit:
        rows = tax_returns.seller_rows(unit, year, get_zone(settings.operator.zone))
        return write_csv(file, tax_returns.SELLER_COLUMNS, rows)
