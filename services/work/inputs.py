"""Answers other than one press: several presses kept as a draft, typed words, photos, voice messages and locations.

An attachment belongs to the task in hand, or to one that has just expired. Words may belong to a task or to an open
question: the latest one gets them.
"""

from domain.answers import Draft, Wants, kind_of
from domain.people.messages import NotUnderstood
from domain.people.people import REQUESTER, Person
from domain.projects.draft_messages import MediumNamed
from domain.projects.projects import ProjectId
from domain.projects.tasks import as_asked
from domain.records import changed
from domain.refusals import AlreadyAnswered, AnswerUnfit, UnknownChoice
from domain.work.answer_pad import AnswerPad
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from domain.work.file_checks import FileChecks
from domain.work.messages import Submitted, WrongKindSent
from domain.work.retakes import Retake, RetakeKept
from services.act import Act, Reply
from services.fairness.oversight import complaint_answers
from services.fairness.questions import answers
from services.work import answer_messages, corrections, dispatch, open_questions, session, submit
from services.work.cards import retakes
from services.work.changes import change_messages
from services.work.open_answer import OpenAnswer
from services.work.open_questions import OpenQuestion
from services.work.places import mine
from storage.unit import UnitOfWork

FILES = (Wants.PHOTO, Wants.VOICE)
SENT = (*FILES, Wants.LOCATION)


def choose(act: Act, assignment: AssignmentId, option: int) -> Submitted | None:
    """One press of several: kept, and shown; the last one of a form is handed in."""
    return _open(act, assignment).choose(option)


def undo(act: Act, assignment: AssignmentId) -> None:
    """Takes the last press back."""
    _open(act, assignment).undo()


def done(act: Act, assignment: AssignmentId) -> Submitted:
    """The draft becomes the answer."""
    return _open(act, assignment).done()


def typed(act: Act, text: str, replied: int = 0) -> object:
    """Passes words to the task in hand or to the open question, whichever is later; else NotUnderstood.

    `replied` is the message they reply to, 0 for none: a reply to a worker's question, or to a complaint, answers it.
    """
    unit, person = act.unit, act.person
    if person.suspended:
        return _suspended(act, text)
    answered = _answered(act, replied, text) if replied else None
    if answered is not None:
        return answered
    open_ = open_questions.asked(act)
    if not (open_ and open_.knows(text)) and _corrected(act, Wants.TEXT, text):
        return None
    assignment, wants = open_questions.answered_by(unit, person, Wants.TEXT, replied)
    for_task = assignment is not None and wants is Wants.TEXT
    if for_task and assignment is not None and open_questions.asked_since(unit, open_, assignment):
        for_task = replied > 0 and unit.outbox.showed(assignment.id, replied)
    if open_ and open_.waits and (not for_task or open_.owns(text)):
        return open_.take(act, text) or _unfit(person, wants)
    if assignment is not None and for_task:
        if replied and unit.outbox.shown.answered_in(person.id, replied):
            raise AlreadyAnswered()
        return _submit(act, assignment, text)
    if wants is not None:
        return WrongKindSent(wants)
    return (open_ and open_.take(act, text)) or NotUnderstood(person.is_worker)


def _unfit(person: Person, wants: Wants | None) -> WrongKindSent | NotUnderstood:
    """Words that answer neither the open question nor the task in hand."""
    return NotUnderstood(person.is_worker) if wants in (None, Wants.TEXT) else WrongKindSent(wants)


def _answered(act: Act, replied: int, text: str) -> object:
    return answers.by_reply(act, replied, text) or complaint_answers.by_reply(act, replied, text)


def _suspended(act: Act, text: str) -> object:
    """Words of a person whom an admin has stopped: an appeal, or a bank account for their money; no answer."""
    open_ = open_questions.asked(act)
    taken = open_.take(act, text) if open_ else None
    if taken is None:
        act.refuse_suspended()
    return taken


def sent(act: Act, what: str, handed_in: str, album: str, flaws: str = "", mark: str = "") -> object:
    """A photo, a voice message or a place; `what` is empty for other attachments, `album` where there is none. `flaws`
    are what it seems to be instead, `mark` is a picture's print."""
    act.refuse_suspended()
    if what and what not in SENT:
        raise UnknownChoice()
    unit, person, wanted = act.unit, act.person, Wants(what) if what else None
    if album and unit.answer_files.has_album(person.id, album):
        raise AnswerUnfit(what="album")
    if wanted is not None and _corrected(act, wanted, handed_in, album):
        return None
    assignment, wants = open_questions.answered_by(unit, person, wanted)
    open_ = open_questions.asked(act) if wanted is Wants.LOCATION else None
    if open_ is not None and _is_its_place(unit, open_, assignment, wants):
        return open_.take(act, handed_in)
    if assignment is None or wants is None:
        return (
            open_questions.pictured(act, wanted, handed_in)
            or _named(act, wanted, handed_in)
            or NotUnderstood(person.is_worker)
        )
    if wants is not wanted:
        return WrongKindSent(wants)
    if wanted not in FILES:
        return _submit(act, assignment, handed_in)
    about = Retake(assignment.id, handed_in, album, mark)
    return retakes.asked(unit, person, assignment, about, tuple(flaws.split()), wants) or _filed(act, assignment, about)


def checks_for(unit: UnitOfWork, person: Person, what: Wants) -> FileChecks | None:
    """What a file of this sort is looked at for; None where it would not answer the task in hand for the first time, or
    the project wants no look."""
    assignment, wants = open_questions.answered_by(unit, person, what)
    if assignment is None or wants is not what or open_questions.changing(unit, person, what) is not None:
        return None
    if unit.answer_files.retakes.of(assignment.id) is not None and what is not Wants.PHOTO:
        return None
    checks = FileChecks(unit.projects.get(assignment.project).checks)
    return None if checks.are_off else checks


