"""The engine of domain/quality as a policy of the replay: `start, wants, observe, result`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.quality.value_of_answer import PATIENCE, StoppingRule, is_closed, is_informative, stop_rule
from domain.quality.averaging import average
from domain.quality.crowd import Crowd, Floats, Ints, gather
from domain.quality.fraud.collusion import guarded, heard, voices
from domain.quality.live import ProjectModel, TaskState, WorkerModel, opened, refit, refit_due, update

GOLD_EACH = 10  # gold answers bought from one worker
LISTEN_AGAIN = 2.0  # times as many answers before rings are looked for again


class Policy:
    """One project in memory, kept exactly as the product keeps it in rows."""

    def __init__(self, confidence: float | None, gold_each: int = GOLD_EACH) -> None:
        self.confidence, self.gold_each = confidence, gold_each
        self.passes = 1 if confidence is None else len(PATIENCE) + 1

    def start(self, tasks: int, workers: int, classes: int, gold: Mapping[int, int]) -> None:
        self.sizes, self.gold = (tasks, workers, classes), dict(gold)
        self.project: ProjectModel = opened(classes)
        self.stop: StoppingRule = stop_rule(self.confidence)
        self.tasks: list[TaskState] = [self.project.fresh] * tasks
        self.workers: list[WorkerModel] = [self.project.newcomer] * workers
        self.closed = [False] * tasks
        self.given, self.gold_given = [0] * workers, [0] * workers
        self.answers: list[tuple[int, int, int]] = []
        self.voice, self.listened = np.arange(workers), 0
        self.refused: dict[tuple[int, int], int] = {}

    def wants(self, task: int, worker: int, last_pass: bool) -> bool:
        if task in self.gold and self.confidence is not None:
            return self.gold_given[worker] < self.gold_each
        if self.closed[task]:
            return False
        times = self.refused.get((task, worker), 0)
        self.refused[task, worker] = times + 1
        return last_pass or is_informative(self.workers[worker], self.given[worker], self.project, times)

    def observe(self, task: int, worker: int, label: int) -> None:
        self.answers.append((task, worker, label))
        self.given[worker] += 1
        self.gold_given[worker] += task in self.gold
        if self.confidence is None:
            return
        self.tasks[task] = update(self.tasks[task], self.workers[worker], label)
        self.closed[task] = is_closed(self.tasks[task], self.stop)
        if refit_due(len(self.answers), self.project.answers, *self.sizes[:2]):
            self._refit()

    def result(self) -> Ints:
        """The consensus of every task: class indices (tasks,)."""
        self.heard = guarded(self.crowd())
        self.average = average(self.heard, np.random.default_rng(0))
        return np.asarray(self.average.posterior.argmax(1))

    def confidences(self) -> Floats:
        """Calibrated P(correct) of what `result` said (tasks,)."""
        return self.average.confidence(self.heard)

    def crowd(self) -> Crowd:
        return gather(self.answers, *self.sizes, self.gold)

    def _refit(self) -> None:
        crowd = self.crowd()
        if len(self.answers) >= LISTEN_AGAIN * self.listened:
            self.voice, self.listened = voices(crowd), len(self.answers)
        fresh = refit(heard(crowd, self.voice))
        self.project, self.tasks = fresh.project, list(fresh.tasks)
        self.workers = [fresh.workers[voice] for voice in self.voice.tolist()]
        self.stop = stop_rule(self.confidence)
        self.closed = [is_closed(task, self.stop) for task in self.tasks]


def policy(confidence: float | None, gold_each: int = GOLD_EACH) -> Policy:
    """A policy that stops a task at `confidence`; None buys every answer."""
    return Policy(confidence, gold_each)
