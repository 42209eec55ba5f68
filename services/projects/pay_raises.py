"""A requester raises the pay of a project, with one press. Once it was launched, pay never goes down.

Every later answer is paid the new pay, also where its task was shown with the old one. The difference is held for
every answer still possible before workers are notified.
"""

from dataclasses import replace
from typing import Any

from domain.fairness.counter_offers import AskedPayReached
from domain.fairness.stops import NO_LAUNCH
from domain.money.amounts import MAX_AMOUNT, Millionths, as_decimal, fee_for_reward, parse_typed_amount
from domain.money.ledger import budget_account
from domain.money.pricing import MAX_PAY, Quote, Terms, suggest_raises
from domain.people.accounts import Person
from domain.projects.pay_raises import OfferedRaise, PayRaised, PayRaiseNews, RaiseOffer
from domain.projects.preflight import MoreAsked, MoreOffer, OfferedMore, Preflight
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.refusals import BadInput, NothingToLaunch, OnlyUp, UnknownChoice, WrongState
from services.act import Act, Reply
from services.money import topups, transfers
from services.projects import launches, lifecycle, projects
from services.projects.lifecycle import resume
from services.projects.preflight import accuracy_with, card_of, price_of_answers
from services.projects.progress import progress_reply
from services.projects.projects import check_by_hand, mine
from services.projects.wizard import check_pages
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

STEPS = (1, 2, 4)
MOST_TASKS = 5_000  # reopened in one transaction
MOST = 1_000  # answers a task


def offer_more_answers(act: Act, number: ProjectId) -> MoreOffer:
    """Return what one, two or four more answers a task would cost, and how right results would be. Raise WrongState,
    NothingToLaunch, or BadInput for too many tasks."""
    project = get_extendable(act, number)
    steps = [project.overlap + extra for extra in STEPS if project.overlap + extra <= MOST]
    offers = [
        OfferedMore(step, _price_of_answers(act, project, step).total, accuracy_with(act.unit, project, step))
        for step in steps
    ]
    now = accuracy_with(act.unit, project, project.overlap)
    return MoreOffer(project.id, project.title, project.currency, project.overlap, accuracy=now, offered=tuple(offers))


def ask_for_more_answers(act: Act, number: ProjectId, overlap: int) -> Reply:
    """Hold the cost of raising the overlap to `overlap` and open the tasks again. Raise FundsMissing and change
    nothing; raise UnknownChoice if it is no offered step, as after a second press."""
    unit = act.unit
    unit.projects.lock(mine(unit, act.person, number).id)
    project = get_extendable(act, number)
    extra = overlap - project.overlap
    if extra not in STEPS or overlap > MOST:
        raise UnknownChoice()
    price = _price_of_answers(act, project, overlap)
    launches.require_price(project, price)
    hold_more(unit, act.person, project, price, f"overlap:{overlap}")
    if project.state in ENDED:
        resume(unit, project)
    for task in unit.batches.more.ask(project.id, extra):
        unit.openings.give_back(project.id, False, task, extra)
    lifecycle.wake_workers(unit, project.id)
    result = MoreAsked(project.id, project.title, project.currency, overlap, price.total)
    return progress_reply(unit, project.id, result)


def hold_more(unit: UnitOfWork, requester: Person, project: Project, price: Quote, name: str) -> None:
    """Hold the price of more answers; `name` makes the movement's key unique. Raise FundsMissing."""
    transfers.require_funds(unit, requester, project, price.total, owed=price.owed)
    unit.spending.stated.add(project.id, price.total)
    topups.pay_arrears(unit, requester, project.currency, project.id)
    transfers.hold_budget(unit, requester, project, Millionths(price.reward + price.fee), name)
    topups.record_promise(unit, requester, project, price)


def _price_of_answers(act: Act, project: Project, overlap: int) -> Quote:
    tasks = act.unit.batches.more.tasks(project.id, MOST_TASKS + 1)
    if not tasks:
        raise NothingToLaunch(number=project.id)
    if tasks > MOST_TASKS:
        raise BadInput(what="cost", value=str(tasks), expected=[])
    return price_of_answers(
        act.unit, project, act.house.terms, tasks, gold=0, answers=tasks * (overlap - project.overlap)
    )


def get_extendable(act: Act, number: ProjectId) -> Project:
    """A project of a fixed overlap, running or complete. Raises WrongState."""
    project = mine(act.unit, act.person, number)
    check_by_hand(project)
    check_pages(act.house, project.kind)
    if project.state not in (ProjectState.RUNNING, ProjectState.COMPLETE) or project.confidence is not None:
        raise WrongState(number=number, state=project.state.value)
    if act.unit.bulk_updates.find(number, "close"):
        raise WrongState(number=number, state="ending")
    if act.person.suspended or not NO_LAUNCH.isdisjoint(project.paused):
        raise WrongState(number=number, state="suspended" if act.person.suspended else "ended by admin")
    return project


