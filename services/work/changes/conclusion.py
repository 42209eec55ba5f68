"""What is said once the change of an answer is over, and the task in hand that comes back."""

from domain.answers import Wants, kind_of
from domain.people.people import Person
from domain.work.messages import AnswerStands, LastAnswer
from domain.work.submissions import Submission
from services.people import push_schedule
from services.work import answer_messages, dispatch, session
from services.work.changes import change_messages
from services.work.redos import ending
from storage.unit import UnitOfWork
from storage.work.corrections import Change


def end_other(unit: UnitOfWork, worker: Person, change: Change) -> None:
    """Another answer that was open to be changed stays as it is, which its message says; one that its requester asks
    for once more stays open."""
    if not ending.is_open(unit, change.submission):
        submission = unit.submissions.get(change.submission)
        stands = answer_messages.stands_of(unit, submission, submission.answer)
        change_messages.say(unit, worker, submission, stands, change.message)


def abandon(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """Close the change of this answer, which stays as it was, and bring the task in hand back."""
    unit.corrections.close(worker.id)
    say_it_stands(unit, worker, submission, None)


def say_it_stands(unit: UnitOfWork, worker: Person, submission: Submission, message: int | None) -> None:
    """The answer stays as it was, which `message` says, None for the one that opened it, and the task in hand comes
    back."""
    stands = answer_messages.stands_of(unit, submission, submission.answer)
    conclude(unit, worker, submission, stands, message, pressed=True)


def conclude(
    unit: UnitOfWork, worker: Person, submission: Submission, stands: AnswerStands, message: int | None, pressed: bool
) -> None:
    """Say what stands now, and bring the task in hand back: below it, or in session mode in its place."""
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        push_schedule.wait(unit, worker.id, asked=True)
    elif not change_messages.is_hidden(unit, worker, in_hand, message):
        in_hand = None
    project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    bubble = session.bubble_of(unit, worker, project, task, submission.assignment, message, stands) if pressed else None
    if in_hand is not None and bubble is not None:
        last = LastAnswer(change=submission.assignment, message=bubble.message)
        dispatch.show_again(unit, worker, in_hand, last, bubble)
        if bubble.taken:
            return
    message = change_messages.say(unit, worker, submission, stands, message)
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
