"""`/statement`: a month or a year of a worker's money, by the days of the worker's time zone. A requester's costs of a
month. The dashboard shows a worker's work of the last days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from decimal import Decimal

from domain.moments import Moment, as_datetime, get_period_before, get_period_bounds, month_of, parse_period
from domain.money.amounts import as_decimal
from domain.money.statements import InvoiceLinesReady, StatementReady
from domain.money.wallet import Balance
from domain.people.accounts import Person
from domain.programs import CostTable
from domain.refusals import BadInput
from formats.result_columns import Value
from services.act import Act
from services.money import wallet
from storage.money.statements import StatementLine, WorkedProject, WorkerHoldings
from storage.unit import UnitOfWork

FORMATS = {"pdf": "application/pdf", "csv": "text/csv"}
# A transfer's kind in the words of a statement; other kinds are corrections.
LINE_NAMES_BY_KIND = {
    "reward": "answers",
    "redo": "answers",
    "topup": "topups",
    "bonus": "bonuses",
    "test": "tests",
    "judge": "judging",
    "reject": "rejected",
    "appeal": "appealed",
    "waived": "waived",
    "withhold": "withheld",
    "unwithhold": "withheld",
    "paid": "paid",
    "bounced": "returned",
}
GROSS_LINES = ("answers", "topups", "bonuses", "tests", "judging", "rejected", "appealed", "other")
LINE_ORDER = (*GROSS_LINES, "withheld", "waived", "paid", "returned")


@dataclass(frozen=True, slots=True)
class StatementAccount:
    """One currency over a period: balances `before` and `after`, movements, and projects that were worked for."""

    currency: str
    before: WorkerHoldings
    lines: Sequence[StatementLine]
    after: WorkerHoldings
    worked: Sequence[WorkedProject]

    def sum_by_line_name(self) -> dict[str, int]:
        sums = dict.fromkeys(LINE_ORDER, 0)
        for line in self.lines:
            sums[LINE_NAMES_BY_KIND.get(line.kind, "other")] += line.amount
        return sums


def order_statement(act: Act, month: str, form: str) -> StatementReady:
    """Return the statement of `/statement [YYYY-MM | YYYY] [csv]`; without a month the current one. Raise BadInput for
    a period that has not begun or an unknown format."""
    now, form, preferences = act.unit.now, form.lower() or "pdf", act.unit.preferences.get_stored(act.person.id)
    current_month = month_of(now, preferences.zone)
    period = parse_period(month or current_month)
    if period is None or period > current_month or form not in FORMATS:
        raise BadInput(what="month", value=month, expected=["/statement 2026-10"])
    currency = act.house.terms.currency
    return StatementReady(
        person=act.person.id,
        month=period,
        begins=get_period_bounds(period)[0],
        before=get_period_before(period),
        unfinished=current_month.startswith(period),
        lines=sum(
            len(account.lines) for account in read_statement(act.unit, act.person, period, currency, preferences.zone)
        ),
        form=form,
        currency=currency,
        zone=preferences.zone_name,
        issuer=act.house.operator.line or act.house.payer.name,
    )


def read_statement(
    unit: UnitOfWork, worker: Person, period: str, currency: str, zone: tzinfo = UTC
) -> list[StatementAccount]:
    """Return one account for each currency that the worker ever had, or for `currency` if there is none."""
    since, until = get_period_bounds(period, zone)
    until = min(until, Moment(unit.now + 1))
    return [
        _read_account(unit, worker, currency=currency_code, since=since, until=until, zone=zone)
        for currency_code in unit.statements.list_currencies(worker) or [currency]
    ]


def _read_account(
    unit: UnitOfWork, worker: Person, currency: str, since: Moment, until: Moment, zone: tzinfo
) -> StatementAccount:
    return StatementAccount(
        currency,
        unit.statements.get_holdings(worker, currency, since),
        unit.statements.list_lines(worker, currency, since, until, zone),
        unit.statements.get_holdings(worker, currency, until),
        unit.statements.list_worked_projects(worker, currency, since, until),
    )


Rows = list[list[Value]]
Spender = tuple[int | None, int, str, str]  # a Telegram id, a project or 0, its title, the currency
LINE_COLUMNS = (
    *("month", "requester", "project", "title", "currency", "answers", "rewards", "fees", "top_ups", "bonuses"),
    *("judges", "returned", "total"),
)
FIRST_YEAR, LAST_YEAR = 2020, 2200


def parse_month(text: str) -> tuple[int, int] | None:
    """Return (2027, 3) for `2027-03`, or None."""
    year, _, month = text.strip().partition("-")
    fits = year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) == 2
    year_and_month = (int(year), int(month)) if fits else (0, 0)
    return year_and_month if FIRST_YEAR <= year_and_month[0] <= LAST_YEAR and 1 <= year_and_month[1] <= 12 else None


def order_lines(act: Act, year: int, month: int) -> InvoiceLinesReady:
    """Order the costs of a requester's projects in a month of their own zone, as a file."""
    zone = act.unit.preferences.get_stored(act.person.id).zone_name
    return InvoiceLinesReady(act.person.id, clamp_year(year), month if 1 <= month <= 12 else 1, zone)


