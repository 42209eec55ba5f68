"""The replay extended to order: the arriving worker is given a task, among those they really answered.

The same workers come in the same order under every rule; an answer costs one, whoever gives it. A rule names the next
task; workers who are asked later (domain/work/dispatch) come when nobody else does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import softmax

from domain.quality import live
from domain.quality.crowd import Crowd, crowd_from_triples
from domain.quality.model import mutual_information
from domain.quality.refit import Refit, opening_model, refit
from domain.work.dispatch import get_standing

LOOKED_AT = 8  # as in the product
BUDGETS = (2, 3, 4)

Rule = Callable[["Round", int, Any], int]
"""(round, worker, tasks that are left to them) → the place of the next among these."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of the workers before they answer: their models, who is asked later, and how a refit knows it."""

    relearnt: Callable[[Crowd], Refit]
    workers: list[live.WorkerModel]
    later: frozenset[int] = frozenset()


@dataclass(slots=True)
class Round:
    """One project asked under one rule, as of now. `posteriors` (tasks, classes), `answers` (tasks,); `later`: workers
    who come when nobody else does."""

    data: Any
    rule: Rule
    before: Before
    project: live.ProjectModel
    workers: list[live.WorkerModel]
    tasks: list[live.TaskState]
    posteriors: Any
    answers: Any
    bought: list[tuple[int, int, int]] = field(default_factory=list)
    later: set[int] = field(default_factory=set)


def fewest_first(this: Round, worker: int, mine: Any) -> int:
    return int(this.answers[mine].argmin())


def most_telling(this: Round, worker: int, mine: Any) -> int:
    """Return the open task whose answer by this worker tells most, as dispatch.choose_best_place."""
    matrix = softmax(np.array(this.workers[worker].evidence), 0)
    return int(mutual_information(matrix[None], this.posteriors[mine]).argmax())


def most_telling_of_few(this: Round, worker: int, mine: Any) -> int:
    """The same among the first of those with fewest answers: as the product asks for an overlap."""
    few = np.argsort(this.answers[mine], kind="stable")[:LOOKED_AT]
    return int(few[most_telling(this, worker, mine[few])])


RULES: dict[str, Rule] = {
    "fewest first": fewest_first,
    "most telling of eight": most_telling_of_few,
    "most telling": most_telling,
}


def accuracies(data: Any, rule: Rule, seed: int, before: Before | None = None) -> dict[int, float]:
    """{answers a task: accuracy of the consensus} for each budget the data can give."""
    rng = np.random.default_rng(seed)
    project = opening_model(data.K)
    start = np.tile(project.fresh.posterior, (data.T, 1))
    before = before or Before(refit, [project.newcomer] * data.W)
    workers, tasks, answers = list(before.workers), [project.fresh] * data.T, np.zeros(data.T, int)
    this = Round(data, rule, before, project, workers, tasks, start, answers, later=set(before.later))
    left = _piles(data, rng)
    queue, late = data.worker[rng.permutation(len(data.worker))].tolist(), list[int]()
    found: dict[int, float] = {}
    for worker in queue:
        if worker in this.later:
            late.append(worker)
        else:
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


def _turn(this: Round, worker: int, left: dict[int, int]) -> None:
    if not left:
        return
    mine = np.fromiter(left, dtype=np.int64)
    task = int(mine[this.rule(this, worker, mine)])
    label = left.pop(task)
    this.bought.append((task, worker, label))
    this.tasks[task] = live.add_answer(this.tasks[task], this.workers[worker], label)
    this.answers[task] += 1
    this.posteriors[task] = this.tasks[task].posterior
    if len(this.bought) >= live.next_refit_at(this.project.answers, this.data.T, this.data.W):
        _relearn(this)


def _relearn(this: Round) -> None:
    found = this.before.relearnt(crowd_from_triples(this.bought, this.data.T, this.data.W, this.data.K))
    this.project, this.tasks, this.workers = found.project, list(found.tasks), list(found.workers)
    this.posteriors = np.array([task.posterior for task in found.tasks])
    stands = ((at, get_standing(worker, found.project)) for at, worker in enumerate(found.workers))
    this.later = {at for at, stand in stands if (stand.later if stand is not None else at in this.before.later)}


def _note(this: Round, found: dict[int, float]) -> None:
    """The accuracy when a budget is spent."""
    budget = len(this.bought) / this.data.T
    if budget in BUDGETS and int(budget) not in found:
        last = this.before.relearnt(crowd_from_triples(this.bought, this.data.T, this.data.W, this.data.K))
        said = np.array([live.consensus(task, last.project).choice for task in last.tasks])
        scored = this.data.truth >= 0
        found[int(budget)] = float((said == this.data.truth)[scored].mean())
