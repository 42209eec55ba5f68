"""`/pilot`: ten tasks first, whose measured time and agreement then stand in the pre-flight card of the others."""

from domain.projects.draft_messages import PilotDone
from domain.projects.projects import ProjectId, ProjectState
from domain.refusals import WrongState
from services.act import Act, Reply
from services.fairness.oversight import first_look
from services.projects import launches
from services.projects.ownership import lead, mine
from services.projects.preflight import PILOT, measured, pilot_of
from services.projects.progress import watched
from storage.unit import UnitOfWork

AT_ONCE = 10


def begin(act: Act, number: ProjectId) -> Reply:
    """Holds their cost alone and starts them. Raises FundsMissing and changes nothing."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    if project.state is not ProjectState.DRAFT:
        raise WrongState(number=number, state=project.state.value)
    if first_look.is_due(act, act.person, project):
        raise WrongState(number=number, state="unseen")
    last = unit.pilots.split(project.id, PILOT, project.largest(0))
    if last is None:
        raise WrongState(number=number, state="small")
    found = launches.ready(act, act.person, project, last)
    lead(act, project.id)
    return watched(unit, project.id, launches.start(unit, act.person, project, found))


def tell_done(unit: UnitOfWork) -> None:
    """Requesters whose pilot has all its answers read what it brought."""
    for number in unit.pilots.due(AT_ONCE):
        project = unit.projects.get(number)
        found = pilot_of(unit, project)
        if unit.pilots.told(number) and project.state is ProjectState.RUNNING and found is not None:
            waiting = unit.batches.waiting(number)
            seconds = measured(unit, project)
            told = PilotDone(number, project.title, found, seconds, waiting.tasks)
            unit.outbox.tell(project.requester, told)
