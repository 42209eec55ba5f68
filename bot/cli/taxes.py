"""Files that go with a row: laid beside their place before the commit, put there after it.

A process that ends between the two leaves the file beside its place; the next call finishes it, or removes it where
the row was never committed. The maker holds a lock on its file, so that nobody takes it away meanwhile.
"""

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
from bot.cli.ledger import (
    NotDone,
    counted,
    of_this_version,
    reading,
    told,
)
from bot.cli.reports import as_rows, sellers
from bot.settings import Settings
from domain.moments import Moment, as_datetime
from domain.money.amounts import as_decimal
from domain.money.contributions import FRANCE, DeclaredLine
from domain.money.ledger import named
from domain.money.payouts import FUNDING_CURRENCY
from domain.people.accounts import PersonId
from domain.people.settings import rules_of
from domain.refusals import MoreThanThere, NotFound
from formats.result_columns import Value
from formats.taxes.dpi import (
    FRENCH,
    SCHEMAS,
    BadSchema,
    MessageHead,
    RatesRefused,
    flaws,
    read_rates,
    written,
)
from jobs.bank_files import as_csv
from services.act import Encryption
from services.money import contributions, tax_returns
from services.money.tax_returns import (
    FIRST_YEAR,
    LAST_YEAR,
    Order,
    TaxReturn,
    bounds,
    units,
)
from storage.backups import check_place, in_place, keep
from storage.database import one_transaction
from storage.unit import UnitOfWork


@contextmanager
def beside(file: Path, what: str, mark: str, source: Path) -> Iterator[Path]:
    """A copy of `source`, complete and on the disk. The row is known by `what` it is, a word, and its `mark`: letters,
    digits, hyphens."""
    check_place(file)
    waiting = file.with_name(f".{file.name}.{what}.{mark}.recorded")
    with ExitStack() as held:
        with in_place(waiting) as part:
            out = held.enter_context(part.open("wb"))
            fcntl.flock(out, fcntl.LOCK_SH)
            with source.open("rb") as read:
                shutil.copyfileobj(read, out)
            out.flush()
        yield waiting


def put(waiting: Path, file: Path) -> None:
    waiting.replace(file)
    keep(file.parent)


def finished(file: Path, what: str, is_recorded: Callable[[str], bool]) -> bool:
    """Whether a file was put in its place that an earlier call for the same had left."""
    named = re.compile(rf"{re.escape(f'.{file.name}.{what}.')}([0-9A-Za-z-]+)\.recorded")
    left = [each for each in file.parent.glob(".*.recorded") if named.fullmatch(each.name)]
    done = False
    for each in sorted(left):
        with suppress(FileNotFoundError):  # its maker has put it in its place
            done |= _settled(each, file, is_recorded)
    return done


def _settled(waiting: Path, file: Path, is_recorded: Callable[[str], bool]) -> bool:
    with waiting.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # its maker lives
        if not is_recorded(waiting.name.split(".")[-2]):
            waiting.unlink()
            return False
        put(waiting, file)
        return True


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
                waiting = held.enter_context(beside(file, DECLARATION, f"{made}-{now}", part))
            put(waiting, file)
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

    return finished(file, DECLARATION, is_recorded)


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


SHOWN = 20  # flaws, and workers, that are named
RETURN = "return"  # what waits beside its place


@told
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
    """Without a file the return goes to standard output; what is said about it to standard error."""
    wanted = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0
    if not FIRST_YEAR <= wanted <= LAST_YEAR:
        raise NotDone("YEAR: expected a year such as 2027")
    if clock.wall_clock() < bounds(wanted, rules_of(settings.operator.zone))[0]:
        raise NotDone(f"YEAR: {wanted} has not begun")
    if not xml:
        _only_with_xml({"--schema": schema != "dpi", "--xsd": xsd, "--filed": filed, "--test": test})
        if file is None:
            raise NotDone("FILE: expected where the figures shall be written, or --xml")
        return sellers(settings, wanted, file)
    operator = settings.operator
    if operator.missing:
        raise NotDone(f"{', '.join(operator.missing)}: a return names who runs this; please set what is missing")
    if schema == "fr" and not (operator.country == "FR" and len(operator.tax_number) == 9):
        raise NotDone("OPERATOR_TAX_NUMBER: expected a SIREN (9 digits), with OPERATOR_COUNTRY FR, for --schema fr")
    return _drawn_up(settings, Order(wanted, schema, operator, test), file, xsd, filed and not test)


def _only_with_xml(given: Mapping[str, object]) -> None:
    """Who writes --filed without --xml would believe that the year is filed."""
    for option in (option for option, value in given.items() if value):
        raise NotDone(f"{option}: only with --xml")


def _drawn_up(settings: Settings, order: Order, file: str | None, xsd: str | None, filed: bool) -> int:
    encryption = Encryption(settings.secrets_keys)
    if not encryption:
        raise NotDone("SECRETS_KEY: tax forms are encrypted; without the key nobody can read them")
    if file and _finish_returns(settings, Path(file)):
        _say("It is of an earlier call, which was cut off. Hand it in, then call again for what came later.")
        return 0
    with reading(settings) as unit:  # drawing and validating take a while: the bot goes on meanwhile
        drawn = tax_returns.draw(unit, encryption, order)
        if drawn is None:
            _say("Nothing has changed since the last message: there is nothing to file.")
            return 0
        with tempfile.TemporaryDirectory(prefix="pouce-") as folder:
            part = Path(folder) / "return.xml"
            _write(part, order, drawn, as_datetime(unit.now).astimezone(rules_of(order.operator.zone)))
            bad = _validated(unit, part, order, drawn, xsd)
            _summary(unit, drawn)
            if unit.now < bounds(order.year, rules_of(order.operator.zone))[-1]:
                _say(f"{order.year} is not over: what is still earned will be a correction.")
            if filed and bad:
                raise NotDone("It was not recorded as filed.")
            if filed:
                _file(settings, encryption, order, drawn, part, file)
            else:
                _put(part, file)
    return 1 if bad else 0


