"""Launch: the whole budget is held, tasks open, and the requester gets a progress message."""

from dataclasses import dataclass

from domain.fairness.reports import PAUSE as REPORTED
from domain.fairness.stops import NO_LAUNCH
from domain.messages import Message
from domain.money.amounts import Millionths
from domain.money.ledger import budget_account
from domain.money.pricing import Quote
from domain.people.people import Person
from domain.projects.messages import ProjectLaunched
from domain.projects.projects import ENDED, HELD, Project, ProjectId
from domain.refusals import BelowFloor, NothingToLaunch, TimeUntold, WrongState
from domain.work.delivery import BUTTONS, PAUSE
from services.act import Act, Reply
from services.fairness.oversight import first_look
from services.money import topups, transfers
from services.money.wage_floor import debts
from services.projects import bulk_updates
from services.projects.authoring import digests
from services.projects.forms import check_pages
from services.projects.ownership import check_by_hand, lead, mine
from services.projects.preflight import card_of, price_of
from services.projects.progress import watched
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
        if topups.owed(unit, number) and not price_of(unit, project, act.house.terms).tasks:
            return Reply(debts.pay(unit, act.person, project))
        check_by_hand(project)
    found = ready(act, act.person, project)
    lead(act, project.id)
    if first_look.is_due(act, act.person, project):
        counted = first_look.counted(act, project)
        waits = first_look.ask(act, project, found.price)
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
    return topups.reserve_missing(act.unit, project, price.total)


def ready(act: Act, requester: Person, project: Project, upto: int = EVERY) -> Ready:
    """Raises what stands against a launch; changes nothing."""
    unit, number = act.unit, project.id
    if project.state in ENDED and unit.bulk_updates.of(number, "close"):
        raise WrongState(number=number, state="ending")
    if requester.suspended:
        raise WrongState(number=number, state="suspended")
    if not NO_LAUNCH.isdisjoint(project.paused):
        stop, state = unit.stops.of_project(number), "reported" if REPORTED in project.paused else "ended by admin"
        raise WrongState(number=number, state=state, stop=stop.id if stop and stop.may_be_appealed else 0)
    check_pages(act.house, project.kind)
    price = price_of(unit, project, act.house.terms, upto)
    if price.tasks == 0 and not price.reserve:
        raise NothingToLaunch(number=project.id)
    check_price(project, price)
    transfers.afford(unit, requester, project, price.total, owed=price.owed)
    return Ready(price, upto)


def start(unit: UnitOfWork, requester: Person, project: Project, found: Ready) -> ProjectLaunched:
    """What `ready` found goes."""
    _hold(unit, requester, project, found)
    _open(unit, project, found.upto)
    digests.begin(unit, requester.id)
    return ProjectLaunched(project.id, project.title, found.held, project.currency)


def go_on(act: Act, number: ProjectId) -> Reply:
    """Tasks that Telegram could not show are passed by: the others are given out again. Raises WrongState where the
    project does not pause for such tasks."""
    unit, project = act.unit, mine(act.unit, act.person, number)
    resumed = [reason for reason in (PAUSE, BUTTONS) if unit.projects.resume(project.id, reason)]
    if not resumed:
        raise WrongState(number=project.id, state=project.state.value)
    unit.undelivered.see(project.id)
    bulk_updates.wake_workers(unit, project.id)
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
        bulk_updates.open_tasks(unit, project.id, 0, unit.tasks.last_position(project.id))
    elif waiting.tasks:
        bulk_updates.open_tasks(unit, project.id, waiting.first - 1, waiting.last)
    bulk_updates.wake_workers(unit, project.id)


def _hold(unit: UnitOfWork, requester: Person, project: Project, found: Ready) -> None:
    """Holds the budget, and the reserve for longer tasks: all, or nothing."""
    price = found.price
    unit.spending.stated.add(project.id, price.held)
    debts.pay_all(unit, requester, project.currency, project.id)
    if price.tasks:
        budget = Millionths(price.reward + price.fee)
        last: int | str = unit.batches.waiting(project.id, found.upto).last
        if project.state in ENDED:  # there may be nothing new in it
            last = f"again:{unit.ledger.version(budget_account(project.id), project.currency)}"
        transfers.hold(unit, requester, project, budget, last)
    topups.promise(unit, requester, project, price)
