"""When a worker may be pushed to: within their hours, at their pace, until the day's goal; and when a run of tasks
ends."""

from dataclasses import replace

from domain.moments import MINUTE, NEVER, Moment, later
from domain.money.amounts import Millionths
from domain.people import push_hours
from domain.people.messages import GoalReached, LeftInPeace, PaceKept
from domain.people.people import UNANSWERED_PUSHES, Person, PersonId
from domain.people.push_hours import PushWindow, QuietUntil
from domain.refusals import Leaving
from domain.work.messages import LastAnswer
from services.work import recaps, session
from services.work.session import Bubble
from storage.people.preferences import StoredPreferences
from storage.unit import UnitOfWork

SETTLING_IN = 10 * MINUTE  # so long a newcomer is left to read before anything comes unasked
AT_ONCE = 500  # people whose hours begin or end in one transaction


def wait(unit: UnitOfWork, worker: PersonId, asked: bool = False) -> None:
    """From now on a push may come, or from the moment that suits them; `asked`: they are here and want tasks."""
    unit.people.wait([(worker, _turn(unit, unit.preferences.known(worker), asked))])


def asked_for_work(unit: UnitOfWork, worker: Person) -> None:
    """A sign of life, which ends a pause. Raises Leaving for who is about to be erased."""
    if worker.leaving_at is not None:
        raise Leaving()
    unit.people.acted(worker.id)
    if worker.paused:
        unit.people.pause(worker.id, False)


def settle_in(unit: UnitOfWork, newcomer: PersonId) -> None:
    """Nothing comes unasked until they have had time to read; asking for a task ends that."""
    rest(unit, newcomer, SETTLING_IN)


def rest(unit: UnitOfWork, worker: PersonId, milliseconds: int) -> None:
    """Nothing comes unasked for so long, unless the worker is told to wait before."""
    unit.people.wait([(worker, PushWindow(False, later(unit.now, milliseconds)))])


def turn_due(unit: UnitOfWork) -> None:
    """Sweep: moves workers between waiting and resting as their hours begin and end."""
    unit.people.wait([(chosen.person, _turn(unit, chosen)) for chosen in unit.preferences.turning(AT_ONCE)])


def quiet_until(unit: UnitOfWork, worker: PersonId) -> QuietUntil | None:
    """From when on pushes come, where none may come now."""
    known = unit.preferences.known(worker)
    turn = _turn(unit, known, asked=True)
    return None if turn.waits else QuietUntil(turn.until, unit.now, known.zone_name)


def left_unanswered(unit: UnitOfWork, worker: PersonId, pushed: bool) -> None:
    """An assignment ran out unanswered; `pushed`: it came unasked. After UNANSWERED_PUSHES of them pushes stop until
    /work; the worker is notified once."""
    unit.people.left_unanswered(worker)
    unanswered = unit.people.get(worker).unanswered
    wait(unit, worker, asked=unanswered == 1 and not pushed)  # asked for, or after an answer: they may still be up
    if unanswered == UNANSWERED_PUSHES:
        unit.outbox.tell(worker, LeftInPeace())


def today(unit: UnitOfWork, known: StoredPreferences) -> tuple[int, int]:
    """(answers, earnings in millionths) of their calendar day; zeros without a goal."""
    since, _ = push_hours.day_of(known.zone, unit.now)
    return unit.preferences.today(known.person, since, known.preferences.currency)


def ends_here(unit: UnitOfWork, worker: Person, last: LastAnswer | None, bubble: Bubble | None) -> bool:
    """Whether no further task follows: the goal is reached just now, or the pace is one at a time. Told in `bubble`."""
    if not worker.choosy:
        return False
    known = unit.preferences.known(worker.id)
    if _reached_now(unit, worker, known, last, bubble):
        return True
    if known.preferences.gap and unit.assignments.was_last_pushed(worker.id):
        wait(unit, worker.id)
        told = recaps.ending(unit, worker, last)
        session.tell(unit, worker, PaceKept(known.preferences.gap, quiet_until(unit, worker.id), told), bubble)
        return True
    return False


def _reached_now(
    unit: UnitOfWork, worker: Person, known: StoredPreferences, last: LastAnswer | None, bubble: Bubble | None
) -> bool:
    """Whether the goal was reached just now; True once a day, later answers do not repeat it."""
    chosen = known.preferences
    since, _ = push_hours.day_of(known.zone, unit.now)
    if not chosen.has_goal or chosen.reached_on == since:
        return False
    tasks, earned = today(unit, known)
    if not chosen.is_reached(tasks, earned):
        return False
    unit.preferences.keep(known.person, replace(chosen, reached_on=since))
    wait(unit, known.person)
    quiet, last = quiet_until(unit, known.person), recaps.ending(unit, worker, last)
    session.tell(unit, worker, GoalReached(tasks, Millionths(earned), chosen.currency, quiet, last), bubble)
    return True


def _turn(unit: UnitOfWork, known: StoredPreferences, asked: bool = False) -> PushWindow:
    return push_hours.turn(known.preferences.hours, known.zone, unit.now, _not_before(unit, known), asked)


def _not_before(unit: UnitOfWork, known: StoredPreferences) -> Moment:
    """The earliest next push by their pace; the next day once the goal is reached."""
    chosen = known.preferences
    if not chosen.has_goal:
        return chosen.next_at_pace
    reached = chosen.is_reached(*today(unit, known))
    tomorrow = push_hours.day_of(known.zone, unit.now)[1] if reached else NEVER
    return Moment(max(chosen.next_at_pace, tomorrow))
