"""`/statement`: a month or a year of a worker's money, by the days of the worker's time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from domain.moments import (
    Moment,
    before,
    bounds,
    month_of,
    parse_period,
)
from domain.money.statements import StatementReady
from domain.people.accounts import Person
from domain.refusals import BadInput
from services.act import Act
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
        begins=bounds(period)[0],
        before=before(period),
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
    since, until = bounds(period, zone)
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
