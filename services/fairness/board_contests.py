"""Contests of hidden posts by the holder of the pen. The text is deleted, so the writer sends it again, and the
tombstone's digest proves that it is the same. Another admin than the one who hid the post decides, if there is one."""

from dataclasses import replace
from hmac import compare_digest
from secrets import token_hex
from typing import Any

from domain.fairness import board
from domain.fairness.board import (
    RULES_RESTORED_BY_SILENCE,
    BoardContest,
    BoardContested,
    BoardContestReasonWanted,
    BoardContestRuled,
    BoardContestToRule,
    BoardContestWanted,
    ContestState,
    EventKind,
    PetitionState,
    Post,
    PostId,
    PostState,
    clean_text,
    day_of,
    digest_of,
    digest_of_answer,
    with_digest,
)
from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, parse_reason
from domain.people.accounts import PersonId
from domain.refusals import BadInput, BoardRefused
from services.act import Act, Reply
from services.fairness import cases, petitions
from services.fairness.board_access import get_board_requester, get_board_title, read_pen, require_membership
from storage.unit import UnitOfWork

JOURNEY, RULING_JOURNEY = "board contest", "board ruling"
MAX_CONTESTS_PER_SWEEP = 100


def ask_for_hidden_text(act: Act, post: PostId, pen: str) -> BoardContestWanted:
    """Ask for the text of a hidden post, also with a pen of an earlier month. Raise BoardRefused if it can't be
    contested."""
    tombstone = _get_own_tombstone(act, post, pen)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"post": post, "pen": pen}, act.unit.now)
    return BoardContestWanted(post, board.pen_name(tombstone.author))


def contest_hiding(act: Act, draft_fields: dict[str, Any], text: str) -> BoardContested | None:
    """Send the text of a hidden post to the admins who may decide about its contest. Return None if it is empty.
    Raise BoardRefused if it differs from the hidden text (it can be sent again) or the post can't be contested."""
    unit, tombstone, body = (
        act.unit,
        _get_own_tombstone(act, PostId(draft_fields["post"]), draft_fields["pen"]),
        clean_text(text),
    )
    if not body:
        return None
    if not compare_digest(digest_of(replace(tombstone, body=body)), tombstone.digest):
        raise BoardRefused(why="words")
    unit.drafts.drop(act.person.id)
    unit.board_contests.add(tombstone.id, body)
    unit.board_log.note(tombstone.id, EventKind.CONTESTED, tombstone.digest)
    contest, hider = _get_waiting_contest(unit, tombstone.id), unit.board_log.find_hider(tombstone.id)
    deciding_admins = cases.get_deciders(unit, act.house.admins, _get_involved(unit, tombstone.id))
    for admin in deciding_admins:
        unit.outbox.tell(admin, _to_contest_card(unit, contest, admin))
    return BoardContested(
        tombstone.id, contest.due, hider not in deciding_admins, _silence_restores(unit, tombstone.id)
    )


def show_contest(act: Act, post: PostId) -> BoardContestToRule:
    """Return the contest for an admin. Raise BoardRefused if it is decided, OwnMatter if another admin must decide."""
    return _to_contest_card(act.unit, _get_contest_to_rule(act, post), act.person.id)


def restore_post(act: Act, post: PostId) -> Reply:
    """Publish a contested post again as a new post, to which the tombstone links."""
    contest = _get_contest_to_rule(act, post)
    new_post = _republish(act.unit, contest, act.person.id, act.house.admins)
    return Reply(BoardContestRuled(post, new_post, ""), edits=act.message)


def ask_uphold_reason(act: Act, post: PostId) -> BoardContestReasonWanted:
    """Take the admin's next message as the reason why a contested post stays hidden."""
    _get_contest_to_rule(act, post)
    act.unit.drafts.keep(act.person.id, RULING_JOURNEY, {"post": post}, act.unit.now)
    return BoardContestReasonWanted(post)


def uphold_hiding(act: Act, draft_fields: dict[str, Any], text: str) -> BoardContestRuled:
    """Keep a contested post hidden, with a reason that every reader of the board sees. Raise BadInput if the reason is
    too short or too long."""
    unit, contest, reason = act.unit, _get_contest_to_rule(act, PostId(draft_fields["post"])), parse_reason(text)
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    unit.drafts.drop(act.person.id)
    unit.board_contests.decide(contest.post, ContestState.UPHELD, reason)
    unit.board_log.note(contest.post, EventKind.UPHELD, digest_of_answer(reason), act.person.id)
    return BoardContestRuled(contest.post, 0, reason)


