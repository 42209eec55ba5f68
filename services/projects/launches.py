"""Launch: the whole budget is held, tasks open, and the requester gets a progress message."""

from dataclasses import dataclass

from domain.fairness.reports import PAUSE as REPORTED
from domain.fairness.stops import NO_LAUNCH
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.money.ledger import budget_account
from domain.money.pricing import Quote
from domain.people.accounts import Person, PersonId
from domain.projects.launches import (
    LAUNCHED,
    MOST,
    REFUSED,
    REPLACED,
    WAITING,
    LaunchAsked,
    LaunchDeclined,
    LaunchRequest,
    LaunchRequestId,
    LaunchRequestOver,
    LaunchWanted,
    PilotDone,
    ProjectLaunched,
)
from domain.projects.projects import ENDED, HELD, Project, ProjectId, ProjectState
from domain.refusals import BelowFloor, NotFound, NothingToLaunch, TimeUntold, TooManyLaunchRequests, WrongState
from domain.work.messages import BUTTON_PAUSE, CONTENT_PAUSE
from services.act import Act, Reply
from services.fairness import first_look
from services.money import topups, transfers
from services.projects import lifecycle, progress
from services.projects.preflight import PILOT, card_of, measured_seconds, pilot_of, price_of
from services.projects.progress import progress_reply
from services.projects.projects import check_by_hand, lead, mine
from services.projects.wizard import check_pages
from storage.projects.batches import EVERY
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReadyLaunch:
    """A launch that passed all checks: its price, and the last position (`upto`) of the tasks it opens."""

    price: Quote
    upto: int = EVERY

    @property
    def held_amount(self) -> Millionths:
        """All money that the launch sets aside."""
        return self.price.total


@dataclass(frozen=True, slots=True)
class CardOutdated:
    """More is to be launched, or at a higher price, than the card said whose button was pressed."""


def launch_project(act: Act, number: ProjectId) -> Reply:
    """Hold the whole budget and open the tasks; a requester's first project waits for an admin's look instead. Of an
    ended project without tasks left, pay what it owes its workers. Raise FundsMissing and change nothing if the money
    does not suffice."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    if project.state in ENDED:
        if topups.count_owed(unit, number) and not price_of(unit, project, act.house.terms).tasks:
            return Reply(topups.pay_debt(unit, act.person, project))
        check_by_hand(project)
    return _start_or_wait(act, project, require_ready(act, act.person, project))


def _start_or_wait(act: Act, project: Project, ready: ReadyLaunch) -> Reply:
    """Start a launch that is ready, of a draft as a whole or by its pilot alone, or ask the admins for the first look:
    they look at the whole project, and what was asked for last starts. A program that asks for what waits already
    changes nothing."""
    unit = act.unit
    lead(act, project.id)
    waits = None
    if first_look.needs_first_look(act, act.person, project):
        counted, whole = first_look.get_key_price(act, project), price_of(unit, project, act.house.terms)
        waits = first_look.ask_for_first_look(act, project, whole, ready.price)
        unit.api_keys.awaited += 0 if waits.again else max(0, ready.held_amount - counted)
        if waits.again and act.program:
            return Reply(waits)
    if project.state is ProjectState.DRAFT:
        unit.pilots.forget(project.id)
        if ready.upto != EVERY:
            unit.pilots.begin(project.id, ready.upto)
    return Reply(waits) if waits else progress_reply(unit, project.id, start_project(unit, act.person, project, ready))


def launch_at_shown_price(act: Act, number: ProjectId, price: int) -> Reply:
    """Launch for a button that showed this price; if the launch costs more by now, show the new card and hold
    nothing."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    now = price_of(unit, project, act.house.terms)
    if project.state not in ENDED and (now.tasks or now.reserve) and now.total > price:
        return Reply(_card(act, project, now), done=CardOutdated())
    return launch_project(act, number)


def _card(act: Act, project: Project, price: Quote) -> Message:
    """Return the new card; for a project that rests without a reserve, the missing amount."""
    if price.tasks or not price.reserve:
        return card_of(act, project.id)
    return topups.reserve_missing_message(act.unit, project, price.total)


