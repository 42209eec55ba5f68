"""Ratings of requesters by workers, who are asked once; the requester may reply once."""

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
    clean_reply,
    marks_from_number,
)
from domain.moments import DECISION_TIME, Moment, later
from domain.people.accounts import Person, PersonId
from domain.programs import OwnRating
from domain.projects.projects import Project, ProjectId
from domain.refusals import BadInput, NotFound
from services.act import Act, Reply
from services.work import answer_messages
from storage.boxes.outbox import Lane
from storage.fairness.ratings import RatingAsk
from storage.unit import UnitOfWork


def find_rateable_requester(
    unit: UnitOfWork, worker: PersonId, project: Project, decided: int | None = None
) -> RateableRequester | None:
    """Return the project's requester if this worker may rate them, else None; `decided` spares counting the worker's
    decided answers."""
    if decided is None:
        decided = unit.ratings.count_decided_answers(worker, project.requester)
    if decided < LEAST_TASKS:
        return None
    rated = unit.ratings.find_marks(project.requester, worker) is not None
    return RateableRequester(project.id, unit.people.get(project.requester).name, rated)


def has_worked(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> bool:
    """Return whether enough of this worker's answers for the requester are decided to rate them."""
    return unit.ratings.count_decided_answers(worker, requester) >= LEAST_TASKS


MAX_WORKERS_LISTED_AT_ONCE = 200  # workers put on the list in one transaction
MAX_WORKERS_ASKED_AT_ONCE = 50  # workers asked in one transaction


def schedule_after_end(unit: UnitOfWork, project: Project) -> None:
    """Schedule asking a finished project's workers: now, or once the requester's time to decide about
    answers is over."""
    due = later(unit.now, DECISION_TIME) if project.accept == "review" else unit.now
    unit.ratings.open_round(project.id, due)


def schedule_after_answer(unit: UnitOfWork, worker: Person, project: Project, answered: int) -> None:
    """Schedule asking a worker who has given ASKED_AT answers in a project."""
    if answered == ASKED_AT:
        unit.ratings.schedule_ask(project.requester, worker.id, project.id, later(unit.now, ASKED_AFTER))


def offer_at_leaving(unit: UnitOfWork, worker: Person, project: Project) -> RateableRequester | None:
    """Return the requester whom a worker who leaves the project may rate, and count the worker as asked; None if they
    may not."""
    requester = find_rateable_requester(unit, worker.id, project)
    if requester is not None:
        unit.ratings.schedule_ask(project.requester, worker.id, project.id, unit.now)
        unit.ratings.store_asked(RatingAsk(project.requester, worker.id, project.id))
    return requester


def ask_due_workers(unit: UnitOfWork) -> None:
    """Put some workers of a finished project on the list, then ask workers whose time has come, once and silently."""
    _list_workers(unit)
    for ask in unit.ratings.due_asks(MAX_WORKERS_ASKED_AT_ONCE):
        _ask_worker(unit, ask)


def _list_workers(unit: UnitOfWork) -> None:
    rating_round = unit.ratings.find_round()
    if rating_round is None:
        return
    number, after = rating_round
    project, workers = unit.projects.get(number), unit.ratings.workers(number, after, MAX_WORKERS_LISTED_AT_ONCE)
    for worker in workers:
        unit.ratings.schedule_ask(project.requester, worker, number, Moment(unit.now))
    unit.ratings.move_round(number, workers[-1] if len(workers) == MAX_WORKERS_LISTED_AT_ONCE else None)


def _ask_worker(unit: UnitOfWork, ask: RatingAsk) -> None:
    """Ask a worker to rate a requester. A worker who may not rate yet, or wants no messages now, may be asked after
    another project."""
    worker, project = unit.people.get(ask.worker), unit.projects.get(ask.project)
    requester = find_rateable_requester(unit, worker.id, project) if _wants_messages(worker) else None
    if requester is None or not requester.name:
        unit.ratings.cancel_ask(ask)
        return
    unit.ratings.store_asked(ask)
    if not requester.rated:
        notice = RatingAsked(project.id, requester.name, project.title)
        unit.outbox.tell(worker.id, notice, lane=Lane.BROADCAST, klass="nudge")


def _wants_messages(worker: Person) -> bool:
    return worker.is_worker and worker.reachable and not worker.paused


MAX_LISTED_REQUESTERS = 20  # requesters on one list


def rate_requester(act: Act, project: ProjectId, marks: int) -> Reply:
    """Take the marks so far, one digit each: ask for the next one, or store them after the last. A task's message is
    not edited. Raise NotFound or BadInput if the worker may not rate this requester."""
    requester = _get_rateable_requester(act, project)
    marks_so_far = marks_from_number(marks)
    if marks_so_far is None:
        raise BadInput(what="mark", value="", expected=[])
    if len(marks_so_far) < len(AXES):
        edited_message = None if answer_messages.shows_task(act, act.message) else act.message
        return Reply(MarkWanted(project, requester.name, marks_so_far), edits=edited_message)
    act.unit.ratings.store_marks(requester.id, act.person.id, marks_so_far)
    return Reply(RatingKept(project, requester.name, marks_so_far), edits=act.message)


def list_rateable_requesters(act: Act) -> RequestersToRate:
    """Return the requesters whom this worker may rate, newest first."""
    return RequestersToRate(tuple(act.unit.ratings.worked_for(act.person.id, LEAST_TASKS, MAX_LISTED_REQUESTERS)))


def _get_rateable_requester(act: Act, number: ProjectId) -> Person:
    """Return the requester of a project in which the worker was given a task. Raise NotFound otherwise, also for an
    erased requester, and BadInput before enough answers are decided."""
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


def read_own_rating(act: Act) -> OwnRating:
    """Return what everybody may see of the requester's ratings, for programs."""
    rating = act.unit.ratings.find_public_figures(act.person.id)
    return OwnRating(rating.count, AXES, rating.means, rating.reply) if rating else OwnRating(None, AXES, (), "")


def handle_reply_button(act: Act, step: int) -> ReplyWanted | ReplyToSend | ReplyShown | ReplyDropped:
    """Handle the buttons of a requester's reply: step 0 asks for the words, 1 sends the words shown, another value
    drops them."""
    if step == 0:
        return _ask_for_reply(act)
    return _send_reply(act) if step == 1 else _drop_reply(act)


def preview_reply(act: Act, draft_fields: dict[str, Any], words: str) -> ReplyToSend | None:
    """Store the typed reply as a draft and show it to its writer. Return None if it is empty."""
    reply_words = clean_reply(words)
    if not reply_words:
        return None
    act.unit.drafts.keep(act.person.id, JOURNEY, {"words": reply_words}, act.unit.now)
    return ReplyToSend(reply_words)


def _ask_for_reply(act: Act) -> ReplyWanted:
    public_ratings = act.unit.ratings.find_public_figures(act.person.id)
    if public_ratings is None or public_ratings.reply:
        raise NotFound(what="ratings", name="")
    act.unit.drafts.keep(act.person.id, JOURNEY, {}, act.unit.now)
    return ReplyWanted()


def _send_reply(act: Act) -> ReplyShown:
    draft = act.unit.drafts.find(act.person.id)
    words = str(draft.fields.get("words", "")) if draft and draft.journey == JOURNEY else ""
    if not words or not act.unit.ratings.store_reply(act.person.id, words):
        raise NotFound(what="ratings", name="")
    act.unit.drafts.drop(act.person.id)
    return ReplyShown(words)


def _drop_reply(act: Act) -> ReplyDropped:
    draft = act.unit.drafts.find(act.person.id)
    if draft and draft.journey == JOURNEY:
        act.unit.drafts.drop(act.person.id)
    return ReplyDropped()
