"""Petitions: the addressee is asked when enough have signed; the answer, or the silence, stays."""

from typing import Any

from domain.fairness.board import (
    HOUSE,
    LONGEST,
    BoardAnswerDraft,
    BoardAnswerKept,
    BoardAnswerWanted,
    BoardDraftDropped,
    BoardPetitionTakenBack,
    BoardPetitionToAnswer,
    EventKind,
    Petition,
    PetitionState,
    Post,
    PostId,
    PostState,
    cleaned,
    digest_of_answer,
)
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import BoardRefused
from services.act import Act
from services.fairness.board_access import title_of
from storage.unit import UnitOfWork

JOURNEY = "petition"
AT_ONCE = 100
ENDS = {PetitionState.OPEN: EventKind.LAPSED, PetitionState.ASKED: EventKind.UNANSWERED}


def reach(unit: UnitOfWork, post: Post, voices: int, admins: frozenset[int]) -> None:
    """Asks the requester of the project, or the admins for the house."""
    due = unit.petitions.ask(post.id)
    if due is None:
        return
    unit.board_log.note(post.id, EventKind.REACHED, post.digest)
    asked = _card(unit, post, voices, due)
    for person in _addressees(unit, post, admins):
        unit.outbox.tell(person, asked, key=f"petition:{post.id}:{person}")


def show(act: Act, post: PostId) -> BoardPetitionToAnswer:
    """`/admin` leads here: the petition once more, where it still waits for an answer."""
    petition = _to_answer(act, post)
    return _card(act.unit, act.unit.boards.get(post), petition.voices, petition.due or act.unit.now)


def ask(act: Act, post: PostId) -> BoardAnswerWanted:
    """Asks its addressee for the answer."""
    _to_answer(act, post)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"post": post}, act.unit.now)
    return BoardAnswerWanted(post)


def typed(act: Act, kept: dict[str, Any], text: str) -> BoardAnswerDraft | None:
    """The answer as it will be read; words typed again take its place."""
    body, post = cleaned(text), PostId(kept["post"])
    if not body:
        return None
    if len(body) > LONGEST:
        raise BoardRefused(why="length", limit=LONGEST)
    _to_answer(act, post)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"post": post, "body": body}, act.unit.now)
    return BoardAnswerDraft(post, title_of(act.unit, act.unit.boards.get(post).board), body)


def send(act: Act, post: PostId, yes: bool) -> BoardAnswerKept | BoardAnswerWanted | BoardDraftDropped:
    """The answer that was shown, once: it stands below the petition for good. Where it waits no more, asks for it."""
    unit = act.unit
    _to_answer(act, post)
    body = _drafted(act, post)
    if yes and not body:
        return ask(act, post)
    unit.drafts.stop(act.person.id, JOURNEY)
    if not yes:
        return BoardDraftDropped()
    unit.petitions.answer(post, body)
    unit.board_log.note(post, EventKind.ANSWERED, digest_of_answer(body), act.person.id)
    return BoardAnswerKept(post, body)


def _drafted(act: Act, post: PostId) -> str:
    """The answer that was shown to its writer; empty where it was not, or something else was written since."""
    draft = act.unit.drafts.of(act.person.id)
    shown = draft is not None and draft.journey == JOURNEY and draft.kept["post"] == post
    return str(draft.kept.get("body", "")) if draft is not None and shown else ""


def taken_back(act: Act, post: Post) -> None:
    """Nobody owes an answer to what its writer took back; whoever was asked is told."""
    petition = act.unit.petitions.find(post.id)
    act.unit.petitions.withdraw(post.id)
    _tell(act, post, petition, hidden=False)


def hidden(act: Act, post: Post) -> None:
    """Nor to what nobody can read. One that still collects may go on, should it be shown again."""
    petition = act.unit.petitions.find(post.id)
    if petition is not None and petition.state is PetitionState.ASKED:
        act.unit.petitions.withdraw(post.id)
        _tell(act, post, petition, hidden=True)


def was_asked(petition: Petition, post: Post) -> bool:
    """Whether a hidden one waited for an answer when it was hidden."""
    return petition.state is PetitionState.LAPSED and petition.voices >= post.threshold


def _tell(act: Act, post: Post, petition: Petition | None, hidden: bool) -> None:
    if petition is not None and petition.state is PetitionState.ASKED:
        for person in _addressees(act.unit, post, act.house.admins):
            told = BoardPetitionTakenBack(post.id, title_of(act.unit, post.board), hidden)
            act.unit.outbox.tell(person, told)


def end_due(unit: UnitOfWork) -> None:
    """Too few voices in time, or no answer in time: both are written down."""
    for petition in unit.petitions.overdue(AT_ONCE):
        post = unit.boards.get(petition.post)
        is_asked = petition.state is PetitionState.ASKED
        if post.state is PostState.WITHDRAWN or (post.state is PostState.HIDDEN and is_asked):
            unit.petitions.withdraw(post.id)  # by a version that let it run on
            continue
        unit.petitions.end(petition.post)
        unit.board_log.note(petition.post, ENDS[petition.state], post.digest)


def _to_answer(act: Act, post: PostId) -> Petition:
    """Raises BoardRefused for others, and where nothing is to be answered."""
    found, petition = act.unit.boards.find(post), act.unit.petitions.find(post)
    if found is None or found.state is not PostState.SHOWN or petition is None:
        raise BoardRefused(why="gone")
    if act.person.id not in _addressees(act.unit, found, act.house.admins):
        raise BoardRefused(why="gone")
    if petition.answer is not None or petition.state not in (PetitionState.ASKED, PetitionState.UNANSWERED):
        raise BoardRefused(why="closed")
    return petition


def _card(unit: UnitOfWork, post: Post, voices: int, due: Moment) -> BoardPetitionToAnswer:
    return BoardPetitionToAnswer(post.id, title_of(unit, post.board), post.body, voices, due)


def _addressees(unit: UnitOfWork, post: Post, admins: frozenset[int]) -> list[PersonId]:
    if post.board == HOUSE:
        return unit.people.with_telegram_ids(tuple(sorted(admins)))
    return [unit.projects.get(ProjectId(post.board)).requester]
