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
    needed,
)
from domain.people.accounts import Person, PersonId
from domain.projects.projects import ProjectId
from domain.refusals import BoardRefused
from services.act import Act
from services.people import next_words
from storage.unit import UnitOfWork

ENDED = (PetitionState.ANSWERED, PetitionState.UNANSWERED)
READING = "board open"  # a journey: a board was opened while words would answer the task in hand
SECRET = "board pens"  # noqa: S105 (a name)


@dataclass(frozen=True, slots=True)
class Membership:
    """`missing` answers before this person may write."""

    board: BoardId
    title: str
    missing: int


def membership(unit: UnitOfWork, person: Person, board: BoardId) -> Membership:
    """Raises BoardRefused for a board of others."""
    answered = unit.boards.answered(person.id, board)
    missing = max(0, needed(board) - answered)
    if board == HOUSE:
        return Membership(board, "", missing)
    project = unit.projects.find(ProjectId(board))
    if project is None or not (answered or unit.boards.holds(person.id, board)):
        raise BoardRefused(why="members")
    return Membership(board, project.title, missing)


def note_reading(act: Act) -> None:
    """A board was opened: where the next words would answer the task in hand, they are asked about instead, as they may
    be meant for the board."""
    if act.unit.drafts.of(act.person.id) is None and next_words.answer_task(act):
        act.unit.drafts.keep(act.person.id, READING, {}, act.unit.now)


def title_of(unit: UnitOfWork, board: BoardId) -> str:
    return "" if board == HOUSE else unit.projects.get(ProjectId(board)).title


def asker_of(unit: UnitOfWork, board: BoardId) -> tuple[PersonId, ...]:
    """The requester of a project's board, whose own matter it is; nobody of the house's."""
    return () if board == HOUSE else (unit.projects.get(ProjectId(board)).requester,)


def secret(unit: UnitOfWork) -> bytes:
    return unit.secrets.get(SECRET)


def scope(board: BoardId) -> str:
    return f"board {board}"


def read_pen(unit: UnitOfWork, board: BoardId, pen: str) -> Pen | None:
    return board_rules.read(secret(unit), scope(board), pen) if pen else None


def writing_pen(unit: UnitOfWork, board: BoardId, pen: str) -> Pen:
    """A pen of this month; raises BoardRefused for any other."""
    known = read_pen(unit, board, pen)
    if known is None or known.month != board_rules.month_number(unit.now):
        raise BoardRefused(why="pen")
    return known


def shown_post(unit: UnitOfWork, post: PostId) -> Post:
    """Raises BoardRefused for one that is gone."""
    found = unit.boards.find(post)
    if found is None or found.state is not PostState.SHOWN:
        raise BoardRefused(why="gone")
    return found


def as_shown(unit: UnitOfWork, post: Post, pen: Pen | None, read_to: int, replies: int = 0) -> PostShown:
    petition = unit.petitions.find(post.id) if post.threshold else None
    if petition is not None and post.state is not PostState.SHOWN and petition.state not in ENDED:
        petition = None
    return PostShown(
        id=post.id,
        name=board_rules.name_of(post.author),
        day=post.day,
        body=post.body,
        state=post.state,
        reply_to=post.reply_to,
        replies=replies,
        new=post.id > read_to,
        mine=pen is not None and pen.author == post.author,
        rule=unit.board_log.rule_of(post.id) if post.state is PostState.HIDDEN else 0,
        petition=_petition(unit, post, petition, pen) if petition else None,
        wishes=unit.board_wishes.count(post.id) if pen is not None and pen.author == post.author else 0,
        contest=_contest(unit, post) if post.state is PostState.HIDDEN else None,
        original=unit.board_contests.original_of(post.id) or 0,
    )


def _contest(unit: UnitOfWork, post: Post) -> ContestShown | None:
    found = unit.board_contests.find(post.id)
    return ContestShown(found.state, found.due, found.reason, found.again) if found else None


def _petition(unit: UnitOfWork, post: Post, petition: Petition, pen: Pen | None) -> PetitionShown:
    signed = pen is not None and unit.petitions.signed(post.id, pen.author)
    p = petition
    return PetitionShown(post.threshold, p.voices, p.closes, p.due, p.answer, p.answered_on, p.state, signed)


def all_shown(unit: UnitOfWork, posts: list[Post], pen: Pen | None, read_to: int) -> tuple[PostShown, ...]:
    replies = unit.boards.count_replies([post.id for post in posts])
    return tuple(as_shown(unit, post, pen, read_to, replies[post.id]) for post in posts)