def close_overdue_contests(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Close contests that no admin decided in time: the post is shown again, unless it was hidden as private data or
    unlawful."""
    for contest in unit.board_contests.overdue(MAX_CONTESTS_PER_SWEEP):
        if _silence_restores(unit, contest.post):
            _republish(unit, contest, None, admins)
            continue
        unit.board_contests.decide(contest.post, ContestState.UNANSWERED)
        unit.board_log.note(contest.post, EventKind.UNDECIDED, unit.boards.get(contest.post).digest)


def _get_own_tombstone(act: Act, post: PostId, pen: str) -> Post:
    """Return a hidden post of this pen that was not contested yet. Raise BoardRefused otherwise."""
    unit, tombstone = act.unit, act.unit.boards.find(post)
    if tombstone is None or tombstone.state is not PostState.HIDDEN:
        raise BoardRefused(why="gone")
    require_membership(unit, act.person, tombstone.board)
    held_pen = read_pen(unit, tombstone.board, pen)
    if held_pen is None or held_pen.author != tombstone.author:
        raise BoardRefused(why="pen")
    if unit.board_contests.find(post) is not None:
        raise BoardRefused(why="contested")
    return tombstone


def _get_contest_to_rule(act: Act, post: PostId) -> BoardContest:
    """Return a waiting contest. Raise BoardRefused if it is decided, OwnMatter if another admin must decide."""
    act.require("admin")
    contest = _get_waiting_contest(act.unit, post)
    cases.require_decider(act, *_get_involved(act.unit, post))
    return contest


def _get_involved(unit: UnitOfWork, post: PostId) -> tuple[PersonId | None, ...]:
    """Return the admin who hid the post, and the requester of a project's board."""
    return unit.board_log.find_hider(post), *get_board_requester(unit, unit.boards.get(post).board)


def _get_waiting_contest(unit: UnitOfWork, post: PostId) -> BoardContest:
    contest = unit.board_contests.find(post)
    if contest is None or contest.state is not ContestState.WAITING:
        raise BoardRefused(why="decided")
    return contest


def _to_contest_card(unit: UnitOfWork, contest: BoardContest, reader: PersonId) -> BoardContestToRule:
    tombstone, hider = unit.boards.get(contest.post), unit.board_log.find_hider(contest.post) or 0
    return BoardContestToRule(
        post=tombstone.id,
        title=get_board_title(unit, tombstone.board),
        name=board.pen_name(tombstone.author),
        body=contest.body,
        rule=unit.board_log.get_hiding_rule(tombstone.id),
        hider=hider,
        due=contest.due,
        alone=reader == hider,
        silence=_silence_restores(unit, tombstone.id),
    )


def _silence_restores(unit: UnitOfWork, post: PostId) -> bool:
    """Return whether the post is shown again if no admin decides in time."""
    return unit.board_log.get_hiding_rule(post) in RULES_RESTORED_BY_SILENCE


def _republish(unit: UnitOfWork, contest: BoardContest, person: PersonId | None, admins: frozenset[int]) -> PostId:
    """Publish a contested post again and return the new post's number. A petition that still collected keeps its
    voices, one that waited for an answer is asked anew, and one that had ended returns as a plain post."""
    tombstone, petition = unit.boards.get(contest.post), unit.petitions.find(contest.post)
    was_asked = petition is not None and petitions.was_asked(petition, tombstone)
    goes_on = was_asked or (petition is not None and petition.state is PetitionState.OPEN)
    restored = replace(tombstone, body=contest.body, salt=token_hex(16), day=day_of(unit.now), state=PostState.SHOWN)
    new_post = with_digest(replace(restored, threshold=tombstone.threshold if goes_on else 0))
    new_post_id = unit.boards.add(new_post)
    unit.board_log.note(new_post_id, EventKind.POSTED, new_post.digest)
    unit.board_log.note(tombstone.id, EventKind.RESTORED, new_post.digest, person)
    if goes_on:
        voices = unit.petitions.move_to_new_post(tombstone.id, new_post_id, tombstone.board)
        if was_asked:
            petitions.ask_addressees(unit, replace(new_post, id=new_post_id), voices, admins)
    unit.board_contests.decide(tombstone.id, ContestState.RESTORED, new_post=new_post_id)
    return new_post_id
