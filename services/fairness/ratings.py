"""Ratings of requesters: given by workers, asked for once, replied to once."""

from typing import Any

from domain.fairness.ratings import (
    ASKED_AFTER,
    ASKED_AT,
    AXES,
    LEAST_TASKS,
    MarkWanted,
    RateableRequester,
    RatingAsked,
    RatingKept,
    ReplyDropped,
    ReplyShown,
    ReplyToSend,
    ReplyWanted,
    RequestersToRate,
    marks_of,
    reply_of,
)
from domain.moments import DECISION_TIME, Moment, later
from domain.people.accounts import Person, PersonId
from domain.projects.projects import Project, ProjectId
from domain.refusals import BadInput, NotFound
from services.act import Act, Reply
from services.work import answer_messages
from storage.boxes.outbox import Lane
from storage.fairness.ratings import RatingAsk
from storage.unit import UnitOfWork


def offered(
    unit: UnitOfWork, worker: PersonId, project: Project, decided: int | None = None
) -> RateableRequester | None:
    """The requester of a project, where this worker may rate them; `decided` spares counting their answers."""
    if decided is None:
        decided = unit.ratings.decided(worker, project.requester)
    if decided < LEAST_TASKS:
        return None
    rated = unit.ratings.of(project.requester, worker) is not None
    return RateableRequester(project.id, unit.people.get(project.requester).name, rated)


def has_worked(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> bool:
    """Whether enough of their answers for this requester are decided."""
    return unit.ratings.decided(worker, requester) >= LEAST_TASKS


LISTED = 200  # workers put on the list in one transaction
TOGETHER = 50  # workers asked in one transaction


def after_end(unit: UnitOfWork, project: Project) -> None:
    """Its workers are asked now, or once the requester's time to decide about their answers is over."""
    due = later(unit.now, DECISION_TIME) if project.accept == "review" else unit.now
    unit.ratings.open_round(project.id, due)


def after_answer(unit: UnitOfWork, worker: Person, project: Project, answered: int) -> None:
    """A worker who stays with a project is asked a while after so many answers."""
    if answered == ASKED_AT:
        unit.ratings.ask(project.requester, worker.id, project.id, later(unit.now, ASKED_AFTER))


def at_leaving(unit: UnitOfWork, worker: Person, project: Project) -> RateableRequester | None:
    """Whom a worker who leaves a project may rate; with that they were asked."""
    found = offered(unit, worker.id, project)
    if found is not None:
        unit.ratings.ask(project.requester, worker.id, project.id, unit.now)
        unit.ratings.asked(RatingAsk(project.requester, worker.id, project.id))
    return found


def ask_due(unit: UnitOfWork) -> None:
    """Sweep: one step of a round, then those whose time has come; each hears of it once, without a sound."""
    _list_workers(unit)
    for ask in unit.ratings.due(TOGETHER):
        _ask(unit, ask)


def _list_workers(unit: UnitOfWork) -> None:
    found = unit.ratings.round()
    if found is None:
        return
    number, after = found
    project, workers = unit.projects.get(number), unit.ratings.workers(number, after, LISTED)
    for worker in workers:
        unit.ratings.ask(project.requester, worker, number, Moment(unit.now))
    unit.ratings.move_round(number, workers[-1] if len(workers) == LISTED else None)


def _ask(unit: UnitOfWork, ask: RatingAsk) -> None:
    """Who may not rate yet, or wants no messages now, may be asked after another project."""
    worker, project = unit.people.get(ask.worker), unit.projects.get(ask.project)
    found = offered(unit, worker.id, project) if _listens(worker) else None
    if found is None or not found.name:
        unit.ratings.not_asked(ask)
        return
    unit.ratings.asked(ask)
    if not found.rated:
        told = RatingAsked(project.id, found.name, project.title)
        unit.outbox.tell(worker.id, told, lane=Lane.BROADCAST, klass="nudge")


def _listens(worker: Person) -> bool:
    return worker.is_worker and worker.reachable and not worker.paused


LISTED_REQUESTERS = 20  # requesters on one list


def rate(act: Act, project: ProjectId, marks: int) -> Reply:
    """The marks so far, a digit each, ask for the next one; with the last one all are kept. A task in hand, whose card
    has the button, stays where it is."""
    requester = _rateable(act, project)
    given = marks_of(marks)
    if given is None:
        raise BadInput(what="mark", value="", expected=[])
    if len(given) < len(AXES):
        place = None if answer_messages.shows_task(act, act.message) else act.message
        return Reply(MarkWanted(project, requester.name, given), edits=place)
    act.unit.ratings.keep(requester.id, act.person.id, given)
    return Reply(RatingKept(project, requester.name, given), edits=act.message)


def whom(act: Act) -> RequestersToRate:
    """The requesters this worker may rate, newest first."""
    return RequestersToRate(tuple(act.unit.ratings.worked_for(act.person.id, LEAST_TASKS, LISTED_REQUESTERS)))


def _rateable(act: Act, number: ProjectId) -> Person:
    """The requester of a project this worker was given a task of; another one is not revealed."""
    unit, worker = act.unit, act.person.id
    enrolment = unit.enrolments.find(worker, number)
    project = unit.projects.find(number) if enrolment and enrolment.barred is None else None
    requester = unit.people.get(project.requester) if project and project.requester != worker else None
    if requester is None or not requester.name:  # erased
        raise NotFound(what="offer", name="")
    if not has_worked(unit, worker, requester.id):
        raise BadInput(what="rate_early", value="", expected=[str(LEAST_TASKS)])
    return requester


JOURNEY = "rating_reply"


def reply(act: Act, step: int) -> ReplyWanted | ReplyToSend | ReplyShown | ReplyDropped:
    """0 asks for the words, 1 sends those shown, another value drops them."""
    if step == 0:
        return _ask_for_reply(act)
    return _send(act) if step == 1 else _drop(act)


def typed(act: Act, kept: dict[str, Any], words: str) -> ReplyToSend | None:
    """Shows the words to their writer; words typed again take their place."""
    said = reply_of(words)
    if not said:
        return None
    act.unit.drafts.keep(act.person.id, JOURNEY, {"words": said}, act.unit.now)
    return ReplyToSend(said)


def _ask_for_reply(act: Act) -> ReplyWanted:
    shown = act.unit.ratings.shown(act.person.id)
    if shown is None or shown.reply:
        raise NotFound(what="ratings", name="")
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return ReplyWanted()


def _send(act: Act) -> ReplyShown:
    draft = act.unit.drafts.of(act.person.id)
    words = str(draft.kept.get("words", "")) if draft and draft.journey == JOURNEY else ""
    if not words or not act.unit.ratings.reply(act.person.id, words):
        raise NotFound(what="ratings", name="")
    act.unit.drafts.drop(act.person.id)
    return ReplyShown(words)


def _drop(act: Act) -> ReplyDropped:
    draft = act.unit.drafts.of(act.person.id)
    if draft and draft.journey == JOURNEY:
        act.unit.drafts.drop(act.person.id)
    return ReplyDropped()
