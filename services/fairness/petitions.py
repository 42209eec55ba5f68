"""Petitions: the addressee is asked when enough people have signed; the answer, or the silence, is recorded."""

from typing import Any

from domain.fairness.board import (
    HOUSE,
    MAX_POST_CHARS,
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
    clean_text,
    digest_of_answer,
)
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import BoardRefused
from services.act import Act
from services.fairness.board_access import get_board_title
from storage.unit import UnitOfWork

JOURNEY = "petition"
MAX_PETITIONS_PER_SWEEP = 100
END_EVENTS = {PetitionState.OPEN: EventKind.LAPSED, PetitionState.ASKED: EventKind.UNANSWERED}


def ask_addressees(unit: UnitOfWork, post: Post, voices: int, admins: frozenset[int]) -> None:
    """Ask a petition's addressees for an answer: the project's requester, or the admins for the house's board. Nothing
    happens if they were asked before."""
    due = unit.petitions.request_answer(post.id)
    if due is None:
        return
    unit.board_log.note(post.id, EventKind.REACHED, post.digest)
    message = _to_petition_card(unit, post, voices, due)
    for person in _addressees(unit, post, admins):
        unit.outbox.tell(person, message, key=f"petition:{post.id}:{person}")


def show_petition(act: Act, post: PostId) -> BoardPetitionToAnswer:
    """Return the petition for an admin who opens it from /admin. Raise BoardRefused if it does not wait for an answer
    of theirs."""
    petition = _get_answerable(act, post)
    return _to_petition_card(act.unit, act.unit.boards.get(post), petition.voices, petition.due or act.unit.now)


def ask_for_answer(act: Act, post: PostId) -> BoardAnswerWanted:
    """Take the addressee's next message as the answer. Raise BoardRefused if nothing is to be answered
    by this person."""
    _get_answerable(act, post)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"post": post}, act.unit.now)
    return BoardAnswerWanted(post)


def preview_answer(act: Act, draft_fields: dict[str, Any], text: str) -> BoardAnswerDraft | None:
    """Return the typed answer as it will be read, before it is sent; None if it is empty. Raise BoardRefused if it is
    too long."""
    body, post = clean_text(text), PostId(draft_fields["post"])
    if not body:
        return None
    if len(body) > MAX_POST_CHARS:
        raise BoardRefused(why="length", limit=MAX_POST_CHARS)
    _get_answerable(act, post)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"post": post, "body": body}, act.unit.now)
    return BoardAnswerDraft(post, get_board_title(act.unit, act.unit.boards.get(post).board), body)


def send_answer(act: Act, post: PostId, yes: bool) -> BoardAnswerKept | BoardAnswerWanted | BoardDraftDropped:
    """Publish the drafted answer below the petition for good, or drop it. Without a draft the answer is asked for
    again. Raise BoardRefused if nothing is to be answered by this person."""
    unit = act.unit
    _get_answerable(act, post)
    body = _find_draft_answer(act, post)
    if yes and not body:
        return ask_for_answer(act, post)
    unit.drafts.stop(act.person.id, JOURNEY)
    if not yes:
        return BoardDraftDropped()
    unit.petitions.answer(post, body)
    unit.board_log.note(post, EventKind.ANSWERED, digest_of_answer(body), act.person.id)
    return BoardAnswerKept(post, body)


def _find_draft_answer(act: Act, post: PostId) -> str:
    """Return the drafted answer to this petition; "" if none was shown or another draft was begun since."""
    draft = act.unit.drafts.find(act.person.id)
    is_shown = draft is not None and draft.journey == JOURNEY and draft.fields["post"] == post
    return str(draft.fields.get("body", "")) if draft is not None and is_shown else ""


def close_withdrawn(act: Act, post: Post) -> None:
    """Close a petition that its writer took back, and tell the addressees if they were asked for an answer."""
    petition = act.unit.petitions.find(post.id)
    act.unit.petitions.withdraw(post.id)
    _tell_addressees(act, post, petition, hidden=False)


def close_hidden(act: Act, post: Post) -> None:
    """Close a hidden petition that waited for an answer, and tell its addressees. One that still collects may go on if
    restored."""
    petition = act.unit.petitions.find(post.id)
    if petition is not None and petition.state is PetitionState.ASKED:
        act.unit.petitions.withdraw(post.id)
        _tell_addressees(act, post, petition, hidden=True)


def was_asked(petition: Petition, post: Post) -> bool:
    """Return whether a hidden petition waited for an answer when it was hidden."""
    return petition.state is PetitionState.LAPSED and petition.voices >= post.threshold


def _tell_addressees(act: Act, post: Post, petition: Petition | None, hidden: bool) -> None:
    if petition is not None and petition.state is PetitionState.ASKED:
        for person in _addressees(act.unit, post, act.house.admins):
            notice = BoardPetitionTakenBack(post.id, get_board_title(act.unit, post.board), hidden)
            act.unit.outbox.tell(person, notice)


def close_overdue_petitions(unit: UnitOfWork) -> None:
    """Close petitions with too few voices or no answer in time, and log it."""
    for petition in unit.petitions.overdue(MAX_PETITIONS_PER_SWEEP):
        post = unit.boards.get(petition.post)
        is_asked = petition.state is PetitionState.ASKED
        if post.state is PostState.WITHDRAWN or (post.state is PostState.HIDDEN and is_asked):
            unit.petitions.withdraw(post.id)  # by a version that let it run on
            continue
        unit.petitions.close_unmet(petition.post)
        unit.board_log.note(petition.post, END_EVENTS[petition.state], post.digest)


def _get_answerable(act: Act, post: PostId) -> Petition:
    """Return a petition that this person may answer. Raise BoardRefused if it is gone, not theirs, or
    needs no answer."""
    board_post, petition = act.unit.boards.find(post), act.unit.petitions.find(post)
    if board_post is None or board_post.state is not PostState.SHOWN or petition is None:
        raise BoardRefused(why="gone")
    if act.person.id not in _addressees(act.unit, board_post, act.house.admins):
        raise BoardRefused(why="gone")
    if petition.answer is not None or petition.state not in (PetitionState.ASKED, PetitionState.UNANSWERED):
        raise BoardRefused(why="closed")
    return petition


def _to_petition_card(unit: UnitOfWork, post: Post, voices: int, due: Moment) -> BoardPetitionToAnswer:
    return BoardPetitionToAnswer(post.id, get_board_title(unit, post.board), post.body, voices, due)


def _addressees(unit: UnitOfWork, post: Post, admins: frozenset[int]) -> list[PersonId]:
    if post.board == HOUSE:
        return unit.people.list_with_telegram_ids(tuple(sorted(admins)))
    return [unit.projects.get(ProjectId(post.board)).requester]
