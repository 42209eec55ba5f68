"""Refit: every answer of a project, its gold and the models' answers, fitted from a cold start into new states
(domain/quality/live)."""

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
from domain.quality.machine_learning import ModelColumn, ModelEvidence, weigh_models
from domain.quality.model import (
    PEOPLE_WEIGHT,
    Fit,
    Stack,
    fit,
    gold_log_posterior,
    leave_one_out_posterior,
    mutual_information,
    people_log_posterior,
    stack_by_gold,
    stack_without_gold,
)

SURE_POSTERIOR = 0.95  # what a model alone must reach to decide, where a project wants nothing else


@dataclass(frozen=True, slots=True)
class Refit:
    """Result of a refit: the project's model, the workers' models and the tasks' states, by index."""

    project: ProjectModel
    workers: tuple[WorkerModel, ...]
    tasks: tuple[TaskState, ...]


@cache
def opening_model(classes: int) -> ProjectModel:
    """Return the model of a project before its first answer: a refit of no answers, except that an answer counts only
    PEOPLE_WEIGHT of its nats, what it is usually worth on gold, as no workers were compared yet."""
    project = refit(crowd_from_triples((), 1, 0, classes)).project
    evidence = tuple([tuple([PEOPLE_WEIGHT * nats for nats in row]) for row in project.newcomer.evidence])
    return replace(project, newcomer=replace(project.newcomer, evidence=evidence))


def refit(
    everything: Crowd,
    columns: Sequence[ModelColumn] = (),
    wanted: float | None = None,
    unheard: Sequence[int] = (),
    beside: Floats | float = 0.0,
) -> Refit:
    """Return the models of a project's workers and the states of its tasks. `wanted`: the project's confidence;
    `unheard`: workers whose answers count for nothing; `beside` (tasks, classes): further nats by which workers are
    judged."""
    crowd = everything.only(~np.isin(everything.worker, unheard)) if len(unheard) else everything
    wide = replace(crowd, workers=crowd.workers + 1)  # the last is a newcomer
    models, answers = weigh_models(crowd, columns), np.bincount(crowd.task, minlength=crowd.tasks)
    model_nats = models.added_nats(models.worker_nats)
    fitted = fit(wide, beside + model_nats, models.people)
    stack = _fit_stack(wide, fitted, models, answers)
    if columns and not stack.models.any():  # nothing is left to them: people count as if alone
        silent = replace(
            models, shapes=0 * models.shapes, prior_nats=0 * models.prior_nats, max_nats=0 * models.max_nats
        )
        stack = _fit_stack(wide, fitted, silent, answers)
    fitted.matrix[list(unheard)] = 1 / crowd.classes
    added = models.added_nats(stack.models)
    alone = softmax_rows(stack.people * fitted.log_prior + stack.classes + added).max(1) >= (wanted or SURE_POSTERIOR)
    machines = models.judged_models(stack.models, alone, fitted.posterior)
    workers, shared = _build_models(
        everything, fitted, estimate_skills(everything, fitted, model_nats), stack, machines
    )
    added_rows = [tuple(row) if any(row) else () for row in added.tolist()] if added.any() else repeat((), crowd.tasks)
    states = tuple(map(TaskState, map(tuple, fitted.scores.tolist()), answers.tolist(), added_rows))
    return Refit(shared, workers, states)


def _fit_stack(crowd: Crowd, fitted: Fit, models: ModelEvidence, answers: Ints) -> Stack:
    """Return the stacking weights by gold tasks that a person or model answered; without gold if there are fewer than
    ENOUGH_GOLD."""
    has_evidence = ((answers > 0) | models.has_model_answer)[crowd.gold_task]
    if has_evidence.sum() < ENOUGH_GOLD:
        return stack_without_gold(crowd.classes, models.prior_nats)
    gold, right, prior = (
        crowd.gold_task[has_evidence],
        crowd.gold_label[has_evidence],
        (fitted.log_prior * models.max_nats.any()).tolist(),
    )
    rows = zip(gold_log_posterior(crowd, fitted)[has_evidence].tolist(), answers[gold].tolist(), strict=True)
    people = np.array([people_log_posterior(row, n, prior) for row, n in rows])
    return stack_by_gold(people, models.shapes[:, gold], right, models.prior_nats, models.max_nats)


def _build_models(
    crowd: Crowd, fitted: Fit, skilled: Sequence[Skill], stack: Stack, machines: tuple[MachineModel, ...]
) -> tuple[tuple[WorkerModel, ...], ProjectModel]:
    """Return the workers' models and the project's model."""
    answers = np.bincount(crowd.worker, minlength=crowd.workers + 1)
    shares = np.exp(fitted.log_prior)
    information = mutual_information(fitted.matrix, shares / shares.sum())
    mean = float((information * answers).sum() / max(1, answers.sum()))
    rows = zip(fitted.evidence.tolist(), information.tolist(), answers.tolist(), skilled, strict=True)
    *workers, newcomer = [WorkerModel(tuple(map(tuple, e)), i, n, s) for e, i, n, s in rows]
    fresh, lacking = TaskState(tuple(fitted.log_prior.tolist())), tuple(stack.classes.tolist()) if stack.weighs else ()
    shared = ProjectModel(
        fresh=fresh,
        newcomer=newcomer,
        information=mean,
        shift=0.0,
        answers=len(crowd.task),
        machines=machines,
        people=stack.people,
        classes=lacking,
    )
    return tuple(workers), shared


def estimate_skills(crowd: Crowd, fitted: Fit, beside: Floats | float = 0.0) -> tuple[Skill, ...]:
    """Return every worker's skill, each answer judged by the leave-one-out posterior of the others, gold and models
    (`beside`, nats).

    A judgement counts for as much as it is sure, (leader − chance)/(1 − chance): not at all where nothing else is
    known."""
    truth, workers, chance = (
        leave_one_out_posterior(crowd, fitted, beside=beside),
        len(fitted.matrix),
        1 / crowd.classes,
    )
    sure = (truth.max(1, initial=chance) - chance) / max(1e-9, 1 - chance)  # a single class carries no information
    hits = truth[np.arange(len(truth)), crowd.label] * sure
    right, tried = (np.bincount(crowd.worker, values, workers).astype(np.float64) for values in (hits, sure))
    pooled = posterior_mean(float(right.sum()), float(tried.sum()), fitted.start.accuracy)
    accuracy = posterior_mean(right, tried, pooled)
    return tuple(map(Skill, accuracy.tolist(), (tried + PRIOR_ANSWERS).tolist()))
