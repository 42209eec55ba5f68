"""Simulated crowds of known skill."""

from __future__ import annotations

from typing import Any

import numpy as np

from domain.quality.crowd import Crowd, crowd_from_triples

Array = Any


def simulated(
    seed: int, tasks: int, accuracies: Array, each: int, classes: int = 2
) -> tuple[Array, list[tuple[int, int, int]]]:
    """Truth (tasks,), and `each` answers a task by workers of the given accuracies."""
    rng = np.random.default_rng(seed)
    truth, rows = rng.integers(classes, size=tasks), []
    for task in range(tasks):
        for worker in rng.permutation(len(accuracies))[:each].tolist():
            hit = rng.random() < accuracies[worker]
            miss = (truth[task] + rng.integers(1, classes)) % classes
            rows.append((task, worker, int(truth[task] if hit else miss)))
    return truth, rows


def crowd_of(rows: list[tuple[int, int, int]], tasks: int, workers: int, classes: int = 2, **more: Any) -> Crowd:
    return crowd_from_triples(rows, tasks, workers, classes, **more)