def _write(part: Path, order: Order, drawn: TaxReturn, at: datetime) -> None:
    head = MessageHead(
        SCHEMAS[order.form], order.year, drawn.reference, drawn.kind, at, order.operator, drawn.operator, order.test
    )
    part.touch(mode=0o600)
    with part.open("w", encoding="utf-8") as out:
        for piece in written(head, ((entry.document, entry.reported) for entry in drawn.entries)):
            out.write(piece)


def _validated(unit: UnitOfWork, part: Path, order: Order, drawn: TaxReturn, xsd: str | None) -> bool:
    """Whether something is wrong; each place is named, and whose it is."""
    schema = Path(xsd) if xsd else Path(str(FRENCH)) if order.form == "fr" else None
    if schema is None:
        _say("Not validated: the OECD's schema is not shipped. Name it with --xsd DPIXML_v1.0.xsd")
        return False
    try:
        found = list(flaws(part, schema))
    except BadSchema:
        raise NotDone(f"{schema}: expected an XML schema that can be read") from None
    for flaw in found[:SHOWN]:
        person = drawn.entries[flaw.seller - 1].reported.figures.person if flaw.seller else None
        whose = f"worker {_named(unit, person)}" if person is not None else "the message"
        _say(f"{whose}: {flaw.element} is not as the schema wants")
    _say(f"{schema.name}: {counted(len(found), 'flaw')}" if found else f"{schema.name}: valid")
    return bool(found)


def _named(unit: UnitOfWork, person: PersonId) -> str:
    """Return a worker's Telegram id and name, as commands take them; of one who is erased the name in the ledger."""
    worker = unit.people.get(person)
    handle = f"@{worker.username}" if worker.username else worker.name
    return f"{named(worker)} {handle}".strip()


def _summary(unit: UnitOfWork, drawn: TaxReturn) -> None:
    sellers = counted(len(drawn.entries), "seller")
    _say(f"{drawn.reference}: {drawn.kind.value}, {sellers}, {drawn.outside:,} outside the EU")
    for words, workers in (("without a tax form", drawn.missing), ("whose tax form no key opens", drawn.unreadable)):
        if workers:
            names = ", ".join(_named(unit, worker) for worker in workers[:SHOWN])
            more = " …" if len(workers) > SHOWN else ""
            _say(f"{counted(len(workers), 'worker')} {words}, left out: {names}{more}")
    if drawn.later:
        belong = "new seller belongs" if drawn.later == 1 else "new sellers belong"
        _say(f"{drawn.later:,} {belong} into a message of their own: file this one, then call again.")


def _put(part: Path, file: str | None) -> None:
    if file is None:
        _print(part)
        return
    with in_place(Path(file)) as place:
        shutil.copyfile(part, place)
    _say(f"written: {file}")


def _print(part: Path) -> None:
    with part.open("rb") as written_:
        shutil.copyfileobj(written_, sys.stdout.buffer)
    sys.stdout.flush()


def _file(
    settings: Settings, encryption: Encryption, order: Order, drawn: TaxReturn, part: Path, file: str | None
) -> None:
    """Recorded as filed and put in its place, or neither; the bot sends each seller a copy."""

    def recorded(now: Moment, *, shown: bool = False) -> None:
        with one_transaction(settings.database_url, now) as unit:
            tax_returns.record(unit, encryption, order, drawn)
            if shown:  # what cannot be printed is not recorded
                _print(part)

    try:
        if file is None:
            recorded(clock.wall_clock(), shown=True)
        else:
            _file_at(settings, Path(file), part, order, recorded)
    except tax_returns.Overtaken:
        raise NotDone("Another message was filed meanwhile: this one was not written. Call again.") from None
    copies = counted(len(drawn.entries), "seller is", "sellers are")
    _say(f"recorded as filed; {copies} sent a copy")


def _file_at(settings: Settings, file: Path, part: Path, order: Order, recorded: Callable[[Moment], None]) -> None:
    now = clock.wall_clock()
    try:
        with beside(file, RETURN, f"{order.year}-{order.form}-{now}", part) as waiting:
            try:
                recorded(now)
            except tax_returns.Overtaken:
                waiting.unlink()  # the other message may be of the same moment
                raise
            put(waiting, file)
        _say(f"written: {file}")
    except Exception:
        if not _finish_returns(settings, file):
            raise


def _finish_returns(settings: Settings, file: Path) -> bool:
    """Puts in its place what an earlier call recorded; removes what none did."""

    def is_recorded(mark: str) -> bool:
        year, form, at = mark.split("-")
        with reading(settings) as unit:
            return unit.tax_returns.is_recorded(int(year), form, Moment(int(at)))

    done = finished(file, RETURN, is_recorded)
    if done:
        _say(f"written: {file}")
    return done


def _say(words: str) -> None:
    print(words, file=sys.stderr)
