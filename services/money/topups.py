"""Top-ups to the wage floor: each window of answers is measured, and its pay lifted from the reserve set aside at
launch.

The last answers of an ended project are measured too, for each worker, however few. Their top-up comes from the
reserve and the rest of the budget, never from the requester's free money: no card stated that. What is missing then is
a debt, which the requester pays by a button that names the sum, or with their next launch, whose card names it.
"""

from domain.moments import MINUTE, later
from domain.money.amounts import CENT, Millionths
from domain.money.ledger import budget_account, requester_account, topup_account
from domain.money.messages.funds import PayLifted, ReserveMissing
from domain.money.pricing import Quote
from domain.money.topups import (
    FEW,
    LONGEST_WAIT,
    WINDOW,
    learned,
    most_at_work,
    pace,
    paces,
    shortfall,
    still_short,
)
from domain.people.people import Person, PersonId
from domain.people.webhooks import FUNDS_LOW
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.work.submissions import SubmissionId
from services.money import waivers
from services.money.wage_floor import payments
from storage.money.topups import MeasuredWindow, Promise
from storage.unit import UnitOfWork

SHORT = "floor"  # why a project rests
UNPARKED = 200  # workers woken when the project goes on
PATIENCE = 10 * MINUTE  # with a task in a hand, before a project's first answers are measured
LATER_LOOKS = 10  # answers of a later window after which the reserve is looked at: tasks may have become longer
PROJECTS_BEFORE = 20  # of a requester, whose latest answers predict the time of the next one


def expected(unit: UnitOfWork, project: Project, base: float) -> float:
    """Seconds to expect of one answer: estimated, stated, or measured in this requester's earlier projects."""
    works = unit.topups.work_of(project.requester, project.kind, PROJECTS_BEFORE, WINDOW)
    said = round(base * 1000)
    found = learned(said, works)
    return base if found == said else found / 1000


def promise(unit: UnitOfWork, requester: Person, project: Project, price: Quote) -> None:
    """At a launch: records the floor and the expected time; sets aside the reserve, and pays what is owed from it."""
    if price.floor and price.tasks:
        unit.topups.promise(project.id, price.floor, round(price.seconds * 1000), round(price.base * 1000))
    payments.set_aside(unit, project, "reserve", requester_account(requester), topup_account(project.id), price.reserve)
    if unit.topups.last(project.id) is not None:
        settle(unit, unit.projects.get(project.id))


def after_answer(unit: UnitOfWork, project: Project) -> None:
    """Counts one; a window that is full is measured and paid."""
    promised = unit.topups.count(project.id)
    _measure_if_full(unit, project, promised)
    if promised is not None and promised.waiting == FEW and not promised.windows:
        unit.people.unpark(UNPARKED)  # who had to wait for the first answers


def has_enough_at_work(unit: UnitOfWork, project: Project, pushed: bool) -> bool:
    """Return whether no more of a project's first answers may be given out, or pushed, before FEW of them were
    measured. Tasks that have lain in a hand for PATIENCE keep nobody waiting."""
    promised = unit.topups.promised(project.id)
    if promised is None or promised.windows or promised.waiting >= FEW:
        return False
    at_work = promised.waiting + unit.assignments.live_since(project.id, later(unit.now, -PATIENCE))
    if at_work < FEW:
        return False
    return at_work >= most_at_work(promised.waiting + _answers_left(unit, project), pushed)


def after_appeal(unit: UnitOfWork, project: Project, submission: SubmissionId) -> None:
    """An answer that was rejected when its window was measured, and should not have been, is in the next one; of an
    ended project it is measured with the next sweep."""
    promised = unit.topups.bring_back(project.id, submission)
    unit.changed_projects.add(project.id)
    if project.state is ProjectState.RUNNING:
        _measure_if_full(unit, project, promised)


