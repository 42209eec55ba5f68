"""The page: measurements beside goals, each with its paired interval over sets."""

from __future__ import annotations

import numpy as np

from benchmarks.quality.crowds import STRESS
from benchmarks.quality.measures import GRID, interval
from benchmarks.quality.order import RULES

Row = dict[str, float]

WHAT = ("answers", "accuracy")  # of what was asked until a confidence

TITLE = "Quality: label quality per answer paid"
NOTE = """Means leave out the stress sets ({stress}). Differences are paired, with their 95 % bootstrap interval over
the sets. [What it means](../../docs/explanation/quality.md).
"""

GOALS: tuple[tuple[str, str, str, str], ...] = (
    ("batch, no gold", "ours", "majority", "≥ .802"),
    ("the same, crowd-kit Dawid–Skene", "Dawid–Skene", "majority", ""),
    ("20 gold", "ours, 20 gold", "ours", "≥ .808"),
    ("10 % gold", "ours, 10 % gold", "ours", "≥ .812"),
    ("3.3 answers at most", "ours at 3.3 answers", "majority", "≥ .790"),
    ("4.3 answers at most", "ours at 4.3 answers", "majority", "≥ .797"),
    ("an 80 % model and 1 person, 20 gold", "ai 0.8 + 1, 20 gold", "people 1, 20 gold", "≥ .80"),
    ("… 2 people", "ai 0.8 + 2, 20 gold", "people 2, 20 gold", "≥ .83"),
    ("… 3 people", "ai 0.8 + 3, 20 gold", "people 3, 20 gold", "≥ .84"),
    ("… 5 people", "ai 0.8 + 5, 20 gold", "people 5, 20 gold", ""),
    ("a 70 % model and 3 people, 20 gold", "ai 0.7 + 3, 20 gold", "people 3, 20 gold", ""),
    ("a 90 % model and 3 people, 20 gold", "ai 0.9 + 3, 20 gold", "people 3, 20 gold", ""),
    ("an 80 % model and 3 people, no gold", "ai 0.8 + 3, no gold", "people 3, no gold", ""),
    ("asked until .95 with an 80 % model, 5 % gold: answers", "ai asked: answers", "people asked: answers", ""),
    ("… accuracy", "ai asked: accuracy", "people asked: accuracy", ""),
    ("… share of people's answers that reaches what they did", "ai needs of people", "", "≤ .40"),
    ("choosing the task, 2 answers", "most telling, 2", "fewest first, 2", "≥ .775"),
    ("… 3 answers", "most telling, 3", "fewest first, 3", "≥ .805"),
    ("… 4 answers", "most telling, 4", "fewest first, 4", "≥ .818"),
    ("answers needed to match majority of 3", "ours needs of 3", "", "≤ .50"),
    ("… of 5", "ours needs of 5", "", "≤ .35"),
    ("… of all", "ours needs of all", "", "≤ .25"),
    ("calibration error, no gold (in-sample)", "ours: calibration error", "", ""),
    ("calibration error, 20 gold", "ours, 20 gold: calibration error", "", "≤ .055"),
    ("calibration error, 10 % gold", "ours, 10 % gold: calibration error", "", ""),
    ("accuracy lost from random to real order", "order loss", "", "≤ .002"),
    ("40 % colluders, beyond their absence", "ring: beyond absence", "", "≤ .005"),
    ("honest flagged as a ring", "ring: honest flagged", "", "≤ .002"),
    ("random noticed, 60 answers, 6 of them gold", "60 answers: random caught", "", "≥ .98"),
    ("false alarms, 60 answers", "60 answers: false alarms", "", "≤ .01"),
    ("sleeper: found within 60 answers", "sleeper: caught", "", ""),
    ("refit, seconds per 100k answers, rings included", "refit s per 100k", "", "≤ .3"),
    ("… the rings", "of these rings", "", ""),
    ("update, µs an answer", "update µs", "", "≤ 50"),
)

