"""`/hold`: the requester's own pause. No other pause is lifted by its end."""

from domain.projects.projects import HELD, Project, ProjectId, ProjectState
from domain.refusals import WrongState
from services.act import Act, Reply
from services.projects import bulk_updates
from services.projects.ownership import mine
from services.projects.progress import watched


def toggle(act: Act, number: ProjectId) -> Reply:
    """The command: holds it, or lets it go on."""
    project = _running(act, number)
    return _set(act, project, HELD not in project.paused)


def hold(act: Act, number: ProjectId, on: bool) -> Reply:
    """The button, whose second press changes nothing. What is in a hand may be answered, and is paid."""
    return _set(act, _running(act, number), on)


def _running(act: Act, number: ProjectId) -> Project:
    act.unit.projects.lock(mine(act.unit, act.person, number).id)
    project = mine(act.unit, act.person, number)
    if project.state is not ProjectState.RUNNING:
        raise WrongState(number=number, state=project.state.value)
    return project


def _set(act: Act, project: Project, on: bool) -> Reply:
    unit = act.unit
    if on:
        unit.projects.pause(project.id, HELD)
    elif unit.projects.resume(project.id, HELD) and project.paused == (HELD,):
        bulk_updates.wake_workers(unit, project.id)
    return watched(unit, project.id)
