"""Writing on a board: a text is asked for, shown to its writer, sent by a press; signing; taking one's own back.

While somebody writes, their draft holds the pen: for an hour at most (`storage/fairness/board_traces.py`). The first
words after that go nowhere: they were perhaps meant for the board, and must not answer a task.
"""

from secrets import token_hex
from typing import Any

from domain.fairness import pens
from domain.fairness.board import (
    A_DAY,
    LONGEST,
    PETITIONS,
    BoardId,
    EventKind,
    PetitionState,
    Post,
    PostId,
    PostState,
    cleaned,
    day_of,
    threshold_of,
    with_digest,
)
from domain.fairness.messages.board import (
    BoardDraft,
    BoardDraftDropped,
    BoardPost,
    BoardTakeBackQuestion,
    BoardWordsWanted,
)
from domain.fairness.messages.board_words import BoardWordsLate, BoardWordsUnasked
from domain.fairness.pens import Pen
from domain.refusals import BoardRefused
from services.act import Act, Reply
from services.fairness import board_moderation, petitions
from services.fairness.board import post_page
from services.fairness.board_access import Membership, membership, note_reading, read_pen, shown_post, writing_pen
from services.fairness.oversight import mirroring
from storage.unit import UnitOfWork

JOURNEY, LAPSED = "board", "board lapsed"


def write(act: Act, board: BoardId, petition: bool, pen: str) -> BoardWordsWanted:
    """Asks for the text of a new post or petition."""
    return _ask(act, board, None, petition, pen)


def reply(act: Act, post: PostId, pen: str) -> BoardWordsWanted:
    """Asks for the text of a reply."""
    found = shown_post(act.unit, post)
    return _ask(act, found.board, found.reply_to or found.id, False, pen)


def typed(act: Act, kept: dict[str, Any], text: str) -> BoardDraft | None:
    """The text as others will read it, before it is sent."""
    body = cleaned(text)
    if not body:
        return None
    if len(body) > LONGEST:
        raise BoardRefused(why="length", limit=LONGEST)
    known, pen = _may_write(act, BoardId(kept["board"]), kept["pen"])
    return _preview(act, known, pen, {**kept, "body": body})


def late(act: Act, kept: dict[str, Any], text: str) -> BoardWordsLate:
    """Words after a draft has lapsed: their writer says once more what they are for."""
    act.unit.drafts.drop(act.person.id)
    return BoardWordsLate()


def unasked(act: Act, kept: dict[str, Any], text: str) -> BoardWordsUnasked:
    """Words after a board was opened, where nothing asked for them: their writer says what they are for."""
    act.unit.drafts.drop(act.person.id)
    return BoardWordsUnasked()


def send(act: Act, yes: bool) -> Reply | BoardDraft | BoardDraftDropped:
    """The draft becomes a post, or goes. It is shown again where another group would show it than its writer read."""
    unit, draft = act.unit, act.unit.drafts.of(act.person.id)
    if draft is None or draft.journey != JOURNEY or "body" not in draft.kept:
        raise BoardRefused(why="drafted")
    kept = draft.kept
    if not yes:
        unit.drafts.drop(act.person.id)
        return BoardDraftDropped()
    known, pen = _may_write(act, BoardId(kept["board"]), kept["pen"])
    group = mirroring.seen_in(unit, known.board)
    if group is not None and list(group) != kept.get("group"):
        return _preview(act, known, pen, kept, moved=True)
    unit.drafts.drop(act.person.id)
    post = _add(unit, known.board, pen, kept)
    note_reading(act)
    return Reply(post_page(unit, known, kept["reply_to"] or post, 0, kept["pen"]), edits=act.message)


