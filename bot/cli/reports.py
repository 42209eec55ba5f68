"""Reports on automated decisions, keys of records and time-stamps. Each command returns the exit code."""

import base64
import ssl
from dataclasses import asdict
from pathlib import Path

import orjson

from bot import clock
from bot.cli.ledger import format_count, read_transaction, report_failures, require_current_schema
from bot.settings import Settings
from domain.fairness.automated import Evaluation
from domain.money.amounts import as_decimal
from domain.money.ledger import timestamped_text
from services.fairness import automated
from services.people import records
from storage.database import one_transaction


@report_failures
def oversight(settings: Settings, json: bool = False) -> int:
    """Print what humans made of automated decisions: a block a quarter, or one JSON list with amounts in millionths."""
    with read_transaction(settings) as unit:
        evaluations = automated.evaluate_quarters(unit)
    if json:
        print(orjson.dumps([asdict(evaluation) for evaluation in evaluations], option=orjson.OPT_INDENT_2).decode())
    else:
        print(
            "\n\n".join("\n".join(_evaluation_lines(evaluation)) for evaluation in evaluations)
            or "Nobody has come yet."
        )
    return 0


def _evaluation_lines(evaluation: Evaluation) -> list[str]:
    restrictions, complaints = evaluation.restrictions, evaluation.complaints
    return [
        f"{evaluation.quarter}: {format_count(evaluation.answers, 'answer')} by "
        f"{format_count(evaluation.workers, 'worker')}",
        f"  restrictions       {restrictions.imposed} imposed, {restrictions.confirmed} confirmed by a human, "
        f"{restrictions.lifted} lifted by a human, {restrictions.lapsed} lapsed",
        f"                     {restrictions.granted} granted by silence, {restrictions.faded} faded or over, "
        f"{restrictions.waiting} waiting; {restrictions.appealed} appealed; "
        f"median {_format_median(restrictions.hours, 'hour')} to a human",
        _counts_line("soft measures", evaluation.measures),
        _counts_line("projects paused", evaluation.pauses),
        _counts_line("check questions", evaluation.gold),
        _counts_line("appeals", evaluation.appeals),
        f"  complaints         {complaints.open} open ({complaints.late} late), {complaints.answered} answered, "
        f"{complaints.in_time} in time; median {_format_median(complaints.days, 'day')}",
        *(
            f"  pay: {pay.kind:<13} {pay.count} transfers, {as_decimal(pay.amount)} {pay.currency}"
            for pay in evaluation.pay
        ),
    ]


def _counts_line(label: str, counts: dict[str, int]) -> str:
    return f"  {label:<18} " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


def _format_median(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:g} {unit if value == 1 else f'{unit}s'}"


@report_failures
def record_key(settings: Settings, renew: bool = False) -> int:
    """Print one line a key, the one in use first; with `renew` a new one signs from now on."""
    require_current_schema(settings)
    with one_transaction(settings.database_url, clock.wall_clock()) as unit:
        if renew:
            records.renew_key(unit)
        for key in records.list_keys(unit):
            print(f"{key.number}  {key.public}  {key.fingerprint}")
    return 0


@report_failures
def timestamps(settings: Settings, directory: str) -> int:
    """Write three files a day: what was stamped, the authority's answer, and the root certificate that it was checked
    against."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    with read_transaction(settings) as unit:
        stamped_heads = unit.head_timestamps.list_stamped()
    for head in stamped_heads:
        (folder / f"{head.day}.txt").write_bytes(timestamped_text(head.day, head.head))
        (folder / f"{head.day}.tsr").write_bytes(base64.b64decode(head.answer))
        (folder / f"{head.day}.pem").write_text(ssl.DER_cert_to_PEM_cert(base64.b64decode(head.root)))
    print(f"{format_count(len(stamped_heads), 'time-stamped head')} in {folder}.")
    return 0
