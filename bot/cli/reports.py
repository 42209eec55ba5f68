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
    CommandFailed,
    format_count,
    read_transaction,
    report_failures,
    require_current_schema,
)
from bot.settings import Settings
from domain.fairness.automated import Evaluation
from domain.moments import as_datetime, get_period_bounds
from domain.money.amounts import as_decimal
from domain.money.invoices import Invoice
from domain.money.ledger import timestamped_text
from domain.people.settings import get_zone
from formats.result_columns import Value
from handlers.money.invoices import file_words
from jobs.invoices import read_invoice, render_invoice
from jobs.statements import to_csv_bytes
from locales import translator
from services.fairness import automated
from services.money import tax_returns
from services.money.statements import (
    LINE_COLUMNS,
    Rows,
    cost_rows,
    format_units,
    parse_month,
)
from services.people import records
from storage.backups import in_place
from storage.database import one_transaction
from storage.money.invoices import decode_buyer
from storage.unit import UnitOfWork


@report_failures
def oversight(settings: Settings, json: bool = False) -> int:
    """Print what humans made of automated decisions: a block a quarter, or one JSON list with amounts in millionths."""
    with read_transaction(settings) as unit:
        evaluations = automated.evaluate_quarters(unit)
    if json:
        print(orjson.dumps([asdict(evaluation) for evaluation in evaluations], option=orjson.OPT_INDENT_2).decode())
    else:
        print(
            "\n\n".join("\n".join(_evaluation_lines(evaluation)) for evaluation in evaluations)
            or "Nobody has come yet."
        )
    return 0


def _evaluation_lines(evaluation: Evaluation) -> list[str]:
    restrictions, complaints = evaluation.restrictions, evaluation.complaints
    return [
        f"{evaluation.quarter}: {format_count(evaluation.answers, 'answer')} by "
        f"{format_count(evaluation.workers, 'worker')}",
        f"  restrictions       {restrictions.imposed} imposed, {restrictions.confirmed} confirmed by a human, "
        f"{restrictions.lifted} lifted by a human, {restrictions.lapsed} lapsed",
        f"                     {restrictions.granted} granted by silence, {restrictions.faded} faded or over, "
        f"{restrictions.waiting} waiting; {restrictions.appealed} appealed; "
        f"median {_format_median(restrictions.hours, 'hour')} to a human",
        _counts_line("soft measures", evaluation.measures),
        _counts_line("projects paused", evaluation.pauses),
        _counts_line("check questions", evaluation.gold),
        _counts_line("appeals", evaluation.appeals),
        f"  complaints         {complaints.open} open ({complaints.late} late), {complaints.answered} answered, "
        f"{complaints.in_time} in time; median {_format_median(complaints.days, 'day')}",
        *(
            f"  pay: {pay.kind:<13} {pay.count} transfers, {as_decimal(pay.amount)} {pay.currency}"
            for pay in evaluation.pay
        ),
    ]


def _counts_line(label: str, counts: dict[str, int]) -> str:
    return f"  {label:<18} " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


def _format_median(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:g} {unit if value == 1 else f'{unit}s'}"


@report_failures
def record_key(settings: Settings, renew: bool = False) -> int:
    """Print one line a key, the one in use first; with `renew` a new one signs from now on."""
    require_current_schema(settings)
    with one_transaction(settings.database_url, clock.wall_clock()) as unit:
        if renew:
            records.renew_key(unit)
        for key in records.list_keys(unit):
            print(f"{key.number}  {key.public}  {key.fingerprint}")
    return 0


def write_sellers(settings: Settings, year: int, file: str) -> int:
    """Write one row a worker: earnings of each quarter, fees, sums withheld, number of answers."""
    with read_transaction(settings) as unit:
        rows = tax_returns.seller_rows(unit, year, get_zone(settings.operator.zone))
        return write_csv(file, tax_returns.SELLER_COLUMNS, rows)


def write_costs(settings: Settings, month: str, file: str) -> int:
    """Write one row a requester and project: answers, rewards, fees, top-ups, bonuses, returns. Raise CommandFailed if
    the month is malformed."""
    year_and_month = parse_month(month)
    if year_and_month is None:
        raise CommandFailed("MONTH: expected a month such as 2027-03")
    with read_transaction(settings) as unit:
        return write_csv(
            file,
            LINE_COLUMNS,
            cost_rows(unit, *year_and_month, zone=get_zone(settings.operator.zone)),
        )