def sign(act: Act, post: PostId, pen: str) -> BoardPost:
    """One voice of one pen; the addressee is asked when enough have signed. The pressed message keeps its pen."""
    unit, found = act.unit, shown_post(act.unit, post)
    known, mine = _writer(act, found.board, pen)
    petition = unit.petitions.find(post)
    if petition is None or petition.state is not PetitionState.OPEN:
        raise BoardRefused(why="closed")
    voices = unit.petitions.sign(post, mine.author, mine.month)
    if voices is not None and voices >= found.threshold:
        petitions.reach(unit, found, voices, act.house.admins)
    return post_page(unit, known, post, 0, pen)


def take_back(act: Act, post: PostId, sure: bool, pen: str) -> BoardPost | BoardTakeBackQuestion:
    """The author's own post: its text and salt go, a line in the log stays. A pen of an earlier month does, too."""
    unit, found = act.unit, shown_post(act.unit, post)
    known = membership(unit, act.person, found.board)
    mine = read_pen(unit, found.board, pen)
    if mine is None or mine.author != found.author:
        raise BoardRefused(why="pen")
    if not sure:
        return BoardTakeBackQuestion(post, found.body, pen, unit.board_mirror.is_shown(post))
    unit.boards.withdraw(post)
    unit.board_log.note(post, EventKind.WITHDRAWN, found.digest)
    board_moderation.taken_back(act, post)
    petitions.taken_back(act, found)
    return post_page(unit, known, post, 0, pen)


def _ask(act: Act, board: BoardId, reply_to: PostId | None, petition: bool, pen: str) -> BoardWordsWanted:
    unit = act.unit
    known, mine = _may_write(act, board, pen)
    if petition and unit.boards.petitions_of(mine.author) >= PETITIONS:
        raise BoardRefused(why="petitions")
    threshold = threshold_of(unit.boards.active(board, unit.now)) if petition else 0
    kept = {"board": board, "reply_to": reply_to, "threshold": threshold, "pen": pen}
    unit.drafts.keep(act.person.id, JOURNEY, kept, unit.now)
    return BoardWordsWanted(known.title, pens.name_of(mine.author), reply_to or 0, threshold)


def _writer(act: Act, board: BoardId, pen: str) -> tuple[Membership, Pen]:
    known = membership(act.unit, act.person, board)
    if known.missing:
        raise BoardRefused(why="answers", limit=known.missing)
    return known, writing_pen(act.unit, board, pen)


def _may_write(act: Act, board: BoardId, pen: str) -> tuple[Membership, Pen]:
    known, mine = _writer(act, board, pen)
    if act.unit.boards.of_day(mine.author, day_of(act.unit.now)) >= A_DAY:
        raise BoardRefused(why="daily", limit=A_DAY)
    return known, mine


def _preview(act: Act, known: Membership, pen: Pen, kept: dict[str, Any], moved: bool = False) -> BoardDraft:
    """Keeps the group it names."""
    group = mirroring.seen_in(act.unit, known.board)
    told = {**kept, "group": list(group) if group else None}
    act.unit.drafts.keep(act.person.id, JOURNEY, told, act.unit.now)
    title = group[1] if group else ""
    return BoardDraft(known.title, pens.name_of(pen.author), kept["body"], kept["threshold"], title, moved)


def _add(unit: UnitOfWork, board: BoardId, pen: Pen, kept: dict[str, Any]) -> PostId:
    reply_to, threshold = kept["reply_to"], kept["threshold"]
    if threshold and unit.boards.petitions_of(pen.author) >= PETITIONS:
        raise BoardRefused(why="petitions")
    today, salt = day_of(unit.now), token_hex(16)
    written = Post(
        *(PostId(0), board, reply_to, pen.author, pen.month, kept["body"]),
        *(salt, "", today, PostState.SHOWN, threshold),
    )
    made = with_digest(written)
    post = unit.boards.add(made)
    unit.board_log.note(post, EventKind.POSTED, made.digest)
    if threshold:
        unit.petitions.begin(post, board)
        unit.petitions.sign(post, pen.author, pen.month)
    return post
