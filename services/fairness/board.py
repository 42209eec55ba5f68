"""Reading the boards: the list, pages, a post with its replies, the log; and this month's pen."""

from secrets import token_bytes, token_hex
from typing import Any

from domain.fairness import board as board_rules
from domain.fairness.board import (
    A_DAY,
    A_PAGE,
    HOUSE,
    LAST_PAGE,
    LONGEST,
    PETITIONS,
    RULES,
    WISHES,
    BoardContact,
    BoardContactAsked,
    BoardDigest,
    BoardDraft,
    BoardDraftDropped,
    BoardId,
    BoardLine,
    BoardList,
    BoardLog,
    BoardModerated,
    BoardPage,
    BoardPen,
    BoardPenTaken,
    BoardPost,
    BoardPostToModerate,
    BoardReported,
    BoardTakeBackQuestion,
    BoardWordsLate,
    BoardWordsUnasked,
    BoardWordsWanted,
    EventKind,
    LogLine,
    Pen,
    PetitionState,
    Post,
    PostId,
    PostState,
    ReportState,
    cleaned,
    day_of,
    threshold_of,
    with_digest,
)
from domain.fairness.cases import CaseClosed, CaseEnd
from domain.moments import Moment, bounds, month_of
from domain.people.accounts import PersonId
from domain.people.settings import next_at
from domain.refusals import BoardRefused, UnknownChoice
from services.act import Act, Reply
from services.fairness import (
    board_contests,
    board_mirror,
    cases,
    petitions,
)
from services.fairness.board_access import (
    Membership,
    all_shown,
    as_shown,
    asker_of,
    membership,
    note_reading,
    read_pen,
    scope,
    secret,
    shown_post,
    title_of,
    writing_pen,
)
from storage.boxes.outbox import Lane
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
    if not unit.boards.take_pen(act.person.id, board, board_rules.month_number(unit.now)):
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
    pen = board_rules.mint(
        secret(unit), scope(known.board), board_rules.month_number(unit.now), token_bytes(board_rules.NONCE)
    )
    author = writing_pen(unit, known.board, pen).author
    return BoardPen(known.board, known.title, board_rules.name_of(author), pen, until)


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
        group=board_mirror.group_of(unit, known.board),
    )


def _writes_as(unit: UnitOfWork, mine: Pen | None) -> str:
    """The name, where the pen still writes."""
    return board_rules.name_of(mine.author) if mine and mine.month == board_rules.month_number(unit.now) else ""


def _log(unit: UnitOfWork, page: int) -> BoardLog:
    page = min(page, LAST_PAGE)
    found = unit.board_log.page(page * LINES, LINES + 1)
    lines = tuple(
        LogLine(each.position, each.post, board, each.kind, each.person or 0, each.rule, each.day, each.digest, head)
        for each, head, board in found[:LINES]
    )
    return BoardLog(lines, page, len(found) > LINES)


def ask(act: Act, post: PostId) -> BoardContactAsked:
    """The author of the post is asked when they next read it with their pen; who asks is not shown to them."""
    unit, found = act.unit, _open(act, post)
    if unit.board_wishes.count_of(act.person.id) >= WISHES:
        raise BoardRefused(why="wishes", limit=WISHES)
    unit.board_wishes.add(found.id, act.person.id)
    return BoardContactAsked(post)


def accept(act: Act, post: PostId, pen: str) -> BoardContact:
    """The author says yes to one who asked: each is told the other's @username."""
    unit, found = act.unit, _open(act, post)
    mine = read_pen(unit, found.board, pen)
    if mine is None or mine.author != found.author:
        raise BoardRefused(why="pen")
    other = _next_with_name(unit, post)
    unit.outbox.tell(other[0], BoardContact(post, _name(act)))
    return BoardContact(post, other[1])


def _next_with_name(unit: UnitOfWork, post: PostId) -> tuple[PersonId, str]:
    """One who asked, and still has a name and wants it."""
    while (person := unit.board_wishes.take(post)) is not None:
        known = unit.people.get(person)
        if known.username and unit.preferences.of(person).contacts:
            return person, known.username
    raise BoardRefused(why="wished")


def _open(act: Act, post: PostId) -> Post:
    """A post of a board of theirs; raises BoardRefused where they exchange no contacts, or have no @username."""
    found = shown_post(act.unit, post)
    membership(act.unit, act.person, found.board)
    _name(act)
    if not act.unit.preferences.of(act.person.id).contacts:
        raise BoardRefused(why="contacts")
    return found


def _name(act: Act) -> str:
    if not act.person.username:
        raise BoardRefused(why="username")
    return act.person.username


def report(act: Act, post: PostId) -> BoardReported:
    """Admins are asked once about a post, whoever reports it; who did is not kept."""
    unit, found = act.unit, shown_post(act.unit, post)
    membership(unit, act.person, found.board)
    if unit.board_reports.add(post):
        for admin in cases.get_deciders(unit, act.house.admins, asker_of(unit, found.board)):
            cases.send_case(unit, admin, cases.post_case_name(post), _card(unit, found))
    return BoardReported(post)


