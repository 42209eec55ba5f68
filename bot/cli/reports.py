"""Reports for authorities and accountants as CSV. Each returns the exit code."""

import base64
import ssl
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from bot import clock
from bot.cli.ledger import (
    NotDone,
    counted,
    of_this_version,
    reading,
    told,
)
from bot.settings import Settings
from domain.fairness.automated import Evaluation
from domain.moments import as_datetime, bounds
from domain.money.amounts import as_decimal
from domain.money.invoices import Invoice
from domain.money.ledger import text_of
from domain.people.settings import rules_of
from formats.result_columns import Value
from handlers.money.invoices import words
from jobs.bank_files import as_csv
from jobs.invoices import invoice_pdf, read_invoice
from locales import translator
from services.fairness import automated
from services.money import tax_returns
from services.money.tax_returns import month_of, units
from services.people import records
from storage.backups import in_place
from storage.database import one_transaction
from storage.money.invoices import buyer_of
from storage.unit import UnitOfWork


@told
def oversight(settings: Settings, json: bool = False) -> int:
    """A block a quarter, or one JSON list; amounts in JSON are integers in millionths."""
    with reading(settings) as unit:
        found = automated.evaluate_quarters(unit)
    if json:
        print(orjson.dumps([asdict(each) for each in found], option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n\n".join("\n".join(_lines(each)) for each in found) or "Nobody has come yet.")
    return 0


def _lines(of: Evaluation) -> list[str]:
    restrictions, complaints = of.restrictions, of.complaints
    return [
        f"{of.quarter}: {counted(of.answers, 'answer')} by {counted(of.workers, 'worker')}",
        f"  restrictions       {restrictions.imposed} imposed, {restrictions.confirmed} confirmed by a human, "
        f"{restrictions.lifted} lifted by a human, {restrictions.lapsed} lapsed",
        f"                     {restrictions.granted} granted by silence, {restrictions.faded} faded or over, "
        f"{restrictions.waiting} waiting; {restrictions.appealed} appealed; "
        f"median {_or_none(restrictions.hours, 'hour')} to a human",
        _row("soft measures", of.measures),
        _row("projects paused", of.pauses),
        _row("check questions", of.gold),
        _row("appeals", of.appeals),
        f"  complaints         {complaints.open} open ({complaints.late} late), {complaints.answered} answered, "
        f"{complaints.in_time} in time; median {_or_none(complaints.days, 'day')}",
        *(
            f"  pay: {each.kind:<13} {each.count} transfers, {as_decimal(each.amount)} {each.currency}"
            for each in of.pay
        ),
    ]


def _row(name: str, counts: dict[str, int]) -> str:
    return f"  {name:<18} " + ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in counts.items())


def _or_none(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:g} {unit if value == 1 else f'{unit}s'}"


@told
def record_key(settings: Settings, renew: bool = False) -> int:
    """One line a key, the one in use first."""
    of_this_version(settings)
    with one_transaction(settings.database_url, clock.wall_clock()) as unit:
        if renew:
            records.renew(unit)
        for each in records.every(unit):
            print(f"{each.number}  {each.public}  {each.fingerprint}")
    return 0


def sellers(settings: Settings, year: int, file: str) -> int:
    """One row a worker: earnings of each quarter, fees, sums withheld, number of answers."""
    with reading(settings) as unit:
        rows = tax_returns.sellers(unit, year, rules_of(settings.operator.zone))
        return as_rows(file, tax_returns.SELLER_COLUMNS, rows)


def costs(settings: Settings, month: str, file: str) -> int:
    """One row a requester and project: answers, rewards, fees, top-ups, bonuses, returns."""
    wanted = tax_returns.month_of(month)
    if wanted is None:
        raise NotDone("MONTH: expected a month such as 2027-03")
    with reading(settings) as unit:
        return as_rows(
            file,
            tax_returns.LINE_COLUMNS,
            tax_returns.invoice_lines(unit, *wanted, zone=rules_of(settings.operator.zone)),
        )


def as_rows(file: str, columns: Sequence[str], rows: tax_returns.Rows) -> int:
    with in_place(Path(file)) as part:
        part.touch(mode=0o600)
        part.write_bytes(as_csv(columns, rows))
    print(f"{file}: {counted(len(rows), 'row')}")
    return 0


COLUMNS = (
    *("number", "corrects", "issued_on", "requester", "client", "client_vat", "vat_rule", "vat_percent"),
    *("net", "vat", "total", "currency"),
)


@told
def invoices(settings: Settings, month: str, file: str | None = None, pdf: str | None = None) -> int:
    if file is not None and pdf is not None:
        raise NotDone("--pdf: not with FILE")
    if file is not None:
        return costs(settings, month, file)
    if month_of(month) is None:
        raise NotDone("MONTH: expected a month such as 2027-03")
    with reading(settings) as unit:
        found = unit.invoices.issued(*bounds(month, rules_of(settings.operator.zone)))
        if pdf is not None:
            return _write(unit, found, Path(pdf), settings)
        sys.stdout.write(as_csv(COLUMNS, list(_rows(unit, found, settings))).decode("utf-8-sig"))
    return 0


def _rows(unit: UnitOfWork, found: Sequence[Invoice], settings: Settings) -> Iterator[list[Value]]:
    """A credit note's amounts are below zero."""
    zone = rules_of(settings.operator.zone)
    for each in found:
        sign = 1 if each.corrects is None else -1
        corrects = "" if each.corrects is None else unit.invoices.get(each.corrects).name
        buyer = buyer_of(each.buyer) if each.buyer else None
        client = (buyer.name, buyer.vat) if buyer else ("", "")
        issued = as_datetime(each.issued_at).astimezone(zone).date().isoformat()
        sums = (units(sign * amount) for amount in (each.net, each.vat, each.gross))
        who = unit.people.get(each.person).telegram_id
        yield [each.name, corrects, issued, who, *client, each.rule, f"{each.rate / 100:g}", *sums, each.currency]


def _write(unit: UnitOfWork, found: Sequence[Invoice], folder: Path, settings: Settings) -> int:
    """One file each, in the house's language."""
    folder.mkdir(parents=True, exist_ok=True)
    language, zone = settings.default_language, settings.operator.zone
    for each in found:
        invoice, corrects = read_invoice(unit, each.id)
        with in_place(folder / f"{each.name}.pdf") as part:
            part.touch(mode=0o600)
            part.write_bytes(invoice_pdf(invoice, corrects, words(translator(language)), language, zone))
    print(f"{folder}: {counted(len(found), 'invoice')}")
    return 0


@told
def timestamps(settings: Settings, directory: str) -> int:
    """Three files a day: what was stamped, the authority's answer, the root it was checked against."""
    place = Path(directory)
    place.mkdir(parents=True, exist_ok=True)
    with reading(settings) as unit:
        stamped = unit.head_timestamps.stamped()
    for each in stamped:
        (place / f"{each.day}.txt").write_bytes(text_of(each.day, each.head))
        (place / f"{each.day}.tsr").write_bytes(base64.b64decode(each.answer))
        (place / f"{each.day}.pem").write_text(ssl.DER_cert_to_PEM_cert(base64.b64decode(each.root)))
    print(f"{counted(len(stamped), 'time-stamped head')} in {place}.")
    return 0
