"""What a card foretells beside a model (AI), against what people and a made-up model bring together.

No public crowd comes with a model's answers: the models are made up (benchmarks.quality.machine), right so often, with
a share of their errors where people err, too. People's gold and the model's are the same 20 check questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.quality import machine
from benchmarks.quality.policy import columns
from domain.projects.preflight import AccuracyEvidence, Foreseen, foresee_accuracy, foresee_beside_model
from domain.quality import live
from domain.quality.crowd import crowd_from_triples
from domain.quality.refit import refit

ACCURACIES, SHARED, PEOPLE = (0.6, 0.7, 0.8, 0.9), (0.25, 0.5, 0.75), (2, 3, 5)
ENOUGH = 0.8  # of the tasks of a set have so many answers, else the overlap is left out


@dataclass(frozen=True, slots=True)
class Beside:
    """`told` with the model, `alone` without it."""

    name: str
    accuracy: float
    shared: float
    came: float
    told: Foreseen
    alone: float


def beside(data: Any, middle: float, seed: int = 0) -> Iterator[Beside]:
    gold = machine.known(data, seed)
    given = np.bincount(data.task, minlength=data.T)[data.truth >= 0]
    for people in PEOPLE:
        if (given >= people).mean() < ENOUGH:
            continue
        answers = np.stack([data.task, data.worker, data.label], 1)[machine.first(data, seed, people)]
        own = {task: answers[answers[:, 0] == task, 2] for task in gold}
        seen = AccuracyEvidence(
            tuple((int((own[t] == truth).sum()), len(own[t])) for t, truth in gold.items() if len(own[t])), middle
        )
        alone = foresee_accuracy(data.K, seen, people).accuracy
        for accuracy in ACCURACIES:
            for shared in SHARED:
                said = machine.simulated(data, accuracy, seed, shared)
                right = sum(int(said[task]) == truth for task, truth in gold.items())
                told = foresee_beside_model(data.K, seen, people, right, len(gold))
                yield Beside(data.name, accuracy, shared, _came(data, answers, gold, said), told, alone)


def _came(data: Any, answers: Any, gold: dict[int, int], said: Any) -> float:
    crowd = crowd_from_triples(list(map(tuple, answers.tolist())), data.T, data.W, data.K, gold)
    found = refit(crowd, columns(said, data.T, data.K))
    chosen = np.array([live.consensus(task, found.project).choice for task in found.tasks])
    scored = data.truth >= 0
    scored[list(gold)] = False
    return float((chosen == data.truth)[scored].mean())


EXPLAINED = """\
**Beside a model.** With 20 check questions that people and a model have answered, the card takes results for as
right as the better of the two. Public crowds come without models: these are made up, right so often, with a quarter, a
half or three quarters of their errors where people err. Each crowd is left out of the middle of the prior."""


def page(rows: Sequence[Beside]) -> Iterator[str]:
    yield from (EXPLAINED, "")
    yield "| a model is right in | a project | mean | in range | as if there were no model |"
    yield "| --: | --: | --: | --: | --: |"
    for accuracy in ACCURACIES:
        own = [row for row in rows if row.accuracy == accuracy]
        off = np.array([row.told.accuracy - row.came for row in own])
        inside = np.mean([row.told.low <= row.came <= row.told.high for row in own])
        without = np.mean([abs(row.alone - row.came) for row in own])
        yield f"| {accuracy:.0%} | {np.abs(off).mean():.3f} | {off.mean():+.3f} | {inside:.0%} | {without:.3f} |"
