"""A requester asks for more answers to each task, while a project runs or once it is complete, with one press."""

from domain.fairness.stops import NO_LAUNCH
from domain.money.amounts import Millionths
from domain.money.pricing import Quote
from domain.people.people import Person
from domain.projects.outlooks import MoreAsked, MoreOffer, OfferedMore
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.refusals import BadInput, NothingToLaunch, UnknownChoice, WrongState
from services.act import Act, Reply
from services.money import topups, transfers
from services.money.wage_floor import debts
from services.projects import bulk_updates, launches
from services.projects.authoring.accuracy_outlook import with_answers
from services.projects.forms import check_pages
from services.projects.lifecycle import run
from services.projects.ownership import check_by_hand, mine
from services.projects.preflight import priced
from services.projects.progress import watched
from storage.unit import UnitOfWork

STEPS = (1, 2, 4)
MOST_TASKS = 5_000  # reopened in one transaction
MOST = 1_000  # answers a task


def offer(act: Act, number: ProjectId) -> MoreOffer:
    project = _askable(act, number)
    steps = [project.overlap + more for more in STEPS if project.overlap + more <= MOST]
    offered = [
        OfferedMore(each, _price(act, project, each).total, with_answers(act.unit, project, each)) for each in steps
    ]
    now = with_answers(act.unit, project, project.overlap)
    return MoreOffer(project.id, project.title, project.currency, project.overlap, now, tuple(offered))


def ask(act: Act, number: ProjectId, overlap: int) -> Reply:
    """Holds what they cost and opens the tasks again. Raises FundsMissing and changes nothing; a second press changes
    nothing."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = _askable(act, number)
    more = overlap - project.overlap
    if more not in STEPS or overlap > MOST:
        raise UnknownChoice()
    price = _price(act, project, overlap)
    launches.check_price(project, price)
    _hold(unit, act.person, project, price, overlap)
    if project.state in ENDED:
        run(unit, project)
    for task in unit.batches.more.ask(project.id, more):
        unit.openings.give_back(project.id, False, task, more)
    bulk_updates.wake_workers(unit, project.id)
    asked = MoreAsked(project.id, project.title, project.currency, overlap, price.total)
    return watched(unit, project.id, asked)


def _hold(unit: UnitOfWork, requester: Person, project: Project, price: Quote, overlap: int) -> None:
    transfers.afford(unit, requester, project, price.total, owed=price.owed)
    unit.spending.stated.add(project.id, price.held)
    debts.pay_all(unit, requester, project.currency, project.id)
    transfers.hold(unit, requester, project, Millionths(price.reward + price.fee), f"overlap:{overlap}")
    topups.promise(unit, requester, project, price)


def _price(act: Act, project: Project, overlap: int) -> Quote:
    tasks = act.unit.batches.more.tasks(project.id, MOST_TASKS + 1)
    if not tasks:
        raise NothingToLaunch(number=project.id)
    if tasks > MOST_TASKS:
        raise BadInput(what="cost", value=str(tasks), expected=[])
    return priced(act.unit, project, act.house.terms, tasks, 0, tasks * (overlap - project.overlap))


def _askable(act: Act, number: ProjectId) -> Project:
    """A project of a fixed overlap, running or complete. Raises WrongState."""
    project = mine(act.unit, act.person, number)
    check_by_hand(project)
    check_pages(act.house, project.kind)
    if project.state not in (ProjectState.RUNNING, ProjectState.COMPLETE) or project.confidence is not None:
        raise WrongState(number=number, state=project.state.value)
    if act.unit.bulk_updates.of(number, "close"):
        raise WrongState(number=number, state="ending")
    if act.person.suspended or not NO_LAUNCH.isdisjoint(project.paused):
        raise WrongState(number=number, state="suspended" if act.person.suspended else "ended by admin")
    return project
