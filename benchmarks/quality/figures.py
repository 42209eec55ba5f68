"""The page and its pictures: measurements beside goals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality.crowds import STRESS

Row = dict[str, float]


def page(rows: dict[str, Row]) -> str:
    """All figures, as sections of tables."""
    parts = ["![Cost and accuracy](quality.png)\n", "## Against the goals\n", _goals(rows)]
    parts += [f"## {title}\n\n{_table(rows, wanted)}" for title, wanted in _sections(rows).items()]
    return "\n".join(parts).rstrip()


def _goals(rows: dict[str, Row]) -> str:
    lines = ["| what | measured | worst set | goal |", "| --- | --: | --: | --: |"]
    for what, key, goal, worst in GOALS:
        values = {n: r[key] for n, r in rows.items() if key in r and n not in STRESS and not np.isnan(r[key])}
        if values:
            at = worst(values, key=lambda name: values[name])
            lines.append(f"| {what} | {np.mean(list(values.values())):.3f} | {at} {values[at]:.3f} | {goal} |")
    lines += [_below(rows, "majority", "majority"), _below(rows, "fair majority", "majority, ties decided by lot")]
    missed = [
        f"{n} ({k[14:]})" for n, r in rows.items() for k, v in r.items() if k.startswith("ours needs") and np.isnan(v)
    ]
    lines.append(f"| targets never reached | {len(missed)} | {', '.join(missed) or 'none'} | none |")
    return "\n".join(lines) + "\n"


def _below(rows: dict[str, Row], key: str, what: str) -> str:
    gaps = {n: r["ours"] - r[key] for n, r in rows.items()}
    below = [f"{n} {gap:+.4f}" for n, gap in gaps.items() if gap < -0.005]
    return f"| sets more than half a point below {what} | {len(below)} | {', '.join(below) or 'none'} | none |"


GOALS: tuple[tuple[str, str, str, Any], ...] = (
    ("batch, no gold", "ours", "≥ .815", min),
    ("the same, majority", "majority", "", min),
    ("the same, crowd-kit Dawid–Skene", "Dawid–Skene", "", min),
    ("the same, reference", "reference", "", min),
    ("batch, 10 % gold", "ours, 10 % gold", "≥ .820", min),
    ("answers needed to match majority of 3", "ours needs of 3", "≤ .50", max),
    ("… of 5", "ours needs of 5", "≤ .35", max),
    ("… of all", "ours needs of all", "≤ .25", max),
    ("reference, majority of 3", "reference needs of 3", "", max),
    ("reference, … of 5", "reference needs of 5", "", max),
    ("reference, … of all", "reference needs of all", "", max),
    ("calibration error, no gold (in-sample)", "ours: calibration error", "≤ .04", max),
    ("calibration error, 10 % gold", "ours, 10 % gold: calibration error", "≤ .04", max),
    ("accuracy lost from random to real order", "order loss", "≤ .002", max),
    ("40 % colluders: majority", "ring: majority", "", min),
    ("40 % colluders: engine without the guard", "ring: unguarded", "", min),
    ("40 % colluders: engine", "ring: guarded", "≥ −.005", min),
    ("the same workers simply absent", "ring: honest only", "", min),
    ("… what the ring costs beyond their absence", "ring: beyond absence", "≤ .005", max),
    ("ring: members with strong evidence", "ring: caught", "", min),
    ("ring: members counted to it", "ring: counted in", "", min),
    ("honest flagged as a ring", "ring: honest flagged", "≤ .002", max),
    ("honest flagged in a crowd without one", "ring: flagged in a clean crowd", "≤ .002", max),
    ("random noticed, 20 answers, 2 of them gold", "20 answers: random caught", "", min),
    ("random noticed, 60 answers, 6 of them gold", "60 answers: random caught", "≥ .98", min),
    ("constant noticed, 20 answers, 2 of them gold", "20 answers: constant caught", "", min),
    ("constant noticed, 40 answers, 4 of them gold", "40 answers: constant caught", "≥ .98", min),
    ("false alarms, 20 answers", "20 answers: false alarms", "≤ .01", max),
    ("false alarms, 60 answers", "60 answers: false alarms", "≤ .01", max),
    ("strong (a thousand to one) random, 60 answers", "60 answers: random strong", "", min),
    ("strong false alarms, 60 answers", "60 answers: strong false alarms", "", max),
    ("sleeper: gold answers after the switch", "sleeper: gold to alarm", "≤ 6", max),
    ("sleeper: answers after the switch", "sleeper: answers to alarm", "", max),
    ("sleeper: found within 60 answers", "sleeper: caught", "", min),
    ("sleeper: honest alarmed in 80 answers", "sleeper: false alarms", "≤ .01", max),
    ("refit, seconds per 100k answers", "refit s per 100k", "≤ .5", max),
    ("looking for rings, seconds per 100k answers", "rings s per 100k", "", max),
    ("update, µs an answer", "update µs", "≤ 50", max),
)


def _sections(rows: dict[str, Row]) -> dict[str, list[str]]:
    methods = ["majority", "Dawid–Skene", "one coin", "Wawa", "zero-based skill", "MACE", "GLAD", "reference"]
    return {
        "Batch accuracy, all answers": [*methods, "ours", "ours, 10 % gold"],
        "Answers needed to match majority, as a share of its answers": [
            f"{who} needs of {k}" for k in ("3", "5", "all") for who in ("ours", "reference")],
        "Calibration error of the confidence": ["ours: calibration error", "ours, 10 % gold: calibration error"],
        "Bad workers": ["ring: guarded", "ring: honest only", "ring: caught", "ring: counted in",
                        "ring: honest flagged", "20 answers: random caught", "60 answers: random caught",
                        "40 answers: constant caught", "60 answers: false alarms", "sleeper: answers to alarm",
                        "sleeper: false alarms"],
        "Cost": ["refit s per 100k", "rings s per 100k", "update µs"],
    }  # fmt: skip


def _table(rows: dict[str, Row], wanted: list[str]) -> str:
    lines = ["| set | " + " | ".join(wanted) + " |", "| --- |" + " --: |" * len(wanted)]
    ordered = sorted(rows, key=lambda name: (name in STRESS, name))
    lines += [f"| {name} | " + " | ".join(_cell(rows[name].get(key)) for key in wanted) + " |" for name in ordered]
    means = [
        [r[key] for n, r in rows.items() if n not in STRESS and not np.isnan(r.get(key, np.nan))] for key in wanted
    ]
    lines.append("| **mean** | " + " | ".join(_cell(float(np.mean(m)) if m else None) for m in means) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: float | None) -> str:
    return "–" if value is None or np.isnan(value) else f"{value:.3f}"


def draw(curves: dict[str, Any], path: Path) -> None:
    """Small multiples: accuracy against answers a task."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    columns = 4
    lines = -(-len(curves) // columns)
    figure, axes = pyplot.subplots(lines, columns, figsize=(3.4 * columns, 2.6 * lines), squeeze=False)
    for axis, (name, (drawn, targets)) in zip(axes.flat, sorted(curves.items()), strict=False):
        for who, points in drawn.items():
            axis.plot([p[1] for p in points], [p[2] for p in points], marker="o", markersize=3, label=who)
        fixed = list(targets.values())
        axis.plot([t[1] for t in fixed], [t[0] for t in fixed], "k--s", markersize=3, linewidth=0.8, label="majority")
        axis.set(title=name, xlabel="answers a task")
        axis.title.set_fontsize(9)
    for axis in list(axes.flat)[len(curves) :]:
        axis.remove()
    axes[0][0].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
