"""The value of one more answer, and the workers to ask (allocate)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.work.dispatch import MIN_ANSWERS_KNOWN

GAIN = 1.6  # log-odds a leader gains from later knowledge about its workers
EXAGGERATED = 1.5  # log-odds a model claims for each that more answers of the same crowd bear out
PATIENCE = (2.0, 1.5, 1.0, 0.7)  # times the mean information that is waited for, less with every refusal


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """A task closes when its leader reaches `posterior`, or at `max_overlap` answers."""

    posterior: float
    max_overlap: int | None = None


def stop_rule(confidence: float | None, max_overlap: int | None = None) -> StoppingRule:
    """The posterior at which the crowd's opinion is settled with `confidence`.

    Where a crowd shares misconceptions no number of answers reaches a high confidence in the truth: asking ends
    where more answers of the same crowd would not change its mind. None, or certainty: only `max_overlap` stops.
    """
    if confidence is None or confidence >= 1:
        return StoppingRule(2.0, max_overlap)
    odds = (confidence / (1 - confidence)) ** EXAGGERATED * exp(-GAIN)
    return StoppingRule(odds / (1 + odds), max_overlap)


def is_closed(task: TaskState, stop: StoppingRule) -> bool:
    """Whether no more answers are wanted. Asked again after a refit, it may open a task again."""
    if not task.answers:
        return False
    if stop.max_overlap is not None and task.answers >= stop.max_overlap:
        return True
    top = max(task.scores)
    return stop.posterior * sum([exp(score - top) for score in task.scores]) <= 1.0


def is_informative(worker: WorkerModel, answers: int, project: ProjectModel, refused: int = 0) -> bool:
    """Whether a worker's answer is informative enough for a task that `refused` them so often before.

    `answers`: how many the worker has given here; the first ones are always welcome.
    """
    share = PATIENCE[min(refused, len(PATIENCE) - 1)]
    return answers < MIN_ANSWERS_KNOWN or worker.information >= share * project.information