SECTIONS = {
    "Batch accuracy, all answers": [
        "majority", "Dawid–Skene", "one coin", "Wawa", "MACE", "GLAD", "ours", "ours, 20 gold", "ours, 10 % gold"],
    "With 20 gold, against majority: lead and its 95 % interval over tasks": [
        "ours, 20 gold: lead", "ours, 20 gold: lead, low", "ours, 20 gold: lead, high"],
    "A model that is 80 % right, 20 gold": [
        f"{who} {n}, 20 gold" for n in (1, 2, 3, 5) for who in ("people", "ai 0.8 +")],
    "Which task next": [f"{rule}, {n}" for n in (2, 3, 4) for rule in RULES],
    "Calibration error": [f"{name}: calibration error" for name in ("ours", "ours, 20 gold", "ours, 10 % gold")],
}  # fmt: skip


def page(rows: dict[str, Row]) -> str:
    parts = [NOTE.format(stress=", ".join(STRESS)), _goals(rows)]
    parts += [f"## {title}\n\n{_table(rows, wanted)}" for title, wanted in SECTIONS.items()]
    return "\n".join(parts)


def _goals(rows: dict[str, Row]) -> str:
    lines = ["| what | measured | sets | paired difference | goal |", "| --- | --: | --: | --: | --: |"]
    for what, key, beside, goal in GOALS:
        values = _means(rows, key)
        if values:
            pairs = [value - rows[n][beside] for n, value in values.items() if beside in rows[n]]
            shown = f"{_signed(*interval(pairs))} to {beside}" if pairs else ""
            lines.append(f"| {what} | {np.mean(list(values.values())):.3f} | {len(values)} | {shown} | {goal} |")
    if pooled := _pooled(rows):
        lines.append(f"| … share of the mean answers that reaches the mean accuracy | {pooled} | | | ≤ .40 |")
    for name in ("ours", "ours, 20 gold"):
        below = [n for n, row in rows.items() if row[f"{name}: lead, high"] < 0]
        lines.append(f"| sets whose interval lies below majority, {name} | {', '.join(below) or 'none'} | | | none |")
    worse = [f"{n} {people}" for n, row in rows.items() for people in (1, 2, 3, 5) if _harms(row, people)]
    lines.append(f"| an 80 % model half a point below people alone | {', '.join(worse) or 'none'} | | | none |")
    return "\n".join(lines) + "\n"


def _pooled(rows: dict[str, Row]) -> str:
    """Mean answers at which people's mean accuracy is reached beside a model, as a share of theirs, by interpolation.

    What a single set needs depends on thousandths where a model adds little, and is left out where it never gets there.
    """
    asked = [row for name, row in rows.items() if name not in STRESS and "people asked: answers" in row]
    if not asked:
        return ""
    answers, target = (np.mean([row[f"people asked: {what}"] for row in asked]) for what in WHAT)
    costs, right = ([np.mean([row[f"ai at {c}: {what}"] for row in asked]) for c in GRID] for what in WHAT)
    found = np.interp(target, np.maximum.accumulate(right), costs, right=np.nan)
    return f"{found / answers:.3f}"


def _harms(row: Row, people: int) -> bool:
    return row.get(f"ai 0.8 + {people}, 20 gold", 1.0) < row.get(f"people {people}, 20 gold", 0.0) - 0.005


def _means(rows: dict[str, Row], key: str) -> dict[str, float]:
    return {n: row[key] for n, row in rows.items() if n not in STRESS and not np.isnan(row.get(key, np.nan))}


def _signed(mean: float, low: float, high: float) -> str:
    return f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]"


def _table(rows: dict[str, Row], wanted: list[str]) -> str:
    lines = ["| set | " + " | ".join(wanted) + " |", "| --- |" + " --: |" * len(wanted)]
    ordered = sorted(rows, key=lambda name: (name in STRESS, name))
    lines += [f"| {name} | " + " | ".join(_cell(rows[name].get(key)) for key in wanted) + " |" for name in ordered]
    means = [list(_means(rows, key).values()) for key in wanted]
    lines.append("| **mean** | " + " | ".join(_cell(float(np.mean(m)) if m else None) for m in means) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: float | None) -> str:
    return "–" if value is None or np.isnan(value) else f"{value:.3f}"
