"""Tasks that are answered on a page of the Mini App: what the page shows, and the answer, which goes the way of every
other one. The row decides: the task is in this worker's hands, or its answer is open to be changed."""

from domain.answers import Wants, kind_of
from domain.moments import MINUTE, Moment, later
from domain.people.people import WORKER
from domain.projects.media import Medium
from domain.projects.projects import Project
from domain.projects.tasks import as_asked
from domain.refusals import AlreadyAnswered, NotYours, PageOutdated, TooLate
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from domain.work.page_task import HandedIn, PageAnswer, PageTask
from domain.work.submissions import Submission
from services.act import Act
from services.mturk import pages
from services.projects.authoring import versions
from services.work import corrections, session, submit
from services.work.pages.content import beside, media_of, medium_of, rules_of, text_of_page
from storage.unit import UnitOfWork
from storage.work.corrections import Change

SKEW = 5 * MINUTE  # between Telegram's clock and ours


def shown(act: Act, number: AssignmentId, opened: Moment) -> PageTask:
    """`opened`: when Telegram opened the page for this worker. Changes nothing."""
    assignment, project = _asked(act, number, opened)
    given = _given(act, assignment)
    if given is None and assignment.state not in (AssignmentState.ACTIVE, AssignmentState.EXPIRED):
        raise TooLate()
    task = act.unit.tasks.get(assignment.task)
    return PageTask(
        assignment.id,
        project.kind,
        project.title,
        rules_of(project),
        project.options,
        text_of_page(project, task),
        tuple(each.kind for each in media_of(project, task)),
        project.pay,
        project.currency,
        given.answer if given else None,
        pages.frame_of(act.unit, assignment) if kind_of(project.kind).is_of_programs else None,
        tuple(words for words, _ in beside(project)),
    )


def medium(act: Act, number: AssignmentId, at: int, opened: Moment) -> Medium:
    """One of the task's files, or of the pictures beside its instructions, by its place."""
    assignment, project = _asked(act, number, opened)
    return medium_of(project, act.unit.tasks.get(assignment.task), at)


def hand_in(act: Act, number: AssignmentId, opened: Moment | None, answer: str) -> PageAnswer:
    """The same answer sent twice is one; a second one is refused unless the first is open to be changed. `opened` None:
    by the ticket of a requester's page, which says whose task it is."""
    unit, worker = act.unit, act.person
    _, project = _asked(act, number, opened)
    message = unit.outbox.message_of(number)
    given = unit.submissions.of_assignment(number)
    if given is None:
        session.check_no_change(act)
        done = submit.submit(unit, worker, number, answer, message, pressed=message is not None)
        return PageAnswer(HandedIn.RECEIVED, done.pay, done.currency, done.held, done.missed)
    change = _change(unit, act, given)
    if change is not None:  # in session mode the message that shows it is the next task's
        done_anew = corrections.submit(unit, worker, number, answer, change.message or message)
        return PageAnswer(HandedIn.CHANGED, given.pay, project.currency, missed=done_anew.missed)
    if kind_of(project.kind).read(answer, project.options) != given.answer:
        raise AlreadyAnswered()
    return PageAnswer(HandedIn.AGAIN, given.pay, project.currency)


def _asked(act: Act, number: AssignmentId, opened: Moment | None) -> tuple[Assignment, Project]:
    """Raises NotYours for what is not this worker's task of such a kind, PageOutdated for a page that was opened before
    it was."""
    act.require(WORKER)
    assignment = act.unit.assignments.find(number)
    if assignment is None or assignment.worker != act.person.id:
        raise NotYours()
    known = versions.under(act.unit, act.unit.projects.get(assignment.project), assignment.version)
    project = as_asked(known, act.unit.tasks.get(assignment.task))
    if kind_of(project.kind).wants_now((), project.options) is not Wants.PAGE:
        raise NotYours()
    if opened is None:
        return assignment, project
    if opened < later(assignment.offered_at, -SKEW) or opened > later(act.unit.now, SKEW):
        raise PageOutdated()
    return assignment, project


def _given(act: Act, assignment: Assignment) -> Submission | None:
    """The answer that is open to be changed. Raises AlreadyAnswered for one that is not."""
    given = act.unit.submissions.of_assignment(assignment.id)
    if given is not None and _change(act.unit, act, given) is None:
        raise AlreadyAnswered()
    return given


def _change(unit: UnitOfWork, act: Act, given: Submission) -> Change | None:
    """The change of this answer, where it is open."""
    change = unit.corrections.open_of(act.person.id)
    return change if change is not None and change.submission == given.id else None
