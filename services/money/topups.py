"""Top-ups to the wage floor: each window of answers is measured, and its pay lifted from the reserve set aside at
launch.

The last answers of an ended project are measured too, for each worker, however few. Their top-up comes from the
reserve and the rest of the budget, never from the requester's free money: no card stated that. What is missing then is
a debt, which the requester pays by a button that names the sum, or with their next launch, whose card names it.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache, partial

from domain.moments import MINUTE, later
from domain.money.amounts import CENT, Millionths
from domain.money.funds import DebtPaid, PayGivenBack
from domain.money.ledger import (
    FEES,
    Transfer,
    available_account,
    budget_account,
    fees_account,
    requester_account,
    topup_account,
)
from domain.money.pricing import Quote
from domain.money.topups import (
    FEW,
    LONGEST_WAIT,
    WINDOW,
    PayLifted,
    ReserveMissing,
    TopupPaid,
    learned,
    most_at_work,
    pace,
    paces,
    reserve_each,
    shortfall,
    still_short,
)
from domain.people.accounts import Person, PersonId
from domain.people.webhooks import FUNDS_LOW
from domain.projects.progress import estimated
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import Task
from domain.refusals import NothingToLaunch
from domain.work.assignments import (
    SHORTEST_PAUSE,
    Assignment,
    SubmissionId,
    pushed_time,
    time_taken,
    without_pause,
)
from services.act import Act
from services.money import transfers
from services.projects.projects import mine
from storage.boxes.outbox import Lane
from storage.money.topups import MeasuredWindow, Promise
from storage.unit import UnitOfWork


def pay_windows(
    unit: UnitOfWork, project: Project, windows: list[MeasuredWindow], beside: int = 0, last_chance: bool = False
) -> set[PersonId]:
    """Pay all that is owed, and return who got something. A reserve that is too small is shared by all answers alike,
    and by so many `beside`, which people are at work on."""
    answers, paid = beside + sum(window.submissions for window in windows), set[PersonId]()
    for window in windows:
        paid |= _pay(unit, project, window, answers, last_chance)
        answers -= window.submissions
    return paid


def _pay(unit: UnitOfWork, project: Project, window: MeasuredWindow, answers: int, last_chance: bool) -> set[PersonId]:
    """The same to every answer of the window: all that is owed, or at first, and at last, its share of what there is
    for so many `answers`."""
    there = unit.ledger.locked_balance(topup_account(project.id), project.currency)
    owed = window.each_owed - window.each_paid
    each = min(owed, there // answers)
    if each <= 0 or (each < owed and window.each_paid and not last_chance):
        return set()
    part = f":{window.each_paid}" if window.each_paid else ""
    earners = unit.topups.earners(project.id, window.number)
    for worker, given in earners:
        key = f"topup:{project.id}:{window.number}:{worker}{part}"
        _pay_one(unit, project, worker, key, each * given, given)
    unit.topups.paid(project.id, window.number, each)
    return {worker for worker, _ in earners}


def _pay_one(unit: UnitOfWork, project: Project, worker: PersonId, key: str, amount: int, answers: int) -> None:
    earner = unit.people.get(worker)
    about = (topup_account(project.id), available_account(earner), Millionths(amount), project.currency, project.id)
    transfer = unit.ledger.post(Transfer(key, "topup", *about))
    told = TopupPaid(project.title, amount, project.currency, answers, transfer)
    unit.outbox.tell(worker, told, lane=Lane.BROADCAST, key=key)


def cover(unit: UnitOfWork, project: Project, due: int) -> None:
    """Cover top-ups of an ended project from its budget, beyond the reserve."""
    reserve, budget = topup_account(project.id), budget_account(project.id)
    lacking = due - unit.ledger.locked_balance(reserve, project.currency)
    taken = min(lacking, unit.ledger.locked_balance(budget, project.currency))
    set_aside(unit, project, "reserve", budget, reserve, taken)


def set_aside(unit: UnitOfWork, project: Project, kind: str, source: str, target: str, amount: int) -> None:
    """Moves money to or from the reserve, under a key unique to the call."""
    if amount <= 0:
        return
    reserve = topup_account(project.id)
    unit.ledger.open((reserve,), project.currency)
    key = f"{kind}:{project.id}:{unit.ledger.version(reserve, project.currency)}"
    unit.ledger.post(Transfer(key, kind, source, target, Millionths(amount), project.currency, project.id))


def of_answer(unit: UnitOfWork, project: Project, task: Task, assignment: Assignment) -> tuple[int, int]:
    """Return the milliseconds from a task to its answer, which comes now, and how many of them were work."""
    took = worked = time_taken(assignment.offered_at, assignment.deadline, unit.now)
    if assignment.pushed:
        begun = None if assignment.begun_at is None else max(0, unit.now - assignment.begun_at)
        worked = pushed_time(took, _estimate(project, task), begun)
    return took, worked if worked <= SHORTEST_PAUSE else without_pause(worked, _usual(unit, project, task))


def _usual(unit: UnitOfWork, project: Project, task: Task) -> int:
    """The pace that was measured last, or expected at the launch; the estimate of this task where that is longer."""
    promised, last = unit.topups.promised(project.id), unit.topups.last(project.id)
    known = (promised.expected if promised else 0, last.milliseconds if last else 0, 1_000 * (project.seconds or 0))
    return max(*known, _estimate(project, task))


def _estimate(project: Project, task: Task) -> int:
    return round(estimated(project, [task])[0] * 1000)


Whose = tuple[Person | None, ProjectId | None]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of what a worker has: `payer` is None where who paid it is gone."""

    payer: Person | None
    project: ProjectId | None
    amount: Millionths


