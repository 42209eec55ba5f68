"""Counter-offers: a worker says which pay would be right; the requester sees figures, never a person."""

from typing import Any

from domain.fairness.counter_offers import (
    AmountAwaited,
    CounterOfferKept,
    PayAsked,
    PayVoices,
    heard,
    is_counter_offer,
    steps_of,
)
from domain.money.amounts import Millionths, typed_amount
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.refusals import BadInput, NotFound
from services.act import Act, Reply
from services.people import next_words
from storage.unit import UnitOfWork

JOURNEY = "counter_offer"


def ask(act: Act, project: ProjectId) -> PayAsked:
    """“Too low”: some amounts are offered. Another one may be typed at once, unless the next words belong elsewhere."""
    of = _known(act, project)
    if next_words.are_free(act, JOURNEY):
        act.unit.drafts.keep(act.person.id, JOURNEY, {"project": of.id}, act.unit.now)
    return PayAsked(of.id, of.title, of.pay, of.currency, steps_of(of.pay))


def ask_amount(act: Act, project: ProjectId) -> Reply:
    """The next words are the worker's own amount."""
    of = _known(act, project)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"project": of.id}, act.unit.now)
    return Reply(AmountAwaited(of.title, of.pay, of.currency), edits=act.message)


def say(act: Act, project: ProjectId, asked: Millionths) -> Reply:
    """The pressed amount. Said again, it takes the place of the one before."""
    kept = _keep(act, _known(act, project), asked)
    act.unit.drafts.stop(act.person.id, JOURNEY)
    return Reply(kept, edits=act.message)


def typed(act: Act, kept: dict[str, Any], words: str) -> CounterOfferKept | None:
    """The typed amount; None where the words are none."""
    asked = typed_amount(words, act.house.terms.currency)
    if not asked:
        return None
    found = _keep(act, _known(act, ProjectId(kept["project"])), asked)
    act.unit.drafts.drop(act.person.id)
    return found


def voices_of(unit: UnitOfWork, project: Project) -> PayVoices | None:
    """What its requester sees of the counter-offers."""
    offers = unit.counter_offers.of(project.id)
    return heard(offers, unit.counter_offers.declined(project.id), project.pay) if offers else None


def _known(act: Act, number: ProjectId) -> Project:
    """A running project this worker was offered; another one is not revealed."""
    enrolment = act.unit.enrolments.find(act.person.id, number)
    project = act.unit.projects.find(number) if enrolment and enrolment.barred is None else None
    if project is None or project.state is not ProjectState.RUNNING or project.requester == act.person.id:
        raise NotFound(what="offer", name="")
    return project


def _keep(act: Act, project: Project, asked: Millionths) -> CounterOfferKept:
    if not is_counter_offer(asked, project.pay):
        raise BadInput(what="counter_offer", value="", expected=[])
    act.unit.counter_offers.keep(project.id, act.person.id, asked)
    return CounterOfferKept(project.title, asked, project.currency)
