"""Measures: calibration error, number of answers of a policy, accuracy of the majority vote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

GRID = (0.6, 0.75, 0.88, 0.95, 0.98, 0.992, 0.998, 0.9999)


def calibration_error(confidence: Any, correct: Any, bins: int = 10) -> float:
    """Expected calibration error, ten bins of equal width (Guo et al., ICML 2017)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[place == b].mean() - correct[place == b].mean()) * (place == b).mean()
            for b in range(bins) if (place == b).any()]  # fmt: skip
    return float(sum(gaps))


def curve(replay: Any, data: Any, make: Callable[[float], Any], seeds: int) -> list[tuple[float, float, float]]:
    """(confidence, mean cost, mean accuracy) along GRID."""
    points = []
    for confidence in GRID:
        runs = [replay.replay(data, make(confidence), seed) for seed in range(seeds)]
        points.append((confidence, float(np.mean([r.cost for r in runs])), float(np.mean([r.acc for r in runs]))))
    return points


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


def fair(data: Any) -> float:
    """Accuracy of the majority of all answers where a tie is as often right as its classes are many: no luck in it."""
    counts = np.bincount(data.task * data.K + data.label, minlength=data.T * data.K).reshape(data.T, data.K)
    scored = data.truth >= 0
    leading = counts[scored] == counts[scored].max(1, keepdims=True)
    return float((leading[np.arange(len(leading)), data.truth[scored]] / leading.sum(1)).mean())


def needed(replay: Any, points: Sequence[tuple[float, float, float]], target: tuple[float, float]) -> float | None:
    """Cost at which the curve reaches the target's accuracy, as a share of the target's cost; None: never."""
    cost = replay.cost_to_reach(points, target[0])
    return None if cost is None else float(cost / target[1])