def shares(unit: UnitOfWork, worker: Person, currency: str) -> tuple[Share, ...]:
    """Who paid what the worker has available, by project; the account stays locked. What was given up before is left
    out: a payout that came back since is of other pay."""
    account = available_account(worker)
    there = unit.ledger.locked_balance(account, currency)
    here = cache(partial(_here, unit))
    given_up, found = Counter[Whose](), Counter[Whose]()
    paid = unit.operations.iterate_payers(account, currency) if there else ()
    for payer, project, amount in paid:
        whose = (here(payer), project)
        before = min(given_up[whose], amount)  # `amount` itself, below zero, where this is what was given up
        part = min(there, amount - before)
        given_up[whose] -= before
        found[whose] += part
        there -= part
        if not there:
            break
    return tuple(Share(*whose, Millionths(part)) for whose, part in found.items() if part)


def waive(unit: UnitOfWork, worker: Person, currency: str) -> int:
    """All that is available goes back; those who get it are told. The last operation's number, 0 where nothing was."""
    account = available_account(worker)
    version, found = unit.ledger.version(account, currency), shares(unit, worker, currency)
    given, last = dict[PersonId, tuple[int, int]](), 0
    for number, share in enumerate(found):
        target = _target(share)
        unit.ledger.open((target,), currency)
        key = f"waived:{worker.id}:{version}:{number}"
        made = unit.ledger.post(Transfer(key, "waived", account, target, share.amount, currency, share.project))
        last = made or last
        if share.payer is not None:
            sum_ = given.get(share.payer.id, (0, 0))[0] + share.amount
            given[share.payer.id] = (sum_, last)
    for payer, (amount, operation) in given.items():
        _tell(unit, unit.people.get(payer), amount, currency, operation)
    return last


def pass_on(unit: UnitOfWork, worker: Person, currency: str) -> None:
    """What reaches the account of somebody who has left would lie there for ever."""
    if worker.telegram_id is None:
        waive(unit, worker, currency)


def _here(unit: UnitOfWork, account: str | None) -> Person | None:
    """Who can be paid back: neither erased nor a team that is closed."""
    found = None if account is None else unit.people.find_by_telegram_id(int(account.split(":")[1]))
    team = unit.teams.find(found.id) if found is not None and found.is_team else None
    return None if team is not None and team.closed_at is not None else found


def _target(share: Share) -> str:
    if share.payer is not None:
        return requester_account(share.payer)
    return FEES if share.project is None else fees_account(share.project)


def _tell(unit: UnitOfWork, payer: Person, amount: int, currency: str, operation: int) -> None:
    free = unit.ledger.balance(requester_account(payer), currency)
    unit.outbox.tell(payer.id, PayGivenBack(amount, free, currency, operation, payer.team_name))


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
    set_aside(unit, project, "reserve", requester_account(requester), topup_account(project.id), price.reserve)
    if unit.topups.last(project.id) is not None:
        settle(unit, unit.projects.get(project.id))


