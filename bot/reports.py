"""What leaves for authorities and accountants: `pouce dac7`, `pouce invoices`. Each returns the exit code."""

from collections.abc import Sequence
from pathlib import Path

from bot.books import NotDone, reading, told
from bot.settings import Settings
from services import authorities
from services.bankfiles import as_csv
from storage.copying import in_place


@told
def dac7(settings: Settings, year: str, file: str) -> int:
    """One row a worker: what they earned in each quarter, fees, what was withheld, how many answers."""
    wanted = int(year) if year.isdecimal() and len(year) == 4 else 0
    if not authorities.FIRST_YEAR <= wanted <= authorities.LAST_YEAR:
        raise NotDone("YEAR: expected a year such as 2027")
    with reading(settings) as unit:
        return _written(file, authorities.SELLER_COLUMNS, authorities.sellers(unit, wanted))


@told
def invoices(settings: Settings, month: str, file: str) -> int:
    """One row a requester and project: answers, rewards, fees, top-ups, bonuses, what came back."""
    wanted = authorities.month_of(month)
    if wanted is None:
        raise NotDone("MONTH: expected a month such as 2027-03")
    with reading(settings) as unit:
        return _written(file, authorities.LINE_COLUMNS, authorities.invoice_lines(unit, *wanted))


def _written(file: str, columns: Sequence[str], rows: authorities.Rows) -> int:
    with in_place(Path(file)) as part:
        part.touch(mode=0o600)
        part.write_bytes(as_csv(columns, rows))
    print(f"{file}: {len(rows)} rows")
    return 0
