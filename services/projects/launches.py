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
from domain.projects.projects import (
    ENDED,
    HELD,
    Project,
    ProjectId,
    ProjectState,
)
from domain.refusals import (
    BelowFloor,
    NotFound,
    NothingToLaunch,
    TimeUntold,
    TooManyLaunchRequests,
    WrongState,
)
from domain.work.messages import BUTTONS, PAUSE
from services.act import Act, Reply
from services.fairness import first_look
from services.money import topups, transfers
from services.projects import lifecycle, progress
from services.projects.preflight import (
    PILOT,
    card_of,
    measured,
    pilot_of,
    price_of,
)
from services.projects.progress import watched
from services.projects.projects import check_by_hand, lead, mine
from services.projects.wizard import check_pages
from storage.projects.batches import EVERY
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Ready:
    """A launch that nothing stands against: its price; of what waits up to a position."""

    price: Quote
    upto: int = EVERY

    @property
    def held(self) -> Millionths:
        """All that it sets aside."""
        return self.price.total


@dataclass(frozen=True, slots=True)
class CardOutdated:
    """More is to be launched, or at a higher price, than the card said whose button was pressed."""


def launch(act: Act, number: ProjectId) -> Reply:
    """Holds the whole budget and opens the tasks; the first project of a requester waits for an admin's look. Of an
    ended project without tasks left it pays what that owes its workers. Raises FundsMissing and changes nothing."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    if project.state in ENDED:
        if topups.count_owed(unit, number) and not price_of(unit, project, act.house.terms).tasks:
            return Reply(topups.pay_debt(unit, act.person, project))
        check_by_hand(project)
    found = require_ready(act, act.person, project)
    lead(act, project.id)
    if first_look.needs_first_look(act, act.person, project):
        counted = first_look.get_key_price(act, project)
        waits = first_look.ask_for_first_look(act, project, found.price)
        unit.api_keys.awaited += 0 if waits.again else max(0, found.held - counted)
        return Reply(waits)
    return watched(unit, project.id, start(unit, act.person, project, found))


def launch_shown(act: Act, number: ProjectId, price: int) -> Reply:
    """By a button that said this price: where it is more by now, the new card is shown, and nothing is held."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    now = price_of(unit, project, act.house.terms)
    if project.state not in ENDED and (now.tasks or now.reserve) and now.total > price:
        return Reply(_card(act, project, now), done=CardOutdated())
    return launch(act, number)


def _card(act: Act, project: Project, price: Quote) -> Message:
    """What a launch would hold: the card, or for a project that rests without a reserve what it lacks."""
    if price.tasks or not price.reserve:
        return card_of(act, project.id)
    return topups.reserve_missing_message(act.unit, project, price.total)


def require_ready(act: Act, requester: Person, project: Project, upto: int = EVERY) -> Ready:
    """Raises what stands against a launch; changes nothing."""
    unit, number = act.unit, project.id
    if project.state in ENDED and unit.bulk_updates.of(number, "close"):
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
    check_price(project, price)
    transfers.require_funds(unit, requester, project, price.total, owed=price.owed)
    return Ready(price, upto)


def start(unit: UnitOfWork, requester: Person, project: Project, found: Ready) -> ProjectLaunched:
    """What `ready` found goes."""
    _hold(unit, requester, project, found)
    _open(unit, project, found.upto)
    progress.begin(unit, requester.id)
    return ProjectLaunched(project.id, project.title, found.held, project.currency)


def go_on(act: Act, number: ProjectId) -> Reply:
    """Tasks that Telegram could not show are passed by: the others are given out again. Raises WrongState where the
    project does not pause for such tasks."""
    unit, project = act.unit, mine(act.unit, act.person, number)
    resumed = [reason for reason in (PAUSE, BUTTONS) if unit.projects.resume(project.id, reason)]
    if not resumed:
        raise WrongState(number=project.id, state=project.state.value)
    unit.undelivered.see(project.id)
    lifecycle.wake_workers(unit, project.id)
    return watched(unit, project.id)


def check_price(project: Project, price: Quote) -> None:
    """Raises what stands against it: the wage floor, or a time that nobody can tell."""
    if price.tasks and price.floor and price.untold:
        raise TimeUntold(number=project.id, why=price.untold)
    if price.tasks and not price.passes_floor:
        told = {name: getattr(price, name) for name in ("hourly", "floor", "seconds")}
        raise BelowFloor(number=project.id, pay=project.pay, needed=price.needed_pay, currency=project.currency, **told)


def _open(unit: UnitOfWork, project: Project, upto: int) -> None:
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


