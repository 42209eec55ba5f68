"""The version of a project's instructions that a task was given out under, and what changed since."""

from domain.people.people import Person
from domain.projects.projects import Project
from domain.work.instructions.news import ExamplesShown, InstructionNews, ProjectInstructions, news_of
from domain.work.submissions import Enrolment
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def under(unit: UnitOfWork, project: Project, version: int) -> Project:
    """The project as its workers read it then. Nothing is read of one that was never edited."""
    found = unit.versions.of(project.id, version) if version < project.version else None
    return project.worded(found, version) if found else project


def cited(project: Project, version: int) -> int:
    """The number by which a version is spoken of: 0 where there is only one."""
    return version if project.version > 1 else 0


def news(unit: UnitOfWork, project: Project, enrolment: Enrolment) -> InstructionNews | None:
    """For whoever has answered under an earlier version, once."""
    if enrolment.version >= project.version or not enrolment.answered:
        return None
    before = under(unit, project, enrolment.version)
    return news_of(before.wording, project.wording, project.version)


def shown(project: Project, edition: int) -> tuple[ProjectInstructions | ExamplesShown, ...]:
    """The instructions with their pictures, and the worked examples behind them."""
    rules = ProjectInstructions(project.title, project.instructions, project.pictures, edition)
    return (rules, ExamplesShown(project.title, project.examples)) if project.examples else (rules,)


def introduce(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment, lane: Lane) -> None:
    """Pictures and examples come before the first task of a project, and again once they are others."""
    if not project.pictures and not project.examples:
        return
    is_first = not enrolment.offered
    known = project if is_first else under(unit, project, enrolment.version)
    if is_first or (known.pictures, known.examples) != (project.pictures, project.examples):
        for each in shown(project, cited(project, project.version)):
            unit.outbox.tell(worker.id, each, lane=lane, klass="nudge")
