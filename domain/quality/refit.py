"""A refit: every answer of a project, its gold and what models say, read cold into new states (domain/quality/live)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import repeat

import numpy as np

from domain.quality.crowd import (
    ENOUGH_GOLD,
    PRIOR_ANSWERS,
    Crowd,
    Floats,
    Ints,
    Skill,
    crowd_from_triples,
    posterior_mean,
    softmax_rows,
)
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.machine import MachineModel
from domain.quality.machine_learning import Column, Heard, heard
from domain.quality.model import (
    PEOPLE,
    Fit,
    Stack,
    fit,
    foretold,
    informations,
    others,
    plain,
    stacked,
    worth,
)

SURE = 0.95  # what a model alone must reach to decide, where a project wants nothing else


@dataclass(frozen=True, slots=True)
class Refit:
    """A project's models and states, all of them new."""

    project: ProjectModel
    workers: tuple[WorkerModel, ...]
    tasks: tuple[TaskState, ...]


@cache
def opened(classes: int) -> ProjectModel:
    """A project before its first answer: as a refit of none leaves it, but that an answer counts only what it usually
    is worth on gold, as nobody was compared yet."""
    found = refit(crowd_from_triples((), 1, 0, classes)).project
    evidence = tuple([tuple([PEOPLE * nats for nats in row]) for row in found.newcomer.evidence])
    return replace(found, newcomer=replace(found.newcomer, evidence=evidence))


def refit(
    everything: Crowd,
    columns: Sequence[Column] = (),
    wanted: float | None = None,
    unheard: Sequence[int] = (),
    beside: Floats | float = 0.0,
) -> Refit:
    """Models of a project's workers and states of its tasks. `unheard`: workers whose answers count for nothing;
    `beside` (tasks, classes): nats by which workers are judged that are not of their answers."""
    crowd = everything.only(~np.isin(everything.worker, unheard)) if len(unheard) else everything
    wide = replace(crowd, workers=crowd.workers + 1)  # the last is a newcomer
    models, answers = heard(crowd, columns), np.bincount(crowd.task, minlength=crowd.tasks)
    spoken = models.added(models.known)
    told = fit(wide, beside + spoken, models.people)
    stack = _weighed(wide, told, models, answers)
    if columns and not stack.models.any():  # nothing is left to them: people count as if alone
        silent = replace(models, shapes=0 * models.shapes, believed=0 * models.believed, most=0 * models.most)
        stack = _weighed(wide, told, silent, answers)
    told.matrix[list(unheard)] = 1 / crowd.classes
    added = models.added(stack.models)
    alone = softmax_rows(stack.people * told.log_prior + stack.classes + added).max(1) >= (wanted or SURE)
    machines = models.learnt(stack.models, alone, told.posterior)
    workers, shared = _project(everything, told, skills(everything, told, spoken), stack, machines)
    more = [tuple(row) if any(row) else () for row in added.tolist()] if added.any() else repeat((), crowd.tasks)
    states = tuple(map(TaskState, map(tuple, told.scores.tolist()), answers.tolist(), more))
    return Refit(shared, workers, states)


def _weighed(crowd: Crowd, told: Fit, models: Heard, answers: Ints) -> Stack:
    """The weights, by gold tasks that somebody tells of."""
    known = ((answers > 0) | models.spoken)[crowd.gold_task]
    if known.sum() < ENOUGH_GOLD:
        return plain(crowd.classes, models.believed)
    gold, right, prior = crowd.gold_task[known], crowd.gold_label[known], (told.log_prior * models.most.any()).tolist()
    each = zip(foretold(crowd, told)[known].tolist(), answers[gold].tolist(), strict=True)
    people = np.array([worth(row, n, prior) for row, n in each])
    return stacked(people, models.shapes[:, gold], right, models.believed, models.most)


def _project(
    crowd: Crowd, told: Fit, skilled: Sequence[Skill], stack: Stack, machines: tuple[MachineModel, ...]
) -> tuple[tuple[WorkerModel, ...], ProjectModel]:
    """Everybody's model, and the project's."""
    answers = np.bincount(crowd.worker, minlength=crowd.workers + 1)
    shares = np.exp(told.log_prior)
    informed = informations(told.matrix, shares / shares.sum())
    mean = float((informed * answers).sum() / max(1, answers.sum()))
    rows = zip(told.evidence.tolist(), informed.tolist(), answers.tolist(), skilled, strict=True)
    *workers, newcomer = [WorkerModel(tuple(map(tuple, e)), i, n, s) for e, i, n, s in rows]
    fresh, lacking = TaskState(tuple(told.log_prior.tolist())), tuple(stack.classes.tolist()) if stack.weighs else ()
    shared = ProjectModel(fresh, newcomer, mean, 0.0, len(crowd.task), machines, stack.people, lacking)
    return tuple(workers), shared


def skills(crowd: Crowd, fitted: Fit, beside: Floats | float = 0.0) -> tuple[Skill, ...]:
    """Every worker's skill, each answer judged by the others, gold and models (`beside`, nats) alone.

    A judgement counts for as much as it is sure, (leader − chance)/(1 − chance): not at all where nothing else is said.
    """
    truth, workers, chance = others(crowd, fitted, beside=beside), len(fitted.matrix), 1 / crowd.classes
    sure = (truth.max(1, initial=chance) - chance) / max(1e-9, 1 - chance)  # a single class carries no information
    hits = truth[np.arange(len(truth)), crowd.label] * sure
    right, tried = (np.bincount(crowd.worker, each, workers).astype(np.float64) for each in (hits, sure))
    pooled = posterior_mean(float(right.sum()), float(tried.sum()), fitted.start.accuracy)
    accuracy = posterior_mean(right, tried, pooled)
    return tuple(map(Skill, accuracy.tolist(), (tried + PRIOR_ANSWERS).tolist()))
