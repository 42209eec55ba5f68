"""Top-ups to the wage floor: each window of answers is measured, and its pay lifted from the reserve set aside at
launch.

The last answers of an ended project are measured too, for each worker, however few. Their top-up comes from the
reserve, the rest of the budget, then the requester's free money; a missing rest is paid as soon as there is money,
and before any other launch of that requester.
"""

from domain.moments import later
from domain.money.amounts import CENT, Millionths
from domain.money.ledger import Transfer, available_account, budget_account, requester_account, topup_account
from domain.money.messages.balances import TopupPaid
from domain.money.messages.funds import PayLifted, ReserveMissing
from domain.money.pricing import Quote
from domain.money.topups import FEW, LONGEST_WAIT, WINDOW, learned, pace, paces, shortfall, still_short
from domain.people.people import Person, PersonId
from domain.people.webhooks import FUNDS_LOW
from domain.projects.projects import Project, ProjectState
from domain.work.submissions import SubmissionId
from services.money import waivers
from storage.boxes.outbox import Lane
from storage.money.topups import MeasuredWindow, Promise
from storage.unit import UnitOfWork

SHORT = "floor"  # why a project rests
UNPARKED = 200  # workers woken when the project goes on
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
    set_aside(unit, project, "reserve", requester_account(requester), topup_account(project.id), price.reserve)
    if unit.topups.last(project.id) is not None:
        settle(unit, unit.projects.get(project.id))


def after_answer(unit: UnitOfWork, project: Project) -> None:
    """Counts one; a window that is full is measured and paid."""
    _measure_if_full(unit, project, unit.topups.count(project.id))


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
    """Whether neither the reserve nor the requester's free money would cover FEW more of a project's first answers at
    their pace. Later windows need no such look: after each the reserve covers what is to come, or the project rests."""
    if promised.windows or promised.waiting == 0 or promised.waiting % FEW:
        return False
    lacking = _lacking(unit, project, promised)
    return lacking > 0 and lacking > _free(unit, project)


def _lacking(unit: UnitOfWork, project: Project, promised: Promise) -> int:
    """What a project's first answers, and FEW more at their pace, would take beyond its reserve."""
    found = pace(unit.topups.times(project.id), promised.expected)
    each = shortfall(project.pay, Millionths(promised.floor), found.milliseconds) if found else 0
    return each * (promised.waiting + FEW) - unit.ledger.balance(topup_account(project.id), project.currency)


def _free(unit: UnitOfWork, project: Project) -> int:
    """The requester's free money on which none of their other projects relies."""
    unit.needs_house()
    found = map(unit.projects.get, unit.topups.unmeasured_beside(project))
    taken = sum(max(0, _lacking(unit, other, unit.topups.get(other.id))) for other in found)
    return unit.ledger.balance(requester_account(unit.people.get(project.requester)), project.currency) - taken


def settle(unit: UnitOfWork, project: Project) -> None:
    """Pays the top-ups due, as far as there is money. The project pauses where the reserve cannot cover the next
    answers."""
    for window in unit.topups.owed(project.id):
        _pay(unit, project, window)
    last = unit.topups.last(project.id)
    missing = _missing(unit, project, last) if last else 0
    if last is None or missing <= 0:
        if unit.projects.resume(project.id, SHORT):
            unit.people.unpark(UNPARKED)
    elif project.state is ProjectState.RUNNING and unit.projects.pause(project.id, SHORT):
        _ask_for_more(unit, project, last, missing)


def missing_for(unit: UnitOfWork, project: Project, price: Quote | None = None, new: int = 0) -> int:
    """What must be added, in whole cents, for top-ups due and all to come at the last pace, with a `price` or `new`."""
    last = unit.topups.last(project.id)
    return _missing(unit, project, last, price, new) if last else 0