def require_ready(act: Act, requester: Person, project: Project, upto: int = EVERY) -> ReadyLaunch:
    """Raises what stands against a launch; changes nothing."""
    unit, number = act.unit, project.id
    if project.state in ENDED and unit.bulk_updates.find(number, "close"):
        raise WrongState(number=number, state="ending")
    if requester.suspended:
        raise WrongState(number=number, state="suspended")
    if not NO_LAUNCH.isdisjoint(project.paused):
        stop, state = (
            unit.stops.find_project_stop(number),
            "reported" if REPORTED in project.paused else "ended by admin",
        )
        raise WrongState(number=number, state=state, stop=stop.id if stop and stop.may_be_appealed else 0)
    check_pages(act.house, project.kind)
    price = price_of(unit, project, act.house.terms, upto)
    if price.tasks == 0 and not price.reserve:
        raise NothingToLaunch(number=project.id)
    require_price(project, price)
    transfers.require_funds(unit, requester, project, price.total, owed=price.owed)
    return ReadyLaunch(price, upto)


def start_project(unit: UnitOfWork, requester: Person, project: Project, ready: ReadyLaunch) -> ProjectLaunched:
    """Hold the money of a `Ready` launch, open its tasks and begin the requester's digests."""
    _hold(unit, requester, project, ready)
    _open_tasks(unit, project, ready.upto)
    progress.begin_digests(unit, requester.id)
    return ProjectLaunched(project.id, project.title, ready.held_amount, project.currency)


def resume_project(act: Act, number: ProjectId) -> Reply:
    """Tasks that Telegram could not show are passed by: the others are given out again. Raises WrongState where the
    project does not pause for such tasks."""
    unit, project = act.unit, mine(act.unit, act.person, number)
    resumed = [reason for reason in (CONTENT_PAUSE, BUTTON_PAUSE) if unit.projects.resume(project.id, reason)]
    if not resumed:
        raise WrongState(number=project.id, state=project.state.value)
    unit.undelivered.see(project.id)
    lifecycle.wake_workers(unit, project.id)
    return progress_reply(unit, project.id)


def require_price(project: Project, price: Quote) -> None:
    """Raise BelowFloor if the pay is under the wage floor, TimeUntold if the time of an answer cannot be known."""
    if price.tasks and price.floor and price.untold:
        raise TimeUntold(number=project.id, why=price.untold)
    if price.tasks and not price.passes_floor:
        time_facts = {name: getattr(price, name) for name in ("hourly", "floor", "seconds")}
        raise BelowFloor(
            number=project.id, pay=project.pay, needed=price.needed_pay, currency=project.currency, **time_facts
        )


def _open_tasks(unit: UnitOfWork, project: Project, upto: int) -> None:
    """Opens the first tasks at once, the others in steps, so that answers do not wait. An ended project continues
    with its remaining tasks."""
    waiting = unit.batches.waiting(project.id, upto)
    unit.projects.launch(project.id, unit.now)
    unit.batches.launch(project.id, upto)
    if project.state in ENDED:
        unit.projects.resume(project.id, HELD)
        lifecycle.open_tasks(unit, project.id, 0, unit.tasks.last_position(project.id))
    elif waiting.tasks:
        lifecycle.open_tasks(unit, project.id, waiting.first - 1, waiting.last)
    lifecycle.wake_workers(unit, project.id)


def _hold(unit: UnitOfWork, requester: Person, project: Project, ready: ReadyLaunch) -> None:
    """Holds the budget, and the reserve for longer tasks: all, or nothing."""
    price = ready.price
    unit.spending.stated.add(project.id, price.total)
    topups.pay_arrears(unit, requester, project.currency, project.id)
    if price.tasks:
        budget = Millionths(price.reward + price.fee)
        last: int | str = unit.batches.waiting(project.id, ready.upto).last
        if project.state in ENDED:  # there may be nothing new in it
            last = f"again:{unit.ledger.version(budget_account(project.id), project.currency)}"
        transfers.hold_budget(unit, requester, project, budget, last)
    topups.record_promise(unit, requester, project, price)


def _to_notice(project: Project, request: LaunchRequest, hint: str, ready: ReadyLaunch) -> LaunchWanted:
    """Return the notice to the owner of the key that ends in `hint`."""
    return LaunchWanted(
        request.id,
        project.id,
        title=project.title,
        hint=hint,
        tasks=ready.price.tasks + ready.price.gold,
        price=ready.held_amount,
        currency=project.currency,
        until=request.until,
    )