def after_answer(unit: UnitOfWork, project: Project) -> None:
    """Counts one; a window that is full is measured and paid."""
    promised = unit.topups.count(project.id)
    _measure_if_full(unit, project, promised)
    if promised is not None and promised.waiting == FEW and not promised.windows:
        unit.people.unpark_some(UNPARKED)  # who had to wait for the first answers


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
    due = count_owed(unit, project.id) + each * answers
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
    _pass_on(unit, project, pay_windows(unit, project, unit.topups.owed(project.id), beside=in_hand))
    last = unit.topups.last(project.id)
    missing = _missing(unit, project, last) if last else 0
    if last is None or missing <= 0:
        if unit.projects.resume(project.id, SHORT):
            unit.people.unpark_some(UNPARKED)
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
    due = count_owed(unit, project.id)
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
        cover(unit, project, count_owed(unit, project.id))
        _pass_on(unit, project, pay_windows(unit, project, windows, last_chance=True))
        _tell_debt(unit, project)
    reserve = topup_account(project.id)
    rest = unit.ledger.locked_balance(reserve, project.currency)
    set_aside(unit, project, "unreserve", reserve, requester_account(requester), rest)
    return Millionths(rest)


def _pass_on(unit: UnitOfWork, project: Project, paid: set[PersonId]) -> None:
    """Top-ups of workers who have left go back to who paid them."""
    for worker in sorted(paid):
        pass_on(unit, unit.people.get(worker), project.currency)


def count_owed(unit: UnitOfWork, project: ProjectId) -> int:
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
    left = count_owed(unit, project.id)
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


def keep_up(unit: UnitOfWork, requester: Person, project: Project, seconds: float) -> None:
    """After more answers were asked for, each of so many seconds: the reserve of all that are still to come, as far as
    it is not there already. Raises FundsMissing."""
    if unit.topups.promised(project.id) is None:
        return
    more = lacking(unit, project, seconds)
    if more > 0:
        transfers.afford(unit, requester, project, more)
        set_aside(unit, project, "reserve", requester_account(requester), topup_account(project.id), more)
    settle(unit, project)


def lacking(unit: UnitOfWork, project: Project, seconds: float, places: int = 0) -> Millionths:
    """What the reserve lacks for all answers that are to come, and so many more; below zero where it has more."""
    promised = unit.topups.promised(project.id)
    if promised is None:
        return Millionths(0)
    new = places * project.cost_each
    to_come = (unit.ledger.balance(budget_account(project.id), project.currency) + new) // project.cost_each
    there = unit.ledger.balance(topup_account(project.id), project.currency)
    each = reserve_each(project.pay, Millionths(promised.floor), seconds)
    return Millionths(max(each * to_come - there, missing_for(unit, project, new=new)))


def total(unit: UnitOfWork, requester: PersonId, launched: Project) -> Millionths:
    """Return what ended projects owe in the currency of the `launched` one, whose own debt is in its reserve."""
    return Millionths(sum(unit.topups.arrears(requester, launched.currency, launched.id).values()))


def pay_all(unit: UnitOfWork, requester: Person, currency: str, launched: int = 0) -> None:
    """Pay what ended projects owe, but for the `launched` one, as far as the requester has it. A launch's card stated
    it."""
    for number, owed in unit.topups.arrears(requester.id, currency, launched).items():
        free = unit.ledger.locked_balance(requester_account(requester), currency)
        _pay_debt(unit, requester, unit.projects.get(number), min(owed, free))


def press(act: Act, number: ProjectId, amount: int) -> DebtPaid | PayLifted:
    """Pay by a button that named so much; where more is owed by now, return the message that names it."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project, owed = mine(unit, act.person, number), count_owed(unit, number)
    if owed > amount:
        return PayLifted(project.id, project.title, project.currency, 0, owed)
    return pay(unit, act.person, project)


def pay(unit: UnitOfWork, requester: Person, project: Project) -> DebtPaid:
    """Pay what this ended project owes its workers from the requester's free money. Raises FundsMissing, and
    NothingToLaunch where nothing is owed."""
    owed = count_owed(unit, project.id)
    if not owed:
        raise NothingToLaunch(number=project.id)
    transfers.afford(unit, requester, project, Millionths(owed))
    _pay_debt(unit, requester, project, owed)
    return DebtPaid(project.id, project.title, owed, project.currency)


def _pay_debt(unit: UnitOfWork, requester: Person, project: Project, amount: int) -> None:
    unit.spending.stated.add(project.id, amount)
    set_aside(unit, project, "reserve", requester_account(requester), topup_account(project.id), amount)
    close(unit, requester, project)
