"""`pouce invoices`: those issued in a month, listed or as PDF; with a file, everybody's costs of the month."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.cli import reports
from bot.cli.counting import counted
from bot.cli.ledger import NotDone, reading, told
from bot.settings import Settings
from domain.moments import as_datetime
from domain.money.invoices import Invoice
from domain.months import bounds
from domain.people.time_zones import rules_of
from formats.values import Value
from handlers.screens.money.invoices import words
from jobs.money.bank_files import as_csv
from jobs.money.invoices import invoice_pdf, read_invoice
from locales import translator
from services.money.tax_reports import month_of, units
from storage.backups.backup import in_place
from storage.money.invoices import buyer_of
from storage.unit import UnitOfWork

COLUMNS = (
    *("number", "corrects", "issued_on", "requester", "client", "client_vat", "vat_rule", "vat_percent"),
    *("net", "vat", "total", "currency"),
)


@told
def invoices(settings: Settings, month: str, file: str | None = None, pdf: str | None = None) -> int:
    if file is not None and pdf is not None:
        raise NotDone("--pdf: not with FILE")
    if file is not None:
        return reports.costs(settings, month, file)
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
