"""`/record`: a period of a worker's work, signed by the house: a page with a QR code and the signed file itself."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from domain.moments import HOUR, Moment, as_datetime, day_of, later, parse_span
from domain.money.amounts import as_decimal
from domain.people.personal_data import RecordReady
from domain.quality.crowd import wilson_interval
from domain.refusals import BadInput
from formats.personal_data import FORMAT, signed
from jobs.figures import MadeFile, Maker, save_file
from jobs.statements import PLATFORM
from reports.statement import RecordPage, record_pdf
from services.act import Act
from services.money.statements import GROSS_LINES, LINE_NAMES_BY_KIND
from services.people import records
from storage.database import Database
from storage.people.records import WorkTotals
from storage.unit import UnitOfWork

EXAMPLE = "/record 2026-01 2026-06"


def read_record(act: Act, first: str, last: str) -> dict[str, Any] | None:
    """Return the figures of a period of work, without its issuer; None if nothing was answered. Raise BadInput if the
    period is unreadable. Fractions are texts: the signature covers the same bytes in every language."""
    unit, person, span = act.unit, act.person, parse_span(first, last, later(act.unit.now, 1))
    if span is None:
        raise BadInput(what="period", value=" ".join((first, last)).strip(), expected=[EXAMPLE])
    work = unit.work_records.count_work(person.id, *span)
    if not work.answers:
        return None
    return {
        "format": FORMAT,
        "person": {"name": person.name, "telegram_id": person.telegram_id},
        "period": {"from": day_of(max(span[0], work.first_at)), "to": day_of(Moment(span[1] - 1))},
        "answers": work.answers,
        "projects": work.projects,
        "kinds": unit.work_records.count_by_kind(person.id, *span),
        "hours": {"measured": f"{Decimal(work.milliseconds) / HOUR:.2f}", "of_answers": work.timed},
        "check_questions": _get_accuracy(work),
        "earned": _sum_earnings(unit, act, span),
        "issued_at": as_datetime(unit.now).isoformat(timespec="seconds"),
    }


def order_record(
    act: Act, first: str, last: str, reading: dict[str, Any] | None
) -> tuple[RecordReady, ...] | RecordReady:
    """Return the orders of the signed page and of the signed file; one empty order if there is nothing to show."""
    if reading is None:
        return RecordReady("", "")
    key = records.get_signing_key(act.unit)
    issuer = {"name": PLATFORM, "key": key.fingerprint, "address": records.public_keys_url(act.house)}
    text = signed({**reading, "issuer": issuer}, key.seed)
    return RecordReady("pdf", text), RecordReady("json", text)


def _get_accuracy(work: WorkTotals) -> dict[str, Any]:
    """Return how many check questions were seen, and the share that was right with Wilson's 95 % interval. Projects
    that still run are not counted yet."""
    if not work.gold_seen:
        return {"seen": 0, "projects_not_counted_yet": work.running}
    low, high = wilson_interval(work.gold_right, work.gold_seen)
    share = f"{work.gold_right / work.gold_seen:.3f}"
    return {
        "seen": work.gold_seen,
        "right": work.gold_right,
        "share": share,
        "interval_95": [f"{low:.3f}", f"{high:.3f}"],
        "projects_not_counted_yet": work.running,
    }


def _sum_earnings(unit: UnitOfWork, act: Act, span: tuple[Moment, Moment]) -> dict[str, str]:
    """Return the earnings before contributions, by currency."""
    earnings = {}
    for currency in unit.statements.list_currencies(act.person):
        lines = unit.statements.list_lines(act.person, currency, *span)
        earned = sum(line.amount for line in lines if LINE_NAMES_BY_KIND.get(line.kind, "other") in GROSS_LINES)
        earnings[currency] = f"{as_decimal(earned):f}"
    return earnings


async def make_record(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    if facts["form"] == "json":
        return save_file(facts["text"].encode(), "pouce-record.json", "application/json")
    page = RecordPage(facts["title"], facts["lines"], facts["notes"], facts["text"], facts["footer"])
    return save_file(await asyncio.to_thread(record_pdf, page), "pouce-record.pdf", "application/pdf")


MAKERS: Mapping[str, Maker] = {"record": make_record}
