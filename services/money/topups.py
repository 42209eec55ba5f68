"""Top-ups to the wage floor: each window of answers is measured, and its pay lifted from the reserve set aside at
launch.

The last answers of an ended project are measured too, for each worker, however few. Their top-up comes from the
reserve and the rest of the budget, never from the requester's free money: no card stated that. The rest is
a debt, which the requester pays by a button that names the sum, or with their next launch, whose card names it."""

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
    FIRST_ANSWERS,
    MAX_WINDOW_WAIT,
    WINDOW_ANSWERS,
    PayLifted,
    ReserveMissing,
    TopupPaid,
    expected_milliseconds,
    floor_shortfall,
    max_at_work,
    measure_pace,
    measure_paces,
    next_topup,
    reserve_each,
)
from domain.people.accounts import Person, PersonId
from domain.people.webhooks import FUNDS_LOW
from domain.projects.progress import estimate_seconds
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import Task
from domain.refusals import NothingToLaunch
from domain.work.assignments import (
    SHORTEST_PAUSE,
    Assignment,
    SubmissionId,
    time_taken,
    without_pause,
    working_time_of_pushed,
)
from services.act import Act
from services.money import transfers
from services.projects.projects import mine
from storage.boxes.outbox import Lane
from storage.money.topups import FloorPromise, MeasuredWindow
from storage.unit import UnitOfWork


def pay_owed_windows(
    unit: UnitOfWork, project: Project, windows: list[MeasuredWindow], in_hand: int = 0, last_chance: bool = False
) -> set[PersonId]:
    """Pay all that is owed for these windows, and return the workers who got something. A reserve that is too small is
    shared by all answers alike, including so many `in_hand`."""
    answers, paid = in_hand + sum(window.submissions for window in windows), set[PersonId]()
    for window in windows:
        paid |= _pay_window(unit, project, window, answers, last_chance)
        answers -= window.submissions
    return paid


