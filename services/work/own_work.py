"""A worker's own work in the dashboard: tasks, hours, pay per hour, and pay over time."""

from dataclasses import dataclass
from datetime import timedelta

from domain.moments import Moment, as_datetime
from domain.money.wallet import Balance
from services.act import Act
from services.money import wallet
from storage.money.statements import StatementLine, WorkedProject

SHOWN_DAYS = 90


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
    """Return the worker's balance and their work of the last SHOWN_DAYS."""
    unit, worker, currency = act.unit, act.person, act.house.terms.currency
    zone = unit.preferences.get_stored(worker.id).zone
    today = as_datetime(unit.now).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first_day = today - timedelta(days=SHOWN_DAYS - 1)
    since, until = Moment(int(first_day.timestamp() * 1000)), Moment(unit.now + 1)
    return OwnWork(
        balance=wallet.show_balance(act),
        currency=currency,
        days=SHOWN_DAYS,
        begins=first_day.date().isoformat(),
        lines=tuple(unit.statements.list_lines(worker, currency, since, until, zone)),
        worked=tuple(unit.statements.list_worked_projects(worker, currency, since, until)),
    )