def measure_waiting(unit: UnitOfWork) -> None:
    """Measures the window of a project that has waited for too long to be filled, however few answers it has."""
    number = unit.topups.waiting_long(later(unit.now, -LONGEST_WAIT))
    if number is None:
        return
    unit.projects.lock(number)
    unit.topups.leave_out(number)
    _measure(unit, unit.projects.get(number), unit.topups.get(number))
    settle(unit, unit.projects.get(number))


def _measure_if_full(unit: UnitOfWork, project: Project, promised: Promise | None) -> None:
    if promised is not None and (promised.waiting >= WINDOW or _runs_short(unit, project, promised)):
        unit.topups.leave_out(project.id)
        _measure(unit, project, promised)
        settle(unit, project)


def _runs_short(unit: UnitOfWork, project: Project, promised: Promise) -> bool:
    """Return whether the reserve would not cover the answers that wait to be measured, the tasks in hand and a FEW more
    at their pace. It is looked at after every FEW of a project's first answers, and LATER_LOOKS of later ones."""
    looks_each = LATER_LOOKS if promised.windows else FEW
    if promised.waiting == 0 or promised.waiting % looks_each:
        return False
    to_come = min(max(FEW, unit.assignments.live(project.id)), _answers_left(unit, project))
    return _lacking(unit, project, promised.waiting + to_come) > 0


def _answers_left(unit: UnitOfWork, project: Project) -> int:
    """Return how many answers the budget still pays for."""
    return unit.ledger.balance(budget_account(project.id), project.currency) // project.cost_each


def _lacking(unit: UnitOfWork, project: Project, answers: int) -> int:
    """Return what so many answers at the pace of those that wait to be measured, and what is owed for earlier ones,
    would take beyond the reserve; zero or less where the reserve covers it."""
    promised = unit.topups.get(project.id)
    found = pace(unit.topups.times(project.id), promised.expected, promised.base)
    each = shortfall(project.pay, Millionths(promised.floor), found.milliseconds) if found else 0
    due = owed(unit, project.id) + each * answers
    return due - unit.ledger.balance(topup_account(project.id), project.currency)


def held_for_tasks_in_hand(unit: UnitOfWork, project: Project) -> Millionths:
    """Return the part of an ended project's budget that must stay while tasks are in hand: the top-ups of the answers
    that wait to be measured, and of those to come, as far as the reserve does not cover them."""
    promised, in_hand = unit.topups.promised(project.id), unit.assignments.live(project.id)
    if promised is None or not in_hand:
        return Millionths(0)
    return Millionths(max(0, _lacking(unit, project, promised.waiting + in_hand)))


def settle(unit: UnitOfWork, project: Project) -> None:
    """Pays the top-ups due, as far as there is money. The project pauses where the reserve cannot cover the next
    answers."""
    in_hand = unit.assignments.live(project.id)
    _pass_on(unit, project, payments.pay_windows(unit, project, unit.topups.owed(project.id), beside=in_hand))
    last = unit.topups.last(project.id)
    missing = _missing(unit, project, last) if last else 0
    if last is None or missing <= 0:
        if unit.projects.resume(project.id, SHORT):
            unit.people.unpark(UNPARKED)
    elif project.state is ProjectState.RUNNING and unit.projects.pause(project.id, SHORT):
        _ask_for_more(unit, project, missing)


def missing_for(unit: UnitOfWork, project: Project, price: Quote | None = None, new: int = 0) -> int:
    """What must be added, in whole cents, for top-ups due and all to come at the last pace, with a `price` or `new`."""
    last = unit.topups.last(project.id)
    return _missing(unit, project, last, price, new) if last else 0