def _pay_window(
    unit: UnitOfWork, project: Project, window: MeasuredWindow, answers: int, last_chance: bool
) -> set[PersonId]:
    """Pay every answer of the window the same: all that is owed, or, at the first and at the last payment only, its
    share of the reserve for so many `answers`. Return the workers who got something."""
    reserve_money = unit.ledger.locked_balance(topup_account(project.id), project.currency)
    owed = window.each_owed - window.each_paid
    topup = min(owed, reserve_money // answers)
    if topup <= 0 or (topup < owed and window.each_paid and not last_chance):
        return set()
    part = f":{window.each_paid}" if window.each_paid else ""
    earners = unit.topups.list_earners(project.id, window.number)
    for worker, answer_count in earners:
        key = f"topup:{project.id}:{window.number}:{worker}{part}"
        _pay_worker(unit, project, worker=worker, key=key, amount=topup * answer_count, answers=answer_count)
    unit.topups.add_paid(project.id, window.number, topup)
    return {worker for worker, _ in earners}


def _pay_worker(unit: UnitOfWork, project: Project, worker: PersonId, key: str, amount: int, answers: int) -> None:
    earner = unit.people.get(worker)
    reserve, target = topup_account(project.id), available_account(earner)
    transfer = transfers.post_for_project(
        unit, project, key=key, kind="topup", debit=reserve, credit=target, amount=Millionths(amount)
    )
    notice = TopupPaid(project.title, amount, project.currency, answers, transfer)
    unit.outbox.tell(worker, notice, lane=Lane.BROADCAST, key=key)


def cover_from_budget(unit: UnitOfWork, project: Project, due: int) -> None:
    """Move what the reserve lacks for top-ups of an ended project from its budget, as far as it reaches."""
    reserve, budget = topup_account(project.id), budget_account(project.id)
    missing = due - unit.ledger.locked_balance(reserve, project.currency)
    from_budget = min(missing, unit.ledger.locked_balance(budget, project.currency))
    move_reserve(unit, project, kind="reserve", source=budget, target=reserve, amount=from_budget)


def move_reserve(unit: UnitOfWork, project: Project, kind: str, source: str, target: str, amount: int) -> None:
    """Move money to or from the reserve, under a key unique to the call; nothing if the amount is not positive."""
    if amount <= 0:
        return
    reserve = topup_account(project.id)
    unit.ledger.open((reserve,), project.currency)
    key = f"{kind}:{project.id}:{unit.ledger.version(reserve, project.currency)}"
    transfers.post_for_project(
        unit, project, key=key, kind=kind, debit=source, credit=target, amount=Millionths(amount)
    )


def time_answer(unit: UnitOfWork, project: Project, task: Task, assignment: Assignment) -> tuple[int, int]:
    """Return the milliseconds from a task to its answer, which comes now, and how many of them were work."""
    elapsed = worked = time_taken(assignment.offered_at, assignment.deadline, unit.now)
    if assignment.pushed:
        since_begun = None if assignment.begun_at is None else max(0, unit.now - assignment.begun_at)
        worked = working_time_of_pushed(elapsed, _estimate_milliseconds(project, task), since_begun)
    return elapsed, worked if worked <= SHORTEST_PAUSE else without_pause(
        worked, _usual_milliseconds(unit, project, task)
    )


def _usual_milliseconds(unit: UnitOfWork, project: Project, task: Task) -> int:
    """Return the longest of: the pace measured last, the time expected at the launch, and the estimate of this task."""
    promised, last_window = unit.topups.find_promise(project.id), unit.topups.find_last(project.id)
    known_times = (
        promised.expected if promised else 0,
        last_window.milliseconds if last_window else 0,
        1_000 * (project.seconds or 0),
    )
    return max(*known_times, _estimate_milliseconds(project, task))


def _estimate_milliseconds(project: Project, task: Task) -> int:
    return round(estimate_seconds(project, [task])[0] * 1000)


PayerAndProject = tuple[Person | None, ProjectId | None]


@dataclass(frozen=True, slots=True)
class PaidShare:
    """Part of a worker's available pay that one `payer` paid; None if the payer has left."""

    payer: Person | None
    project: ProjectId | None
    amount: Millionths


def list_payers(unit: UnitOfWork, worker: Person, currency: str) -> tuple[PaidShare, ...]:
    """Return who paid what the worker has available, by project; the account stays locked. Pay that was given back
    before is left out: a payout that came back since is of other pay."""
    account = available_account(worker)
    left_to_explain = unit.ledger.locked_balance(account, currency)
    find_payer = cache(partial(_find_present_payer, unit))
    given_back, shares_by_payer = Counter[PayerAndProject](), Counter[PayerAndProject]()
    paid = unit.operations.iterate_payers(account, currency) if left_to_explain else ()
    for payer, project, amount in paid:
        key = (find_payer(payer), project)
        earlier = min(given_back[key], amount)  # `amount` itself, below zero, where this is what was given up
        part = min(left_to_explain, amount - earlier)
        given_back[key] -= earlier
        shares_by_payer[key] += part
        left_to_explain -= part
        if not left_to_explain:
            break
    shares = ((payer, project, part) for (payer, project), part in shares_by_payer.items() if part)
    return tuple(PaidShare(payer, project, Millionths(part)) for payer, project, part in shares)


def give_pay_back(unit: UnitOfWork, worker: Person, currency: str) -> int:
    """Return all available pay of a worker to its payers, who are told; to the fees if a payer has left. Return the
    last operation's number, 0 if there was nothing."""
    account = available_account(worker)
    version, payer_shares = unit.ledger.version(account, currency), list_payers(unit, worker, currency)
    sums_by_payer, last_operation = dict[PersonId, tuple[int, int]](), 0
    for number, share in enumerate(payer_shares):
        target = _payer_account(share)
        unit.ledger.open((target,), currency)
        key = f"waived:{worker.id}:{version}:{number}"
        posted = unit.ledger.post(
            Transfer(
                key=key,
                kind="waived",
                debit=account,
                credit=target,
                amount=share.amount,
                currency=currency,
                project=share.project,
            )
        )
        last_operation = posted or last_operation
        if share.payer is not None:
            sum_ = sums_by_payer.get(share.payer.id, (0, 0))[0] + share.amount
            sums_by_payer[share.payer.id] = (sum_, last_operation)
    for payer, (amount, operation) in sums_by_payer.items():
        _notify_payer(unit, unit.people.get(payer), amount, currency, operation)
    return last_operation


def give_back_if_left(unit: UnitOfWork, worker: Person, currency: str) -> None:
    """Give back what reaches the account of a worker who has left, where it would lie for ever; nothing for others."""
    if worker.telegram_id is None:
        give_pay_back(unit, worker, currency)


def _find_present_payer(unit: UnitOfWork, account: str | None) -> Person | None:
    """Return the requester of this account if they can be paid back; None if erased, or a team that is closed."""
    payer = None if account is None else unit.people.find_by_telegram_id(int(account.split(":")[1]))
    team = unit.teams.find(payer.id) if payer is not None and payer.is_team else None
    return None if team is not None and team.closed_at is not None else payer


def _payer_account(share: PaidShare) -> str:
    if share.payer is not None:
        return requester_account(share.payer)
    return FEES if share.project is None else fees_account(share.project)


def _notify_payer(unit: UnitOfWork, payer: Person, amount: int, currency: str, operation: int) -> None:
    free = unit.ledger.balance(requester_account(payer), currency)
    unit.outbox.tell(payer.id, PayGivenBack(amount, free, currency, operation, payer.team_name))


PAUSED_FOR_FLOOR = "floor"  # why a project rests
MAX_WORKERS_WOKEN = 200  # workers woken when the project goes on
MAX_HAND_MILLISECONDS = 10 * MINUTE  # with a task in a hand, before a project's first answers are measured
ANSWERS_PER_LATER_CHECK = (
    10  # answers of a later window after which the reserve is looked at: tasks may have become longer
)
MAX_EARLIER_PROJECTS = 20  # of a requester, whose latest answers predict the time of the next one


def get_expected_seconds(unit: UnitOfWork, project: Project, base: float) -> float:
    """Return the seconds to expect of one answer: `base`, or more if this requester's earlier projects took longer."""
    works = unit.topups.list_earlier_work(project.requester, project.kind, MAX_EARLIER_PROJECTS, WINDOW_ANSWERS)
    base_milliseconds = round(base * 1000)
    milliseconds = expected_milliseconds(base_milliseconds, works)
    return base if milliseconds == base_milliseconds else milliseconds / 1000


def record_promise(unit: UnitOfWork, requester: Person, project: Project, price: Quote) -> None:
    """Record a launch: its floor and expected time. Move its reserve, and pay from it what is owed."""
    if price.floor and price.tasks:
        unit.topups.store_promise(project.id, price.floor, round(price.seconds * 1000), round(price.base * 1000))
    move_reserve(
        unit,
        project,
        kind="reserve",
        source=requester_account(requester),
        target=topup_account(project.id),
        amount=price.reserve,
    )
    if unit.topups.find_last(project.id) is not None:
        pay_due_topups(unit, unit.projects.get(project.id))


def count_answer(unit: UnitOfWork, project: Project) -> None:
    """Count one answer, and measure and pay the window if it is full, or the reserve runs short."""
    promise = unit.topups.count_answer(project.id)
    _measure_if_full(unit, project, promise)
    if promise is not None and promise.waiting == FIRST_ANSWERS and not promise.windows:
        unit.people.unpark_some(MAX_WORKERS_WOKEN)  # who had to wait for the first answers


def has_enough_at_work(unit: UnitOfWork, project: Project, pushed: bool) -> bool:
    """Return whether no more of a project's first answers may be given out, or pushed, before FIRST_ANSWERS of them
    were measured. Tasks that have lain in a hand for MAX_HAND_MILLISECONDS do not count."""
    promise = unit.topups.find_promise(project.id)
    if promise is None or promise.windows or promise.waiting >= FIRST_ANSWERS:
        return False
    at_work = promise.waiting + unit.assignments.live_since(project.id, later(unit.now, -MAX_HAND_MILLISECONDS))
    if at_work < FIRST_ANSWERS:
        return False
    return at_work >= max_at_work(promise.waiting + _answers_left(unit, project), pushed)


def count_appealed_answer(unit: UnitOfWork, project: Project, submission: SubmissionId) -> None:
    """Count an answer whose rejection was overturned after its window was measured: it belongs to the next window. In
    an ended project it is measured with the next sweep."""
    promise = unit.topups.count_again(project.id, submission)
    unit.changed_projects.add(project.id)
    if project.state is ProjectState.RUNNING:
        _measure_if_full(unit, project, promise)


def measure_overdue_window(unit: UnitOfWork) -> None:
    """Measure the window of one running project that has waited too long to be filled, however few answers it has."""
    number = unit.topups.find_overdue(later(unit.now, -MAX_WINDOW_WAIT))
    if number is None:
        return
    unit.projects.lock(number)
    unit.topups.leave_out_rejected(number)
    _measure_window(unit, unit.projects.get(number), unit.topups.get(number))
    pay_due_topups(unit, unit.projects.get(number))


def _measure_if_full(unit: UnitOfWork, project: Project, promise: FloorPromise | None) -> None:
    if promise is not None and (promise.waiting >= WINDOW_ANSWERS or _is_reserve_short(unit, project, promise)):
        unit.topups.leave_out_rejected(project.id)
        _measure_window(unit, project, promise)
        pay_due_topups(unit, project)


def _is_reserve_short(unit: UnitOfWork, project: Project, promise: FloorPromise) -> bool:
    """Return whether the reserve would not cover the answers that wait to be measured, the tasks in hand and
    FIRST_ANSWERS more at their pace. Checked after every FIRST_ANSWERS of a project's first answers, and every
    ANSWERS_PER_LATER_CHECK later."""
    answers_per_check = ANSWERS_PER_LATER_CHECK if promise.windows else FIRST_ANSWERS
    if promise.waiting == 0 or promise.waiting % answers_per_check:
        return False
    answers_to_come = min(max(FIRST_ANSWERS, unit.assignments.live(project.id)), _answers_left(unit, project))
    return _reserve_shortfall(unit, project, promise.waiting + answers_to_come) > 0


def _answers_left(unit: UnitOfWork, project: Project) -> int:
    """Return how many answers the budget still pays for."""
    return unit.ledger.balance(budget_account(project.id), project.currency) // project.cost_each


def _reserve_shortfall(unit: UnitOfWork, project: Project, answers: int) -> int:
    """Return what top-ups of so many answers at the pace of those that wait to be measured, and of earlier ones that
    are owed, take beyond the reserve; zero or less if the reserve covers them."""
    promise = unit.topups.get(project.id)
    measured_pace = measure_pace(unit.topups.list_waiting_times(project.id), promise.expected, promise.base)
    topup = floor_shortfall(project.pay, Millionths(promise.floor), measured_pace.milliseconds) if measured_pace else 0
    needed = count_owed(unit, project.id) + topup * answers
    return needed - unit.ledger.balance(topup_account(project.id), project.currency)


def held_for_tasks_in_hand(unit: UnitOfWork, project: Project) -> Millionths:
    """Return the part of an ended project's budget that must stay while tasks are in hand: the top-ups of the answers
    that wait to be measured, and of those to come, as far as the reserve does not cover them."""
    promise, in_hand = unit.topups.find_promise(project.id), unit.assignments.live(project.id)
    if promise is None or not in_hand:
        return Millionths(0)
    return Millionths(max(0, _reserve_shortfall(unit, project, promise.waiting + in_hand)))


def pay_due_topups(unit: UnitOfWork, project: Project) -> None:
    """Pay the top-ups due, as far as there is money. Pause the project if the reserve cannot cover the next answers,
    and tell the requester; resume it if it can."""
    in_hand = unit.assignments.live(project.id)
    _give_back_of_leavers(
        unit, project, pay_owed_windows(unit, project, unit.topups.list_owed(project.id), in_hand=in_hand)
    )
    last_window = unit.topups.find_last(project.id)
    missing = _get_missing(unit, project, last_window) if last_window else 0
    if last_window is None or missing <= 0:
        if unit.projects.resume(project.id, PAUSED_FOR_FLOOR):
            unit.people.unpark_some(MAX_WORKERS_WOKEN)
    elif project.state is ProjectState.RUNNING and unit.projects.pause(project.id, PAUSED_FOR_FLOOR):
        _ask_for_reserve(unit, project, missing)


def missing_for_topups(unit: UnitOfWork, project: Project, price: Quote | None = None, new: int = 0) -> int:
    """Return what must be added, in whole cents, for top-ups due and all to come at the last pace, with the launch of
    `price` or `new` money in the budget; 0 before the first window. Negative if there is more than enough."""
    last_window = unit.topups.find_last(project.id)
    return _get_missing(unit, project, last_window, price, new) if last_window else 0


def _get_missing(
    unit: UnitOfWork, project: Project, last_window: MeasuredWindow, price: Quote | None = None, new: int = 0
) -> int:
    balance = unit.ledger.balance if price else unit.ledger.locked_balance  # what is only priced locks nothing
    new_money, new_reserve = (price.reward + price.fee, price.reserve) if price else (new, 0)
    answers_to_come = (balance(budget_account(project.id), project.currency) + new_money) // project.cost_each
    owed = count_owed(unit, project.id)
    floor = Millionths(unit.topups.get(project.id).floor)
    topup = next_topup(Millionths(last_window.each_owed), project.pay, floor, last_window.milliseconds)
    spare = balance(topup_account(project.id), project.currency) + new_reserve - owed - topup * answers_to_come
    return -(spare // CENT) * CENT


def settle_ended_project(unit: UnitOfWork, requester: Person, project: Project) -> Millionths:
    """Measure and pay an ended project's last answers, return the rest of its reserve to the requester, and return that
    sum. 0, and nothing is done, while assignments are live or without a floor."""
    promise = unit.topups.find_promise(project.id)
    if promise is None or unit.assignments.live(project.id):
        return Millionths(0)
    if promise.waiting:
        unit.topups.leave_out_rejected(project.id)
        _measure_each_worker(unit, project, promise)
    windows = unit.topups.list_owed(project.id)
    if windows:
        cover_from_budget(unit, project, count_owed(unit, project.id))
        _give_back_of_leavers(unit, project, pay_owed_windows(unit, project, windows, last_chance=True))
        _ask_for_debt(unit, project)
    reserve = topup_account(project.id)
    rest = unit.ledger.locked_balance(reserve, project.currency)
    move_reserve(unit, project, kind="unreserve", source=reserve, target=requester_account(requester), amount=rest)
    return Millionths(rest)


def _give_back_of_leavers(unit: UnitOfWork, project: Project, paid: set[PersonId]) -> None:
    """Give back top-ups of workers who have left to those who paid them."""
    for worker in sorted(paid):
        give_back_if_left(unit, unit.people.get(worker), project.currency)


def count_owed(unit: UnitOfWork, project: ProjectId) -> int:
    """Return what measured answers of a project are still owed."""
    return sum(window.rest for window in unit.topups.list_owed(project))


def _measure_window(unit: UnitOfWork, project: Project, promise: FloorPromise) -> None:
    times = unit.topups.list_waiting_times(project.id)
    measured_pace = measure_pace(times, promise.expected, promise.base)
    pay = Millionths(unit.topups.lowest_pay(project.id) or project.pay)
    topup = (
        floor_shortfall(pay, Millionths(promise.floor), measured_pace.milliseconds) if measured_pace else Millionths(0)
    )
    answers = unit.topups.count_waiting(project.id)
    milliseconds, workers = (measured_pace.milliseconds, measured_pace.workers) if measured_pace else (0, 0)
    unit.topups.store_window(
        project.id,
        MeasuredWindow(
            number=promise.windows + 1,
            submissions=answers,
            workers=workers,
            milliseconds=milliseconds,
            each_owed=topup if answers else 0,
            each_paid=0,
        ),
        times,
    )


def _measure_each_worker(unit: UnitOfWork, project: Project, promise: FloorPromise) -> None:
    """Store a window for each worker, by their own time in the project's latest answers, or that of all."""
    usual = round(get_expected_seconds(unit, project, promise.expected / 1000) * 1000)
    waiting = unit.topups.list_waiting_by_worker(project.id)
    waiting_workers = (worker for worker, *_ in waiting)
    paces_by_worker = measure_paces(
        unit.topups.latest_times(project.id, WINDOW_ANSWERS), usual, waiting_workers, promise.base
    )
    for number, (worker, answers, pay) in enumerate(waiting, promise.windows + 1):
        milliseconds = paces_by_worker.get(worker, 0)
        topup = floor_shortfall(Millionths(pay), Millionths(promise.floor), milliseconds)
        unit.topups.store_window_of_worker(
            project.id,
            MeasuredWindow(
                number=number, submissions=answers, workers=1, milliseconds=milliseconds, each_owed=topup, each_paid=0
            ),
            worker,
        )
    unit.topups.clear_waiting(project.id)


def _ask_for_debt(unit: UnitOfWork, project: Project) -> None:
    """Ask the requester for what an ended project still owes, once a sum."""
    owed = count_owed(unit, project.id)
    if owed:
        debt = PayLifted(project.id, project.title, project.currency, 0, owed)
        unit.outbox.tell(project.requester, debt, key=f"debt:{project.id}:{owed}")


def reserve_missing_message(unit: UnitOfWork, project: Project, missing: int) -> ReserveMissing:
    """Return the message that asks for so much more reserve; its project has a measured window."""
    last_window = unit.topups.find_last(project.id)
    assert last_window is not None  # noqa: S101 - its pace is what the reserve lacks for
    return ReserveMissing(
        number=project.id,
        title=project.title,
        seconds=last_window.milliseconds / 1000,
        expected=unit.topups.get(project.id).expected / 1000,
        missing=missing,
        currency=project.currency,
    )


def _ask_for_reserve(unit: UnitOfWork, project: Project, missing: int) -> None:
    unit.outbox.tell(project.requester, reserve_missing_message(unit, project, missing))
    unit.webhooks.add_event(project.id, FUNDS_LOW, project.id)


def raise_reserve(unit: UnitOfWork, requester: Person, project: Project, seconds: float) -> None:
    """Add the reserve of all answers still to come, after more of them were asked for, each of so many seconds; as far
    as it is not there already. Raise FundsMissing. Nothing without a floor."""
    if unit.topups.find_promise(project.id) is None:
        return
    missing = get_reserve_shortfall(unit, project, seconds)
    if missing > 0:
        transfers.require_funds(unit, requester, project, missing)
        _add_to_reserve(unit, requester, project, missing)
    pay_due_topups(unit, project)


def get_reserve_shortfall(unit: UnitOfWork, project: Project, seconds: float, places: int = 0) -> Millionths:
    """Return what the reserve lacks for all answers to come, and `places` more; negative if it has more, 0 without a
    floor."""
    promise = unit.topups.find_promise(project.id)
    if promise is None:
        return Millionths(0)
    new = places * project.cost_each
    answers_to_come = (unit.ledger.balance(budget_account(project.id), project.currency) + new) // project.cost_each
    reserve_money = unit.ledger.balance(topup_account(project.id), project.currency)
    reserve_per_answer = reserve_each(project.pay, Millionths(promise.floor), seconds)
    return Millionths(
        max(reserve_per_answer * answers_to_come - reserve_money, missing_for_topups(unit, project, new=new))
    )


def sum_arrears(unit: UnitOfWork, requester: PersonId, launched: Project) -> Millionths:
    """Return what ended projects owe in the currency of the `launched` one, whose own debt is in its reserve."""
    return Millionths(sum(unit.topups.sum_arrears(requester, launched.currency, launched.id).values()))


def pay_arrears(unit: UnitOfWork, requester: Person, currency: str, launched: int = 0) -> None:
    """Pay what ended projects owe, but for the `launched` one, as far as the requester's free money reaches. A launch's
    card stated it."""
    for number, owed in unit.topups.sum_arrears(requester.id, currency, launched).items():
        free = unit.ledger.locked_balance(requester_account(requester), currency)
        _move_debt(unit, requester, unit.projects.get(number), min(owed, free))


def pay_debt_by_button(act: Act, number: ProjectId, amount: int) -> DebtPaid | PayLifted:
    """Pay a debt by a button that named so much; if more is owed by now, return the message that names it. Raise
    NotFound, FundsMissing, or NothingToLaunch if nothing is owed."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project, owed = mine(unit, act.person, number), count_owed(unit, number)
    if owed > amount:
        return PayLifted(project.id, project.title, project.currency, 0, owed)
    return pay_debt(unit, act.person, project)


def pay_debt(unit: UnitOfWork, requester: Person, project: Project) -> DebtPaid:
    """Pay what this ended project owes its workers from the requester's free money. Raise FundsMissing, and
    NothingToLaunch if nothing is owed."""
    owed = count_owed(unit, project.id)
    if not owed:
        raise NothingToLaunch(number=project.id)
    transfers.require_funds(unit, requester, project, Millionths(owed))
    _move_debt(unit, requester, project, owed)
    return DebtPaid(project.id, project.title, owed, project.currency)


def _move_debt(unit: UnitOfWork, requester: Person, project: Project, amount: int) -> None:
    unit.spending.stated.add(project.id, amount)
    _add_to_reserve(unit, requester, project, amount)
    settle_ended_project(unit, requester, project)


def _add_to_reserve(unit: UnitOfWork, requester: Person, project: Project, amount: int) -> None:
    """Move a requester's free money to the reserve."""
    source, reserve = requester_account(requester), topup_account(project.id)
    move_reserve(unit, project, kind="reserve", source=source, target=reserve, amount=amount)
