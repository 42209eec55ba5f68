"""Measures: calibration error, cost and accuracy of a policy, majority vote, paired intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

GRID = (0.6, 0.75, 0.88, 0.95, 0.98, 0.998)
DRAWS = 2000  # of the bootstrap

Points = list[tuple[float, float]]
"""(answers a task, accuracy) along GRID."""


def calibration_error(confidence: Any, correct: Any, bins: int = 10) -> float:
    """Expected calibration error, ten bins of equal width (Guo et al., ICML 2017)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[place == b].mean() - correct[place == b].mean()) * (place == b).mean()
            for b in range(bins) if (place == b).any()]  # fmt: skip
    return float(sum(gaps))


def curve(replay: Any, data: Any, make: Callable[[float], Any], seeds: int, gold: float = 0.0) -> Points:
    points = []
    for confidence in GRID:
        runs = [replay.replay(data, make(confidence), seed, gold) for seed in range(seeds)]
        points.append((float(np.mean([r.cost for r in runs])), float(np.mean([r.acc for r in runs]))))
    return points


def at_cost(points: Points, cost: float) -> float:
    """Accuracy for a cost at most, by interpolation: its last where asking ends before; NaN where it starts beyond."""
    along = sorted(points)
    costs, reached = [p[0] for p in along], np.maximum.accumulate([p[1] for p in along])
    return float(np.interp(cost, costs, reached)) if costs[0] <= cost else float("nan")


def needed(replay: Any, points: Points, target: tuple[float, float]) -> float:
    """Cost at which the curve reaches the target's accuracy, as a share of the target's cost; NaN: never."""
    cost = replay.cost_to_reach([(0.0, *point) for point in points], target[0])
    return float("nan") if cost is None else float(cost / target[1])


def majority(replay: Any, data: Any, seeds: int) -> dict[str, tuple[float, float]]:
    """{'3', '5', 'all'} → (accuracy, cost) of a fixed overlap; an overlap the set cannot give is left out."""
    scored = np.bincount(data.task, minlength=data.T)[data.truth >= 0]
    found = {}
    for name, overlap in (("3", 3), ("5", 5), ("all", 10**6)):
        if name != "all" and np.median(scored) < overlap:
            continue
        runs = [replay.replay(data, replay.FixedOverlap(overlap), seed) for seed in range(max(5, seeds))]
        found[name] = (float(np.mean([r.acc for r in runs])), float(np.mean([r.cost for r in runs])))
    return found


def vote_hits(data: Any) -> Any:
    """How right the majority of all answers is on each task; a tie is right by its share: no luck in it."""
    counts = np.bincount(data.task * data.K + data.label, minlength=data.T * data.K).reshape(data.T, data.K)
    leading = counts == counts.max(1, keepdims=True)
    return leading[np.arange(data.T), np.maximum(data.truth, 0)] / leading.sum(1)


def interval(differences: Sequence[float]) -> tuple[float, float, float]:
    """Mean of paired differences, and its 95 % bootstrap interval: over sets, or over the tasks of one."""
    given = np.asarray(differences, dtype=float)
    drawn = np.random.default_rng(0).integers(len(given), size=(DRAWS, len(given)))
    low, high = np.quantile(given[drawn].mean(1), [0.025, 0.975]).tolist()
    return float(given.mean()), low, high
