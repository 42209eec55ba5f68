"""Reports to authorities and accountants: DAC7 figures by worker and quarter; payments by requester, project and
month."""

from collections import defaultdict
from datetime import UTC, tzinfo
from decimal import Decimal

from domain.money.amounts import as_decimal
from domain.money.declarations import Figures
from domain.money.messages.settlement import InvoiceLinesReady, SellersReady
from domain.months import bounds
from domain.people.people import Person
from formats.values import Value
from services.act import Act
from services.money.taxes.figures import figures
from storage.unit import UnitOfWork

Rows = list[list[Value]]
Spender = tuple[int | None, int, str, str]  # a Telegram id, a project or 0, its title, the currency
EACH_QUARTER = ("consideration", "fees", "withheld", "activities")
SELLER_COLUMNS = (
    "worker",
    "name",
    "account_holder",
    "iban",
    "currency",
    *(f"q{quarter}_{what}" for quarter in range(1, 5) for what in EACH_QUARTER),
)
LINE_COLUMNS = (
    *("month", "requester", "project", "title", "currency", "answers", "rewards", "fees", "top_ups", "bonuses"),
    *("judges", "returned", "total"),
)
FIRST_YEAR, LAST_YEAR = 2020, 2200


def month_of(text: str) -> tuple[int, int] | None:
    """`2027-03` → (2027, 3)."""
    year, _, month = text.strip().partition("-")
    fits = year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) == 2
    found = (int(year), int(month)) if fits else (0, 0)
    return found if FIRST_YEAR <= found[0] <= LAST_YEAR and 1 <= found[1] <= 12 else None


def order_sellers(act: Act, year: int) -> SellersReady:
    """DAC7's figures of one year, as a file. The request is in the audit log: the file names bank accounts."""
    known = _known(year)
    act.unit.audit.note(act.person.id, "dac7", f"year:{known}")
    return SellersReady(known, act.house.operator.zone)


def order_lines(act: Act, year: int, month: int) -> InvoiceLinesReady:
    """The costs of a requester's projects in a month of their own zone, as a file."""
    zone = act.unit.preferences.known(act.person.id).zone_name
    return InvoiceLinesReady(act.person.id, _known(year), month if 1 <= month <= 12 else 1, zone)


def _known(year: int) -> int:
    """A button can carry any number; a calendar can't."""
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def sellers(unit: UnitOfWork, year: int, zone: tzinfo = UTC) -> Rows:
    """One row a worker and currency with earnings: amounts credited, fees on them, sums withheld."""
    about = {row[0]: row[1:] for row in unit.tax_reports.sellers()}
    return [
        [*about.get(each.person, (None, "", None, None)), each.currency, *_by_quarter(each)]
        for each in figures(unit, year, zone)
    ]


def invoice_lines(unit: UnitOfWork, year: int, month: int, requester: Person | None = None, zone: tzinfo = UTC) -> Rows:
    """One row a project with movements in that month, and one for bonuses; judges is what was held for judges
    of rejections, less what of that came back; returned is what of the rest came back."""
    time = (*bounds(f"{year}-{month:02}", zone), requester.id if requester else 0)
    sums: dict[Spender, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for who, project, title, currency, kind, amount, count in unit.tax_reports.by_project(*time):
        line = sums[who, project, title, currency]
        line[kind] += int(amount)
        line["answers"] += int(count) if kind == "reward" else 0
    for who, currency, amount, _ in unit.tax_reports.bonuses(*time):
        sums[who, 0, "", currency]["bonus"] += int(amount)
    for who, currency, amount, _ in unit.tax_reports.bonuses_given_back(*time):
        sums[who, 0, "", currency]["waived"] += int(amount)
    return [
        [f"{year}-{month:02}", who, project or None, title, currency, *_line(found)]
        for (who, project, title, currency), found in sorted(sums.items(), key=_place)
    ]


def _place(line: tuple[Spender, dict[str, int]]) -> tuple[int, int, str, str]:
    """Erased requesters, who have no Telegram id, come first."""
    who, project, title, currency = line[0]
    return who or 0, project, title, currency


def _line(found: dict[str, int]) -> list[Value]:
    returned = found["forfeit"] + found["feeback"] + found["waived"]
    judges = found["stake"] - found["unstake"] - found["costs"]
    parts = [found["reward"] + found["redo"], found["fee"], found["topup"], found["bonus"], judges, -returned]
    return [found["answers"], *(units(part) for part in [*parts, sum(parts)])]


def _by_quarter(found: Figures) -> list[Value]:
    cells = ((what, getattr(found, what)[quarter]) for quarter in range(4) for what in EACH_QUARTER)
    return [amount if what == "activities" else units(amount) for what, amount in cells]


def units(amount: int) -> str:
    """12.5 units as 12.50: two digits at least, none lost."""
    value = as_decimal(amount)
    return str(value.quantize(Decimal("0.01")) if amount % 10_000 == 0 else value.normalize())
