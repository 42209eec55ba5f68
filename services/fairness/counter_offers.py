"""Counter-offers: a worker states the right pay for a task; the requester sees figures, never a person."""

from typing import Any

from domain.fairness.counter_offers import (
    AmountAwaited,
    CounterOfferKept,
    PayAsked,
    PayUnsaid,
    PayVoices,
    is_counter_offer,
    offered_amounts,
    summarize_offers,
)
from domain.money.amounts import Millionths, parse_typed_amount
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.refusals import BadInput, NotFound
from services.act import Act, Reply
from services.people import next_words
from storage.unit import UnitOfWork

JOURNEY = "counter_offer"


def ask_right_pay(act: Act, project: ProjectId) -> PayAsked:
    """Offer amounts after “Too low”; another amount may be typed at once, unless the next message belongs to another
    journey."""
    offered_project = _get_offered_project(act, project)
    if next_words.is_text_unclaimed(act, JOURNEY):
        act.unit.drafts.keep(act.person.id, JOURNEY, {"project": offered_project.id}, act.unit.now)
    return PayAsked(
        offered_project.id,
        offered_project.title,
        offered_project.pay,
        offered_project.currency,
        offered_amounts(offered_project.pay),
    )


def ask_own_amount(act: Act, project: ProjectId) -> Reply:
    """Take the worker's next message as their own amount."""
    offered_project = _get_offered_project(act, project)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"project": offered_project.id}, act.unit.now)
    return Reply(AmountAwaited(offered_project.title, offered_project.pay, offered_project.currency), edits=act.message)


def close_question(act: Act) -> Reply:
    """Close the question in the pressed message, and expect no amount any more; an earlier counter-offer stays."""
    act.unit.drafts.stop(act.person.id, JOURNEY)
    return Reply(PayUnsaid(), edits=act.message)


def make_counter_offer(act: Act, project: ProjectId, asked: Millionths) -> Reply:
    """Store the pressed amount; it replaces an earlier counter-offer. Raise NotFound if the worker was not offered the
    project, BadInput if the amount is no counter-offer."""
    result = _store_counter_offer(act, _get_offered_project(act, project), asked)
    act.unit.drafts.stop(act.person.id, JOURNEY)
    return Reply(result, edits=act.message)


def make_typed_counter_offer(act: Act, draft_fields: dict[str, Any], words: str) -> CounterOfferKept | None:
    """Store the typed amount as a counter-offer. Return None if the text is no amount."""
    amount = parse_typed_amount(words, act.house.terms.currency)
    if not amount:
        return None
    result = _store_counter_offer(act, _get_offered_project(act, ProjectId(draft_fields["project"])), amount)
    act.unit.drafts.drop(act.person.id)
    return result


def find_pay_voices(unit: UnitOfWork, project: Project) -> PayVoices | None:
    """Return what a requester sees of the counter-offers, None if there are none."""
    offers = unit.counter_offers.list_offers(project.id)
    return summarize_offers(offers, unit.counter_offers.count_declined(project.id), project.pay) if offers else None


def _get_offered_project(act: Act, number: ProjectId) -> Project:
    """Return a running project that this worker was offered. Raise NotFound for any other."""
    enrolment = act.unit.enrolments.find(act.person.id, number)
    project = act.unit.projects.find(number) if enrolment and enrolment.barred is None else None
    if project is None or project.state is not ProjectState.RUNNING or project.requester == act.person.id:
        raise NotFound(what="offer", name="")
    return project


def _store_counter_offer(act: Act, project: Project, asked: Millionths) -> CounterOfferKept:
    if not is_counter_offer(asked, project.pay):
        raise BadInput(what="counter_offer", value="", expected=[])
    act.unit.counter_offers.store_offer(project.id, act.person.id, asked)
    return CounterOfferKept(project.title, asked, project.currency)