def list_costs(act: Act, year: int, month: int) -> CostTable:
    """Return the costs of the requester's projects in a month of their own zone, as the statement's file has them."""
    zone = act.unit.preferences.get_stored(act.chat.id).zone
    return CostTable(LINE_COLUMNS, cost_rows(act.unit, year, month, act.person, zone))


def clamp_year(year: int) -> int:
    """Return the year within the calendar's range: a button can carry any number."""
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def cost_rows(unit: UnitOfWork, year: int, month: int, requester: Person | None = None, zone: tzinfo = UTC) -> Rows:
    """Return one row a project with movements in that month, and one for bonuses; judges is what was held for judges
    of rejections, less what of that came back; returned is what of the rest came back."""
    period = (*get_period_bounds(f"{year}-{month:02}", zone), requester.id if requester else 0)
    sums: dict[Spender, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for telegram_id, project, title, currency, kind, amount, count in unit.statements.sum_by_project(*period):
        line = sums[telegram_id, project, title, currency]
        line[kind] += int(amount)
        line["answers"] += int(count) if kind == "reward" else 0
    for telegram_id, currency, amount, _ in unit.statements.sum_bonuses(*period):
        sums[telegram_id, 0, "", currency]["bonus"] += int(amount)
    for telegram_id, currency, amount, _ in unit.statements.sum_bonuses_given_back(*period):
        sums[telegram_id, 0, "", currency]["waived"] += int(amount)
    return [
        [f"{year}-{month:02}", telegram_id, project or None, title, currency, *_cost_cells(sums_by_kind)]
        for (telegram_id, project, title, currency), sums_by_kind in sorted(sums.items(), key=_row_order)
    ]


def _row_order(line: tuple[Spender, dict[str, int]]) -> tuple[int, int, str, str]:
    """Return the sort key of a row: erased requesters, who have no Telegram id, come first."""
    who, project, title, currency = line[0]
    return who or 0, project, title, currency


def _cost_cells(sums_by_kind: dict[str, int]) -> list[Value]:
    returned = sums_by_kind["forfeit"] + sums_by_kind["feeback"] + sums_by_kind["waived"]
    judges = sums_by_kind["stake"] - sums_by_kind["unstake"] - sums_by_kind["costs"]
    parts = [
        sums_by_kind["reward"] + sums_by_kind["redo"],
        sums_by_kind["fee"],
        sums_by_kind["topup"],
        sums_by_kind["bonus"],
        judges,
        -returned,
    ]
    return [sums_by_kind["answers"], *(format_units(part) for part in [*parts, sum(parts)])]


def format_units(amount: int) -> str:
    """Return 12.5 units as `12.50`: two decimals at least, none lost."""
    value = as_decimal(amount)
    return str(value.quantize(Decimal("0.01")) if amount % 10_000 == 0 else value.normalize())


OWN_WORK_DAYS = 90


@dataclass(frozen=True, slots=True)
class OwnWork:
    """The worker's balance; and of the last `days` days in one currency: movements by day, and answers, working time
    and pay by project. `begins` is the first day, as `2026-11-27`."""

    balance: Balance
    currency: str
    days: int
    begins: str
    lines: tuple[StatementLine, ...]
    worked: tuple[WorkedProject, ...]


def read_own_work(act: Act) -> OwnWork:
    """Return the worker's balance and their work of the last OWN_WORK_DAYS."""
    unit, worker, currency = act.unit, act.person, act.house.terms.currency
    zone = unit.preferences.get_stored(worker.id).zone
    today = as_datetime(unit.now).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first_day = today - timedelta(days=OWN_WORK_DAYS - 1)
    since, until = Moment(int(first_day.timestamp() * 1000)), Moment(unit.now + 1)
    return OwnWork(
        balance=wallet.show_balance(act),
        currency=currency,
        days=OWN_WORK_DAYS,
        begins=first_day.date().isoformat(),
        lines=tuple(unit.statements.list_lines(worker, currency, since, until, zone)),
        worked=tuple(unit.statements.list_worked_projects(worker, currency, since, until)),
    )
