"""Access to the boards: members, what a pen proves, and how a post is shown. The bottom of the board's services."""

from dataclasses import dataclass

from domain.fairness import board as board_rules
from domain.fairness.board import (
    HOUSE,
    BoardId,
    ContestShown,
    Pen,
    Petition,
    PetitionShown,
    PetitionState,
    Post,
    PostId,
    PostShown,
    PostState,
    answers_needed,
)
from domain.people.accounts import Person, PersonId
from domain.projects.projects import ProjectId
from domain.refusals import BoardRefused
from services.act import Act
from services.people import next_words
from storage.unit import UnitOfWork

ENDED_PETITION_STATES = (PetitionState.ANSWERED, PetitionState.UNANSWERED)
READING_JOURNEY = "board open"  # a journey: a board was opened while words would answer the task in hand
PEN_SECRET_NAME = "board pens"  # noqa: S105 (a name)


@dataclass(frozen=True, slots=True)
class BoardMembership:
    """A person's access to a board. `missing`: answers to give before this person may write."""

    board: BoardId
    title: str
    missing: int


def require_membership(unit: UnitOfWork, person: Person, board: BoardId) -> BoardMembership:
    """Return the person's access to a board. Raise BoardRefused if the board is of a project in which the person did
    not work."""
    answered = unit.boards.count_answers(person.id, board)
    missing = max(0, answers_needed(board) - answered)
    if board == HOUSE:
        return BoardMembership(board, "", missing)
    project = unit.projects.find(ProjectId(board))
    if project is None or not (answered or unit.boards.has_task_in_hand(person.id, board)):
        raise BoardRefused(why="members")
    return BoardMembership(board, project.title, missing)


def hold_next_words(act: Act) -> None:
    """After a board was opened, ask what the person's next message is for instead of taking it as the answer to the
    task in hand: it may be meant for the board."""
    if act.unit.drafts.find(act.person.id) is None and next_words.answers_task_in_hand(act):
        act.unit.drafts.keep(act.person.id, READING_JOURNEY, {}, act.unit.now)


def get_board_title(unit: UnitOfWork, board: BoardId) -> str:
    """Return the title of a board's project; "" for the house's board."""
    return "" if board == HOUSE else unit.projects.get(ProjectId(board)).title


def get_board_requester(unit: UnitOfWork, board: BoardId) -> tuple[PersonId, ...]:
    """Return the requester of a project's board, who is involved in its cases; nobody for the house's board."""
    return () if board == HOUSE else (unit.projects.get(ProjectId(board)).requester,)


def get_pen_secret(unit: UnitOfWork) -> bytes:
    return unit.secrets.get(PEN_SECRET_NAME)


def pen_scope(board: BoardId) -> str:
    return f"board {board}"


def read_pen(unit: UnitOfWork, board: BoardId, pen: str) -> Pen | None:
    """Return the pen, or None if the text was not minted for this board."""
    return board_rules.read_pen(get_pen_secret(unit), pen_scope(board), pen) if pen else None


def writing_pen(unit: UnitOfWork, board: BoardId, pen: str) -> Pen:
    """Return a pen of this month. Raise BoardRefused for any other."""
    held_pen = read_pen(unit, board, pen)
    if held_pen is None or held_pen.month != board_rules.month_number(unit.now):
        raise BoardRefused(why="pen")
    return held_pen


def get_shown_post(unit: UnitOfWork, post: PostId) -> Post:
    """Return a post that can be read. Raise BoardRefused if it is hidden, withdrawn or does not exist."""
    board_post = unit.boards.find(post)
    if board_post is None or board_post.state is not PostState.SHOWN:
        raise BoardRefused(why="gone")
    return board_post


def to_shown_post(unit: UnitOfWork, post: Post, pen: Pen | None, read_to: int, replies: int = 0) -> PostShown:
    """Return a post as the holder of `pen` reads it; posts behind `read_to` are marked as new."""
    petition = unit.petitions.find(post.id) if post.threshold else None
    if petition is not None and post.state is not PostState.SHOWN and petition.state not in ENDED_PETITION_STATES:
        petition = None
    return PostShown(
        id=post.id,
        name=board_rules.pen_name(post.author),
        day=post.day,
        body=post.body,
        state=post.state,
        reply_to=post.reply_to,
        replies=replies,
        new=post.id > read_to,
        mine=pen is not None and pen.author == post.author,
        rule=unit.board_log.get_hiding_rule(post.id) if post.state is PostState.HIDDEN else 0,
        petition=_to_shown_petition(unit, post, petition, pen) if petition else None,
        wishes=unit.board_wishes.count_for_post(post.id) if pen is not None and pen.author == post.author else 0,
        contest=_to_shown_contest(unit, post) if post.state is PostState.HIDDEN else None,
        original=unit.board_contests.find_original(post.id) or 0,
    )


def _to_shown_contest(unit: UnitOfWork, post: Post) -> ContestShown | None:
    contest = unit.board_contests.find(post.id)
    return ContestShown(contest.state, contest.due, contest.reason, contest.again) if contest else None


def _to_shown_petition(unit: UnitOfWork, post: Post, petition: Petition, pen: Pen | None) -> PetitionShown:
    signed = pen is not None and unit.petitions.has_signed(post.id, pen.author)
    p = petition
    return PetitionShown(
        threshold=post.threshold,
        voices=p.voices,
        closes=p.closes,
        due=p.due,
        answer=p.answer,
        answered_on=p.answered_on,
        state=p.state,
        signed=signed,
    )


def to_shown_posts(unit: UnitOfWork, posts: list[Post], pen: Pen | None, read_to: int) -> tuple[PostShown, ...]:
    """Return posts with their numbers of replies, as the holder of `pen` reads them."""
    replies = unit.boards.count_replies([post.id for post in posts])
    return tuple(to_shown_post(unit, post, pen, read_to, replies[post.id]) for post in posts)
