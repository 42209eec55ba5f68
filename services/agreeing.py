"""What a task's answers say together, for kinds without a model of the crowd: read anew with every answer."""

from domain.aggregation import Agreement, Vote, consensus_of
from domain.projects import Project
from domain.tasks import Task
from domain.trust import accuracy
from storage.unit import UnitOfWork


def agreed(unit: UnitOfWork, project: Project, task: Task) -> Agreement:
    """From all answers to a locked task, each worth what its worker's gold says of them."""
    votes = [Vote(answer, accuracy(right, seen)) for answer, right, seen in unit.tasks.votes(task.id)]
    return consensus_of(project.kind, votes, project.options)