def _missing(unit: UnitOfWork, project: Project, last: MeasuredWindow, price: Quote | None = None, new: int = 0) -> int:
    balance = unit.ledger.balance if price else unit.ledger.locked_balance  # what is only priced locks nothing
    asked, aside = (price.reward + price.fee, price.reserve) if price else (new, 0)
    to_come = (balance(budget_account(project.id), project.currency) + asked) // project.cost_each
    owed = sum(window.rest for window in unit.topups.owed(project.id))
    floor = Millionths(unit.topups.get(project.id).floor)
    each = still_short(Millionths(last.each_owed), project.pay, floor, last.milliseconds)
    spare = balance(topup_account(project.id), project.currency) + aside - owed - each * to_come
    return -(spare // CENT) * CENT


def close(unit: UnitOfWork, requester: Person, project: Project) -> Millionths:
    """An ended project's last answers are measured with the ones before them, and paid; then the rest goes back."""
    promised = unit.topups.promised(project.id)
    if promised is None or unit.assignments.live(project.id):
        return Millionths(0)
    if promised.waiting:
        unit.topups.leave_out(project.id)
        _measure_each(unit, project, promised)
    owed = unit.topups.owed(project.id)
    taken = _cover(unit, requester, project, sum(window.rest for window in owed))
    for window in owed:
        _pay(unit, project, window, last_chance=True)
    if taken or (owed and promised.waiting):
        _tell_lifted(unit, project, taken)
    reserve = topup_account(project.id)
    rest = unit.ledger.locked_balance(reserve, project.currency)
    set_aside(unit, project, "unreserve", reserve, requester_account(requester), rest)
    return Millionths(rest)


def arrears(unit: UnitOfWork, requester: Person, launched: Project) -> int:
    """Top-ups that ended projects still owe, paid before any launch in their currency; the `launched` one's are in its
    price."""
    return sum(unit.topups.arrears(requester.id, launched.currency, launched.id).values())


def pay_arrears(unit: UnitOfWork, requester: Person, currency: str, launched: int = 0) -> None:
    for number in unit.topups.arrears(requester.id, currency, launched):
        close(unit, requester, unit.projects.get(number))


def _measure(unit: UnitOfWork, project: Project, promised: Promise) -> None:
    found = pace(unit.topups.times(project.id), promised.expected)
    pay = Millionths(unit.topups.lowest_pay(project.id) or project.pay)
    each = shortfall(pay, Millionths(promised.floor), found.milliseconds) if found else Millionths(0)
    answers = unit.topups.waiting(project.id)
    took, workers = (found.milliseconds, found.workers) if found else (0, 0)
    unit.topups.measure(
        project.id, MeasuredWindow(promised.windows + 1, answers, workers, took, each if answers else 0, 0)
    )


def _measure_each(unit: UnitOfWork, project: Project, promised: Promise) -> None:
    """A window for each worker, by their own time in the project's latest answers, or that of all."""
    usual = round(expected(unit, project, promised.expected / 1000) * 1000)
    waiting = unit.topups.waiting_of(project.id)
    found = paces(unit.topups.latest_times(project.id, WINDOW), usual, (worker for worker, *_ in waiting))
    for number, (worker, answers, pay) in enumerate(waiting, promised.windows + 1):
        took = found.get(worker, 0)
        each = shortfall(Millionths(pay), Millionths(promised.floor), took)
        unit.topups.measure_one(project.id, MeasuredWindow(number, answers, 1, took, each, 0), worker)
    unit.topups.all_measured(project.id)


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
    earner = unit.people.get(worker)
    about = (topup_account(project.id), available_account(earner), Millionths(amount), project.currency, project.id)
    transfer = unit.ledger.post(Transfer(key, "topup", *about))
    told = TopupPaid(project.title, amount, project.currency, answers, transfer)
    unit.outbox.tell(worker, told, lane=Lane.BROADCAST, key=key)
    waivers.pass_on(unit, earner, project.currency)


def _cover(unit: UnitOfWork, requester: Person, project: Project, owed: int) -> int:
    """Covers top-ups of an ended project from its budget, then from its requester's free money; returns the latter
    sum."""
    reserve, budget, free = topup_account(project.id), budget_account(project.id), requester_account(requester)
    taken = 0
    for source in (budget, free):
        lacking = owed - unit.ledger.locked_balance(reserve, project.currency)
        taken = max(0, min(lacking, unit.ledger.locked_balance(source, project.currency)))
        set_aside(unit, project, "reserve", source, reserve, taken)
    return taken


def _tell_lifted(unit: UnitOfWork, project: Project, taken: int) -> None:
    """Notifies the requester where tasks took longer than the reserve covers."""
    left = sum(window.rest for window in unit.topups.owed(project.id))
    if taken or left:
        unit.outbox.tell(project.requester, PayLifted(project.id, project.title, project.currency, taken, left))


def _ask_for_more(unit: UnitOfWork, project: Project, last: MeasuredWindow, missing: int) -> None:
    told = ReserveMissing(
        number=project.id,
        title=project.title,
        seconds=last.milliseconds / 1000,
        expected=unit.topups.get(project.id).expected / 1000,
        missing=missing,
        currency=project.currency,
    )
    unit.outbox.tell(project.requester, told)
    unit.webhooks.note(project.id, FUNDS_LOW, project.id)


def set_aside(unit: UnitOfWork, project: Project, kind: str, source: str, target: str, amount: int) -> None:
    """Moves money to or from the reserve, under a key unique to the call."""
    if amount <= 0:
        return
    reserve = topup_account(project.id)
    unit.ledger.open((reserve,), project.currency)
    key = f"{kind}:{project.id}:{unit.ledger.version(reserve, project.currency)}"
    unit.ledger.post(Transfer(key, kind, source, target, Millionths(amount), project.currency, project.id))
