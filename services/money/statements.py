"""`/statement`: a month or a year of a worker's money, by the days of their own zone."""

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
from storage.money.statements import Standing, StatementLine, WorkedProject
from storage.unit import UnitOfWork

FORMATS = {"pdf": "application/pdf", "csv": "text/csv"}
# A transfer's kind in the words of a statement; other kinds are corrections.
SORTS = {
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
GROSS = ("answers", "topups", "bonuses", "tests", "judging", "rejected", "appealed", "other")
ORDER = (*GROSS, "withheld", "waived", "paid", "returned")


@dataclass(frozen=True, slots=True)
class Account:
    """One currency over a month or a year: how it stood before, movements, how it stood after; what was worked."""

    currency: str
    before: Standing
    lines: Sequence[StatementLine]
    after: Standing
    worked: Sequence[WorkedProject]

    def sums(self) -> dict[str, int]:
        found = dict.fromkeys(ORDER, 0)
        for line in self.lines:
            found[SORTS.get(line.kind, "other")] += line.amount
        return found


def order(act: Act, month: str, form: str) -> StatementReady:
    """`/statement [YYYY-MM | YYYY] [csv]`: this month up to now, another one, or a year; refused where it has not
    begun."""
    now, form, chosen = act.unit.now, form.lower() or "pdf", act.unit.preferences.known(act.person.id)
    this = month_of(now, chosen.zone)
    wanted = parse_period(month or this)
    if wanted is None or wanted > this or form not in FORMATS:
        raise BadInput(what="month", value=month, expected=["/statement 2026-10"])
    currency = act.house.terms.currency
    return StatementReady(
        person=act.person.id,
        month=wanted,
        begins=bounds(wanted)[0],
        before=before(wanted),
        unfinished=this.startswith(wanted),
        lines=sum(len(found.lines) for found in read(act.unit, act.person, wanted, currency, chosen.zone)),
        form=form,
        currency=currency,
        zone=chosen.zone_name,
        issuer=act.house.operator.line or act.house.payer.name,
    )


def read(unit: UnitOfWork, worker: Person, period: str, currency: str, zone: tzinfo = UTC) -> list[Account]:
    """Each currency apart; the platform's where there is none yet."""
    since, until = bounds(period, zone)
    until = min(until, Moment(unit.now + 1))
    return [
        _account(unit, worker, each, since, until, zone) for each in unit.statements.currencies(worker) or [currency]
    ]


def _account(unit: UnitOfWork, worker: Person, currency: str, since: Moment, until: Moment, zone: tzinfo) -> Account:
    return Account(
        currency,
        unit.statements.standing(worker, currency, since),
        unit.statements.lines(worker, currency, since, until, zone),
        unit.statements.standing(worker, currency, until),
        unit.statements.worked(worker, currency, since, until),
    )
