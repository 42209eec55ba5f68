"""Corrections: an answer may be changed within a minute.

The old answer counts until the new one is stored, and is kept beside it. Pay does not move. The consensus is computed
again. A missed check question was explained at once, so it stays missed.

Redos: a requester asks for an answer once more, in their own words; the worker consents and is paid again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from domain.answers import kind_of
from domain.fairness import review as review_rules
from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, AnswerToReview, NothingToReview, parse_reason
from domain.handing_in import Draft, Wants
from domain.money.ledger import requester_account
from domain.people.accounts import Person
from domain.projects.form_questions import draft_of_answer
from domain.projects.projects import Project
from domain.refusals import (
    AlreadyAnswered,
    AlreadyTheirs,
    BadInput,
    CannotRedo,
    MoreThanThere,
    NotYours,
    TooLateToChange,
)
from domain.work.assignments import (
    CHANGE_TIME,
    CHANGING_TIME,
    DOUBLE_TAP_MILLISECONDS,
    AnswerPad,
    Assignment,
    AssignmentId,
    Submission,
    SubmissionId,
)
from domain.work.corrections import (
    DECLINED,
    DONE,
    LATE,
    Redo,
    RedoDeclined,
    RedoDone,
    RedoOffered,
    RedoPaid,
    RedoReturned,
    RedoSent,
    RedoWanted,
)
from domain.work.messages import AnswerStands, Changed, LastAnswer, Miss, Reopened, TaskMoved, ToolNoted
from services.act import Act, Reply
from services.fairness import review
from services.fairness.rejections import describe_answer
from services.money import transfers
from services.people import settings
from services.people.accounts import pseudonym_for
from services.projects.projects import check_by_hand
from services.quality import consensus
from services.work import answer_messages, dispatch
from services.work.answer_messages import get_answered_task
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork
from storage.work.corrections import Change


def live_name_of(assignment: AssignmentId) -> str:
    """Return the live name of the message that opened this answer to be changed."""
    return f"change:{assignment}"


def hide_task_in_hand(unit: UnitOfWork, worker: Person, in_hand: Assignment) -> None:
    """Take the buttons from the task in hand, which cannot be answered for now; drop its message if that is still on
    its way."""
    project, task = unit.projects.get(in_hand.project), unit.tasks.get(in_hand.task)
    unit.outbox.withdraw_task(in_hand.id)
    answer_messages.tell_moved(unit, worker, project, task, unit.outbox.find_message(in_hand.id))


def is_hidden(unit: UnitOfWork, worker: Person, in_hand: Assignment, message: int | None) -> bool:
    """Return whether no message shows the task in hand with its buttons, or only `message`, which showed a change."""
    shown_message = unit.outbox.find_message(in_hand.id)
    if shown_message is None:
        return not unit.outbox.hurry(in_hand.id)
    moved = TaskMoved.stored_as
    return shown_message == message or unit.outbox.shown.is_edited(worker.id, shown_message, in_hand.offered_at, moved)


def close_open_change(unit: UnitOfWork, worker: Person) -> LastAnswer | None:
    """End an open change because the worker asks for a task: the old answer stays, which its message says. Return
    feedback for the message of the next task, None if no change was open. Words typed from here on are for that task.
    """
    change = unit.corrections.open_of(worker.id)
    if change is None:
        return None
    unit.corrections.close(worker.id)
    submission = unit.submissions.get(change.submission)
    stands = answer_messages.get_standing_answer(unit, submission, submission.answer)
    tell_stands(unit, worker, submission, stands, change.message)
    changeable = submission.assignment if submission.is_in_change_time(unit.now) else None
    return LastAnswer(changeable, change.message or 0, stands=stands)


def tell_stands(
    unit: UnitOfWork, worker: Person, submission: Submission, stands: AnswerStands, message: int | None
) -> int | None:
    """Say what stands now in `message`, or in the message that opened this answer to be changed. Return that message,
    None while Telegram has not taken it."""
    name = live_name_of(submission.assignment)
    message = message or _take_message(unit, worker, name)
    if message is None:
        unit.outbox.tell(worker.id, stands, live=name)  # one that waits to be sent says this instead
    else:
        answer_messages.tell_standing_answer(unit, worker, stands, message)
    return message


def move_change(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """Take the buttons from the message that opened this answer to be changed: the change goes on further down."""
    project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    answer_messages.tell_moved(
        unit, worker, project, task, _take_message(unit, worker, live_name_of(submission.assignment))
    )


def _take_message(unit: UnitOfWork, worker: Person, name: str) -> int | None:
    """Return the message that is kept under this name, None without one, and forget it."""
    message = dict(unit.live_messages.list_by_prefix(worker.id, name)).get(name)
    unit.live_messages.forget(worker.id, name)
    return message


def get_own_submission(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> Submission:
    """Return the answer to this assignment. Raise NotYours for another worker's, and where there is none."""
    submission = unit.submissions.of_assignment(assignment_id)
    if submission is None or submission.worker != worker.id:
        raise NotYours()
    return submission