def write_csv(file: str, columns: Sequence[str], rows: Rows) -> int:
    """Write rows into a file that only its owner can read, and print how many."""
    with in_place(Path(file)) as part:
        part.touch(mode=0o600)
        part.write_bytes(to_csv_bytes(columns, rows))
    print(f"{file}: {format_count(len(rows), 'row')}")
    return 0


INVOICE_COLUMNS = (
    *("number", "corrects", "issued_on", "requester", "client", "client_vat", "vat_rule", "vat_percent"),
    *("net", "vat", "total", "currency"),
)


@report_failures
def invoices(settings: Settings, month: str, file: str | None = None, pdf: str | None = None) -> int:
    """Print the invoices issued in a month as CSV; write each as PDF (`pdf`, a folder), or every requester's costs
    (`file`). Raise CommandFailed if the month is malformed or both are given."""
    if file is not None and pdf is not None:
        raise CommandFailed("--pdf: not with FILE")
    if file is not None:
        return write_costs(settings, month, file)
    if parse_month(month) is None:
        raise CommandFailed("MONTH: expected a month such as 2027-03")
    with read_transaction(settings) as unit:
        issued = unit.invoices.list_issued(*get_period_bounds(month, get_zone(settings.operator.zone)))
        if pdf is not None:
            return _write_invoices(unit, issued, Path(pdf), settings)
        sys.stdout.write(to_csv_bytes(INVOICE_COLUMNS, list(_invoice_rows(unit, issued, settings))).decode("utf-8-sig"))
    return 0


def _invoice_rows(unit: UnitOfWork, invoices: Sequence[Invoice], settings: Settings) -> Iterator[list[Value]]:
    """Rows of invoices and credit notes; a credit note's amounts are below zero."""
    zone = get_zone(settings.operator.zone)
    for invoice in invoices:
        sign = 1 if invoice.corrects is None else -1
        corrects = "" if invoice.corrects is None else unit.invoices.get(invoice.corrects).name
        buyer = decode_buyer(invoice.buyer) if invoice.buyer else None
        client = (buyer.name, buyer.vat) if buyer else ("", "")
        issued = as_datetime(invoice.issued_at).astimezone(zone).date().isoformat()
        sums = (format_units(sign * amount) for amount in (invoice.net, invoice.vat, invoice.gross))
        requester_id = unit.people.get(invoice.person).telegram_id
        yield [
            invoice.name,
            corrects,
            issued,
            requester_id,
            *client,
            invoice.rule,
            f"{invoice.rate / 100:g}",
            *sums,
            invoice.currency,
        ]


def _write_invoices(unit: UnitOfWork, invoices: Sequence[Invoice], folder: Path, settings: Settings) -> int:
    """Write one PDF an invoice, in the default language."""
    folder.mkdir(parents=True, exist_ok=True)
    language, zone = settings.default_language, settings.operator.zone
    for issued in invoices:
        invoice, corrects = read_invoice(unit, issued.id)
        with in_place(folder / f"{issued.name}.pdf") as part:
            part.touch(mode=0o600)
            part.write_bytes(render_invoice(invoice, corrects, file_words(translator(language)), language, zone))
    print(f"{folder}: {format_count(len(invoices), 'invoice')}")
    return 0


@report_failures
def timestamps(settings: Settings, directory: str) -> int:
    """Write three files a day: what was stamped, the authority's answer, and the root certificate that it was checked
    against."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    with read_transaction(settings) as unit:
        stamped_heads = unit.head_timestamps.list_stamped()
    for head in stamped_heads:
        (folder / f"{head.day}.txt").write_bytes(timestamped_text(head.day, head.head))
        (folder / f"{head.day}.tsr").write_bytes(base64.b64decode(head.answer))
        (folder / f"{head.day}.pem").write_text(ssl.DER_cert_to_PEM_cert(base64.b64decode(head.root)))
    print(f"{format_count(len(stamped_heads), 'time-stamped head')} in {folder}.")
    return 0
