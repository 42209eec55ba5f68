"""The message that opens an answer to be changed, the task in hand meanwhile, and what is said once that is over."""

from domain.people.people import Person
from domain.work.assignments import Assignment, AssignmentId
from domain.work.messages import AnswerStands, LastAnswer, TaskMoved
from domain.work.submissions import Submission
from services.work import answer_messages
from storage.unit import UnitOfWork


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
