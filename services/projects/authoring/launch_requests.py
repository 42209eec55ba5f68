"""Launches beyond what a program's key may spend: the program asks, its owner decides by a button in the chat."""

from domain.people.people import PersonId
from domain.projects.launch_requests import (
    LAUNCHED,
    MOST,
    REFUSED,
    REPLACED,
    WAITING,
    LaunchAsked,
    LaunchDeclined,
    LaunchRequest,
    LaunchRequestId,
    LaunchRequestOver,
    LaunchWanted,
)
from domain.projects.projects import Project, ProjectId
from domain.refusals import NotFound, TooManyLaunchRequests
from services.act import Act, Reply
from services.projects import launches
from services.projects.ownership import mine
from services.projects.preflight import price_of
from storage.unit import UnitOfWork


def ask(act: Act, number: ProjectId) -> LaunchAsked:
    """Of a program whose key is `act.program`. Asked again at the same price, it is the same request. Raises what
    stands against the launch itself."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    ready = launches.ready(act, act.person, project)
    known = unit.launch_requests.waiting(project.id)
    if known is not None:
        if known.at(unit.now) == WAITING and (known.price, known.api_key) == (ready.held, act.program):
            return _told(unit, project, known)
        unit.launch_requests.decide(known.id, REPLACED)
    if unit.launch_requests.of_a_day(act.person.id) >= MOST:
        raise TooManyLaunchRequests(most=MOST)
    asked = unit.launch_requests.add(act.person.id, act.program, project.id, ready.held)
    made = _of(act, asked)
    hint = _hints(unit, act.person.id)[act.program]
    tasks = ready.price.tasks + ready.price.gold
    told = (project.id, project.title, hint, tasks, ready.held, project.currency, made.until)
    unit.outbox.tell(act.person.id, LaunchWanted(asked, *told), key=f"launch request:{asked}")
    return _told(unit, project, made)


def read(act: Act, number: int) -> LaunchAsked:
    found = _of(act, number)
    return _told(act.unit, act.unit.projects.get(found.project), found)


def decide(act: Act, number: LaunchRequestId, yes: bool) -> Reply | LaunchDeclined | LaunchRequestOver:
    """The row decides what the button may still do, and at which price."""
    unit, found = act.unit, _of(act, number)
    unit.projects.lock(found.project)
    project, found = unit.projects.get(found.project), _of(act, number)
    over = _over(act, project, found)
    if over:
        return LaunchRequestOver(project.id, project.title, over)
    if not yes:
        unit.launch_requests.decide(found.id, REFUSED)
        return LaunchDeclined(project.id, project.title)
    launched = launches.launch(act, project.id)
    unit.launch_requests.decide(found.id, LAUNCHED)
    unit.audit.note(act.person.id, "launch asked by program", f"project:{project.id}", key=found.api_key)
    return launched


def _over(act: Act, project: Project, found: LaunchRequest) -> str:
    """Why the button does nothing any more; empty where it does."""
    state = found.at(act.unit.now)
    if state != WAITING:
        return "decided" if state in (LAUNCHED, REFUSED) else state
    if found.api_key not in _hints(act.unit, act.person.id):
        return "key"
    total = price_of(act.unit, project, act.house.terms).total
    return "price" if total > found.price else ""


def _of(act: Act, number: int) -> LaunchRequest:
    found = act.unit.launch_requests.find(act.person.id, number)
    if found is None:
        raise NotFound(what="launch_request", name=str(number))
    return found


def _hints(unit: UnitOfWork, person: PersonId) -> dict[int, str]:
    """How each key that works ends, by its number."""
    return {each.number: each.hint for each in unit.api_keys.of(person)}


def _told(unit: UnitOfWork, project: Project, found: LaunchRequest) -> LaunchAsked:
    return LaunchAsked(found.id, found.project, found.at(unit.now), found.price, project.currency, found.until)