def show_reported(act: Act, post: PostId) -> Reply:
    """The case once more; raises BoardRefused where it waits no more."""
    unit, found = act.unit, shown_post(act.unit, post)
    cases.require_decider(act, *asker_of(unit, found.board))
    if unit.board_reports.state_of(post) is not ReportState.WAITING:
        raise BoardRefused(why="decided")
    return cases.reply_with_case(cases.post_case_name(post), _card(unit, found))


def waiting_for(act: Act, limit: int) -> list[PostId]:
    """Reported posts about which this admin may decide."""
    unit, admins = act.unit, act.house.admins
    posts = [unit.boards.get(post) for post in unit.board_reports.waiting(limit)]
    return [post.id for post in posts if act.person.id in cases.get_deciders(unit, admins, asker_of(unit, post.board))]


def taken_back(act: Act, post: PostId) -> None:
    """Its writer took it back: nobody has to decide any more."""
    if act.unit.board_reports.withdraw(post):
        closed = CaseClosed(f"#{post}", CaseEnd.TAKEN_BACK)
        cases.close_case(act.unit, act.house.admins, cases.post_case_name(post), closed)


def decide(act: Act, post: PostId, rule: int) -> BoardModerated:
    """Hides a post by a rule, or leaves it (0), once. Of a project's board another admin than its requester decides."""
    unit, found = act.unit, act.unit.boards.find(post)
    if found is None:
        raise BoardRefused(why="gone")
    if rule not in (0, *RULES):
        raise UnknownChoice()
    alone = cases.require_decider(act, *asker_of(unit, found.board))
    if found.state is not PostState.SHOWN:
        return BoardModerated(post, rule, gone=True)
    if not unit.board_reports.decide(post, ReportState.HIDDEN if rule else ReportState.LEFT):
        return BoardModerated(post, rule, gone=False, decided=True)
    if not rule:
        unit.audit.note(act.person.id, "left", f"post:{post}", alone=alone)
        _close(act, post, CaseEnd.LEFT)
        return BoardModerated(post, 0, gone=False)
    petitions.hidden(act, found)
    unit.boards.hide(post)
    unit.audit.note(act.person.id, "hidden", f"post:{post}", rule=rule, alone=alone)
    unit.board_log.note(post, EventKind.HIDDEN, found.digest, act.person.id, rule)
    _close(act, post, CaseEnd.HIDDEN)
    return BoardModerated(post, rule, gone=False)


def _close(act: Act, post: PostId, end: CaseEnd) -> None:
    """Takes the buttons off every admin's message about it."""
    cases.close_case(
        act.unit, act.house.admins, cases.post_case_name(post), CaseClosed(f"#{post}", end, act.person.label)
    )


def _card(unit: UnitOfWork, post: Post) -> BoardPostToModerate:
    return BoardPostToModerate(post.id, title_of(unit, post.board), board_rules.name_of(post.author), post.body)


AT_ONCE = 200


def seal(unit: UnitOfWork) -> None:
    """Seals the log, parts posts from the transactions that wrote them, deletes drafts and letters that ended;
    queues what goes to the group."""
    unit.board_log.seal(AT_ONCE)
    unit.board_log.join_day()
    unit.board_traces.settle()
    unit.board_traces.delete()
    unit.board_wishes.lapse()
    board_mirror.collect(unit)


def end_petitions(unit: UnitOfWork, admins: frozenset[int] = frozenset()) -> None:
    """And contests of hidden posts."""
    petitions.end_due(unit)
    board_contests.end_due(unit, admins)


def send_digests(unit: UnitOfWork) -> None:
    """At the hour they chose, to those who want it and for whom there is something new. Who is paused, suspended or out
    of reach gets none; the next one is due a day later."""
    for known in unit.preferences.digests_due(AT_ONCE):
        hour = known.preferences.board_hour
        unit.preferences.digest_at(known.person, next_at(known.zone, hour, unit.now))
        reader = unit.people.get(known.person)
        is_open = reader.reachable and not reader.paused and not reader.suspended
        news = unit.boards.news(known.person, PROJECTS) if is_open else ()
        if news:
            lines = tuple(BoardLine(each.board, each.title, each.count) for each in news)
            unit.outbox.tell(known.person, BoardDigest(lines), lane=Lane.PUSH)


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
    group = board_mirror.seen_in(unit, known.board)
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
    taken_back(act, post)
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
    return BoardWordsWanted(known.title, board_rules.name_of(mine.author), reply_to or 0, threshold)


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
    group = board_mirror.seen_in(act.unit, known.board)
    told = {**kept, "group": list(group) if group else None}
    act.unit.drafts.keep(act.person.id, JOURNEY, told, act.unit.now)
    title = group[1] if group else ""
    return BoardDraft(known.title, board_rules.name_of(pen.author), kept["body"], kept["threshold"], title, moved)


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
