"""A worker rates a requester: four presses in one message, changeable, seen by nobody with their name."""

from domain.fairness.ratings import (
    AXES,
    LEAST_TASKS,
    MarkWanted,
    RatingKept,
    RequestersToRate,
    marks_of,
)
from domain.people.people import Person
from domain.projects.projects import ProjectId
from domain.refusals import BadInput, NotFound
from services.act import Act, Reply
from services.fairness.ratings.eligible import has_worked
from services.work import answer_messages

LISTED = 20  # requesters on one list


def rate(act: Act, project: ProjectId, marks: int) -> Reply:
    """The marks so far, a digit each, ask for the next one; with the last one all are kept. A task in hand, whose card
    has the button, stays where it is."""
    requester = _rateable(act, project)
    given = marks_of(marks)
    if given is None:
        raise BadInput(what="mark", value="", expected=[])
    if len(given) < len(AXES):
        place = None if answer_messages.shows_task(act, act.message) else act.message
        return Reply(MarkWanted(project, requester.name, given), edits=place)
    act.unit.ratings.keep(requester.id, act.person.id, given)
    return Reply(RatingKept(project, requester.name, given), edits=act.message)


def whom(act: Act) -> RequestersToRate:
    """The requesters this worker may rate, newest first."""
    return RequestersToRate(tuple(act.unit.ratings.worked_for(act.person.id, LEAST_TASKS, LISTED)))


def _rateable(act: Act, number: ProjectId) -> Person:
    """The requester of a project this worker was given a task of; another one is not revealed."""
    unit, worker = act.unit, act.person.id
    enrolment = unit.enrolments.find(worker, number)
    project = unit.projects.find(number) if enrolment and enrolment.barred is None else None
    requester = unit.people.get(project.requester) if project and project.requester != worker else None
    if requester is None or not requester.name:  # erased
        raise NotFound(what="offer", name="")
    if not has_worked(unit, worker, requester.id):
        raise BadInput(what="rate_early", value="", expected=[str(LEAST_TASKS)])
    return requester