def request_launch(act: Act, number: ProjectId) -> LaunchAsked:
    """Ask the owner of the key `act.program` to launch the project. The same price asked again returns the same
    request; another price replaces it. Raise whatever would refuse the launch itself, or TooManyLaunchRequests within a
    day."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    ready = require_ready(act, act.person, project)
    pending = unit.launch_requests.waiting(project.id)
    if pending is not None:
        if pending.state_at(unit.now) == WAITING and (pending.price, pending.api_key) == (
            ready.held_amount,
            act.program,
        ):
            return _to_message(unit, project, pending)
        unit.launch_requests.decide(pending.id, REPLACED)
    if unit.launch_requests.of_a_day(act.person.id) >= MOST:
        raise TooManyLaunchRequests(most=MOST)
    request_id = unit.launch_requests.add(act.person.id, act.program, project.id, ready.held_amount)
    request = _get_own_request(act, request_id)
    hint = _hints(unit, act.person.id)[act.program]
    notice = _to_notice(project, request, hint, ready)
    unit.outbox.tell(act.person.id, notice, key=f"launch request:{request_id}")
    return _to_message(unit, project, request)


def get_launch_request(act: Act, number: int) -> LaunchAsked:
    """Return the state of one's own launch request. Raise NotFound if there is none."""
    request = _get_own_request(act, number)
    return _to_message(act.unit, act.unit.projects.get(request.project), request)


def decide_launch_request(act: Act, number: LaunchRequestId, yes: bool) -> Reply | LaunchDeclined | LaunchRequestOver:
    """Launch as the program asked, or decline (`yes` is False). If the request was decided, has expired, its key ended
    or the price rose, return LaunchRequestOver and change nothing."""
    unit, request = act.unit, _get_own_request(act, number)
    unit.projects.lock(request.project)
    project, request = unit.projects.get(request.project), _get_own_request(act, number)
    obstacle = _obstacle(act, project, request)
    if obstacle:
        return LaunchRequestOver(project.id, project.title, obstacle)
    if not yes:
        unit.launch_requests.decide(request.id, REFUSED)
        return LaunchDeclined(project.id, project.title)
    launched = launch_project(act, project.id)
    unit.launch_requests.decide(request.id, LAUNCHED)
    unit.audit.note(act.person.id, "launch asked by program", f"project:{project.id}", key=request.api_key)
    return launched


def _obstacle(act: Act, project: Project, request: LaunchRequest) -> str:
    """Return why the button launches nothing any more (decided, a final state, key or price); empty if it still
    does."""
    state = request.state_at(act.unit.now)
    if state != WAITING:
        return "decided" if state in (LAUNCHED, REFUSED) else state
    if request.api_key not in _hints(act.unit, act.person.id):
        return "key"
    total = price_of(act.unit, project, act.house.terms).total
    return "price" if total > request.price else ""


def _get_own_request(act: Act, number: int) -> LaunchRequest:
    """Return a launch request of this person. Raise NotFound if there is none."""
    request = act.unit.launch_requests.find(act.person.id, number)
    if request is None:
        raise NotFound(what="launch_request", name=str(number))
    return request


def _hints(unit: UnitOfWork, person: PersonId) -> dict[int, str]:
    """Return how each working key of a person ends, by its number."""
    return {api_key.number: api_key.hint for api_key in unit.api_keys.list_keys(person)}


def _to_message(unit: UnitOfWork, project: Project, request: LaunchRequest) -> LaunchAsked:
    return LaunchAsked(
        request.id,
        request.project,
        state=request.state_at(unit.now),
        price=request.price,
        currency=project.currency,
        until=request.until,
    )


AT_ONCE = 10


def begin_pilot(act: Act, number: ProjectId) -> Reply:
    """Split off the first tasks, hold their cost alone and start them; a requester's first project waits for an admin's
    look at the whole of it, then its pilot starts. Raise WrongState if the project is no draft or too small,
    FundsMissing if the money does not suffice."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    if project.state is not ProjectState.DRAFT:
        raise WrongState(number=number, state=project.state.value)
    last = unit.pilots.split(project.id, PILOT, project.largest(0))
    if last is None:
        raise WrongState(number=number, state="small")
    return _start_or_wait(act, project, require_ready(act, act.person, project, last))


def report_finished_pilots(unit: UnitOfWork) -> None:
    """Send each requester whose pilot has all its answers what it brought."""
    for number in unit.pilots.due(AT_ONCE):
        project = unit.projects.get(number)
        pilot = pilot_of(unit, project)
        if unit.pilots.mark_told(number) and project.state is ProjectState.RUNNING and pilot is not None:
            waiting = unit.batches.waiting(number)
            seconds = measured_seconds(unit, project)
            notice = PilotDone(number, project.title, pilot, seconds, waiting.tasks)
            unit.outbox.tell(project.requester, notice)
