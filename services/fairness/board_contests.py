"""A hidden post is contested by whoever holds its pen. Its text is gone, so they send it again: the digest of the
tombstone tells that it is the same. Another admin than the one who hid it decides, where there is one."""

from dataclasses import replace
from hmac import compare_digest
from secrets import token_hex
from typing import Any

from domain.fairness import board
from domain.fairness.board import (
    BY_SILENCE,
    BoardContested,
    BoardContestReasonWanted,
    BoardContestRuled,
    BoardContestToRule,
    BoardContestWanted,
    Contest,
    ContestState,
    EventKind,
    PetitionState,
    Post,
    PostId,
    PostState,
    cleaned,
    day_of,
    digest_of,
    digest_of_answer,
    with_digest,
)
from domain.fairness.review import LONGEST, SHORTEST, reason_of
from domain.people.accounts import PersonId
from domain.refusals import BadInput, BoardRefused
from services.act import Act, Reply
from services.fairness import cases, petitions
from services.fairness.board_access import (
    asker_of,
    membership,
    read_pen,
    title_of,
)
from storage.unit import UnitOfWork

JOURNEY, RULING = "board contest", "board ruling"
AT_ONCE = 100


def ask(act: Act, post: PostId, pen: str) -> BoardContestWanted:
    """Asks for the text. A pen of an earlier month does, too."""
    found = _own(act, post, pen)
    act.unit.drafts.keep(act.person.id, JOURNEY, {"post": post, "pen": pen}, act.unit.now)
    return BoardContestWanted(post, board.name_of(found.author))


def typed(act: Act, kept: dict[str, Any], text: str) -> BoardContested | None:
    """The same text goes to the admins who may decide; any other is refused, and can be sent once more."""
    unit, found, body = act.unit, _own(act, PostId(kept["post"]), kept["pen"]), cleaned(text)
    if not body:
        return None
    if not compare_digest(digest_of(replace(found, body=body)), found.digest):
        raise BoardRefused(why="words")
    unit.drafts.drop(act.person.id)
    unit.board_contests.add(found.id, body)
    unit.board_log.note(found.id, EventKind.CONTESTED, found.digest)
    contest, hider = _waiting(unit, found.id), unit.board_log.hider_of(found.id)
    deciders = cases.get_deciders(unit, act.house.admins, _involved(unit, found.id))
    for admin in deciders:
        unit.outbox.tell(admin, _card(unit, contest, admin))
    return BoardContested(found.id, contest.due, hider not in deciders, _silence_restores(unit, found.id))


def show(act: Act, post: PostId) -> BoardContestToRule:
    """The case once more."""
    return _card(act.unit, _to_rule(act, post), act.person.id)


def waiting_for(act: Act, limit: int) -> list[PostId]:
    """Posts about whose hiding this admin may decide."""
    unit, admins = act.unit, act.house.admins
    posts = [each.post for each in unit.board_contests.waiting(limit)]
    return [post for post in posts if act.person.id in cases.get_deciders(unit, admins, _involved(unit, post))]


def restore(act: Act, post: PostId) -> Reply:
    """It is shown again, as a new post that the tombstone leads to."""
    contest = _to_rule(act, post)
    again = _again(act.unit, contest, act.person.id, act.house.admins)
    return Reply(BoardContestRuled(post, again, ""), edits=act.message)


def ask_reason(act: Act, post: PostId) -> BoardContestReasonWanted:
    """It stays hidden: the next words are why."""
    _to_rule(act, post)
    act.unit.drafts.keep(act.person.id, RULING, {"post": post}, act.unit.now)
    return BoardContestReasonWanted(post)


