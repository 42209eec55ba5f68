"""The project of a HIT type, and the money of a HIT's places: held before they are given out, returned when nobody can
take them any more."""

from dataclasses import replace

from domain.answers import kind_of, list_kinds
from domain.fairness.first_look import LookState
from domain.fairness.stops import NO_LAUNCH
from domain.moments import MINUTE, SECOND
from domain.money.amounts import Millionths, fee_for_reward
from domain.money.ledger import requester_account
from domain.people.accounts import Person
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.projects.tasks import TaskId
from domain.refusals import FundsMissing, TeamRefusal, WrongState
from domain.work.dispatch import UNPARKED_WORKERS
from extensions.mturk.domain import hits
from extensions.mturk.domain.hits import DENIED, FUNDS, INVALID, Hit, HitType, RequestError, Shape
from extensions.mturk.services.hit_types import to_audience
from extensions.mturk.storage.hits import Hits, HitTypes
from services.act import Act
from services.fairness import first_look
from services.money import topups, transfers
from services.people import team_spending
from services.projects import launches, lifecycle
from services.projects.lifecycle import resume
from services.projects.preflight import price_of
from services.projects.projects import lead
from storage.projects.batches import EVERY
from storage.unit import UnitOfWork

LONGEST_MINUTES = 10_080
TEMPLATE = "{text}\n{image}\n{audio}\n{video}"
FILE = "HITs"


def get_project_for_new_hits(act: Act, type_: HitType) -> Project:
    """Return the project whose tasks are the type's new HITs. Create a draft if there is none, or its requester stopped
    it."""
    unit = act.unit
    if type_.project is not None:
        project = unit.projects.get(type_.project)
        if project.state is not ProjectState.STOPPED:
            return project
    audience = to_audience(unit, act.person, type_.shape.requirements)
    drafted = _build_draft(act, type_.shape)
    lines = (*drafted.instructions, *audience.lines)
    number = unit.projects.add(replace(drafted, who=audience.who, content=audience.content, instructions=lines))
    batch = unit.batches.begin(number, act.person.id, f"mturk:{type_.id}:{number}", FILE, 0)
    unit.batches.show(batch)
    unit.records(HitTypes).set_project(type_.id, number)
    lead(act, number)
    return unit.projects.get(number)


