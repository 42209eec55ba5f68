"""The figures of the evaluation of automated decisions: `pouce oversight`. Returns the exit code."""

from dataclasses import asdict

import orjson

from bot.cli.counting import counted
from bot.cli.ledger import reading, told
from bot.settings import Settings
from domain.fairness.evaluation import Evaluation
from domain.money.amounts import as_decimal
from services.fairness.oversight import evaluation


@told
def oversight(settings: Settings, json: bool = False) -> int:
    """A block a quarter, or one JSON list; amounts in JSON are integers in millionths."""
    with reading(settings) as unit:
        found = evaluation.evaluate(unit)
    if json:
        print(orjson.dumps([asdict(each) for each in found], option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n\n".join("\n".join(_lines(each)) for each in found) or "Nobody has come yet.")
    return 0


def _lines(of: Evaluation) -> list[str]:
    restrictions, complaints = of.restrictions, of.complaints
    return [
        f"{of.quarter}: {counted(of.answers, 'answer')} by {counted(of.workers, 'worker')}",
        f"  restrictions       {restrictions.imposed} imposed, {restrictions.confirmed} confirmed by a human, "
        f"{restrictions.lifted} lifted by a human, {restrictions.lapsed} lapsed",
        f"                     {restrictions.granted} granted by silence, {restrictions.faded} faded or over, "
        f"{restrictions.waiting} waiting; {restrictions.appealed} appealed; "
        f"median {_or_none(restrictions.hours, 'hour')} to a human",
        _row("soft measures", of.measures),
        _row("projects paused", of.pauses),
        _row("check questions", of.gold),
        _row("appeals", of.appeals),
        f"  complaints         {complaints.open} open ({complaints.late} late), {complaints.answered} answered, "
        f"{complaints.in_time} in time; median {_or_none(complaints.days, 'day')}",
        *(
            f"  pay: {each.kind:<13} {each.count} transfers, {as_decimal(each.amount)} {each.currency}"
            for each in of.pay
        ),
    ]


def _row(name: str, counts: dict[str, int]) -> str:
    return f"  {name:<18} " + ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in counts.items())


def _or_none(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:g} {unit if value == 1 else f'{unit}s'}"
