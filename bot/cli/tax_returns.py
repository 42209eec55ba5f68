"""`pouce dac7 YEAR [FILE]`: a year's figures as CSV, or with `--xml` a return for the authority, validated."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from bot import clock
from bot.cli import recorded_files
from bot.cli.counting import counted
from bot.cli.ledger import NotDone, reading, told
from bot.cli.reports import sellers
from bot.settings import Settings
from domain.moments import Moment, as_datetime
from domain.money.ledger import named
from domain.people.people import PersonId
from domain.people.time_zones import rules_of
from formats.taxes.dpi import SCHEMAS, MessageHead, written
from formats.taxes.validation import FRENCH, BadSchema, flaws
from services.encryption import Encryption
from services.money.tax_reports import FIRST_YEAR, LAST_YEAR
from services.money.taxes import returns
from services.money.taxes.figures import bounds
from services.money.taxes.returns import Order, TaxReturn
from storage.backups.backup import in_place
from storage.database import one_transaction
from storage.unit import UnitOfWork

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
    if file and _finished(settings, Path(file)):
        _say("It is of an earlier call, which was cut off. Hand it in, then call again for what came later.")
        return 0
    with reading(settings) as unit:  # drawing and validating take a while: the bot goes on meanwhile
        drawn = returns.draw(unit, encryption, order)
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
            returns.record(unit, encryption, order, drawn)
            if shown:  # what cannot be printed is not recorded
                _print(part)

    try:
        if file is None:
            recorded(clock.wall_clock(), shown=True)
        else:
            _file_at(settings, Path(file), part, order, recorded)
    except returns.Overtaken:
        raise NotDone("Another message was filed meanwhile: this one was not written. Call again.") from None
    copies = counted(len(drawn.entries), "seller is", "sellers are")
    _say(f"recorded as filed; {copies} sent a copy")


def _file_at(settings: Settings, file: Path, part: Path, order: Order, recorded: Callable[[Moment], None]) -> None:
    now = clock.wall_clock()
    try:
        with recorded_files.beside(file, RETURN, f"{order.year}-{order.form}-{now}", part) as waiting:
            try:
                recorded(now)
            except returns.Overtaken:
                waiting.unlink()  # the other message may be of the same moment
                raise
            recorded_files.put(waiting, file)
        _say(f"written: {file}")
    except Exception:
        if not _finished(settings, file):
            raise


def _finished(settings: Settings, file: Path) -> bool:
    """Puts in its place what an earlier call recorded; removes what none did."""

    def is_recorded(mark: str) -> bool:
        year, form, at = mark.split("-")
        with reading(settings) as unit:
            return unit.tax_returns.is_recorded(int(year), form, Moment(int(at)))

    done = recorded_files.finished(file, RETURN, is_recorded)
    if done:
        _say(f"written: {file}")
    return done


def _say(words: str) -> None:
    print(words, file=sys.stderr)
