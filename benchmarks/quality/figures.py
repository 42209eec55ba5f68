"""The page and its pictures: measurements beside goals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality.crowds import STRESS

Row = dict[str, float]

HEAD = """# Quality: label quality per answer paid

Measured on {date} with `python -m benchmarks quality --data DIR --seeds {seeds} --out docs`, where DIR holds one
folder a crowd (`answers.csv`, `truth.csv`) and the replay. One seed for sets beyond 30,000 answers; attacks only
below that. "Reference" is the replay's own hierarchical Dawid–Skene and its best online policy; crowd-kit's slow
methods are left out of large sets (–). Means leave out the stress sets.

The engine is `domain/quality`: the very code the bot runs. Nothing is tuned to a set by name. The usual
calibration (shift, slope, crowding, classes) was estimated on fifteen of these crowds, so the calibration error
*without* gold is in-sample here; with every set left out in turn it was .083 (.092 without the classes), and .049 with
10 % gold.

![Cost and accuracy](quality/curves.png)
"""


NOTES = """## Reading it

- **Ours** averages models of independent errors, of easy tasks, and of shared errors by how well each foresees
  held-out answers. Gold clamps its own tasks, and says how much to believe the models, the plain vote and each class
  (stacking with a strong prior). A class that none of three answers or more chose is not the answer. Online, a task
  stops once the crowd's opinion is settled; in five passes less and less information is asked of a worker for a task
  that refused them before.
- Where workers agree and differ about something else than the classes (kinds of tasks within the classes foresee the
  answers to a task better by more nats than the classes could hold: `ducks`), no model of the answers may overturn the
  plain vote.
- Easy tasks, answered rightly by everybody, are a kind of their own: otherwise they make an expert of everybody, and
  of those who lean to a class the better ones. Before, `fact` (three quarters of it unanimous) lost 3.6 points to
  majority: 20 of 576 scored tasks were overturned, all wrongly, at a claimed .9. Now 5 are, 3 wrongly, and 517 are
  right where majority has 520, one of these by a tie: three tasks no model of its answers decides better (its scored
  tasks are nearly all of one class, the crowd's are not). On made-up crowds of three experts among twelve, three
  quarters of the tasks easy, the others are right ten points more often.
- Tried against `fact`, each on all sets, and left: log odds of .5 to 3 asked for before a vote is overturned (.870 to
  .889 there, up to .8 points lost on the mean); half the log votes beside the models (.870); the plain vote as one of
  the models (.872 to .901, up to 1.6 points lost); models learnt on contested tasks alone (.894, but `product` −2.7
  points, `ducks` −10); only what two halves of the workers both say (.880, −.9); workers drawn with replacement (.882,
  −1.9); starting the shared errors by how far a task's answers agree and not by lot (.885, nothing lost or won).
- 120 made-up crowds that nothing was tuned on, majority · before · now: one accuracy a worker .907 · .938 · .939; a
  matrix each .909 · .960 · .960; difficulty by degrees .780 · .804 · .806; easy and hard tasks .957 · .971 · .971; a
  scale cut in two, workers cutting it here or there and the truth in their middle .900 · .908 · .902. Fewer fall more
  than half a point below majority in the first four sorts (7 of 93, before 10), more in the last (13 of 27, before 8;
  −.051 at worst): there majority is as good as can be, and the answers do not say so, as in `fact`.
- Where the models of several kinds start is drawn by lot. Over five draws the mean without gold was .8040 ± .0007
  before easy tasks had a kind of their own, and is .8057 ± .0003: the .807 this page once showed was luck (`leaves`).
- The same code runs here and in the bot: models, updates, refits, rings, the average at the end. Two rules differ. The
  policy stops at the posterior that `worth.stop_rule` names for a confidence; the bot stops once the confidence it
  shows (the crowd's certainty, or as gold calibrates it) reaches the one asked for: later below .95. And the replay can
  only refuse whom it brings; the bot chooses a task for whoever comes, and asks those who tell little later.
- Reachable accuracy is bounded: the best of some twenty models, *chosen per set with the truth*, reached about .815.
- The calibration error is measured on finite sets: with 300 tasks about .03 is sampling noise.
- "Noticed" is five to one: the product answers it with more gold, nothing else. False alarms are counted among
  workers whom the truth shows to do better than chance (at one in a hundred); whom it does not show to, nobody can
  call honest or not. Where a class is rare, saying the other one always looks like honest work for long.
- A ring's answers hold no truth, so that nothing can do better than their absence: the figure to judge is what the
  ring costs beyond it. Whole groups are weighed, not pairs. While a project runs a ring is heard once a task; in the
  end its answers do not count. Members with two or three answers are counted to it, but stay below strong.
- A group is a ring only if it agrees as those do who copy, and knows nothing: people who share a misconception keep
  their voices (`ducks`).
- With one answer a task a worker agrees with himself: information measured there is not to be trusted, and the left
  end of the curves is noisy. Two or three seeds leave ± .05 on "answers needed" of the small sets.
"""


def page(rows: dict[str, Row], seeds: int, date: str) -> str:
    """docs/quality.md."""
    parts = [HEAD.format(date=date, seeds=seeds), "## Against the goals\n", _goals(rows)]
    parts += [f"## {title}\n\n{_table(rows, wanted)}" for title, wanted in _sections(rows).items()]
    return "\n".join([*parts, NOTES])


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
