"""A crowd's answers to one project, as index arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import log, sqrt
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Answers i = 0…A−1: `worker[i]` chose `label[i]` for `task[i]`; all are indices from 0.

    `gold_task[g]`, in order, is known to be `gold_label[g]`; `arrival[i]` is an answer's place in the order of arrival.
    Rows are in canonical order (task, worker, label), so that all results are the same to the last bit in whatever
    order the answers arrived.
    """

    task: Ints
    worker: Ints
    label: Ints
    tasks: int
    workers: int
    classes: int
    gold_task: Ints
    gold_label: Ints
    arrival: Ints

    @property
    def cell(self) -> Ints:
        """worker × classes + label of every answer: the row of a (worker, label) table."""
        return self.worker * self.classes + self.label

    def only(self, kept: NDArray[Any]) -> Crowd:
        """The same project with these answers alone: a boolean mask (A,), or places."""
        task, worker, label, arrival = (each[kept] for each in (self.task, self.worker, self.label, self.arrival))
        return replace(self, task=task, worker=worker, label=label, arrival=arrival)


def gather(
    answers: Sequence[tuple[int, int, int]] | Ints,
    tasks: int,
    workers: int,
    classes: int,
    gold: Mapping[int, int] | None = None,
) -> Crowd:
    """(task, worker, label) triples in the order of arrival and gold {task: label}, put into canonical order."""
    table = np.asarray(answers, dtype=np.int64).reshape(-1, 3).T
    arrival = np.lexsort(table[::-1])
    task, worker, label = np.ascontiguousarray(table[:, arrival])
    known = np.array(sorted((gold or {}).items()), dtype=np.int64).reshape(-1, 2).T
    return Crowd(task, worker, label, tasks, workers, classes, known[0].copy(), known[1].copy(), arrival)


def votes(crowd: Crowd, weight: NDArray[Any] | None = None) -> Floats:
    """How often each class was chosen (tasks, classes), or by answers of what `weight` (answers,)."""
    cells = np.bincount(crowd.task * crowd.classes + crowd.label, weight, crowd.tasks * crowd.classes)
    return cells.reshape(crowd.tasks, crowd.classes).astype(np.float64)


def as_one_voice(crowd: Crowd, members: Sequence[int]) -> Crowd:
    """The same answers with these workers as one, the first of them, who counts once a task."""
    worker = np.where(np.isin(crowd.worker, members), min(members), crowd.worker)
    kept = np.sort(np.unique(crowd.task * crowd.workers + worker, return_index=True)[1])
    return replace(crowd.only(kept), worker=worker[kept])


def normalised(scores: Floats) -> Floats:
    """The softmax of each row, made in place, in a tenth of scipy's time: rows are many, classes few."""
    scores -= reduce(np.maximum, scores.T)[:, None]
    np.exp(scores, out=scores)
    scores /= (scores @ np.ones(scores.shape[1]))[:, None]
    return scores


ENOUGH_GOLD = 10  # answered gold tasks from which they weigh people, classes and models, and calibrate
Gold = Mapping[int, Sequence[str]]
"""The accepted answers of each task that has any."""


@dataclass(frozen=True, slots=True)
class Said:
    """One worker's answer to one task."""

    task: int
    worker: int
    answer: str


class GivenAnswers(Sequence[Said]):
    """In the order of arrival. `said` is the number of the words in `words`."""

    def __init__(self) -> None:
        self.task, self.worker, self.said = array("q"), array("q"), array("i")
        self._number: dict[str, int] = {}
        self.words: list[str] = []

    def add(self, task: int, worker: int, answer: str) -> None:
        if answer not in self._number:
            self._number[answer] = len(self.words)
            self.words.append(answer)
        self.task.append(task)
        self.worker.append(worker)
        self.said.append(self._number[answer])

    @classmethod
    def of(cls, said: Sequence[Said]) -> GivenAnswers:
        if isinstance(said, GivenAnswers):
            return said
        given = cls()
        for each in said:
            given.add(each.task, each.worker, each.answer)
        return given

    def __len__(self) -> int:
        return len(self.task)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        return Said(self.task[place], self.worker[place], self.words[self.said[place]])

    def __iter__(self) -> Iterator[Said]:
        return map(Said, self.task, self.worker, map(self.words.__getitem__, self.said))


Counts = TypeVar("Counts", float, "Floats")
SURE = 1.96  # the normal quantile of a 95 % interval
PERSON = 0.75  # how often one person's answer is right where nothing is known (the mean over public crowds)
BELIEVED = 4.0  # tries that what is usual counts for beside somebody's own
LEAST, MOST = 0.02, 0.98  # no accuracy is believed beyond


def believed(right: Counts, tried: Counts, usual: float) -> Counts:
    """The posterior mean of a share, of which BELIEVED tries are what is `usual`."""
    return (right + usual * BELIEVED) / (tried + BELIEVED)


def wilson(right: float, tried: float, quantile: float = SURE) -> tuple[float, float]:
    """Where the share of right ones lies, of so many tries, pseudo-tries among them; anywhere without any."""
    if not tried:
        return 0.0, 1.0
    n, p, z = tried, right / tried, quantile
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def bounded(accuracy: float) -> float:
    return min(MOST, max(LEAST, accuracy))


def log_odds(accuracy: float, classes: int) -> float:
    """Nats by which an answer of this accuracy lifts its class over another one; errors fall on all others alike."""
    kept = bounded(accuracy)
    return log(kept / (1 - kept) * max(1, classes - 1))


@dataclass(frozen=True, slots=True)
class Skill:
    """Estimated `accuracy`, and the (pseudo-)answers behind it."""

    accuracy: float
    answers: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, Wilson's."""
        return wilson(self.accuracy * self.answers, self.answers)

    @property
    def at_most(self) -> float:
        """The upper end of the one-sided 90 % interval."""
        return wilson(self.accuracy * self.answers, self.answers, 1.28)[1]