def _missing(unit: UnitOfWork, project: Project, last: MeasuredWindow, price: Quote | None = None, new: int = 0) -> int:
    balance = unit.ledger.balance if price else unit.ledger.locked_balance  # what is only priced locks nothing
    asked, aside = (price.reward + price.fee, price.reserve) if price else (new, 0)
    to_come = (balance(budget_account(project.id), project.currency) + asked) // project.cost_each
    due = owed(unit, project.id)
    floor = Millionths(unit.topups.get(project.id).floor)
    each = still_short(Millionths(last.each_owed), project.pay, floor, last.milliseconds)
    spare = balance(topup_account(project.id), project.currency) + aside - due - each * to_come
    return -(spare // CENT) * CENT


def close(unit: UnitOfWork, requester: Person, project: Project) -> Millionths:
    """An ended project's last answers are measured with the ones before them, and paid; then the rest goes back."""
    promised = unit.topups.promised(project.id)
    if promised is None or unit.assignments.live(project.id):
        return Millionths(0)
    if promised.waiting:
        unit.topups.leave_out(project.id)
        _measure_each(unit, project, promised)
    windows = unit.topups.owed(project.id)
    if windows:
        payments.cover(unit, project, owed(unit, project.id))
        _pass_on(unit, project, payments.pay_windows(unit, project, windows, last_chance=True))
        _tell_debt(unit, project)
    reserve = topup_account(project.id)
    rest = unit.ledger.locked_balance(reserve, project.currency)
    payments.set_aside(unit, project, "unreserve", reserve, requester_account(requester), rest)
    return Millionths(rest)


def _pass_on(unit: UnitOfWork, project: Project, paid: set[PersonId]) -> None:
    """Top-ups of workers who have left go back to who paid them."""
    for worker in sorted(paid):
        waivers.pass_on(unit, unit.people.get(worker), project.currency)


def owed(unit: UnitOfWork, project: ProjectId) -> int:
    """Return what measured answers of a project are still owed."""
    return sum(window.rest for window in unit.topups.owed(project))


def _measure(unit: UnitOfWork, project: Project, promised: Promise) -> None:
    times = unit.topups.times(project.id)
    found = pace(times, promised.expected, promised.base)
    pay = Millionths(unit.topups.lowest_pay(project.id) or project.pay)
    each = shortfall(pay, Millionths(promised.floor), found.milliseconds) if found else Millionths(0)
    answers = unit.topups.waiting(project.id)
    took, workers = (found.milliseconds, found.workers) if found else (0, 0)
    unit.topups.measure(
        project.id, MeasuredWindow(promised.windows + 1, answers, workers, took, each if answers else 0, 0), times
    )


def _measure_each(unit: UnitOfWork, project: Project, promised: Promise) -> None:
    """A window for each worker, by their own time in the project's latest answers, or that of all."""
    usual = round(expected(unit, project, promised.expected / 1000) * 1000)
    waiting = unit.topups.waiting_of(project.id)
    others = (worker for worker, *_ in waiting)
    found = paces(unit.topups.latest_times(project.id, WINDOW), usual, others, promised.base)
    for number, (worker, answers, pay) in enumerate(waiting, promised.windows + 1):
        took = found.get(worker, 0)
        each = shortfall(Millionths(pay), Millionths(promised.floor), took)
        unit.topups.measure_one(project.id, MeasuredWindow(number, answers, 1, took, each, 0), worker)
    unit.topups.all_measured(project.id)


def _tell_debt(unit: UnitOfWork, project: Project) -> None:
    """Ask the requester for what an ended project still owes, once a sum."""
    left = owed(unit, project.id)
    if left:
        debt = PayLifted(project.id, project.title, project.currency, 0, left)
        unit.outbox.tell(project.requester, debt, key=f"debt:{project.id}:{left}")


def reserve_missing(unit: UnitOfWork, project: Project, missing: int) -> ReserveMissing:
    """Return the message that asks for so much more reserve; its project has a measured window."""
    last = unit.topups.last(project.id)
    assert last is not None  # noqa: S101 - its pace is what the reserve lacks for
    return ReserveMissing(
        number=project.id,
        title=project.title,
        seconds=last.milliseconds / 1000,
        expected=unit.topups.get(project.id).expected / 1000,
        missing=missing,
        currency=project.currency,
    )


def _ask_for_more(unit: UnitOfWork, project: Project, missing: int) -> None:
    unit.outbox.tell(project.requester, reserve_missing(unit, project, missing))
    unit.webhooks.note(project.id, FUNDS_LOW, project.id)
