"""Corrections: an answer may be changed within a minute.

The old answer counts until the new one is stored, and is kept beside it. Pay does not move. The consensus is computed
again. A missed check question was explained at once, so it stays missed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from domain.answers import kind_of
from domain.handing_in import Draft, Wants
from domain.people.accounts import Person
from domain.projects.form_questions import draft_of_answer
from domain.projects.projects import Project
from domain.refusals import AlreadyAnswered, NotYours, TooLateToChange
from domain.work.assignments import (
    CHANGING_TIME,
    QUICK,
    AnswerPad,
    Assignment,
    AssignmentId,
    Submission,
    SubmissionId,
)
from domain.work.messages import (
    AnswerStands,
    Changed,
    LastAnswer,
    Miss,
    Reopened,
    TaskMoved,
    ToolNoted,
)
from domain.work.redos import DECLINED, Redo, RedoDeclined
from services.act import Act, Reply
from services.people import settings
from services.quality import consensus
from services.work import answer_messages, dispatch, redos
from services.work.answer_messages import seen_of
from storage.unit import UnitOfWork
from storage.work.corrections import Change


def name_of(assignment: AssignmentId) -> str:
    """Return the name under which the message is found again that opened this answer to be changed."""
    return f"change:{assignment}"


def hide(unit: UnitOfWork, worker: Person, in_hand: Assignment) -> None:
    """The task in hand can't be answered for now: its message loses its buttons, and one on its way is dropped."""
    project, task = unit.projects.get(in_hand.project), unit.tasks.get(in_hand.task)
    unit.outbox.withdraw_task(in_hand.id)
    answer_messages.move(unit, worker, project, task, unit.outbox.message_of(in_hand.id))


def is_hidden(unit: UnitOfWork, worker: Person, in_hand: Assignment, message: int | None) -> bool:
    """Return whether no message shows the task in hand with its buttons, or only `message`, which showed a change."""
    shown = unit.outbox.message_of(in_hand.id)
    if shown is None:
        return not unit.outbox.hurry(in_hand.id)
    moved = TaskMoved.stored_as
    return shown == message or unit.outbox.shown.is_edited(worker.id, shown, in_hand.offered_at, moved)


def set_aside(unit: UnitOfWork, worker: Person) -> LastAnswer | None:
    """They ask for a task while an answer is open to be changed: it stays as it is, which its message says, and the
    task that comes now. What they type from here on is for that task."""
    change = unit.corrections.open_of(worker.id)
    if change is None:
        return None
    unit.corrections.close(worker.id)
    submission = unit.submissions.get(change.submission)
    stands = answer_messages.stands_of(unit, submission, submission.answer)
    say(unit, worker, submission, stands, change.message)
    changeable = submission.assignment if submission.may_be_changed(unit.now) else None
    return LastAnswer(changeable, change.message or 0, stands=stands)


def say(
    unit: UnitOfWork, worker: Person, submission: Submission, stands: AnswerStands, message: int | None
) -> int | None:
    """Say what stands now in `message`, or in the message that opened this answer to be changed. Return that message,
    None while Telegram has not taken it."""
    name = name_of(submission.assignment)
    message = message or _take_message(unit, worker, name)
    if message is None:
        unit.outbox.tell(worker.id, stands, live=name)  # one that waits to be sent says this instead
    else:
        answer_messages.tell(unit, worker, stands, message)
    return message


