"""python -m benchmarks foresight [--data DIR] [--seeds N] [--draws N] [--sets NAME …] [--write]

What a pre-flight card foretells against what the same crowd brings: accuracy for overlap 2, 3 and 5, and until .9 and
.95 are reached with at most 5 answers; from nothing, a pilot of ten tasks, check questions with three answers each.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality import crowds, machine
from benchmarks.quality.asked import Asked, outcome
from benchmarks.tables import WRITE, keep
from domain.quality.foresight import Foreseen, Seen, foreseen, foreseen_sure

ASKED: dict[str, tuple[int, float | None]] = {
    "2": (2, None), "3": (3, None), "5": (5, None), ".9": (5, 0.9), ".95": (5, 0.95),
}  # fmt: skip
ALL = 10**6
KNOWN = {"nothing": (0, 0), "a pilot of 10": (0, 10), "10 gold": (10, 0), "20 gold": (20, 0),
         "20 gold, a pilot of 10": (20, 10), "50 gold": (50, 0), "100 gold": (100, 0),
         "all truth": (ALL, 0)}  # fmt: skip
EACH = 3  # answers to a gold task, or to one of a pilot
ENOUGH = 0.8  # of the tasks of a set have so many answers, else the overlap is left out
CLOSE = 0.03
SHOWN = ("nothing", "20 gold", "all truth")  # of each set


@dataclass(frozen=True, slots=True)
class Compared:
    """One set and one way of asking: what came, what was foretold (mean of the draws), one draw's mean error."""

    name: str
    way: str
    known: str
    outcome: float
    answers: float
    foretold: float
    foretold_answers: float
    error: float
    inside: float


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    replay = crowds.load_replay(options.data / "replay.py")
    rows: list[Compared] = []
    for name in crowds.names(options.data, options.sets):
        found = list(compared(replay, replay.load(name, str(options.data)), options.seeds, options.draws))
        rows += found
        print(*(_row(each) for each in found if each.known in SHOWN), sep="\n", flush=True)
    text = page(rows)
    print(text)
    if options.write:
        keep("foresight", "Foretold accuracy against what came", f"foresight --seeds {options.seeds}", text)
    return 0


def compared(replay: Any, data: Any, seeds: int, draws: int) -> Iterator[Compared]:
    """Every way of asking that the set has answers for, from everything that may be known."""
    counts = np.bincount(data.task * data.K + data.label, minlength=data.T * data.K).reshape(data.T, data.K)
    scored, truth = counts[data.truth >= 0], data.truth[data.truth >= 0]
    for way, (most, confidence) in ASKED.items():
        if (scored.sum(1) >= most).mean() < ENOUGH:
            continue
        runs = [_run(replay, data, most, confidence, seed) for seed in range(crowds.seeds_for(data, seeds))]
        came, answers = np.mean(runs, 0).tolist()
        for known in KNOWN:
            found = list(_told(scored, truth, data.K, way, known, draws))
            off = [abs(each.accuracy - came) for each in found]
            inside = np.mean([each.low <= came <= each.high for each in found])
            told, asked = np.mean([(each.accuracy, each.answers) for each in found], 0).tolist()
            error = float(np.mean(off))
            yield Compared(data.name, way, known, came, answers, told, asked, error, float(inside))


def _run(replay: Any, data: Any, most: int, confidence: float | None, seed: int) -> tuple[float, float]:
    return outcome(replay, data, Asked(most, confidence), seed, machine.known(data, seed))[:2]


def _told(scored: Any, truth: Any, classes: int, way: str, known: str, draws: int) -> Iterator[Foreseen]:
    gold, pilot = KNOWN[known]
    most, confidence = ASKED[way]
    rng = np.random.default_rng(1)
    for _ in range(draws if 0 < gold + pilot < ALL else 1):
        order = rng.permutation(len(truth))
        checked = [(_some(rng, scored[at]), truth[at]) for at in order[:gold]]
        others = [tuple(_some(rng, scored[at]).tolist()) for at in order[len(order) - pilot :]] if pilot else []
        seen = Seen(tuple((int(said[right]), int(said.sum())) for said, right in checked), tuple(others))
        yield foreseen_sure(classes, seen, confidence, most) if confidence else foreseen(classes, seen, most)


def _some(rng: np.random.Generator, counts: Any) -> Any:
    """EACH answers by lot of those to a task."""
    labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))[:EACH]
    return np.bincount(labels, minlength=len(counts))


def page(rows: list[Compared]) -> str:
    lines = ["| known | one project | mean | a crowd | within 3 points | answers at .9 · .95 | in its range |",
             "| --- | --: | --: | --: | --: | --: | --: |"]  # fmt: skip
    lines += [
        _line(known, [row for row in rows if row.known == known and row.name not in crowds.STRESS]) for known in KNOWN
    ]
    head = ["| set | asked | came | " + " | ".join(SHOWN) + " |", "| --- | --- | --: |" + " --: |" * len(SHOWN)]
    return "\n".join([*EXPLAINED, "", *lines, "", *head, *_by_set(rows)])


EXPLAINED = (
    "Columns: the mean error of one project's card; the mean of foretold less came; the error for a crowd, its",
    "projects averaged, and how many of those are within 3 points; foretold less came of the answers a task; how often",
    "what came lies in the range that is shown (8 in 10). A crowd's outcome is itself known to 1 to 4 points only.",
    "Means leave out the stress sets (ducks, fact, hitspam_cf).",
)


def _line(known: str, rows: list[Compared]) -> str:
    off = np.array([row.foretold - row.outcome for row in rows])
    sure = {way: np.mean([r.foretold_answers - r.answers for r in rows if r.way == way]) for way in (".9", ".95")}
    near = np.mean(np.abs(off) <= CLOSE)
    return (
        f"| {known} | {np.mean([row.error for row in rows]):.3f} | {off.mean():+.3f} | {np.abs(off).mean():.3f} "
        f"| {near:.0%} | {sure['.9']:+.2f} · {sure['.95']:+.2f} | {np.mean([row.inside for row in rows]):.0%} |"
    )


def _by_set(rows: list[Compared]) -> Iterator[str]:
    for first in (row for row in rows if row.known == SHOWN[0]):
        told = [row.foretold for row in rows if (row.name, row.way) == (first.name, first.way) and row.known in SHOWN]
        yield (
            f"| {first.name} | {first.way} | {first.outcome:.3f} | " + " | ".join(f"{each:.3f}" for each in told) + " |"
        )


def _row(row: Compared) -> str:
    return (
        f"{row.name} {row.way} from {row.known}: foretold {row.foretold:.3f}, came {row.outcome:.3f} "
        f"with {row.answers:.2f} answers (foretold {row.foretold_answers:.2f})"
    )


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks foresight")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("CROWD_DATA", ".")))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--draws", type=int, default=30)
    parser.add_argument("--sets", nargs="*")
    parser.add_argument("--write", action="store_true", help=WRITE)
    return parser.parse_args(arguments)