def _build_draft(act: Act, shape: Shape) -> Project:
    terms = act.house.terms
    return Project(
        id=ProjectId(0),
        requester=act.person.id,
        title=shape.single_line_title,
        instructions=tuple(filter(None, map(str.strip, shape.description.splitlines()))),
        kind=get_program_kind(),
        options=(),
        template=TEMPLATE,
        columns=("text",),
        currency=terms.currency,
        pay=shape.reward,
        fee=fee_for_reward(shape.reward, terms.fee_percent),
        overlap=1,
        max_overlap=1,
        confidence=None,
        accept="review",
        minutes=min(LONGEST_MINUTES, -(-shape.duration * SECOND // MINUTE)),
        purpose="",
        languages=(),
        state=ProjectState.DRAFT,
        created_at=act.unit.now,
        launched_at=None,
        ended_at=None,
    )


def get_program_kind() -> str:
    return next(name for name in list_kinds() if kind_of(name).is_of_programs)


def start_or_resume(act: Act, project: Project, seconds: float) -> Project:
    """Return the project in state running: launch its waiting tasks, or resume it after its last HIT was done. Raise
    RequestError if an admin stopped it, and WrongState while the tasks of a stopped project are still being closed,
    because no money is held for them any more."""
    unit = act.unit
    if not NO_LAUNCH.isdisjoint(project.paused):
        raise RequestError(DENIED, "An admin stopped this HIT type after a report. /projects in the chat says more.")
    if project.state is ProjectState.RUNNING:
        return project
    unit.projects.lock(project.id)
    if project.state is ProjectState.STOPPED and unit.bulk_updates.find(project.id, "close"):
        raise WrongState(number=project.id, state="ending")
    if unit.batches.waiting(project.id).tasks:  # they waited for an admin, who let another project start
        launches.start_project(unit, act.person, project, launches.require_ready(act, act.person, project))
        return unit.projects.get(project.id)
    topups.pay_arrears(unit, act.person, project.currency)
    resume(unit, project)
    floor, took = act.house.terms.floor, round(seconds * 1000)
    unit.batches.launch(project.id, EVERY)
    if floor:
        unit.topups.store_promise(project.id, floor, took, took)
    return unit.projects.get(project.id)


def fund_places(act: Act, project: Project, places: int, seconds: float) -> None:
    """Hold reward and fee of these additional places, and the reserve of the wage floor. Raise FundsMissing."""
    needed = places * project.cost_each + max(0, topups.get_reserve_shortfall(act.unit, project, seconds, places))
    act.unit.spending.stated.add(project.id, needed)
    transfers.hold_places(act.unit, act.person, project, places)
    topups.raise_reserve(act.unit, act.person, project, seconds)


def open_places(act: Act, project: Project, places: int, seconds: float) -> tuple[Project, str]:
    """Return the project with money held for the places, and the state of their task: `draft`, with nothing held yet,
    while an admin must look at the requester's first project, else `open`."""
    if not first_look.needs_first_look(act, act.person, project):
        project = start_or_resume(act, project, seconds)
        fund_places(act, project, places, seconds)
        return project, "open"
    await_first_look(act, project, places)
    return project, "draft"


def await_first_look(act: Act, project: Project, places: int) -> None:
    """Count places that are paid once an admin lets the requester's first project start. Raise RequestError if an admin
    refused it, or the requester's balance does not cover the cost."""
    look, cost = act.unit.first_looks.find(project.id), places * project.cost_each
    if look is not None and look.state is LookState.REFUSED:
        raise RequestError(DENIED, f"An admin did not let your first project start: {look.reason}")
    balance = act.unit.ledger.balance(requester_account(act.person), project.currency)
    if balance < cost:
        amounts = f"{hits.format_amount(cost)} {project.currency}; {hits.format_amount(balance)} is available."
        raise RequestError(FUNDS, f"This HIT takes {amounts}")
    act.unit.api_keys.awaited += cost


def count_places_of_policies(
    act: Act, project: Project, places: int, seconds: float, before: Project | None = None
) -> None:
    """Count places that policies of a HIT may add later against this key's budget, because no key is used then. For a
    HIT that was of project `before`, count only the difference in cost."""
    if places > 0:
        added_cost = project.cost_each - (before.cost_each if before else 0)
        act.unit.api_keys.awaited += places * max(0, added_cost) + max(
            0, topups.get_reserve_shortfall(act.unit, project, seconds, places)
        )


def announce_task(act: Act, project: Project, state: str) -> None:
    """Announce a new task: wake the workers if it is open; else ask admins and tell the requester, once, that the first
    project waits for a look."""
    if state != "draft":
        wake_workers(act.unit, project)
    elif act.unit.first_looks.find(project.id) is None:
        waits = first_look.ask_for_first_look(act, project, price_of(act.unit, project, act.house.terms))
        act.unit.outbox.tell(project.requester, waits)


def return_place_money(unit: UnitOfWork, project: Project, places: int) -> None:
    """Return the money of unused places of a running project; a sweep returns what an ended project still holds."""
    if places > 0 and project.state is ProjectState.RUNNING:
        requester = unit.people.get(project.requester)
        transfers.return_places(unit, requester, project, Millionths(places * project.cost_each))


def require_wage_floor(act: Act, requester: Person, project: Project, seconds: float) -> None:
    """Raise RequestError if the reward is below the wage floor. It needs no query, so that a program may retry without
    end."""
    floor = act.house.terms.floor
    needed = -(-floor * round(seconds * 1000) // 3_600_000)
    if project.pay < needed:
        least = hits.format_amount(-(-needed // 10_000) * 10_000)
        raise RequestError(
            INVALID,
            f"Reward {hits.format_amount(project.pay)} is below the wage floor of {hits.format_amount(floor)}"
            f" {project.currency} an hour: an answer takes about {round(seconds)} seconds, so it is {least} at least.",
        )


def wake_workers(unit: UnitOfWork, project: Project) -> None:
    lifecycle.wake_workers(unit, project.id)


def move_place_to_new_type(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    """Return the money of a place whose HIT has ended or got another type (UpdateHITTypeOfHIT). If the HIT lives on
    under another type, hold the money there and open a place, as far as there is money; else it has one assignment
    less."""
    requester = unit.people.get(project.requester)
    if project.state is ProjectState.RUNNING:
        transfers.return_places(unit, requester, project, project.cost_each)
    hit_id = unit.records(Hits).of_task(task_id)
    hit = unit.records(Hits).get(hit_id) if hit_id is not None else None
    if hit is None or hit.task == task_id or hit.expires_at <= unit.now or hit.disposed_at is not None:
        return
    unit.require_whole_turn()
    if project.state in ENDED:
        transfers.return_unused_budget(unit, requester, project)
    unit.projects.lock(hit.project)
    new_project = unit.projects.get(hit.project)
    if new_project.state in (ProjectState.RUNNING, ProjectState.COMPLETE) and _try_to_hold_place(
        unit, requester, new_project
    ):
        _open_place(unit, new_project, hit)


def _try_to_hold_place(unit: UnitOfWork, requester: Person, project: Project) -> bool:
    """Hold the money for one more place, and return whether there was enough, within the cap of the team member who
    asked for the project."""
    promise = unit.topups.find_promise(project.id)
    seconds = promise.expected / 1000 if promise else 0.0
    needed_amount = Millionths(project.cost_each + max(0, topups.get_reserve_shortfall(unit, project, seconds, 1)))

    def hold() -> None:
        unit.spending.stated.add(project.id, needed_amount)
        transfers.hold_places(unit, requester, project, 1)
        topups.raise_reserve(unit, requester, project, seconds)

    try:
        transfers.require_funds(unit, requester, project, needed_amount)
        team_spending.run_charged_to_asker(unit, project, needed_amount, hold)
    except (FundsMissing, TeamRefusal):
        return False
    return True


def _open_place(unit: UnitOfWork, project: Project, hit: Hit) -> None:
    """Open one more place of the HIT's task, and reopen its project if that was complete."""
    if project.state is ProjectState.COMPLETE:  # all that was asked there was answered
        resume(unit, project)
        unit.batches.launch(project.id, EVERY)
    task = unit.tasks.lock(hit.task)
    if not unit.records(Hits).raise_overlap(task.id, 1):
        unit.records(Hits).set_task_state(task.id, "open")
        unit.records(Hits).set_open(hit.id, True)
        unit.records(Hits).set_reviewing(hit.id, False)
        unit.openings.give_back(project.id, False, task.id)
    unit.people.unpark_for(project.id, task.id, UNPARKED_WORKERS)