def _hold(unit: UnitOfWork, requester: Person, project: Project, found: Ready) -> None:
    """Holds the budget, and the reserve for longer tasks: all, or nothing."""
    price = found.price
    unit.spending.stated.add(project.id, price.held_money)
    topups.pay_arrears(unit, requester, project.currency, project.id)
    if price.tasks:
        budget = Millionths(price.reward + price.fee)
        last: int | str = unit.batches.waiting(project.id, found.upto).last
        if project.state in ENDED:  # there may be nothing new in it
            last = f"again:{unit.ledger.version(budget_account(project.id), project.currency)}"
        transfers.hold_budget(unit, requester, project, budget, last)
    topups.record_promise(unit, requester, project, price)


def ask(act: Act, number: ProjectId) -> LaunchAsked:
    """Of a program whose key is `act.program`. Asked again at the same price, it is the same request. Raises what
    stands against the launch itself."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    ready = require_ready(act, act.person, project)
    known = unit.launch_requests.waiting(project.id)
    if known is not None:
        if known.at(unit.now) == WAITING and (known.price, known.api_key) == (ready.held, act.program):
            return _told(unit, project, known)
        unit.launch_requests.decide(known.id, REPLACED)
    if unit.launch_requests.of_a_day(act.person.id) >= MOST:
        raise TooManyLaunchRequests(most=MOST)
    asked = unit.launch_requests.add(act.person.id, act.program, project.id, ready.held)
    made = _of(act, asked)
    hint = _hints(unit, act.person.id)[act.program]
    tasks = ready.price.tasks + ready.price.gold
    told = (project.id, project.title, hint, tasks, ready.held, project.currency, made.until)
    unit.outbox.tell(act.person.id, LaunchWanted(asked, *told), key=f"launch request:{asked}")
    return _told(unit, project, made)


def read(act: Act, number: int) -> LaunchAsked:
    found = _of(act, number)
    return _told(act.unit, act.unit.projects.get(found.project), found)


def decide(act: Act, number: LaunchRequestId, yes: bool) -> Reply | LaunchDeclined | LaunchRequestOver:
    """The row decides what the button may still do, and at which price."""
    unit, found = act.unit, _of(act, number)
    unit.projects.lock(found.project)
    project, found = unit.projects.get(found.project), _of(act, number)
    over = _over(act, project, found)
    if over:
        return LaunchRequestOver(project.id, project.title, over)
    if not yes:
        unit.launch_requests.decide(found.id, REFUSED)
        return LaunchDeclined(project.id, project.title)
    launched = launch(act, project.id)
    unit.launch_requests.decide(found.id, LAUNCHED)
    unit.audit.note(act.person.id, "launch asked by program", f"project:{project.id}", key=found.api_key)
    return launched


def _over(act: Act, project: Project, found: LaunchRequest) -> str:
    """Why the button does nothing any more; empty where it does."""
    state = found.at(act.unit.now)
    if state != WAITING:
        return "decided" if state in (LAUNCHED, REFUSED) else state
    if found.api_key not in _hints(act.unit, act.person.id):
        return "key"
    total = price_of(act.unit, project, act.house.terms).total
    return "price" if total > found.price else ""


def _of(act: Act, number: int) -> LaunchRequest:
    found = act.unit.launch_requests.find(act.person.id, number)
    if found is None:
        raise NotFound(what="launch_request", name=str(number))
    return found


def _hints(unit: UnitOfWork, person: PersonId) -> dict[int, str]:
    """How each key that works ends, by its number."""
    return {api_key.number: api_key.hint for api_key in unit.api_keys.of(person)}


def _told(unit: UnitOfWork, project: Project, found: LaunchRequest) -> LaunchAsked:
    return LaunchAsked(found.id, found.project, found.at(unit.now), found.price, project.currency, found.until)


AT_ONCE = 10


def begin(act: Act, number: ProjectId) -> Reply:
    """Holds their cost alone and starts them. Raises FundsMissing and changes nothing."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = mine(unit, act.person, number)
    if project.state is not ProjectState.DRAFT:
        raise WrongState(number=number, state=project.state.value)
    if first_look.needs_first_look(act, act.person, project):
        raise WrongState(number=number, state="unseen")
    last = unit.pilots.split(project.id, PILOT, project.largest(0))
    if last is None:
        raise WrongState(number=number, state="small")
    found = require_ready(act, act.person, project, last)
    lead(act, project.id)
    return watched(unit, project.id, start(unit, act.person, project, found))


def tell_done(unit: UnitOfWork) -> None:
    """Requesters whose pilot has all its answers read what it brought."""
    for number in unit.pilots.due(AT_ONCE):
        project = unit.projects.get(number)
        found = pilot_of(unit, project)
        if unit.pilots.told(number) and project.state is ProjectState.RUNNING and found is not None:
            waiting = unit.batches.waiting(number)
            seconds = measured(unit, project)
            told = PilotDone(number, project.title, found, seconds, waiting.tasks)
            unit.outbox.tell(project.requester, told)
