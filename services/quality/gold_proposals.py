"""Asks a requester for check questions where people and models differ on many tasks: once a project."""

from collections.abc import Sequence

from domain.projects.form_answers import parts_of
from domain.projects.projects import Project, ProjectId
from domain.quality.given_answers import Said
from domain.quality.machine import MachineAnswers
from domain.quality.messages.models import GoldWouldHelp
from services.projects import ai_outlook
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

MANY = 10  # tasks


def contested(project: Project, machines: MachineAnswers, said: Sequence[Said]) -> int:
    """Tasks on which somebody differs from a model."""
    found = {
        each.task
        for each in said
        if each.task in machines
        and any(part.differs for part in parts_of(project.kind, project.options, machines[each.task], (each.answer,)))
    }
    return len(found)


def propose(unit: UnitOfWork, number: ProjectId, tasks: int) -> None:
    """`tasks` are contested."""
    project = unit.projects.get(number)
    proposed = ai_outlook.proposed(unit, project, unit.tasks.last_position(number)) if tasks >= MANY else 0
    if proposed:
        told = GoldWouldHelp(project.id, project.title, tasks, proposed)
        unit.outbox.tell(project.requester, told, lane=Lane.BROADCAST, key=f"gold would help:{project.id}")
