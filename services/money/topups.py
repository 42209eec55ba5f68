"""Nobody works below the floor: each window of answers is measured, its pay lifted from what the launch set aside."""

from typing import Any

from domain.money.amounts import CENT, Millionths
from domain.money.ledger import Transfer, available_account, budget_account, requester_account, topup_account
from domain.money.pricing import Quote
from domain.money.topups import WINDOW, Time, pace, shortfall, still_short
from domain.people.people import Person, PersonId
from domain.projects.projects import Project, ProjectState
from domain.work.submissions import SubmissionId
from storage.boxes.outbox import Lane
from storage.money.topups import MeasuredWindow, Promise
from storage.unit import UnitOfWork

SHORT = "floor"  # why a project rests
UNPARKED = 200  # workers told to look again when it goes on


def promise(unit: UnitOfWork, requester: Person, project: Project, price: Quote, more: int = 0) -> None:
    """At a launch: notes the floor and the expected time; sets aside what longer tasks would need, and `more`."""
    if price.floor and price.tasks:
        unit.topups.promise(project.id, price.floor, round(price.seconds * 1000))
    _move(unit, project, "reserve", requester_account(requester), topup_account(project.id), price.reserve + more)
    if more:
        settle(unit, unit.projects.get(project.id))


def after_answer(unit: UnitOfWork, project: Project) -> None:
    """Counts one; a window that is full is measured and paid."""
    _measure_if_full(unit, project, unit.topups.count(project.id))


def after_appeal(unit: UnitOfWork, project: Project, submission: SubmissionId) -> None:
    """An answer that was rejected when its window was measured, and should not have been, is in the next one."""
    if project.state is ProjectState.RUNNING:
        _measure_if_full(unit, project, unit.topups.bring_back(project.id, submission))


def _measure_if_full(unit: UnitOfWork, project: Project, promised: Promise | None) -> None:
    if promised is not None and promised.waiting >= WINDOW:
        unit.topups.leave_out(project.id)
        _measure(unit, project, promised, unit.topups.times(project.id))
        settle(unit, project)


def settle(unit: UnitOfWork, project: Project) -> None:
    """Pays what is owed and can be paid. What the next answers would need and is not there: the project rests."""
    for window in unit.topups.owed(project.id):
        _pay(unit, project, window)
    missing = missing_for(unit, project)
    if missing <= 0:
        if unit.projects.resume(project.id, SHORT):
            unit.people.unpark(UNPARKED)
    elif project.state is ProjectState.RUNNING and unit.projects.pause(project.id, SHORT):
        _ask_for_more(unit, project, missing)


def missing_for(unit: UnitOfWork, project: Project) -> int:
    """What must be added, in whole cents, so that all that is owed and every answer still to come, at the last pace,
    can be paid."""
    last = unit.topups.last(project.id)
    if last is None:
        return 0
    to_come = unit.ledger.locked_balance(budget_account(project.id), project.currency) // project.cost_each
    owed = sum(window.rest for window in unit.topups.owed(project.id))
    promised = unit.topups.promised(project.id)
    assert promised is not None  # noqa: S101 (a window has a promise)
    each = still_short(Millionths(last.each_owed), project.pay, Millionths(promised.floor), last.milliseconds)
    needed = owed + each * to_come
    there = unit.ledger.locked_balance(topup_account(project.id), project.currency)
    return -((there - needed) // CENT) * CENT


def close(unit: UnitOfWork, requester: Person, project: Project) -> Millionths:
    """An ended project's last answers are measured with the ones before them; then the rest goes back."""
    promised = unit.topups.promised(project.id)
    if promised is None or unit.assignments.live(project.id):
        return Millionths(0)
    if promised.waiting and promised.windows:
        unit.topups.leave_out(project.id)
        _measure(unit, project, promised, unit.topups.latest_times(project.id, WINDOW), whole=False)
    owed = unit.topups.owed(project.id)
    _cover(unit, project, sum(window.rest for window in owed))
    for window in owed:
        _pay(unit, project, window, last_chance=True)
    reserve = topup_account(project.id)
    rest = unit.ledger.locked_balance(reserve, project.currency)
    _move(unit, project, "unreserve", reserve, requester_account(requester), rest)
    return Millionths(rest)


def _measure(unit: UnitOfWork, project: Project, promised: Promise, times: list[Time], whole: bool = True) -> None:
    number = promised.windows + 1
    found = pace(times, promised.expected)
    pay = Millionths(unit.topups.lowest_pay(project.id) or project.pay)
    each = shortfall(pay, Millionths(promised.floor), found.milliseconds) if found else Millionths(0)
    answers = unit.topups.waiting(project.id)
    took, workers = (found.milliseconds, found.workers) if found else (0, 0)
    unit.topups.measure(project.id, MeasuredWindow(number, answers, workers, took, each if answers else 0, 0), whole)


def _pay(unit: UnitOfWork, project: Project, window: MeasuredWindow, last_chance: bool = False) -> None:
    """The same to every answer of the window: all that is owed, or at first, and at last, as much as there is."""
    there = unit.ledger.locked_balance(topup_account(project.id), project.currency)
    owed = window.each_owed - window.each_paid
    each = min(owed, there // window.submissions)
    if each <= 0 or (each < owed and window.each_paid and not last_chance):
        return
    part = f":{window.each_paid}" if window.each_paid else ""
    for worker, answers in unit.topups.earners(project.id, window.number):
        key = f"topup:{project.id}:{window.number}:{worker}{part}"
        _pay_one(unit, project, worker, key, each * answers, answers)
    unit.topups.paid(project.id, window.number, each)


def _pay_one(unit: UnitOfWork, project: Project, worker: PersonId, key: str, amount: int, answers: int) -> None:
    source, target = topup_account(project.id), available_account(unit.people.get(worker))
    transfer = unit.ledger.post(
        Transfer(key, "topup", source, target, Millionths(amount), project.currency, project.id)
    )
    told: dict[str, Any] = {"title": project.title, "amount": amount, "currency": project.currency, "answers": answers}
    unit.outbox.say(worker, "wallet.topup", lane=Lane.BROADCAST, key=key, transfer=transfer, **told)


def _cover(unit: UnitOfWork, project: Project, owed: int) -> None:
    """What an ended project's budget has left goes to those who worked before it goes back."""
    reserve, budget = topup_account(project.id), budget_account(project.id)
    lacking = owed - unit.ledger.locked_balance(reserve, project.currency)
    left = unit.ledger.locked_balance(budget, project.currency)
    _move(unit, project, "reserve", budget, reserve, min(lacking, left))


def _ask_for_more(unit: UnitOfWork, project: Project, missing: int) -> None:
    last, promised = unit.topups.last(project.id), unit.topups.promised(project.id)
    assert last is not None  # noqa: S101 (a project rests after a window)
    assert promised is not None  # noqa: S101 (a window has a promise)
    unit.outbox.say(
        project.requester,
        "projects.resting",
        number=project.id,
        title=project.title,
        seconds=last.milliseconds / 1000,
        expected=promised.expected / 1000,
        missing=missing,
        currency=project.currency,
    )


def _move(unit: UnitOfWork, project: Project, kind: str, source: str, target: str, amount: int) -> None:
    """To or from what is set aside, under a key that no second call can share."""
    if amount <= 0:
        return
    reserve = topup_account(project.id)
    unit.ledger.open((reserve,), project.currency)
    key = f"{kind}:{project.id}:{unit.ledger.version(reserve, project.currency)}"
    unit.ledger.post(Transfer(key, kind, source, target, Millionths(amount), project.currency, project.id))
