"""Leaving: a worker stops for now (`/stop`), or wants no more tasks of one project (`/leave`, “Not this project”)."""

from domain.projects.projects import ProjectId
from domain.projects.tasks import beginning_of
from domain.refusals import BadInput, NotAllowed, NotFound
from domain.work.messages import Paused, ProjectAccepted, ProjectDeclined, TaskSkipped
from domain.work.offers import KnownProjects
from services.act import Act
from services.fairness import jury_duty
from services.fairness.ratings import asking
from services.work import answer_messages, session, submit
from services.work.places import mine

LISTED = 20  # projects that `/leave` lists


def stop_here(act: Act) -> Paused:
    """`/stop` of a person who is no worker asks for a project's number."""
    if act.person.is_worker:
        return leave(act)
    if "requester" in act.roles:
        raise BadInput(what="number", value="", expected=["/stop N"])
    raise NotAllowed(role="requester")


def leave(act: Act) -> Paused:
    """`/stop` of a worker: as `/pause`, and what is in hand goes to another worker, without penalty."""
    unit, paused = act.unit, submit.pause(act)
    jury_duty.let_go(unit, act.person.id)
    in_hand = unit.assignments.active_for(act.person.id)
    if in_hand is not None:
        submit.put_back(unit, act.person, in_hand)
    return paused


def known_projects(act: Act) -> KnownProjects:
    """`/leave` without a number: the running projects this worker knows, those they left too."""
    return older_projects(act, 0)


def older_projects(act: Act, before: int) -> KnownProjects:
    """Those behind a project; 0: the newest."""
    found = act.unit.enrolments.known_to(act.person.id, LISTED + 1, before)
    return KnownProjects(tuple(found[:LISTED]), len(found) > LISTED)


def decline(act: Act, project: ProjectId) -> None:
    """No more tasks of this project for this worker. A task of it in hand goes to somebody else without harm, and the
    next task follows. Said where a button was pressed, else before that task."""
    unit, worker = act.unit, act.person
    known = unit.enrolments.find(worker.id, project)
    if known is None:  # a project that was never offered to them is not revealed
        raise NotFound(what="offer", name="")
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and in_hand.project == project:
        session.check_pace(act, in_hand.id)
    unit.enrolments.decline(worker.id, project, True)
    found = unit.projects.get(project)
    answers = known.answered if known.consented_at is not None else 0
    declined = ProjectDeclined(project, found.title, asking.at_leaving(unit, worker, found), answers)
    unit.outbox.tell(worker.id, declined, edits=act.message)
    if in_hand is None or in_hand.project != project:
        return
    shown, task = unit.outbox.message_of(in_hand.id), unit.tasks.get(in_hand.task)
    submit.pass_on(unit, worker, mine(unit, worker, in_hand.id), None)
    if shown and shown != act.message:
        unit.outbox.tell(worker.id, TaskSkipped(beginning_of(found, task)), **answer_messages.tidying(shown))


def accept_again(act: Act, project: ProjectId) -> None:
    """Takes back that they want no task of it: the message that asked says so, and a task follows.
    Where they refused what its tasks show, they are asked about that again."""
    unit, worker = act.unit, act.person
    if unit.enrolments.find(worker.id, project) is None:
        raise NotFound(what="offer", name="")
    if not unit.enrolments.decline(worker.id, project, False):
        raise NotFound(what="withdrawn", name=str(project))
    unit.content_choices.reconsider(worker.id, project)
    unit.outbox.tell(worker.id, ProjectAccepted(unit.projects.get(project).title), edits=act.message)
    submit.work(unit, worker)