TOLD = 1_000  # workers with a task in hand who are notified at once


def offer_raise(act: Act, number: ProjectId) -> RaiseOffer:
    """Return the costs of some raises of the pay."""
    project = _get_raisable(act.unit, act.person, number)
    steps = [_raised_project(act.unit, project, pay, act.house.terms) for pay in suggest_raises(project.pay)]
    offers = tuple(OfferedRaise(raised.pay, extra) for raised, extra in steps)
    draft = project.state is ProjectState.DRAFT
    return RaiseOffer(project.id, project.title, project.currency, project.pay, offered=offers, draft=draft)


def raise_to(act: Act, number: ProjectId, pay: str) -> PayRaised | Preflight:
    """Raise the pay to the amount as it was typed. Raise BadInput if it cannot be read."""
    amount = parse_typed_amount(pay, act.house.terms.currency, f"/raise {number} {{}}")
    if not amount:
        raise BadInput(what="raise", value=pay, expected=["amount"])
    return raise_pay(act, number, amount)


def raise_pay(act: Act, number: ProjectId, pay: Millionths) -> PayRaised | Preflight:
    """Raise the pay, hold the difference and notify workers; a draft is repriced, also downwards, and its card
    returned. Raise OnlyUp for a pay that is not higher (as after a second press), FundsMissing without the money; both
    change nothing."""
    unit, terms = act.unit, act.house.terms
    unit.pay_raises.lock(_get_raisable(unit, act.person, number).id)
    project = _get_raisable(unit, act.person, number)
    if not 0 < pay <= MAX_PAY:
        raise BadInput(what="raise", value=str(as_decimal(pay)), expected=["amount"])
    if project.state is ProjectState.DRAFT:
        unit.projects.reprice(project.id, pay, fee_for_reward(pay, terms.fee_percent))
        return card_of(act, number)
    if pay <= project.pay:
        raise OnlyUp(number=number, pay=project.pay, currency=project.currency)
    raised, extra = _raised_project(unit, project, pay, terms)
    turn = unit.pay_raises.next_number(project.id)
    if extra:
        unit.spending.stated.add(project.id, extra)
        transfers.hold_raise(unit, act.person, project, extra, turn)
    unit.pay_raises.keep(
        project, turn, raised.pay, raised.fee, held_amount=extra, after=unit.submissions.last_of(project.id)
    )
    topups.pay_due_topups(unit, raised)
    _tell_workers(unit, project, raised)
    return PayRaised(raised.id, raised.title, raised.currency, raised.pay, before=project.pay, held=extra)


def _get_raisable(unit: UnitOfWork, requester: Person, number: int) -> Project:
    project = projects.mine(unit, requester, number)
    if project.state not in (ProjectState.DRAFT, ProjectState.RUNNING):
        raise WrongState(number=number, state=project.state.value)
    return project


def _raised_project(unit: UnitOfWork, project: Project, pay: Millionths, terms: Terms) -> tuple[Project, Millionths]:
    """Return the project at this pay, and the cost: the difference for each answer that the budget pays for now. Raise
    BadInput for an impossible amount."""
    fee = max(project.fee, fee_for_reward(pay, terms.fee_percent))
    raised = replace(project, pay=pay, fee=fee)
    if project.state is ProjectState.DRAFT:
        return raised, Millionths(0)
    answers = unit.ledger.locked_balance(budget_account(project.id), project.currency) // project.cost_each
    extra = (raised.cost_each - project.cost_each) * answers
    if extra > MAX_AMOUNT:
        raise BadInput(what="cost", value=str(answers), expected=[])
    return raised, Millionths(extra)


def _tell_workers(unit: UnitOfWork, former: Project, raised: Project) -> None:
    """Notify workers with a task of the project in hand, and those who left it and whose asked pay is reached."""
    news = PayRaiseNews(raised.title, raised.currency, raised.pay, former.pay)
    delivery: dict[str, Any] = {"lane": Lane.BROADCAST, "klass": "nudge", "expires_in": raised.minutes * 60_000}
    for worker in unit.pay_raises.at_it(raised.id, TOLD):
        unit.outbox.tell(worker, news, **delivery)
    notice = AskedPayReached(raised.id, raised.title, raised.pay, raised.currency)
    for worker in unit.counter_offers.reached(raised.id, former.pay, raised.pay, TOLD):
        unit.outbox.tell(worker, notice, lane=Lane.BROADCAST, klass="nudge")
