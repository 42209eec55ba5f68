"""Ends projects that rest too long without the reserve they need, so that their workers get what they are owed."""

from domain.moments import later
from domain.money.messages.funds import RestEnded
from domain.money.topups import REST, REST_DAYS
from domain.projects.projects import ProjectState
from services.money.topups import SHORT
from services.projects import lifecycle
from storage.unit import UnitOfWork

AT_ONCE = 5


def end_long(unit: UnitOfWork) -> None:
    """What is owed is taken from what the project still holds, then from the requester's free money."""
    for number in unit.topups.resting(SHORT, later(unit.now, -REST), AT_ONCE):
        project = unit.projects.get(number)
        requester = unit.people.get(project.requester)
        returned = lifecycle.end(unit, requester, project, ProjectState.STOPPED) or 0
        unit.outbox.tell(requester.id, RestEnded(project.id, project.title, REST_DAYS, returned, project.currency))
