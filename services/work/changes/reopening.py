"""An answer is opened to be changed: its task comes once more, and it alone can be answered."""

from domain.people.people import Person
from domain.projects.form_answers import begun
from domain.refusals import TooLateToChange
from domain.work.assignments import AssignmentId
from domain.work.messages import Reopened
from domain.work.session import QUICK
from domain.work.submissions import CHANGING_TIME, Submission
from services.act import Act
from services.people import push_schedule
from services.work import answer_messages, corrections, session
from services.work.cards.seen import seen_of
from services.work.changes import change_messages, eligibility
from storage.unit import UnitOfWork


def reopen(act: Act, assignment: AssignmentId, message: int) -> Reopened:
    """Show the task with its options again, in a new message at the end of the chat, or in the pressed one if that is
    the `message` that shows the answer (0: unknown). Until the change is done or left no other task can be answered:
    the one in hand loses its buttons. Raise NotYours, and TooLateToChange with the reason."""
    unit, worker = act.unit, act.person
    submission = eligibility.get_given(unit, worker, assignment)
    project = seen_of(unit, submission).project
    if not submission.may_be_changed(unit.now):
        raise TooLateToChange(why="time")
    eligibility.require_changeable(unit, project, submission)
    if message:
        unit.outbox.shown.forget_tidying(worker.id, message)
    before = unit.corrections.open_of(worker.id)
    if before is not None and before.submission != submission.id:
        corrections.end_other(unit, worker, before)
    in_place = message != 0 and message == act.message
    if in_place:
        _open_in(unit, worker, submission, message)
    elif before is None or before.submission != submission.id or session.pressed_at(act) - before.opened_at >= QUICK:
        open_anew(unit, worker, submission, message)
    return Reopened(below=not in_place)


def open_anew(unit: UnitOfWork, worker: Person, submission: Submission, shown_in: int = 0) -> None:
    """Show its task, open for another answer, in a message of its own. The task in hand and the message `shown_in` that
    shows the answer (0: unknown) lose their buttons, and nothing is pushed until the change is done or CHANGING_TIME is
    over."""
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is None:
        push_schedule.rest(unit, worker.id, CHANGING_TIME)
    else:
        change_messages.hide(unit, worker, in_hand)
    change_messages.leave(unit, worker, submission)
    if shown_in:
        project, task = unit.projects.get(submission.project), unit.tasks.get(submission.task)
        answer_messages.move(unit, worker, project, task, shown_in)
    _open_in(unit, worker, submission, None)


def _open_in(unit: UnitOfWork, worker: Person, submission: Submission, message: int | None) -> None:
    """Note that the answer may be changed, and show its task in this message, None for a new one."""
    seen = seen_of(unit, submission)
    unit.corrections.open(worker.id, submission.id, message)
    if draft := begun(seen.project, seen.answer_seen(submission.answer)):
        unit.corrections.press(worker.id, draft)
    corrections.show(unit, worker, seen.project, submission, message, draft)
