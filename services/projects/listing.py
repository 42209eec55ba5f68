"""A requester's projects, page by page, for programs."""

from domain.programs import ProjectLine, Projects
from domain.projects.messages import ProjectProgress
from domain.projects.projects import Project, ProjectId
from services.act import Act
from services.projects import ownership, progress


def page(act: Act, after: int, limit: int) -> Projects:
    found = act.unit.projects.page(act.person.id, after, limit + 1)
    lines = tuple(map(_line, found[:limit]))
    return Projects(lines, lines[-1].number if len(found) > limit else None)


def one(act: Act, number: ProjectId) -> ProjectProgress:
    return progress.progress_of(act.unit, ownership.mine(act.unit, act.person, number).id)


def _line(project: Project) -> ProjectLine:
    return ProjectLine(
        project.id,
        project.title,
        project.state.value,
        project.kind,
        project.currency,
        project.pay,
        project.overlap,
        project.created_at,
        project.launched_at,
        project.ended_at,
        tuple(project.paused),
    )
