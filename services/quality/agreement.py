"""Consensus of a task for kinds without classes, computed from all its answers each time."""

from collections.abc import Sequence
from dataclasses import replace

from domain.answers import Learns, consensus_of, kind_of
from domain.people.people import PersonId
from domain.projects.projects import Project
from domain.projects.tasks import Task
from domain.quality.aggregation import Agreement, Prior, QuestionModels, Vote
from domain.quality.live import ProjectModel, WorkerModel
from domain.quality.machine import MachineModel
from domain.quality.machine.by_question import votes_beside
from domain.quality.trust import HONEST, accuracy
from storage.unit import UnitOfWork

NOBODY = PersonId(0)  # the prior of a newcomer


def agreed(
    unit: UnitOfWork, project: Project, task: Task, learnt: ProjectModel | None, machines: Sequence[MachineModel]
) -> Agreement:
    """From all answers to a locked task, weighted by their workers' trust, and models' answers beside them; the
    confidence is calibrated on gold."""
    votes = [_vote(*known) for known in unit.models.votes(task.id)]
    votes += votes_beside(project.kind, machines, task.ai) if votes else []
    found = consensus_of(project.kind, votes, project.options, _prior(project, learnt))
    if learnt is None or found.confidence is None:
        return found
    sure = learnt.calibration.confidence_of(found.confidence, len(votes))
    return replace(found, confidence=sure)


def _prior(project: Project, learnt: ProjectModel | None) -> Prior | None:
    usual = learnt.usual if learnt else None
    if kind_of(project.kind).learns is not Learns.QUESTIONS:
        return usual
    of = usual.of if isinstance(usual, QuestionModels) else {}
    return QuestionModels(of, certain=project.confidence is not None)


def _vote(answer: str, right: int, seen: int, model: WorkerModel | None) -> Vote:
    """A vote weighted by the last refit; before the first one, by the worker's gold."""
    if model is not None:
        return model.vote(answer)
    trusted = accuracy(right, seen)
    return Vote(answer, trusted, trusted / HONEST)
