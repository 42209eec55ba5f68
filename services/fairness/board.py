"""Reading the boards: the list, pages, a post with its replies, the log; and this month's pen."""

from secrets import token_bytes

from domain.fairness import pens
from domain.fairness.board import A_PAGE, HOUSE, LAST_PAGE, BoardId, PostId
from domain.fairness.messages.board import (
    BoardLine,
    BoardList,
    BoardLog,
    BoardPage,
    BoardPen,
    BoardPenTaken,
    BoardPost,
    LogLine,
)
from domain.fairness.pens import Pen
from domain.moments import Moment
from domain.months import bounds, month_of
from domain.refusals import BoardRefused
from services.act import Act, Reply
from services.fairness.board_access import (
    Membership,
    all_shown,
    as_shown,
    membership,
    note_reading,
    read_pen,
    scope,
    secret,
    writing_pen,
)
from services.fairness.oversight import mirroring
from storage.unit import UnitOfWork

PROJECTS = 8  # boards listed
LINES = 8  # of the log


def boards(act: Act) -> BoardList | BoardPage:
    """The list; somebody without a project of theirs goes straight to the house's board."""
    unit, person = act.unit, act.person
    projects = unit.boards.of(person.id, PROJECTS)
    if not projects:
        return _page(act, membership(unit, person, HOUSE), 0, "")
    lines = [BoardLine(HOUSE, "", unit.boards.unread(person.id, HOUSE))]
    return BoardList((*lines, *(BoardLine(each.board, each.title, each.count) for each in projects)))


def open_(act: Act, board: BoardId) -> BoardPage:
    """`/board N`: a new message."""
    return _page(act, membership(act.unit, act.person, board), 0, "")


def show(act: Act, board: BoardId, page: int, pen: str) -> Reply:
    """A page; in the same message where that carries no pen."""
    return Reply(_page(act, _admitted(act, board, pen), page, pen), edits=_unless_pen(act, pen))


def show_post(act: Act, post: PostId, page: int, pen: str) -> Reply:
    """A post with its replies; in the same message where that carries no pen."""
    found = act.unit.boards.find(post)
    if found is None:
        raise BoardRefused(why="gone")
    known = _admitted(act, found.board, pen)
    note_reading(act)
    return Reply(post_page(act.unit, known, post, min(page, LAST_PAGE), pen), edits=_unless_pen(act, pen))


def take_pen(act: Act, board: BoardId) -> BoardPen | BoardPenTaken:
    """Hands over this month's pen, once. It is not kept: its message is the only place that holds it."""
    unit = act.unit
    known = membership(unit, act.person, board)
    if known.missing:
        raise BoardRefused(why="answers", limit=known.missing)
    note_reading(act)
    until = bounds(month_of(unit.now))[1]
    if not unit.boards.take_pen(act.person.id, board, pens.month_number(unit.now)):
        return BoardPenTaken(board, known.title, until)
    return _minted(unit, known, until)


def log(act: Act, word: str, page: int) -> BoardLog:
    """`/board log`: what was done on all boards, and the seals."""
    return _log(act.unit, page)


def show_log(act: Act, page: int) -> Reply:
    return Reply(_log(act.unit, page), edits=act.message)


def post_page(unit: UnitOfWork, known: Membership, post: PostId, page: int, pen: str) -> BoardPost:
    found = unit.boards.get(post)
    mine = read_pen(unit, known.board, pen)
    replies = unit.boards.replies(post, page * A_PAGE, A_PAGE + 1)
    count = unit.boards.count_replies([post])[post]
    return BoardPost(
        board=known.board,
        title=known.title,
        post=as_shown(unit, found, mine, found.id, count),
        replies=all_shown(unit, replies[:A_PAGE], mine, replies[-1].id if replies else 0),
        page=page,
        more=len(replies) > A_PAGE,
        pen=pen if mine else "",
        missing=known.missing,
        writes=bool(_writes_as(unit, mine)),
    )


def _unless_pen(act: Act, pen: str) -> int | None:
    """The message to edit: never one that carries a pen, as it may be the only copy."""
    return None if pen else act.message


def _admitted(act: Act, board: BoardId, pen: str) -> Membership:
    """A suspended person still comes with a pen, to take back or contest posts of their own."""
    if read_pen(act.unit, board, pen) is None:
        act.refuse_suspended()
    return membership(act.unit, act.person, board)


def _minted(unit: UnitOfWork, known: Membership, until: Moment) -> BoardPen:
    pen = pens.mint(secret(unit), scope(known.board), pens.month_number(unit.now), token_bytes(pens.NONCE))
    author = writing_pen(unit, known.board, pen).author
    return BoardPen(known.board, known.title, pens.name_of(author), pen, until)


def _page(act: Act, known: Membership, page: int, pen: str) -> BoardPage:
    unit, page = act.unit, min(page, LAST_PAGE)
    note_reading(act)
    mine = read_pen(unit, known.board, pen)
    read_to, _ = unit.boards.reader(act.person.id, known.board)
    posts = unit.boards.page(known.board, page * A_PAGE, A_PAGE + 1)
    unit.boards.read(act.person.id, known.board)
    return BoardPage(
        board=known.board,
        title=known.title,
        posts=all_shown(unit, posts[:A_PAGE], mine, read_to),
        page=page,
        older=len(posts) > A_PAGE and page < LAST_PAGE,
        pen=pen if mine else "",
        name=_writes_as(unit, mine),
        missing=known.missing,
        group=mirroring.group_of(unit, known.board),
    )


def _writes_as(unit: UnitOfWork, mine: Pen | None) -> str:
    """The name, where the pen still writes."""
    return pens.name_of(mine.author) if mine and mine.month == pens.month_number(unit.now) else ""


def _log(unit: UnitOfWork, page: int) -> BoardLog:
    page = min(page, LAST_PAGE)
    found = unit.board_log.page(page * LINES, LINES + 1)
    lines = tuple(
        LogLine(each.position, each.post, board, each.kind, each.person or 0, each.rule, each.day, each.digest, head)
        for each, head, board in found[:LINES]
    )
    return BoardLog(lines, page, len(found) > LINES)