def uphold(act: Act, kept: dict[str, Any], text: str) -> BoardContestRuled:
    """It stays hidden, with a reason that every reader of the board sees."""
    unit, contest, reason = act.unit, _to_rule(act, PostId(kept["post"])), reason_of(text)
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST), str(LONGEST)])
    unit.drafts.drop(act.person.id)
    unit.board_contests.decide(contest.post, ContestState.UPHELD, reason)
    unit.board_log.note(contest.post, EventKind.UPHELD, digest_of_answer(reason), act.person.id)
    return BoardContestRuled(contest.post, 0, reason)


def end_due(unit: UnitOfWork, admins: frozenset[int]) -> None:
    """Nobody decided in time: it is shown again, but for private data and what is unlawful, which may harm others."""
    for contest in unit.board_contests.overdue(AT_ONCE):
        if _silence_restores(unit, contest.post):
            _again(unit, contest, None, admins)
            continue
        unit.board_contests.decide(contest.post, ContestState.UNANSWERED)
        unit.board_log.note(contest.post, EventKind.UNDECIDED, unit.boards.get(contest.post).digest)


def _own(act: Act, post: PostId, pen: str) -> Post:
    """A tombstone of this pen that was not contested yet; raises BoardRefused."""
    unit, found = act.unit, act.unit.boards.find(post)
    if found is None or found.state is not PostState.HIDDEN:
        raise BoardRefused(why="gone")
    membership(unit, act.person, found.board)
    mine = read_pen(unit, found.board, pen)
    if mine is None or mine.author != found.author:
        raise BoardRefused(why="pen")
    if unit.board_contests.find(post) is not None:
        raise BoardRefused(why="contested")
    return found


def _to_rule(act: Act, post: PostId) -> Contest:
    act.require("admin")
    contest = _waiting(act.unit, post)
    cases.require_decider(act, *_involved(act.unit, post))
    return contest


def _involved(unit: UnitOfWork, post: PostId) -> tuple[PersonId | None, ...]:
    """Who hid it, and the requester of a project's board."""
    return unit.board_log.hider_of(post), *asker_of(unit, unit.boards.get(post).board)


def _waiting(unit: UnitOfWork, post: PostId) -> Contest:
    found = unit.board_contests.find(post)
    if found is None or found.state is not ContestState.WAITING:
        raise BoardRefused(why="decided")
    return found


def _card(unit: UnitOfWork, contest: Contest, reader: PersonId) -> BoardContestToRule:
    found, hider = unit.boards.get(contest.post), unit.board_log.hider_of(contest.post) or 0
    return BoardContestToRule(
        post=found.id,
        title=title_of(unit, found.board),
        name=board.name_of(found.author),
        body=contest.body,
        rule=unit.board_log.rule_of(found.id),
        hider=hider,
        due=contest.due,
        alone=reader == hider,
        silence=_silence_restores(unit, found.id),
    )


def _silence_restores(unit: UnitOfWork, post: PostId) -> bool:
    return unit.board_log.rule_of(post) in BY_SILENCE


def _again(unit: UnitOfWork, contest: Contest, person: PersonId | None, admins: frozenset[int]) -> PostId:
    """A petition that still collected goes on with its voices, and one that waited for an answer is asked anew; one
    that had ended comes back as a post."""
    found, petition = unit.boards.get(contest.post), unit.petitions.find(contest.post)
    asks = petition is not None and petitions.was_asked(petition, found)
    goes_on = asks or (petition is not None and petition.state is PetitionState.OPEN)
    shown = replace(found, body=contest.body, salt=token_hex(16), day=day_of(unit.now), state=PostState.SHOWN)
    made = with_digest(replace(shown, threshold=found.threshold if goes_on else 0))
    again = unit.boards.add(made)
    unit.board_log.note(again, EventKind.POSTED, made.digest)
    unit.board_log.note(found.id, EventKind.RESTORED, made.digest, person)
    if goes_on:
        voices = unit.petitions.carry(found.id, again, found.board)
        if asks:
            petitions.reach(unit, replace(made, id=again), voices, admins)
    unit.board_contests.decide(found.id, ContestState.RESTORED, again=again)
    return again
