"""A press of a button whose task is over: its message says what became of it. Where the next task should stand there by
now, Telegram did not make that edit, whatever it answered: the next task is shown anew."""

from domain.moments import later
from domain.people.people import Person
from domain.refusals import AlreadyAnswered, Refusal, TooLate
from domain.work.assignments import Assignment, AssignmentId
from domain.work.session import UNSEEN
from services.act import Act
from services.work import answer_messages, dispatch, session


def bury(act: Act, number: AssignmentId, refusal: Refusal) -> None:
    """After a refused press."""
    unit, worker, message = act.unit, act.person, act.message
    over = unit.assignments.find(number)
    if not isinstance(refusal, AlreadyAnswered | TooLate) or message is None or over is None:
        return
    if over.worker != worker.id:
        return
    in_hand = unit.assignments.active_for(worker.id)
    if in_hand is not None and unit.outbox.showed(in_hand.id, message):
        _show_anew(act, worker, over, in_hand, message)
    elif unit.outbox.showed(number, message) or not _is_edited(act, worker, message):
        _tidy(act, worker, over, message)  # it was to say that none follows, and still shows its task


def _is_edited(act: Act, worker: Person, message: int, screen: str = "") -> bool:
    """Whether the message is to show something else, or this screen, or was made to so lately that the press came
    before it."""
    return act.unit.outbox.shown.is_edited(worker.id, message, later(session.pressed_at(act), -UNSEEN), screen)


def _tidy(act: Act, worker: Person, over: Assignment, message: int) -> None:
    """Unless the first tap of two has seen to it: Telegram refuses the same edit."""
    unit, about = act.unit, answer_messages.became(act.unit, over)
    if _is_edited(act, worker, message, about.stored_as):
        return
    unit.outbox.tell(worker.id, about, key=f"dead:{over.id}:{message}", **answer_messages.tidying(message))


def _show_anew(act: Act, worker: Person, over: Assignment, in_hand: Assignment, message: int) -> None:
    """Unless the edit is on its way, or was made so lately that the press came before it."""
    unit = act.unit
    came = unit.outbox.shown.came_in_place(in_hand.id, message)
    shown = came and came[1]
    if shown is None or session.pressed_at(act) - shown < UNSEEN or unit.outbox.hurry(in_hand.id):
        return
    if unit.outbox.message_of(in_hand.id) == message:
        dispatch.show_again(unit, worker, in_hand, session.last_shown(unit, worker, in_hand.id, message))
    _tidy(act, worker, over, message)
