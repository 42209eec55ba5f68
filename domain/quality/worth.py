"""Whether another answer is worth buying, from whom, and for which task (allocate)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from domain.quality.live import ProjectModel, TaskState, WorkerModel

GAIN = 0.4  # log-odds a leader gains by what is learnt of the workers after its task closed
KNOWN = 4  # answers after which a worker's information is believed enough to ask them less


@dataclass(frozen=True, slots=True)
class Stop:
    """A task closes when its leader reaches `posterior`, or at `max_overlap` answers."""

    posterior: float
    max_overlap: int | None = None


def stop_rule(confidence: float | None, max_overlap: int | None = None) -> Stop:
    """The posterior at which the crowd's opinion is settled with `confidence`.

    Where a crowd shares misconceptions no number of answers reaches a high confidence in the truth: asking ends
    where more answers of the same crowd would not change its mind. None: only `max_overlap` stops.
    """
    if confidence is None:
        return Stop(2.0, max_overlap)
    odds = confidence / (1 - confidence) * exp(-GAIN)
    return Stop(odds / (1 + odds), max_overlap)


def is_closed(task: TaskState, stop: Stop) -> bool:
    """Whether no more answers are wanted. Asked again after a refit, it may open a task again."""
    if not task.answers:
        return False
    if stop.max_overlap is not None and task.answers >= stop.max_overlap:
        return True
    top = max(task.scores)
    return stop.posterior * sum([exp(score - top) for score in task.scores]) <= 1.0


def is_informative(worker: WorkerModel, answers: int, project: ProjectModel, share: float = 1.0) -> bool:
    """Whether a worker tells at least `share` of what an answer in this project tells on average.

    `answers`: how many the worker has given here; the first ones are always welcome.
    """
    return answers < KNOWN or worker.information >= share * project.information


def is_worth_asking(
    task: TaskState, worker: WorkerModel, answers: int, project: ProjectModel, stop: Stop, scarce: bool = False
) -> bool:
    """Whether an answer of this worker to this task is worth its price; `scarce`: nobody better is coming."""
    return not is_closed(task, stop) and (scarce or is_informative(worker, answers, project))