def require_changeable(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    """Raise TooLateToChange for an answer that was explained, is under review, is decided, or was taken back."""
    if unit.consents.is_taken_back(submission.id):
        raise TooLateToChange(why="decided")
    if is_redo_still_open(unit, submission):
        return  # by its requester, once more
    if submission.gold == 0:
        raise TooLateToChange(why="told")
    if submission.state == "rejected" or (project.accept == "review" and submission.state != "submitted"):
        raise TooLateToChange(why="decided")
    if project.accept == "review" and unit.corrections.is_looked_at(submission.id):
        raise TooLateToChange(why="looked")


ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class OpenAnswer(Generic[ResultT]):
    """An answer that is being made step by step. `keep` stores a draft and shows it; `hand_in` takes the finished
    answer, encoded as its kind reads it."""

    pad: AnswerPad
    keep: Callable[[Draft], None]
    hand_in: Callable[[str], ResultT]

    def choose(self, option: int) -> ResultT | None:
        """Add one press of several. Return the result if this press finishes a form, else None."""
        return self._keep_or_hand_in(self.pad.choose(option))

    def write(self, words: str) -> ResultT | None:
        """Add typed words as a step. Return the result if they finish the answer, else None."""
        return self._keep_or_hand_in(self.pad.write(words))

    def undo(self) -> None:
        """Take the last press back."""
        self.keep(self.pad.undo().draft)

    def hand_in_draft(self) -> ResultT:
        """Hand in the presses so far and return the result."""
        return self.hand_in(self.pad.to_answer())

    def _keep_or_hand_in(self, pad: AnswerPad) -> ResultT | None:
        """Hand in the answer if it is complete, else keep the draft and return None."""
        if pad.is_complete:
            return self.hand_in(pad.to_answer())
        self.keep(pad.draft)
        return None


def choose_option(act: Act, assignment: AssignmentId, option: int) -> Changed | None:
    """Add one press to the new answer. Return the result if it finishes a form, else None."""
    return _changing(act, assignment, act.message).choose(option)


def undo_press(act: Act, assignment: AssignmentId) -> None:
    """Take back the last press of the new answer."""
    _changing(act, assignment, act.message).undo()


def finish(act: Act, assignment: AssignmentId) -> Changed:
    """Replace the old answer by the presses so far."""
    return _changing(act, assignment, act.message).hand_in_draft()


def press_option(act: Act, assignment: AssignmentId, option: int) -> Changed:
    """Replace the old answer by one press."""
    return replace_answer(act.unit, act.person, assignment, str(option), act.message)


def cant_tell(act: Act, assignment: AssignmentId) -> Changed:
    """Replace the old answer by “can't tell”. Raise TooQuick for a double tap."""
    dispatch.require_unhurried_change(act)
    return replace_answer(act.unit, act.person, assignment, None, act.message)


def keep_old_answer(act: Act, assignment: AssignmentId) -> Changed:
    """Close the change and keep the old answer. Raise AlreadyAnswered if none was open, TooQuick for a double tap."""
    dispatch.require_unhurried_change(act)
    unit, worker = act.unit, act.person
    submission, change = _open(unit, worker, assignment)
    unit.corrections.close(worker.id)
    conclude_unchanged(unit, worker, submission, act.message or change.message)
    return Changed(False)


def write_words(act: Act, submission: Submission, words: str) -> Changed | None:
    """Take words as the new answer, or as one step of it (then return None)."""
    changing = _changing(act, submission.assignment, None)
    if changing.pad.takes_words:
        return changing.write(words)
    return changing.hand_in(words)


def note_tool_use(act: Act, assignment: AssignmentId) -> ToolNoted:
    """Note that a typed answer was made with a tool. It counts, stays paid, and is no evidence and no ground to reject.
    Raise NotYours for another worker's answer or one that is not typed."""
    submission = get_own_submission(act.unit, act.person, assignment)
    project = get_answered_task(act.unit, submission).project
    if not kind_of(project.kind).is_typed(project.options):
        raise NotYours()
    act.unit.tool_uses.note(submission.project, submission.id)
    return ToolNoted()


def replace_answer(
    unit: UnitOfWork, worker: Person, assignment_id: AssignmentId, handed_in: str | None, message: int | None
) -> Changed:
    """Replace the old answer (None is “can't tell”) and say what stands; pay a redo. Raise AlreadyAnswered if the
    answer is not open to be changed, TooLateToChange if it may not be changed any more."""
    submission, change = _open(unit, worker, assignment_id)
    seen, task = get_answered_task(unit, submission), unit.tasks.get(submission.task)
    kind, project = kind_of(seen.project.kind), seen.project
    answer = None if handed_in is None else seen.to_stored_answer(kind.parse_answer(handed_in, project.options))
    kind.require_fitting(answer, project.template, task.content)
    unit.corrections.close(worker.id)
    changed = answer != submission.answer
    miss = _replace(unit, worker, project, submission, answer) if changed else None
    pay_redo(unit, worker, submission)
    stands = replace(answer_messages.get_standing_answer(unit, submission, answer), miss=miss)
    _conclude(unit, worker, submission, stands, message or change.message, pressed=message is not None)
    return Changed(changed, missed=miss is not None)


def lapse_change(act: Act, assignment: AssignmentId) -> None:
    """Show the old answer again in the pressed message of a change that has expired or was left for another task; do
    nothing if the change was left earlier."""
    unit, worker, submission = act.unit, act.person, act.unit.submissions.of_assignment(assignment)
    if submission is None or act.message is None:
        return
    if not unit.corrections.lapse(worker.id, submission.id) and not is_redo_left(unit, worker, submission):
        return
    conclude_unchanged(unit, worker, submission, act.message)


def _open(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> tuple[Submission, Change]:
    """Return the answer and its open change. Raise AlreadyAnswered if it is not open, as for a second press."""
    submission, change = get_own_submission(unit, worker, assignment_id), unit.corrections.open_of(worker.id)
    if change is None or change.submission != submission.id:
        raise AlreadyAnswered()
    return submission, change


def end_other_change(unit: UnitOfWork, worker: Person, change: Change) -> None:
    """Say that another answer that was open to be changed stays as it is; one that its requester asked for once more
    stays open."""
    if not is_redo_open(unit, change.submission):
        submission = unit.submissions.get(change.submission)
        stands = answer_messages.get_standing_answer(unit, submission, submission.answer)
        tell_stands(unit, worker, submission, stands, change.message)


def abandon_change(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """Close the change of this answer, which stays as it was, and bring the task in hand back."""
    unit.corrections.close(worker.id)
    conclude_unchanged(unit, worker, submission, None)


def conclude_unchanged(unit: UnitOfWork, worker: Person, submission: Submission, message: int | None) -> None:
    """Say that the answer stays as it was, in `message`, or where the change was opened if None, and bring the task in
    hand back."""
    stands = answer_messages.get_standing_answer(unit, submission, submission.answer)
    _conclude(unit, worker, submission, stands, message, pressed=True)


def _conclude(
    unit: UnitOfWork, worker: Person, submission: Submission, stands: AnswerStands, message: int | None, pressed: bool
) -> None:
    """Say what stands now, and bring the task in hand back: in its place, or below it where each task has a message."""
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        settings.update_push_window(unit, worker.id, just_acted=True)
    elif not is_hidden(unit, worker, in_hand, message):
        in_hand = None
    project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    bubble = (
        dispatch.get_bubble(unit, worker, project, task, showed=submission.assignment, message=message, stands=stands)
        if pressed
        else None
    )
    if in_hand is not None and bubble is not None:
        last = LastAnswer(change=submission.assignment, message=bubble.message)
        dispatch.show_in_hand_again(unit, worker, in_hand, last, bubble)
        if bubble.taken:
            return
    message = tell_stands(unit, worker, submission, stands, message)
    if not pressed and message is not None and kind_of(project.kind).wants not in (Wants.PRESS, Wants.PRESSES):
        answer_messages.tell_standing_answer(
            unit, worker, stands, None
        )  # a sent answer stands below the task: so must the reply
    if in_hand is not None and bubble is None:
        dispatch.show_in_hand_again(unit, worker, in_hand, _changeable(unit, submission, stands, message))


def _changeable(
    unit: UnitOfWork, submission: Submission, stands: AnswerStands, message: int | None
) -> LastAnswer | None:
    """Return the feedback on an answer that can still be changed, None if it cannot."""
    if stands.miss is not None or not submission.is_in_change_time(unit.now):
        return None
    return LastAnswer(change=submission.assignment, message=message or 0)


def _replace(
    unit: UnitOfWork, worker: Person, project: Project, submission: Submission, answer: str | None
) -> Miss | None:
    """Store the new answer under the lock of the task's row, judge it against gold, and draw the consensus anew. Return
    the explanation of a miss, None without one. Raise TooLateToChange if the old answer was decided meanwhile."""
    task = unit.tasks.lock(submission.task)
    require_changeable(unit, project, unit.submissions.get(submission.id))
    is_right = kind_of(project.kind).judge(answer, task.gold)
    unit.progress_counts.rejudge(submission.id, is_right)
    if not unit.corrections.replace(submission.id, answer, is_right):
        raise TooLateToChange(why="decided")
    if not task.gold:
        consensus.store_consensus(unit, project, task, consensus.recompute_consensus(unit, project, task))
        unit.reviews.publish_consensus(task.id)
    else:  # gold counts the answer that stands
        unit.gold_tasks.recount(worker.id, project.id)
    if project.ended_at is not None:  # no further answer will have its workers relearnt
        unit.gold_tasks.changed(project.id)
    return answer_messages.to_miss(get_answered_task(unit, submission), answer, is_right, submission.id)


def _changing(act: Act, number: AssignmentId, message: int | None) -> OpenAnswer[Changed]:
    """Return the draft of the new answer, ready for the next step. Raise AlreadyAnswered if the answer is not open."""
    unit, worker = act.unit, act.person
    submission, change = _open(unit, worker, number)
    project = get_answered_task(unit, submission).project
    return OpenAnswer(
        AnswerPad.for_project(project, change.draft),
        lambda draft: _draw(unit, worker, project, submission, change, draft=draft, message=message),
        lambda pressed: replace_answer(unit, worker, number, pressed, message),
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
    """Store the draft of the new answer and show it, unless nothing changed."""
    unit.corrections.press(worker.id, draft)
    if draft != change.draft or kind_of(project.kind).asks_questions:
        if message is None and change.message is None:
            move_change(unit, worker, submission)  # what follows words is shown below them
        show_change(unit, worker, project, submission, message=message or change.message, draft=draft)


def show_change(
    unit: UnitOfWork, worker: Person, project: Project, submission: Submission, message: int | None, draft: Draft
) -> None:
    """Show the task of an answer that is being changed with its draft, in this message or in a new one."""
    task_context = (project, unit.tasks.get(submission.task), unit.enrolments.enrol(worker.id, project.id))
    message_place = (submission.assignment, message, draft)
    is_paid_again = is_redo_open(unit, submission.id)
    live = None if message else live_name_of(submission.assignment)
    dispatch.redraw_task(
        unit, worker, *task_context, *message_place, changing=True, paid_again=is_paid_again, live=live
    )


def reopen_answer(act: Act, assignment: AssignmentId, message: int) -> Reopened:
    """Show the task with its options again, in the pressed message if that is the `message` that shows the answer (0 if
    unknown), else in a new one. Until the change ends, no other task can be answered: the one in hand loses its
    buttons. Raise NotYours for another worker's answer, and TooLateToChange with the reason."""
    unit, worker = act.unit, act.person
    submission = get_own_submission(unit, worker, assignment)
    project = get_answered_task(unit, submission).project
    if not submission.is_in_change_time(unit.now):
        raise TooLateToChange(why="time")
    require_changeable(unit, project, submission)
    if message:
        unit.outbox.shown.forget_tidying(worker.id, message)
    open_change = unit.corrections.open_of(worker.id)
    if open_change is not None and open_change.submission != submission.id:
        end_other_change(unit, worker, open_change)
    in_place = message != 0 and message == act.message
    if in_place:
        _open_in(unit, worker, submission, message)
    elif (
        open_change is None
        or open_change.submission != submission.id
        or dispatch.get_press_time(act) - open_change.opened_at >= DOUBLE_TAP_MILLISECONDS
    ):
        open_in_new_message(unit, worker, submission, message)
    return Reopened(below=not in_place)


def open_in_new_message(unit: UnitOfWork, worker: Person, submission: Submission, shown_in: int = 0) -> None:
    """Show the task, open for another answer, in a new message. The task in hand and the message `shown_in` that shows
    the answer (0 if unknown) lose their buttons, and nothing is pushed until the change ends or CHANGING_TIME is over.
    """
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        settings.delay_pushes(unit, worker.id, CHANGING_TIME)
    else:
        hide_task_in_hand(unit, worker, in_hand)
    move_change(unit, worker, submission)
    if shown_in:
        project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
        answer_messages.tell_moved(unit, worker, project, task, shown_in)
    _open_in(unit, worker, submission, None)


def _open_in(unit: UnitOfWork, worker: Person, submission: Submission, message: int | None) -> None:
    """Note that the answer may be changed, and show its task in this message, or in a new one if None."""
    seen = get_answered_task(unit, submission)
    unit.corrections.open(worker.id, submission.id, message)
    if draft := draft_of_answer(seen.project, seen.to_seen_answer(submission.answer)):
        unit.corrections.press(worker.id, draft)
    show_change(unit, worker, seen.project, submission, message, draft=draft)


def begin_redo(act: Act, submission: SubmissionId) -> None:
    """Show the task of an offered redo in a new message, open for the second answer. Raise TooLateToChange if the redo
    is over or the worker has taken their answers back."""
    redo = _mine(act, submission)
    enrolment = act.unit.enrolments.enrol(redo.worker, redo.project)
    if enrolment.consented_at is None:  # they took their answers back
        raise TooLateToChange(why="decided")
    open_in_new_message(act.unit, act.person, act.unit.submissions.get(redo.submission))


def decline_redo(act: Act, submission: SubmissionId) -> Reply:
    """Decline a redo: the first answer stays, and stays paid; the second one's pay goes back to the requester. Raise
    TooLateToChange if the redo is over."""
    redo = _mine(act, submission)
    change = act.unit.corrections.open_of(act.person.id)
    if change is not None and change.submission == submission:
        abandon_change(act.unit, act.person, act.unit.submissions.get(submission))
    return_redo_pay(act.unit, redo, DECLINED)
    return Reply(RedoDeclined(act.unit.projects.get(redo.project).title), edits=act.message)


def _mine(act: Act, submission_id: SubmissionId) -> Redo:
    """Return the open redo of this worker's answer. Raise TooLateToChange if there is none."""
    redo = act.unit.redos.find(submission_id)
    if redo is None or redo.worker != act.person.id or not redo.is_open(act.unit.now):
        raise TooLateToChange(why="again")
    return redo


REDO_JOURNEY = "redo"


def ask_redo_reason(act: Act, submission: SubmissionId) -> RedoWanted:
    """Ask the requester what should be different, to be typed. Raise MoreThanThere without the money for a second
    answer, and the refusals of `_get_redoable`."""
    unit, (project, redoable) = act.unit, _get_redoable(act, submission)
    available = unit.ledger.balance(requester_account(act.person), project.currency)
    if available < project.pay:
        raise MoreThanThere(asked=project.pay, available=available, currency=project.currency)
    unit.drafts.keep(act.person.id, REDO_JOURNEY, {"submission": redoable.id}, unit.now)
    return RedoWanted(
        redoable.id,
        pseudonym_for(unit, project.requester, redoable.worker),
        project.pay,
        project.currency,
        available,
    )


def take_redo_reason(act: Act, draft: dict[str, Any], text: str) -> tuple[RedoSent, AnswerToReview | NothingToReview]:
    """Ask the worker for the redo with the typed reason. Return the confirmation and the next answer to review."""
    submission_id = SubmissionId(draft["submission"])
    redo_sent = request_redo(act, submission_id, text)
    act.unit.drafts.drop(act.person.id)
    return redo_sent, review.show_next_answer(act, act.unit.submissions.get(submission_id).project, submission_id)


def request_redo(act: Act, submission: SubmissionId, reason: str) -> RedoSent:
    """Accept and pay the answer, hold the pay of a second one, and ask the worker for it. Raise BadInput if the reason
    is too short or too long, CannotRedo if it was asked for before."""
    unit, (project, answered) = act.unit, _get_redoable(act, submission)
    words = parse_reason(reason)
    if words is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    review.accept_answer(act, answered.id)
    if not unit.redos.add(answered, words, project.pay):
        raise CannotRedo(why="before")
    unit.spending.stated.add(project.id, project.pay)
    transfers.hold_extra(unit, project, project.pay, f"redo:{answered.id}", answered.id)
    redo = unit.redos.find(answered.id)
    assert redo is not None  # noqa: S101 - it was added above
    exhibit_of_answer = describe_answer(unit, project, answered)
    unit.outbox.tell(answered.worker, RedoOffered(exhibit_of_answer, act.person.name, words, redo.pay, redo.until_at))
    return RedoSent(pseudonym_for(unit, project.requester, answered.worker), redo.pay, project.currency, redo.until_at)


def _get_redoable(act: Act, submission_id: SubmissionId) -> tuple[Project, Submission]:
    """Return the project and an answer that waits for its requester's decision and can be asked for once more. Raise
    NotYours, AlreadyTheirs once it is decided, CannotRedo for gold, after an earlier redo, or if the worker has left.
    """
    project, submission = review.get_own_answer(act.unit, act.person, submission_id)
    check_by_hand(project)
    if not review_rules.is_open(submission, act.unit.now):
        raise AlreadyTheirs()
    if (
        submission.gold is not None or act.unit.tasks.get(submission.task).gold
    ):  # “can't tell” too, which was not judged
        raise CannotRedo(why="gold")
    if act.unit.redos.find(submission_id) is not None:
        raise CannotRedo(why="before")
    worker, enrolment = act.unit.people.get(submission.worker), act.unit.enrolments.find(submission.worker, project.id)
    if worker.telegram_id is None or worker.suspended or enrolment is None or enrolment.consented_at is None:
        raise CannotRedo(why="gone")
    return project, submission


REDOS_PER_SWEEP = 50


def is_redo_open(unit: UnitOfWork, submission: SubmissionId) -> bool:
    """Return whether this answer may be given anew because its requester asks for it."""
    redo = unit.redos.find(submission)
    return redo is not None and redo.is_open(unit.now)


def is_redo_still_open(unit: UnitOfWork, submission: Submission) -> bool:
    """Return whether a redo of this answer is open. Raise TooLateToChange if one was asked for but is over, and the
    time of an ordinary change is over too: nobody would pay for the new answer."""
    is_open = is_redo_open(unit, submission.id)
    is_late = unit.now > submission.submitted_at + CHANGE_TIME + CHANGING_TIME
    if not is_open and is_late and unit.redos.find(submission.id) is not None:
        raise TooLateToChange(why="again")
    return is_open


def pay_redo(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """Pay the second answer, once, and tell both sides. Do nothing if no redo is open."""
    redo = unit.redos.find(submission.id)
    if redo is None or not redo.is_open(unit.now) or not unit.redos.end(submission.id, DONE):
        return
    project = unit.projects.get(submission.project)
    transfer_id = transfers.pay_from_extra(
        unit, project, worker, amount=redo.pay, name=f"redo:{submission.id}", submission=submission.id
    )
    unit.outbox.tell(worker.id, RedoPaid(project.title, redo.pay, project.currency, transfer_id))
    exhibit_of_answer = describe_answer(unit, project, unit.submissions.get(submission.id))
    redo_done = RedoDone(exhibit_of_answer, pseudonym_for(unit, project.requester, redo.worker), project.id)
    unit.outbox.tell(project.requester, redo_done, lane=Lane.BROADCAST)


def return_redo_pay(unit: UnitOfWork, redo: Redo, state: str) -> bool:
    """Return the redo's pay to the requester and tell them. Return False, and do nothing, if the redo has ended
    already."""
    if not unit.redos.end(redo.submission, state):
        return False
    project = unit.projects.get(redo.project)
    transfers.return_extra(unit, project, redo.pay, f"redo:{redo.submission}", redo.submission)
    redo_returned = RedoReturned(
        project.title, pseudonym_for(unit, project.requester, redo.worker), redo.pay, project.currency, state == LATE
    )
    unit.outbox.tell(project.requester, redo_returned, lane=Lane.BROADCAST)
    return True


def end_due_redos(unit: UnitOfWork) -> None:
    """Sweep: end redos whose time is over, and return their pay."""
    for redo in unit.redos.due(REDOS_PER_SWEEP):
        return_redo_pay(unit, redo, LATE)


def is_redo_left(unit: UnitOfWork, worker: Person, submission: Submission) -> bool:
    """Return whether a redo that is open was left for another task."""
    change = unit.corrections.open_of(worker.id)
    return is_redo_open(unit, submission.id) and (change is None or change.submission != submission.id)