def leave(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """The message that opened this answer to be changed loses its buttons: the change goes on further down."""
    project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    answer_messages.move(unit, worker, project, task, _take_message(unit, worker, name_of(submission.assignment)))


def _take_message(unit: UnitOfWork, worker: Person, name: str) -> int | None:
    """Return the message that is kept under this name, None without one, and forget it."""
    kept = dict(unit.live_messages.named(worker.id, name)).get(name)
    unit.live_messages.forget(worker.id, name)
    return kept


def get_given(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> Submission:
    """Return the answer to this assignment. Raise NotYours for another worker's, and where there is none."""
    submission = unit.submissions.of_assignment(assignment_id)
    if submission is None or submission.worker != worker.id:
        raise NotYours()
    return submission


def require_changeable(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    """Raise TooLateToChange for an answer that was explained, is under review, is decided, or was taken back."""
    if unit.consents.is_taken_back(submission.id):
        raise TooLateToChange(why="decided")
    if redos.is_asked(unit, submission):
        return  # by its requester, once more
    if submission.gold == 0:
        raise TooLateToChange(why="told")
    if submission.state == "rejected" or (project.accept == "review" and submission.state != "submitted"):
        raise TooLateToChange(why="decided")
    if project.accept == "review" and unit.corrections.is_looked_at(submission.id):
        raise TooLateToChange(why="looked")


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class OpenAnswer(Generic[R]):
    """`keep` stores a draft and shows it; `hand_in` takes the finished answer, encoded as its kind reads it."""

    pad: AnswerPad
    keep: Callable[[Draft], None]
    hand_in: Callable[[str], R]

    def choose(self, option: int) -> R | None:
        """One press of several; the last one of a form hands it in."""
        return self._moved(self.pad.choose(option))

    def write(self, words: str) -> R | None:
        """The same of words."""
        return self._moved(self.pad.write(words))

    def undo(self) -> None:
        """Takes the last press back."""
        self.keep(self.pad.undo().draft)

    def done(self) -> R:
        """Hands in the presses so far."""
        return self.hand_in(self.pad.done())

    def _moved(self, pad: AnswerPad) -> R | None:
        if pad.is_complete:
            return self.hand_in(pad.done())
        self.keep(pad.draft)
        return None


def choose(act: Act, assignment: AssignmentId, option: int) -> Changed | None:
    """One press of several; the last one of a form is the new answer."""
    return _changing(act, assignment, act.message).choose(option)


def undo(act: Act, assignment: AssignmentId) -> None:
    """Takes the last of several presses back."""
    _changing(act, assignment, act.message).undo()


def done(act: Act, assignment: AssignmentId) -> Changed:
    """The presses so far are the new answer."""
    return _changing(act, assignment, act.message).done()


def press(act: Act, assignment: AssignmentId, option: int) -> Changed:
    """One press is the new answer."""
    return submit(act.unit, act.person, assignment, str(option), act.message)


def cant_tell(act: Act, assignment: AssignmentId) -> Changed:
    dispatch.check_change(act)
    return submit(act.unit, act.person, assignment, None, act.message)


def keep(act: Act, assignment: AssignmentId) -> Changed:
    """The old answer stands after all."""
    dispatch.check_change(act)
    unit, worker = act.unit, act.person
    submission, change = _open(unit, worker, assignment)
    unit.corrections.close(worker.id)
    say_it_stands(unit, worker, submission, act.message or change.message)
    return Changed(False)


def write(act: Act, submission: Submission, words: str) -> Changed | None:
    """Words that are the new answer, or a step of it."""
    changing = _changing(act, submission.assignment, None)
    if changing.pad.takes_words:
        return changing.write(words)
    return changing.hand_in(words)


def used_tool(act: Act, assignment: AssignmentId) -> ToolNoted:
    """What they typed was made with a tool: it counts, stays paid, is no sign against anybody, no ground to reject."""
    submission = get_given(act.unit, act.person, assignment)
    project = seen_of(act.unit, submission).project
    if not kind_of(project.kind).is_typed(project.options):
        raise NotYours()
    act.unit.tool_uses.note(submission.project, submission.id)
    return ToolNoted()


def submit(
    unit: UnitOfWork, worker: Person, assignment_id: AssignmentId, handed_in: str | None, message: int | None
) -> Changed:
    """Replaces the old answer; None is “can't tell”."""
    submission, change = _open(unit, worker, assignment_id)
    seen, task = seen_of(unit, submission), unit.tasks.get(submission.task)
    kind, project = kind_of(seen.project.kind), seen.project
    answer = None if handed_in is None else seen.answer_meant(kind.read(handed_in, project.options))
    kind.check(answer, project.template, task.content)
    unit.corrections.close(worker.id)
    changed = answer != submission.answer
    miss = _replace(unit, worker, project, submission, answer) if changed else None
    redos.finish(unit, worker, submission)
    stands = replace(answer_messages.stands_of(unit, submission, answer), miss=miss)
    _conclude(unit, worker, submission, stands, message or change.message, pressed=message is not None)
    return Changed(changed, missed=miss is not None)


def lapse(act: Act, assignment: AssignmentId) -> None:
    """The time to choose anew is over, or another task was asked for: its message shows again what it did before."""
    unit, worker, submission = act.unit, act.person, act.unit.submissions.of_assignment(assignment)
    if submission is None or act.message is None:
        return
    if not unit.corrections.lapse(worker.id, submission.id) and not redos.is_left(unit, worker, submission):
        return
    say_it_stands(unit, worker, submission, act.message)


def _open(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> tuple[Submission, Change]:
    """An answer that is open to be changed; a second press finds it closed."""
    submission, change = get_given(unit, worker, assignment_id), unit.corrections.open_of(worker.id)
    if change is None or change.submission != submission.id:
        raise AlreadyAnswered()
    return submission, change


def end_other(unit: UnitOfWork, worker: Person, change: Change) -> None:
    """Another answer that was open to be changed stays as it is, which its message says; one that its requester asks
    for once more stays open."""
    if not redos.is_open(unit, change.submission):
        submission = unit.submissions.get(change.submission)
        stands = answer_messages.stands_of(unit, submission, submission.answer)
        say(unit, worker, submission, stands, change.message)


def abandon(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """Close the change of this answer, which stays as it was, and bring the task in hand back."""
    unit.corrections.close(worker.id)
    say_it_stands(unit, worker, submission, None)


def say_it_stands(unit: UnitOfWork, worker: Person, submission: Submission, message: int | None) -> None:
    """The answer stays as it was, which `message` says, None for the one that opened it, and the task in hand comes
    back."""
    stands = answer_messages.stands_of(unit, submission, submission.answer)
    _conclude(unit, worker, submission, stands, message, pressed=True)


def _conclude(
    unit: UnitOfWork, worker: Person, submission: Submission, stands: AnswerStands, message: int | None, pressed: bool
) -> None:
    """Say what stands now, and bring the task in hand back: below it, or in session mode in its place."""
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        settings.wait(unit, worker.id, asked=True)
    elif not is_hidden(unit, worker, in_hand, message):
        in_hand = None
    project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    bubble = (
        dispatch.bubble_of(unit, worker, project, task, submission.assignment, message, stands) if pressed else None
    )
    if in_hand is not None and bubble is not None:
        last = LastAnswer(change=submission.assignment, message=bubble.message)
        dispatch.show_again(unit, worker, in_hand, last, bubble)
        if bubble.taken:
            return
    message = say(unit, worker, submission, stands, message)
    if not pressed and message is not None and kind_of(project.kind).wants not in (Wants.PRESS, Wants.PRESSES):
        answer_messages.tell(unit, worker, stands, None)  # a sent answer stands below the task: so must the reply
    if in_hand is not None and bubble is None:
        dispatch.show_again(unit, worker, in_hand, _changeable(unit, submission, stands, message))


def _changeable(
    unit: UnitOfWork, submission: Submission, stands: AnswerStands, message: int | None
) -> LastAnswer | None:
    """Return what is said below the next task of an answer that can still be changed, None of one that can not."""
    if stands.miss is not None or not submission.may_be_changed(unit.now):
        return None
    return LastAnswer(change=submission.assignment, message=message or 0)


def _replace(
    unit: UnitOfWork, worker: Person, project: Project, submission: Submission, answer: str | None
) -> Miss | None:
    """Under the lock of the task's row: the answer, what gold says of it, and what the task comes to. A miss is
    explained as it always is."""
    task = unit.tasks.lock(submission.task)
    require_changeable(unit, project, unit.submissions.get(submission.id))
    right = kind_of(project.kind).judge(answer, task.gold)
    unit.progress_counts.judged(submission.id, right)
    if not unit.corrections.replace(submission.id, answer, right):
        raise TooLateToChange(why="decided")
    if not task.gold:
        consensus.settle(unit, project, task, consensus.redraw(unit, project, task))
        unit.reviews.publish_consensus(task.id)
    else:  # gold counts the answer that stands
        unit.gold_tasks.recount(worker.id, project.id)
    if project.ended_at is not None:  # no further answer will have its workers relearnt
        unit.gold_tasks.changed(project.id)
    return answer_messages.missed(seen_of(unit, submission), answer, right, submission.id)


def _changing(act: Act, number: AssignmentId, message: int | None) -> OpenAnswer[Changed]:
    """The draft of the new answer."""
    unit, worker = act.unit, act.person
    submission, change = _open(unit, worker, number)
    project = seen_of(unit, submission).project
    return OpenAnswer(
        AnswerPad.of(project, change.draft),
        lambda draft: _draw(unit, worker, project, submission, change, draft, message),
        lambda pressed: submit(unit, worker, number, pressed, message),
    )


def _draw(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    submission: Submission,
    change: Change,
    draft: Draft,
    message: int | None,
) -> None:
    unit.corrections.press(worker.id, draft)
    if draft != change.draft or kind_of(project.kind).asks_questions:
        if message is None and change.message is None:
            leave(unit, worker, submission)  # what follows words is shown below them
        show(unit, worker, project, submission, message or change.message, draft)


def show(
    unit: UnitOfWork, worker: Person, project: Project, submission: Submission, message: int | None, draft: Draft
) -> None:
    about = (project, unit.tasks.get(submission.task), unit.enrolments.enrol(worker.id, project.id))
    place = (submission.assignment, message, draft)
    again = redos.is_open(unit, submission.id)
    live = None if message else name_of(submission.assignment)
    dispatch.redraw(unit, worker, *about, *place, changing=True, paid_again=again, live=live)


def reopen(act: Act, assignment: AssignmentId, message: int) -> Reopened:
    """Show the task with its options again, in a new message at the end of the chat, or in the pressed one if that is
    the `message` that shows the answer (0: unknown). Until the change is done or left no other task can be answered:
    the one in hand loses its buttons. Raise NotYours, and TooLateToChange with the reason."""
    unit, worker = act.unit, act.person
    submission = get_given(unit, worker, assignment)
    project = seen_of(unit, submission).project
    if not submission.may_be_changed(unit.now):
        raise TooLateToChange(why="time")
    require_changeable(unit, project, submission)
    if message:
        unit.outbox.shown.forget_tidying(worker.id, message)
    before = unit.corrections.open_of(worker.id)
    if before is not None and before.submission != submission.id:
        end_other(unit, worker, before)
    in_place = message != 0 and message == act.message
    if in_place:
        _open_in(unit, worker, submission, message)
    elif before is None or before.submission != submission.id or dispatch.pressed_at(act) - before.opened_at >= QUICK:
        open_anew(unit, worker, submission, message)
    return Reopened(below=not in_place)


def open_anew(unit: UnitOfWork, worker: Person, submission: Submission, shown_in: int = 0) -> None:
    """Show its task, open for another answer, in a message of its own. The task in hand and the message `shown_in` that
    shows the answer (0: unknown) lose their buttons, and nothing is pushed until the change is done or CHANGING_TIME is
    over."""
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        settings.rest(unit, worker.id, CHANGING_TIME)
    else:
        hide(unit, worker, in_hand)
    leave(unit, worker, submission)
    if shown_in:
        project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
        answer_messages.move(unit, worker, project, task, shown_in)
    _open_in(unit, worker, submission, None)


def _open_in(unit: UnitOfWork, worker: Person, submission: Submission, message: int | None) -> None:
    """Note that the answer may be changed, and show its task in this message, None for a new one."""
    seen = seen_of(unit, submission)
    unit.corrections.open(worker.id, submission.id, message)
    if draft := draft_of_answer(seen.project, seen.answer_seen(submission.answer)):
        unit.corrections.press(worker.id, draft)
    show(unit, worker, seen.project, submission, message, draft)


def begin(act: Act, submission: SubmissionId) -> None:
    """Shows the task in a message of its own, open for a new answer."""
    found = _mine(act, submission)
    enrolment = act.unit.enrolments.enrol(found.worker, found.project)
    if enrolment.consented_at is None:  # they took their answers back
        raise TooLateToChange(why="decided")
    open_anew(act.unit, act.person, act.unit.submissions.get(found.submission))


def decline(act: Act, submission: SubmissionId) -> Reply:
    """The first answer stays, and stays paid. What they write from now on is for other tasks."""
    found = _mine(act, submission)
    change = act.unit.corrections.open_of(act.person.id)
    if change is not None and change.submission == submission:
        abandon(act.unit, act.person, act.unit.submissions.get(submission))
    redos.give_back(act.unit, found, DECLINED)
    return Reply(RedoDeclined(act.unit.projects.get(found.project).title), edits=act.message)


def _mine(act: Act, submission: SubmissionId) -> Redo:
    """The row authorises."""
    found = act.unit.redos.of(submission)
    if found is None or found.worker != act.person.id or not found.is_open(act.unit.now):
        raise TooLateToChange(why="again")
    return found
