"""A made-up model beside real crowds: how many of five people's answers it saves, and whether it ever does harm."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.quality.policy import columns
from domain.quality import live
from domain.quality.crowd import crowd_from_triples
from domain.quality.refit import refit

PEOPLE, ACCURACIES, GOLD = (1, 2, 3, 5), (0.7, 0.8, 0.9), 20
MOST = 30_000  # answers: larger sets have truth for a part of their tasks only

Labels = Any


def simulated(data: Any, accuracy: float, seed: int, shared: float = 0.5) -> Labels:
    """Labels (tasks,) of a model that is right so often; `shared` of its errors are those people make: on tasks people
    miss, with the label most of them gave instead. Tasks without truth follow the majority."""
    rng = np.random.default_rng(seed + 77)
    counts = np.bincount(data.task * data.K + data.label, minlength=data.T * data.K).reshape(data.T, data.K)
    truth = np.where(data.truth >= 0, data.truth, counts.argmax(1))
    wrong = counts.astype(float)
    wrong[np.arange(data.T), truth] = 0
    missed = wrong.sum(1) / np.maximum(counts.sum(1), 1) + 1e-9
    errors = round((1 - accuracy) * data.T)
    with_people = rng.choice(data.T, round(shared * errors), replace=False, p=missed / missed.sum())
    alone = rng.choice(np.setdiff1d(np.arange(data.T), with_people), errors - len(with_people), replace=False)
    said = truth.copy()
    said[alone] = (truth[alone] + rng.integers(1, data.K, len(alone))) % data.K
    others = (truth[with_people] + rng.integers(1, data.K, len(with_people))) % data.K
    said[with_people] = np.where(wrong[with_people].max(1) > 0, wrong[with_people].argmax(1), others)
    return said


def known(data: Any, seed: int, count: int = GOLD) -> dict[int, int]:
    """So many gold tasks by lot, as the replay draws them."""
    have = np.flatnonzero(data.truth >= 0)
    chosen = np.random.RandomState(100003 + seed).permutation(have)[:count]
    return {int(task): int(data.truth[task]) for task in chosen}


def first(data: Any, seed: int, each: int) -> Any:
    """The rows of the first answers to every task, in a random order."""
    order = np.random.RandomState(seed).permutation(len(data.task))
    seen, kept = np.zeros(data.T, int), []
    for row in order.tolist():
        if seen[data.task[row]] < each:
            seen[data.task[row]] += 1
            kept.append(row)
    return np.array(kept)


def measured(data: Any, seeds: int) -> dict[str, float]:
    """Accuracy by people, with and without a model, with 20 gold and without."""
    row: dict[str, list[float]] = {}
    for seed in range(seeds):
        gold, model = known(data, seed), {a: simulated(data, a, seed) for a in ACCURACIES}
        for people in PEOPLE:
            rows = first(data, seed, people)
            for name, told in (("20 gold", gold), ("no gold", None)):
                row.setdefault(f"people {people}, {name}", []).append(_accuracy(data, rows, told, None, gold))
                for accuracy, labels in model.items():
                    key = f"ai {accuracy} + {people}, {name}"
                    row.setdefault(key, []).append(_accuracy(data, rows, told, labels, gold))
    return {key: float(np.mean(values)) for key, values in row.items()}


def _accuracy(data: Any, rows: Any, gold: dict[int, int] | None, labels: Labels, hidden: dict[int, int]) -> float:
    answers = np.stack([data.task, data.worker, data.label], 1)[rows]
    crowd = crowd_from_triples(answers, data.T, data.W, data.K, gold)
    found = refit(crowd, columns(labels, data.T, data.K))
    said = np.array([live.consensus(task, found.project).choice for task in found.tasks])
    scored = data.truth >= 0
    scored[list(hidden)] = False
    return float((said == data.truth)[scored].mean())
