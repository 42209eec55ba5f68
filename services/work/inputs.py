"""Answers that are no single press: several presses kept as a draft, words typed, photos, voices and places sent.

What is sent belongs to the task in the worker's hands, or to the one whose time has just run out. Words are wanted by
tasks, by the wizard and by gold made in chat: whoever asked last gets them.
"""

from domain.answers import Wants, kind_of
from domain.moments import HOUR, Moment, later
from domain.people.messages import NotUnderstood
from domain.people.people import Person
from domain.projects.projects import Project, ProjectId
from domain.refusals import AnswerUnfit
from domain.work.answer_pad import AnswerPad
from domain.work.assignments import Assignment, AssignmentId
from services.money import payees, payouts
from services.projects import project_wizard
from services.quality import gold_wizard
from services.work import corrections, dispatch, open_questions, submit
from services.work.open_answer import OpenAnswer
from services.work.places import mine
from services.work.submit import Submitted
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

LATE = 1 * HOUR  # how long something sent may still belong to a task whose time was up
FILES = (Wants.PHOTO, Wants.VOICE)


def choose(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId, option: int, message: int | None) -> None:
    """One press of several: kept, and shown."""
    _open(unit, worker, assignment_id, message).choose(option)


def undo(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId, message: int | None) -> None:
    """Takes the last press back."""
    _open(unit, worker, assignment_id, message).undo()


def done(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId, message: int | None) -> Submitted:
    """The draft becomes the answer."""
    return _open(unit, worker, assignment_id, message).done()


def typed(
    unit: UnitOfWork,
    person: Person,
    text: str,
    roles: tuple[str, ...],
    currency: str,
    admins: frozenset[int] = frozenset(),
) -> bool:
    """Words for the task in hand, for the question that is open, or for nobody. True: let them not stay in the chat."""
    if _amended(unit, person, Wants.TEXT, text):
        return False
    assignment, wants = _in_hand(unit, person)
    payee = payees.is_asking(unit, person)
    replies = open_questions.is_asking(unit, person)
    open_ = payee or replies or project_wizard.is_asking(unit, person)
    asked = unit.drafts.asked_at(person.id) if open_ else None
    for_task = assignment is not None and wants is Wants.TEXT and not _asked_since(asked, assignment)
    if payee and (payees.is_account(text) or not for_task):
        payouts.typed(unit, person, text, currency)
        return any(sign.isdigit() for sign in text)
    if assignment is not None and for_task:
        _submit(unit, person, assignment, text)
    elif assignment is not None and asked is None:
        unit.outbox.say(person.id, "work.hint", wants=wants)
    elif replies:
        open_questions.typed(unit, person, text, admins)
    else:
        project_wizard.typed(unit, person, text, roles, currency)
    return False


def sent(
    unit: UnitOfWork, person: Person, what: Wants | None, handed_in: str, album: str | None, roles: tuple[str, ...]
) -> None:
    """A photo, a voice message or a place; `what` None is anything else."""
    if album is not None and unit.answer_files.has_album(person.id, album):
        raise AnswerUnfit(what="album")
    if what is not None and _amended(unit, person, what, handed_in, album):
        return
    assignment, wants = _in_hand(unit, person)
    if what is Wants.LOCATION and _is_known_place(unit, person, assignment, wants):
        gold_wizard.shared(unit, person, handed_in)
    elif assignment is None:
        unit.outbox.tell(person.id, NotUnderstood(person.is_worker))
    elif wants is not what:
        unit.outbox.say(person.id, "work.hint", wants=wants)
    else:
        if what in FILES:
            _keep_file(unit, person, assignment.project, assignment.id, handed_in, album)
        _submit(unit, person, assignment, handed_in)


def _amended(unit: UnitOfWork, person: Person, what: Wants, handed_in: str, album: str | None = None) -> bool:
    """Whether it takes the place of an answer that is being changed."""
    open_ = corrections.waiting_for(unit, person, what)
    if open_ is None:
        return False
    if what in FILES:
        unit.answer_files.take_back(open_.assignment)
        _keep_file(unit, person, open_.project, open_.assignment, handed_in, album)
    corrections.submit(unit, person, open_.assignment, handed_in, None)
    return True


def _is_known_place(unit: UnitOfWork, person: Person, assignment: Assignment | None, wants: Wants | None) -> bool:
    """Whether a requester who makes gold was asked for a place after any task that wants one."""
    if not gold_wizard.asks_for_place(unit, person):
        return False
    asked = unit.drafts.asked_at(person.id)
    return assignment is None or wants is not Wants.LOCATION or _asked_since(asked, assignment)


def _in_hand(unit: UnitOfWork, person: Person) -> tuple[Assignment | None, Wants | None]:
    """The task something sent may answer, and what it wants; one whose time was up has to be sent for, not pressed."""
    assignment = unit.assignments.active_for(person.id)
    late = assignment is None
    if late:
        assignment = unit.assignments.expired_for(person.id, later(unit.now, -LATE))
    if assignment is None:
        return None, None
    wants = kind_of(unit.projects.get(assignment.project).kind).WANTS
    return (None, None) if late and wants in (Wants.PRESS, Wants.PRESSES) else (assignment, wants)


def _asked_since(asked: Moment | None, assignment: Assignment) -> bool:
    return asked is not None and asked > assignment.offered_at


def _submit(unit: UnitOfWork, person: Person, assignment: Assignment, handed_in: str) -> None:
    submit.submit(unit, person, assignment.id, handed_in, unit.outbox.message_of(assignment.id))


def _keep_file(
    unit: UnitOfWork,
    person: Person,
    project: ProjectId,
    assignment: AssignmentId,
    handed_in: str,
    album: str | None,
) -> None:
    """The very same file counts once in a project, whoever hands it in."""
    file_id, unique_id = handed_in.split()
    if not unit.answer_files.keep(project, person.id, assignment, file_id, unique_id, album):
        raise AnswerUnfit(what="seen_before")


def _open(unit: UnitOfWork, worker: Person, number: AssignmentId, message: int | None) -> OpenAnswer[Submitted]:
    """The draft of the task in hand."""
    assignment = mine(unit, worker, number)
    project = unit.projects.get(assignment.project)
    return OpenAnswer(
        AnswerPad.of(project, assignment.draft),
        lambda draft: _keep(unit, worker, project, assignment, draft, message),
        lambda pressed: submit.submit(unit, worker, number, pressed, message),
    )


def _keep(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    assignment: Assignment,
    draft: tuple[int, ...],
    message: int | None,
) -> None:
    unit.assignments.draft(assignment.id, draft)
    about = (project, unit.tasks.get(assignment.task), unit.enrolments.enrol(worker.id, project.id), assignment.id)
    if message is None:
        dispatch.show(unit, worker, *about, Lane.REPLY, draft=draft)
    elif draft != assignment.draft:
        dispatch.redraw(unit, worker, *about, message, draft)
