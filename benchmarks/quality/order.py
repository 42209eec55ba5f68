"""The replay extended to order: the arriving worker is given a task, among those they really answered.

The same workers come in the same order under every rule; an answer costs one, whoever gives it. A rule names the next
task; whose answers tell less than most others' come last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.quality import live
from domain.quality.crowd import gather
from domain.quality.offer import KNOWN, urgency

LAST = 0.8  # of the mean information of an answer: workers below it come when nobody else does
OLDEST_EVERY = 10
BUDGETS = (2, 3, 4)

Rule = Callable[[Any, Any, int], Any]
"""(urgency, answers, turn) → sort keys of all tasks, the least is next."""


def fewest_first(urgent: Any, answers: Any, turn: int) -> Any:
    return answers


def by_urgency(urgent: Any, answers: Any, turn: int) -> Any:
    return np.arange(len(answers)) if turn % OLDEST_EVERY == 0 else -urgent


@dataclass(slots=True)
class Round:
    """One project asked under one rule."""

    data: Any
    rule: Rule
    project: live.ProjectModel
    tasks: list[live.TaskState]
    workers: list[live.WorkerModel]
    bought: list[tuple[int, int, int]]
    given: Any
    urgent: Any
    answers: Any


def accuracies(data: Any, rule: Rule, seed: int) -> dict[int, float]:
    """{answers a task: accuracy of the consensus} for each budget the data can give."""
    rng = np.random.default_rng(seed)
    project = live.opened(data.K)
    start = urgency(project.fresh.posterior, 0)
    this = Round(
        data, rule, project, [project.fresh] * data.T, [project.newcomer] * data.W, [], np.zeros(data.W, int),
        np.full(data.T, start), np.zeros(data.T, int),
    )  # fmt: skip
    left = _piles(data, rng)
    queue, late = data.worker[rng.permutation(len(data.worker))].tolist(), []
    found: dict[int, float] = {}
    for worker in [*queue, None]:
        if worker is None:
            queue = late
            break
        if _comes_last(this, worker):
            late.append(worker)
            continue
        _turn(this, worker, left[worker])
        _note(this, found)
    for worker in late:
        _turn(this, worker, left[worker])
        _note(this, found)
    return found


def _piles(data: Any, rng: np.random.Generator) -> list[dict[int, int]]:
    """What each worker would answer, by task."""
    piles: list[dict[int, int]] = [{} for _ in range(data.W)]
    for at in rng.permutation(len(data.task)).tolist():
        piles[data.worker[at]][int(data.task[at])] = int(data.label[at])
    return piles


def _comes_last(this: Round, worker: int) -> bool:
    known = this.workers[worker]
    return known.answers >= KNOWN and known.information < LAST * this.project.information


def _turn(this: Round, worker: int, left: dict[int, int]) -> None:
    if not left:
        return
    mine = np.fromiter(left, dtype=np.int64)
    keys = this.rule(this.urgent, this.answers, len(this.bought))[mine]
    task = int(mine[keys.argmin()])
    label = left.pop(task)
    this.bought.append((task, worker, label))
    this.tasks[task] = live.update(this.tasks[task], this.workers[worker], label)
    this.answers[task] += 1
    this.urgent[task] = urgency(this.tasks[task].posterior, int(this.answers[task]))
    if len(this.bought) >= live.refit_at(this.project.answers, this.data.T, this.data.W):
        _relearn(this)


def _relearn(this: Round) -> None:
    found = live.refit(gather(this.bought, this.data.T, this.data.W, this.data.K))
    this.project, this.tasks, this.workers = found.project, list(found.tasks), list(found.workers)
    this.urgent = np.array([urgency(task.posterior, task.answers) for task in this.tasks])


def _note(this: Round, found: dict[int, float]) -> None:
    """The accuracy when a budget is spent."""
    budget = len(this.bought) / this.data.T
    if budget in BUDGETS and int(budget) not in found:
        last = live.refit(gather(this.bought, this.data.T, this.data.W, this.data.K))
        said = np.array([live.consensus(task, last.project).choice for task in last.tasks])
        scored = this.data.truth >= 0
        found[int(budget)] = float((said == this.data.truth)[scored].mean())