def keep_file(act: Act, assignment: AssignmentId) -> Reply:
    """What seems to be something else is what they meant to send."""
    waiting, unit = act.unit.answer_files.retakes.of(assignment), act.unit
    found = mine(unit, act.person, assignment)
    if waiting is None or not waiting.handed_in:
        raise AlreadyAnswered()
    done = _filed(act, found, waiting, kept=True)
    heard = kind_of(unit.projects.get(found.project).kind).wants is Wants.VOICE
    return Reply(RetakeKept(heard), done=done, edits=act.message)


def _filed(act: Act, assignment: Assignment, about: Retake, kept: bool = False) -> Submitted | None:
    _keep_file(act.unit, act.person, assignment.project, assignment.id, about.handed_in, about.album)
    result = _submit(act, assignment, about.handed_in)
    retakes.handed_in(act.unit, assignment, about.print, kept)
    return result


def _named(act: Act, what: Wants | None, handed_in: str) -> MediumNamed | None:
    """To a requester without a task, the id of the file they sent: it may stand in a table."""
    is_file = bool(handed_in) and what in (None, *FILES)
    return MediumNamed(handed_in.split()[0]) if is_file and REQUESTER in act.roles else None


def _corrected(act: Act, what: Wants, handed_in: str, album: str = "") -> bool:
    """Whether it takes the place of an answer that is being changed."""
    unit, person = act.unit, act.person
    open_ = open_questions.changing(unit, person, what)
    if open_ is None:
        return False
    if what in FILES:
        unit.answer_files.take_back(open_.assignment)
        _keep_file(unit, person, open_.project, open_.assignment, handed_in, album)
    corrections.write(act, open_, handed_in)
    return True


def _is_its_place(unit: UnitOfWork, open_: OpenQuestion, assignment: Assignment | None, wants: Wants | None) -> bool:
    """Whether a place was asked for after any task that wants one."""
    if not open_.question.wants_place(unit, open_.kept):
        return False
    return assignment is None or wants is not Wants.LOCATION or open_questions.asked_since(unit, open_, assignment)


def _submit(act: Act, assignment: Assignment, handed_in: str) -> Submitted | None:
    """All of the answer, or the next step of it, shown in the task's message. Raise ChangeFirst while an answer is open
    to be changed by something else than this."""
    session.check_seen(act, assignment.id)
    unit, message = act.unit, act.unit.outbox.message_of(assignment.id)
    answer = _answering(act, assignment, message)
    if answer.pad.takes_words:
        return answer.write(handed_in)
    return _hand_in(unit, act.person, assignment, handed_in, message)


def _hand_in(
    unit: UnitOfWork, worker: Person, assignment: Assignment, given: str, message: int | None, pressed: bool = False
) -> Submitted:
    """Of a late one, which no task follows where another is in hand, what was written is answered below it."""
    late = assignment.state is AssignmentState.EXPIRED and not pressed
    beside = late and unit.assignments.active_for(worker.id) is not None
    done = submit.submit(unit, worker, assignment.id, given, message, pressed=pressed)
    if beside:
        unit.outbox.tell(worker.id, answer_messages.became(unit, assignment))
    return done


def _keep_file(
    unit: UnitOfWork,
    person: Person,
    project: ProjectId,
    assignment: AssignmentId,
    handed_in: str,
    album: str,
) -> None:
    """Refuses a file that was already handed in in this project, by any worker."""
    file_id, unique_id = handed_in.split()
    if not unit.answer_files.keep(project, person.id, assignment, file_id, unique_id, album or None):
        raise AnswerUnfit(what="seen_before")


def _open(act: Act, number: AssignmentId) -> OpenAnswer[Submitted]:
    """The draft of the task in hand, whose message was pressed."""
    session.check_pace(act, number)
    return _answering(act, mine(act.unit, act.person, number), act.message, pressed=True)


def _answering(act: Act, assignment: Assignment, message: int | None, pressed: bool = False) -> OpenAnswer[Submitted]:
    unit, worker, project = act.unit, act.person, act.unit.projects.get(assignment.project)
    return OpenAnswer(
        AnswerPad.of(as_asked(project, unit.tasks.get(assignment.task)), assignment.draft),
        lambda draft: _keep(unit, worker, assignment, draft, message, pressed),
        lambda given: _hand_in(unit, worker, assignment, given, message, pressed),
    )


def _keep(
    unit: UnitOfWork, worker: Person, assignment: Assignment, draft: Draft, message: int | None, pressed: bool
) -> None:
    """What follows words is shown below them. A press that changed nothing may have met a message that was not brought
    up to date: a form's is shown anew."""
    unit.assignments.draft(assignment.id, draft, unit.now)
    project, task = unit.projects.get(assignment.project), unit.tasks.get(assignment.task)
    if pressed and kind_of(project.kind).asks_questions:
        change_messages.set_aside(unit, worker)  # words are for its next question now
    if message is None or (not pressed and assignment.state is AssignmentState.ACTIVE):
        unit.outbox.withdraw_task(assignment.id)
        dispatch.show_again(unit, worker, changed(assignment, draft=draft))
        answer_messages.move(unit, worker, project, task, message)
    elif draft != assignment.draft or kind_of(project.kind).asks_questions:
        enrolment = unit.enrolments.enrol(worker.id, project.id)
        last = session.last_shown(unit, worker, assignment.id, message)
        dispatch.redraw(unit, worker, project, task, enrolment, assignment.id, message, draft, last=last)
