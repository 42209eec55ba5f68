"""Allocation: the open task an arriving worker should get, and the workers who are asked later."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, softmax

from domain.quality.intervals import LEAST, MOST
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.model import informations

KNOWN = 2  # answers after which a worker's information is believed enough to ask them less
FAR_BELOW = 0.5  # of the average information of an answer here: workers credibly below it are asked later


@dataclass(frozen=True, slots=True)
class Standing:
    """Information of a worker's answer in a project, as a share of the average; `later`: credibly far below it."""

    worth: float
    later: bool


def most_telling(tasks: Sequence[TaskState], worker: WorkerModel) -> int:
    """Index of the task of which this worker's answer is expected to tell most (Lindley 1956): one whose posterior is
    torn between classes they tell apart. Ties go to the longest waiting.

    Give the few tasks whose turn it is, oldest first: the choice is weighed against fair turn by their number.
    """
    matrix = softmax(np.array(worker.evidence), 0)
    return int(informations(matrix[None], np.array([task.posterior for task in tasks])).argmax())


def standing(worker: WorkerModel, project: ProjectModel) -> Standing | None:
    """None until there are enough answers. For kinds without classes accuracy stands for information."""
    usual, told, at_most = project.newcomer.skill.accuracy, worker.skill.accuracy, worker.skill.at_most
    if worker.evidence:
        usual, told, at_most = project.information, worker.information, _at_most(worker, project.fresh)
    if worker.answers < KNOWN or usual <= 0:
        return None
    return Standing(told / usual, at_most < FAR_BELOW * usual)


def _at_most(worker: WorkerModel, fresh: TaskState) -> float:
    """Nats one answer on a fresh task would tell, were the worker as right as is credible at all: each recall is moved
    by the log odds between their accuracy and the most it may be; a habit stays a habit."""
    matrix, skill = softmax(np.array(worker.evidence), 0), np.array([worker.skill.at_most, worker.skill.accuracy])
    most, usual = logit(np.clip(skill, LEAST, MOST))
    recall = np.clip(matrix.diagonal(), LEAST, MOST)
    bent = expit(logit(recall) + most - usual)
    matrix *= (1 - bent) / (1 - recall)
    np.fill_diagonal(matrix, bent)
    return float(informations(matrix[None], np.array(fresh.posterior))[0])
