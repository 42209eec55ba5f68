"""Reports for authorities and accountants as CSV. Each returns the exit code."""

from collections.abc import Sequence
from pathlib import Path

from bot.cli.counting import counted
from bot.cli.ledger import NotDone, reading
from bot.settings import Settings
from domain.people.time_zones import rules_of
from jobs.money.bank_files import as_csv
from services.money import tax_reports
from storage.backups.backup import in_place


def sellers(settings: Settings, year: int, file: str) -> int:
    """One row a worker: earnings of each quarter, fees, sums withheld, number of answers."""
    with reading(settings) as unit:
        rows = tax_reports.sellers(unit, year, rules_of(settings.operator.zone))
        return as_rows(file, tax_reports.SELLER_COLUMNS, rows)


def costs(settings: Settings, month: str, file: str) -> int:
    """One row a requester and project: answers, rewards, fees, top-ups, bonuses, returns."""
    wanted = tax_reports.month_of(month)
    if wanted is None:
        raise NotDone("MONTH: expected a month such as 2027-03")
    with reading(settings) as unit:
        return as_rows(
            file,
            tax_reports.LINE_COLUMNS,
            tax_reports.invoice_lines(unit, *wanted, zone=rules_of(settings.operator.zone)),
        )


def as_rows(file: str, columns: Sequence[str], rows: tax_reports.Rows) -> int:
    with in_place(Path(file)) as part:
        part.touch(mode=0o600)
        part.write_bytes(as_csv(columns, rows))
    print(f"{file}: {counted(len(rows), 'row')}")
    return 0
