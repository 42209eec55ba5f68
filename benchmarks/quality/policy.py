"""The engine of domain/quality as a policy of the replay: `start, wants, observe, result`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from math import nan
from typing import Any

import numpy as np

from benchmarks.quality.value_of_answer import PATIENCE, StoppingRule, is_closed, is_informative, stop_rule
from domain.quality import live
from domain.quality.collusion import find_copyists, find_key_followers
from domain.quality.crowd import ENOUGH_GOLD, Crowd, Floats, Ints, crowd_from_triples, log_odds
from domain.quality.live import ProjectModel, TaskState, WorkerModel, add_answer, next_refit_at
from domain.quality.machine_learning import ModelColumn
from domain.quality.refit import Refit, opening_model, refit

GOLD_EACH, BESIDE = 10, 1  # gold answers bought from one worker, alone and beside models: gold judges these unasked
LISTEN_AGAIN = 2.0  # times as many answers before rings are looked for again

Machines = Any
"""Labels by task, in a row or {task: label}; what is no label (−1, None, NaN), or no entry, says nothing. A label may
be a pair with its probability, or a row of the classes' probabilities; so may the whole be (labels, probabilities).
Several models: {name: what it says}, or a list of that."""


class Policy:
    """One project in memory, kept exactly as the product keeps it in rows."""

    def __init__(self, confidence: float | None, ai: Machines = None, gold_each: int | None = None) -> None:
        self.confidence, self.ai = confidence, ai
        self.gold_each = gold_each
        self.passes = 1 if confidence is None else len(PATIENCE) + 1

    def start(self, tasks: int, workers: int, classes: int, gold: Mapping[int, int]) -> None:
        self.sizes, self.gold = (tasks, workers, classes), dict(gold)
        self.columns = columns(self.ai, tasks, classes)
        self.project: ProjectModel = opening_model(classes)
        self.stop: StoppingRule = stop_rule(self.confidence)
        self.tasks: list[TaskState] = [self.project.fresh] * tasks
        self.workers: list[WorkerModel] = [self.project.newcomer] * workers
        self.closed, self.said = [False] * tasks, [set[int]() for _ in range(tasks)]
        self.given, self.gold_given = [0] * workers, [0] * workers
        self.answers: list[tuple[int, int, int]] = []
        self.keyed, self.listened = list[int](), 0
        self.refused: dict[tuple[int, int], int] = {}
        if self.columns:  # gold says what the models are worth before anybody has answered
            self._refit()

    def wants(self, task: int, worker: int, last_pass: bool) -> bool:
        if task in self.gold and self.confidence is not None:
            return self.gold_given[worker] < self._gold_each()
        if self.closed[task]:
            return False
        times = self.refused.get((task, worker), 0)
        self.refused[task, worker] = times + 1
        return last_pass or is_informative(self.workers[worker], self.given[worker], self.project, times)

    def observe(self, task: int, worker: int, label: int) -> None:
        self.answers.append((task, worker, label))
        self.given[worker] += 1
        self.gold_given[worker] += task in self.gold
        self.said[task].add(label)
        if self.confidence is None:
            return
        self.tasks[task] = add_answer(self.tasks[task], self.workers[worker], label)
        self.closed[task] = self._is_closed(task)
        if len(self.answers) >= next_refit_at(self.project.answers, *self.sizes[:2]):
            self._refit()

    def result(self) -> Ints:
        """The consensus of every task: class indices (tasks,)."""
        crowd = self.crowd()
        self.final = self._fitted(crowd, [*find_key_followers(crowd), *self._repeating(crowd)])
        return np.array([live.consensus(task, self.final.project).choice for task in self.final.tasks])

    def confidences(self) -> Floats:
        """Calibrated P(correct) of what `result` said (tasks,)."""
        found = [live.consensus(task, self.final.project).confidence for task in self.final.tasks]
        sure = np.array(found)
        sure[list(self.gold)] = 1.0
        return sure

    def _fitted(self, crowd: Crowd, unheard: Sequence[int]) -> Refit:
        return refit(crowd, self.columns, unheard=unheard)

    def crowd(self) -> Crowd:
        return crowd_from_triples(self.answers, *self.sizes, self.gold)

    def _gold_each(self) -> int:
        """Models that are worth nothing save no gold, either."""
        if self.gold_each is not None:
            return self.gold_each
        return BESIDE if any(model.weight for model in self.project.machines) else GOLD_EACH

    def _repeating(self, crowd: Crowd) -> list[int]:
        """People who repeat a model."""
        return [worker for column in self.columns for worker in find_copyists(crowd, column.label)]

    def _is_closed(self, task: int) -> bool:
        """People are asked until their opinion is settled; or, beside models, until the consensus is as likely right as
        one on which as many people alone are settled, by two at least who differ from models that gold has not checked
        (machine.least_people)."""
        state, settled = self.tasks[task], self.stop.posterior
        if not state.added or settled > 1 or is_closed(state, self.stop):
            return is_closed(state, self.stop)
        unchecked = all(model.gold < ENOUGH_GOLD for model in self.project.machines)
        differ = any(int(column.label[task]) not in {-1, *self.said[task]} for column in self.columns)
        found = live.consensus(state, self.project)
        scores = np.full(self.sizes[2], (1 - settled) / max(1, self.sizes[2] - 1))
        scores[found.choice] = settled
        alone = live.consensus(TaskState(tuple(np.log(scores).tolist()), state.answers), self.project)
        return found.confidence >= alone.confidence and state.answers > (unchecked and differ)

    def _refit(self) -> None:
        crowd = self.crowd()
        if len(self.answers) >= LISTEN_AGAIN * self.listened:
            self.keyed, self.listened = find_key_followers(crowd), len(self.answers)
        fresh = self._fitted(crowd, [*self.keyed, *self._repeating(crowd)])
        self.project, self.tasks, self.workers = fresh.project, list(fresh.tasks), list(fresh.workers)
        self.closed = [self._is_closed(task) for task in range(self.sizes[0])]


def guarded(crowd: Crowd) -> Crowd:
    """The answers for the final consensus: without workers who share a key."""
    return crowd.only(~np.isin(crowd.worker, find_key_followers(crowd)))


def policy(confidence: float | None, ai: Machines = None, gold_each: int | None = None) -> Policy:
    """A policy that stops a task at `confidence`; None buys every answer. `ai`: what models say of the tasks."""
    return Policy(confidence, ai, gold_each)


def columns(ai: Machines, tasks: int, classes: int) -> list[ModelColumn]:
    """One column a model."""
    return [_column(name, _rows(said, tasks), classes) for name, said in _named(ai, tasks).items()]


def _named(ai: Machines, tasks: int) -> Mapping[str, Any]:
    """What each model says, by its name; of several without one, by their number."""
    if ai is None:
        return {}
    if isinstance(ai, Mapping):
        of_tasks = all(str(name).isdecimal() for name in ai) and not any(_is_model(said, tasks) for said in ai.values())
        return {"": ai} if of_tasks else {str(name): said for name, said in ai.items()}
    several = len(ai) != tasks and not _is_both(ai) and all(_is_model(said, tasks) for said in ai)
    return {str(at): said for at, said in enumerate(ai)} if several and len(ai) else {"": ai}


def _is_model(said: Any, tasks: int) -> bool:
    """Whether it is what a model says of all tasks, not of one."""
    if _is_one(said) or isinstance(said, Mapping):
        return isinstance(said, Mapping)
    return len(said) == tasks or not all(map(_is_one, said))


def _is_one(said: Any) -> bool:
    return isinstance(said, str) or not isinstance(said, Mapping | Sequence | np.ndarray)


def _is_both(said: Any) -> bool:
    """Whether it is (labels, probabilities)."""
    return isinstance(said, tuple) and len(said) == 2 and not any(map(_is_one, said))


def _rows(said: Any, tasks: int) -> list[Any]:
    """What is said of each task."""
    if _is_both(said):
        said = list(zip_longest(*said))
    if isinstance(said, Mapping):
        by_task = {int(task): row for task, row in said.items()}
        return [by_task.get(task) for task in range(tasks)]
    return [*list(said)[:tasks], *[None] * (tasks - len(said))]


def _column(name: str, rows: Sequence[Any], classes: int) -> ModelColumn:
    told = _shares(rows, classes)
    if told is not None:
        rows = [(nan, nan) if np.isnan(row).any() else (row.argmax(), row.max()) for row in told]
    pairs = [(row, nan) if _is_one(row) else row for row in rows]
    labels = [_number(label, range(classes)) for label, _ in pairs]
    shares = [nan if np.isnan(label) else _number(own, None) for label, (_, own) in zip(labels, pairs, strict=True)]
    odds = [nan if np.isnan(own) else log_odds(own, classes) for own in shares]
    return ModelColumn(name, np.nan_to_num(labels, nan=-1).astype(np.int64), np.array(odds, dtype=np.float64))


def _number(said: Any, among: range | None) -> float:
    """A label among those, or a share; NaN where it is none."""
    try:
        number = float(said)
    except (TypeError, ValueError):
        return nan
    return number if (number in among if among is not None else 0 <= number <= 1) else nan


def _shares(rows: Sequence[Any], classes: int) -> Floats | None:
    """Where they are the probabilities of all classes (tasks, classes), these. Of two classes such a row looks like a
    label and its probability, which are one together only in (0, 1) and (1, 0): a label as sure as it is not."""
    try:
        told = np.array([[nan] * classes if row is None else row for row in rows], dtype=np.float64)
    except (TypeError, ValueError):
        return None
    known = told[~np.isnan(told).any(1)] if told.shape == (len(rows), classes) else told[:0]
    fits = len(known) and (known >= 0).all() and np.allclose(known.sum(1), 1, atol=1e-3)
    return told if fits and (classes > 2 or known[:, 0].any()) else None
