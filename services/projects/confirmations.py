"""What is asked once more before it happens: a project's end, and the end of a draft."""

from domain.people.people import Person
from domain.projects.projects import ENDED, Project, ProjectState
from domain.refusals import WrongState
from services.projects import ownership
from storage.unit import UnitOfWork


def delete(unit: UnitOfWork, requester: Person, number: int) -> None:
    """A draft goes, with its tasks, a little at a time."""
    unit.projects.lock(ownership.mine(unit, requester, number).id)
    project = ownership.mine(unit, requester, number)
    if project.state is not ProjectState.DRAFT:
        raise WrongState(number=number, state=project.state.value)
    let_go(unit, project)
    unit.outbox.say(requester.id, "projects.deleted", number=number, title=project.title)


def let_go(unit: UnitOfWork, project: Project) -> None:
    unit.projects.hide(project.id)
    unit.batches.let_go(project.id)


def ask_to_stop(unit: UnitOfWork, requester: Person, number: int) -> None:
    """Before a project ends, or a draft goes, it is asked once more."""
    project = ownership.mine(unit, requester, number)
    if project.state in ENDED:
        raise WrongState(number=number, state=project.state.value)
    if project.state is ProjectState.DRAFT:
        unit.outbox.say(requester.id, "projects.ask_to_delete", number=project.id, title=project.title)
        return
    counted = unit.progress_counts.progress(project.id)
    unit.outbox.say(
        requester.id,
        "projects.ask_to_stop",
        number=project.id,
        title=project.title,
        closed=counted.closed,
        tasks=counted.tasks,
        held=counted.held,
        currency=project.currency,
    )
