"""Answers of one project as index arrays, and the shares, intervals and log-odds computed from them."""

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
        """Return worker × classes + label of every answer (answers,): the row of a (worker, label) table."""
        return self.worker * self.classes + self.label

    def only(self, selection: NDArray[Any]) -> Crowd:
        """Return the same project with the selected answers only; `selection` is a boolean mask (answers,) or
        indices."""
        task, worker, label, arrival = (
            column[selection] for column in (self.task, self.worker, self.label, self.arrival)
        )
        return replace(self, task=task, worker=worker, label=label, arrival=arrival)


def crowd_from_triples(
    answers: Sequence[tuple[int, int, int]] | Ints,
    tasks: int,
    workers: int,
    classes: int,
    gold: Mapping[int, int] | None = None,
) -> Crowd:
    """Return the Crowd of (task, worker, label) triples in the order of arrival and gold {task: label}, in canonical
    order."""
    table = np.asarray(answers, dtype=np.int64).reshape(-1, 3).T
    arrival = np.lexsort(table[::-1])
    task, worker, label = np.ascontiguousarray(table[:, arrival])
    gold_columns = np.array(sorted((gold or {}).items()), dtype=np.int64).reshape(-1, 2).T
    return Crowd(
        task=task,
        worker=worker,
        label=label,
        tasks=tasks,
        workers=workers,
        classes=classes,
        gold_task=gold_columns[0].copy(),
        gold_label=gold_columns[1].copy(),
        arrival=arrival,
    )


def count_votes(crowd: Crowd, weight: NDArray[Any] | None = None) -> Floats:
    """Return the number of answers, or their summed `weight` (answers,), by task and class: (tasks, classes)."""
    cells = np.bincount(crowd.task * crowd.classes + crowd.label, weight, crowd.tasks * crowd.classes)
    return cells.reshape(crowd.tasks, crowd.classes).astype(np.float64)


def merge_workers(crowd: Crowd, members: Sequence[int]) -> Crowd:
    """Return the crowd with the `members` merged into the first of them; of their answers to one task only one is
    kept."""
    worker = np.where(np.isin(crowd.worker, members), min(members), crowd.worker)
    first_answers = np.sort(np.unique(crowd.task * crowd.workers + worker, return_index=True)[1])
    return replace(crowd.only(first_answers), worker=worker[first_answers])


def softmax_rows(scores: Floats) -> Floats:
    """Return the softmax of each row of `scores`, computed in place. A tenth of scipy's time: rows are many, classes
    few."""
    scores -= reduce(np.maximum, scores.T)[:, None]
    np.exp(scores, out=scores)
    scores /= (scores @ np.ones(scores.shape[1]))[:, None]
    return scores


ENOUGH_GOLD = 10  # answered gold tasks from which they weigh people, classes and models, and calibrate
Gold = Mapping[int, Sequence[str]]
"""The accepted answers of each task that has any."""


@dataclass(frozen=True, slots=True)
class WorkerAnswer:
    """One worker's answer to one task."""

    task: int
    worker: int
    answer: str


class AnswerColumns(Sequence[WorkerAnswer]):
    """Answers as columns, in the order of arrival. `word_numbers` are indices into `words`, the distinct answers."""

    def __init__(self) -> None:
        self.task, self.worker, self.word_numbers = array("q"), array("q"), array("i")
        self._number: dict[str, int] = {}
        self.words: list[str] = []

    def add(self, task: int, worker: int, answer: str) -> None:
        """Append an answer; its text is stored once."""
        if answer not in self._number:
            self._number[answer] = len(self.words)
            self.words.append(answer)
        self.task.append(task)
        self.worker.append(worker)
        self.word_numbers.append(self._number[answer])

    @classmethod
    def from_answers(cls, answers: Sequence[WorkerAnswer]) -> AnswerColumns:
        """Return the answers as columns; `answers` itself if it is AnswerColumns already."""
        if isinstance(answers, AnswerColumns):
            return answers
        columns = cls()
        for answer in answers:
            columns.add(answer.task, answer.worker, answer.answer)
        return columns

    def __len__(self) -> int:
        return len(self.task)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        return WorkerAnswer(self.task[place], self.worker[place], self.words[self.word_numbers[place]])

    def __iter__(self) -> Iterator[WorkerAnswer]:
        return map(WorkerAnswer, self.task, self.worker, map(self.words.__getitem__, self.word_numbers))


Counts = TypeVar("Counts", float, "Floats")
NORMAL_QUANTILE_95 = 1.96  # the normal quantile of a 95 % interval
PERSON_ACCURACY = 0.75  # how often one person's answer is right where nothing is known (the mean over public crowds)
PRIOR_ANSWERS = 4.0  # tries that what is usual counts for beside somebody's own
MIN_ACCURACY, MAX_ACCURACY = 0.02, 0.98  # no accuracy is believed beyond


def posterior_mean(right: Counts, tried: Counts, usual: float) -> Counts:
    """Return the posterior mean of a share (`right` of `tried`); the prior `usual` counts as PRIOR_ANSWERS tries."""
    return (right + usual * PRIOR_ANSWERS) / (tried + PRIOR_ANSWERS)


def wilson_interval(right: float, tried: float, quantile: float = NORMAL_QUANTILE_95) -> tuple[float, float]:
    """Return the Wilson score interval of the share `right` / `tried`; pseudo-tries may be included. (0, 1) without
    tries."""
    if not tried:
        return 0.0, 1.0
    n, p, z = tried, right / tried, quantile
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def clip_accuracy(accuracy: float) -> float:
    """Return the accuracy limited to MIN_ACCURACY…MAX_ACCURACY."""
    return min(MAX_ACCURACY, max(MIN_ACCURACY, accuracy))


def log_odds(accuracy: float, classes: int) -> float:
    """Return the log-odds (nats) that an answer of this accuracy adds to its class against another one; errors are
    spread evenly over the other classes."""
    bounded_accuracy = clip_accuracy(accuracy)
    return log(bounded_accuracy / (1 - bounded_accuracy) * max(1, classes - 1))


@dataclass(frozen=True, slots=True)
class Skill:
    """Estimated `accuracy` of a worker, and the number of answers and pseudo-answers behind it."""

    accuracy: float
    answers: float

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % Wilson interval of the accuracy."""
        return wilson_interval(self.accuracy * self.answers, self.answers)

    @property
    def at_most(self) -> float:
        """Return the upper end of the one-sided 90 % Wilson interval."""
        return wilson_interval(self.accuracy * self.answers, self.answers, 1.28)[1]
