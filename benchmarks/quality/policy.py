"""The engine of domain/quality as a policy of the replay: `start, wants, observe, result`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import Any

import numpy as np

from benchmarks.quality.value_of_answer import PATIENCE, StoppingRule, is_closed, is_informative, stop_rule
from domain.quality import live
from domain.quality.collusion import copyists, keyed
from domain.quality.crowd import Crowd, Floats, Ints, gather
from domain.quality.given_answers import ENOUGH_GOLD
from domain.quality.intervals import log_odds
from domain.quality.live import ProjectModel, TaskState, WorkerModel, refit_at, update
from domain.quality.machine.learning import Column
from domain.quality.refit import Refit, opened, refit

GOLD_EACH, BESIDE = 10, 1  # gold answers bought from one worker, alone and beside models: gold judges these unasked
LISTEN_AGAIN = 2.0  # times as many answers before rings are looked for again

Machines = Any
"""Labels by task, in a row or {task: label}; −1, None or no entry where the model says nothing. A label may be a pair
with its probability; so may the whole be (labels, probabilities). Several models: {name: what it says}."""


class Policy:
    """One project in memory, kept exactly as the product keeps it in rows."""

    def __init__(self, confidence: float | None, ai: Machines = None, gold_each: int | None = None) -> None:
        self.confidence, self.ai = confidence, ai
        self.gold_each = gold_each
        self.passes = 1 if confidence is None else len(PATIENCE) + 1

    def start(self, tasks: int, workers: int, classes: int, gold: Mapping[int, int]) -> None:
        self.sizes, self.gold = (tasks, workers, classes), dict(gold)
        self.columns = columns(self.ai, tasks, classes)
        self.project: ProjectModel = opened(classes)
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
        self.tasks[task] = update(self.tasks[task], self.workers[worker], label)
        self.closed[task] = self._is_closed(task)
        if len(self.answers) >= refit_at(self.project.answers, *self.sizes[:2]):
            self._refit()

    def result(self) -> Ints:
        """The consensus of every task: class indices (tasks,)."""
        crowd = self.crowd()
        self.final = self._fitted(crowd, [*keyed(crowd), *self._repeating(crowd)])
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
        return gather(self.answers, *self.sizes, self.gold)

    def _gold_each(self) -> int:
        """Models that are worth nothing save no gold, either."""
        if self.gold_each is not None:
            return self.gold_each
        return BESIDE if any(model.weight for model in self.project.machines) else GOLD_EACH

    def _repeating(self, crowd: Crowd) -> list[int]:
        """People who repeat a model."""
        return [worker for column in self.columns for worker in copyists(crowd, column.label)]

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
            self.keyed, self.listened = keyed(crowd), len(self.answers)
        fresh = self._fitted(crowd, [*self.keyed, *self._repeating(crowd)])
        self.project, self.tasks, self.workers = fresh.project, list(fresh.tasks), list(fresh.workers)
        self.closed = [self._is_closed(task) for task in range(self.sizes[0])]


def guarded(crowd: Crowd) -> Crowd:
    """The answers for the final consensus: without workers who share a key."""
    return crowd.only(~np.isin(crowd.worker, keyed(crowd)))


def policy(confidence: float | None, ai: Machines = None, gold_each: int | None = None) -> Policy:
    """A policy that stops a task at `confidence`; None buys every answer. `ai`: what models say of the tasks."""
    return Policy(confidence, ai, gold_each)


def columns(ai: Machines, tasks: int, classes: int) -> list[Column]:
    if ai is None:
        return []
    named = ai if isinstance(ai, Mapping) and any(isinstance(name, str) for name in ai) else {"": ai}
    return [_column(name, _said(said, tasks), classes) for name, said in named.items()]


def _column(name: str, said: Sequence[tuple[Any, Any]], classes: int) -> Column:
    labels = [-1 if label is None else int(label) for label, _ in said]
    odds = [nan if own is None else log_odds(float(own), classes) for _, own in said]
    return Column(name, np.array(labels, dtype=np.int64), np.array(odds, dtype=np.float64))


def _said(said: Any, tasks: int) -> list[tuple[Any, Any]]:
    """Of each task (label, probability), each of them None where it is not told."""
    if isinstance(said, tuple) and len(said) == 2 and not any(map(np.isscalar, said)):
        said = list(zip(*said, strict=True))
    rows = [said.get(task) for task in range(tasks)] if isinstance(said, Mapping) else list(said)
    rows += [None] * (tasks - len(rows))
    return [(row, None) if row is None or np.ndim(row) == 0 else tuple(row) for row in rows]
