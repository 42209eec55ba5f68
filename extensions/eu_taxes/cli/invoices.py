"""`pouce invoices`: the invoices issued in a month, and every requester's costs."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.cli.ledger import CommandFailed, format_count, read_transaction, report_failures
from bot.settings import Settings
from domain.moments import as_datetime, get_period_bounds
from domain.people.settings import get_zone
from extensions.eu_taxes.cli import write_csv
from extensions.eu_taxes.domain.invoices import Invoice
from extensions.eu_taxes.handlers.invoices import file_words
from extensions.eu_taxes.jobs.invoices import read_invoice, render_invoice
from extensions.eu_taxes.storage.invoices import Invoices, decode_buyer
from formats.result_columns import Value
from jobs.statements import to_csv_bytes
from locales import translator
from services.money.statements import LINE_COLUMNS, cost_rows, format_units, parse_month
from storage.backups import in_place
from storage.unit import UnitOfWork


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
        issued = unit.records(Invoices).list_issued(*get_period_bounds(month, get_zone(settings.operator.zone)))
        if pdf is not None:
            return _write_invoices(unit, issued, Path(pdf), settings)
        sys.stdout.write(to_csv_bytes(INVOICE_COLUMNS, list(_invoice_rows(unit, issued, settings))).decode("utf-8-sig"))
    return 0


def _invoice_rows(unit: UnitOfWork, invoices: Sequence[Invoice], settings: Settings) -> Iterator[list[Value]]:
    """Rows of invoices and credit notes; a credit note's amounts are below zero."""
    zone = get_zone(settings.operator.zone)
    for invoice in invoices:
        sign = 1 if invoice.corrects is None else -1
        corrects = "" if invoice.corrects is None else unit.records(Invoices).get(invoice.corrects).name
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
