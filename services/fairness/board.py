"""Services of the boards: reading, this month's pen, writing, petitions' signatures, contacts,
moderation and the log; contests of hidden posts by the holder of the pen.

The text of a hidden post is deleted, so its writer sends it again, and the tombstone's digest proves that it is the
same. Another admin than the one who hid the post decides, if there is one."""

from dataclasses import replace
from hmac import compare_digest
from secrets import token_bytes, token_hex
from typing import Any

from domain.fairness import board
from domain.fairness import board as board_rules
from domain.fairness.board import (
    HOUSE,
    LAST_PAGE,
    MAX_OPEN_WISHES,
    MAX_PETITIONS_PER_PEN,
    MAX_POST_CHARS,
    MAX_POSTS_PER_DAY,
    POSTS_PER_PAGE,
    RULES,
    RULES_RESTORED_BY_SILENCE,
    BoardContact,
    BoardContactAsked,
    BoardContest,
    BoardContested,
    BoardContestReasonWanted,
    BoardContestRuled,
    BoardContestToRule,
    BoardContestWanted,
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
    ContestState,
    EventKind,
    LogLine,
    Pen,
    PetitionState,
    Post,
    PostId,
    PostState,
    ReportState,
    clean_text,
    day_of,
    digest_of,
    digest_of_answer,
    petition_threshold,
    with_digest,
)
from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, parse_reason
from domain.moments import Moment, get_period_bounds, month_of
from domain.people.accounts import PersonId
from domain.people.settings import next_clock_hour
from domain.refusals import BadInput, BoardRefused, UnknownChoice
from services.act import Act, Reply
from services.fairness import cases, petitions
from services.fairness.board_access import (
    BoardMembership,
    get_board_requester,
    get_board_title,
    get_pen_secret,
    get_shown_post,
    hold_next_words,
    pen_scope,
    read_pen,
    require_membership,
    to_shown_post,
    to_shown_posts,
    writing_pen,
)
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

MAX_LISTED_BOARDS = 8  # boards listed
LOG_LINES_PER_PAGE = 8  # of the log


def show_boards(act: Act) -> BoardList | BoardPage:
    """Return the list of the person's boards, or the page of the house's board if the person has no project."""
    unit, person = act.unit, act.person
    projects = unit.boards.list_for_worker(person.id, MAX_LISTED_BOARDS)
    if not projects:
        return _to_page(act, require_membership(unit, person, HOUSE), 0, "")
    lines = [BoardLine(HOUSE, "", unit.boards.count_unread(person.id, HOUSE))]
    return BoardList(
        (
            *lines,
            *(BoardLine(project_board.board, project_board.title, project_board.count) for project_board in projects),
        )
    )


def open_board(act: Act, board: BoardId) -> BoardPage:
    """Return the first page of a board as a new message. Raise BoardRefused if the person is no member."""
    return _to_page(act, require_membership(act.unit, act.person, board), 0, "")


def show_page(act: Act, board: BoardId, page: int, pen: str) -> Reply:
    """Return a page of a board; in the pressed message, unless that carries a pen."""
    return Reply(_to_page(act, _require_reader(act, board, pen), page, pen), edits=_message_to_edit(act, pen))


def show_post(act: Act, post: PostId, page: int, pen: str) -> Reply:
    """Return a post with its replies; in the pressed message, unless that carries a pen. Raise BoardRefused if there is
    no such post."""
    board_post = act.unit.boards.find(post)
    if board_post is None:
        raise BoardRefused(why="gone")
    access = _require_reader(act, board_post.board, pen)
    hold_next_words(act)
    return Reply(to_post_page(act.unit, access, post, min(page, LAST_PAGE), pen), edits=_message_to_edit(act, pen))


def take_pen(act: Act, board: BoardId) -> BoardPen | BoardPenTaken:
    """Mint this month's pen for a board, once; its message is the only place that holds it. Return BoardPenTaken if it
    was handed over before. Raise BoardRefused until the person has given enough answers."""
    unit = act.unit
    access = require_membership(unit, act.person, board)
    if access.missing:
        raise BoardRefused(why="answers", limit=access.missing)
    hold_next_words(act)
    until = get_period_bounds(month_of(unit.now))[1]
    if not unit.boards.take_pen(act.person.id, board, board_rules.month_number(unit.now)):
        return BoardPenTaken(board, access.title, until)
    return _mint_pen(unit, access, until)


def open_log(act: Act, word: str, page: int) -> BoardLog:
    """Return a page of the log of all boards with its seals, as a new message."""
    return _to_log_page(act.unit, page)


def show_log(act: Act, page: int) -> Reply:
    """Return a page of the log in the pressed message."""
    return Reply(_to_log_page(act.unit, page), edits=act.message)


def to_post_page(unit: UnitOfWork, access: BoardMembership, post: PostId, page: int, pen: str) -> BoardPost:
    board_post = unit.boards.get(post)
    held_pen = read_pen(unit, access.board, pen)
    replies = unit.boards.replies(post, page * POSTS_PER_PAGE, POSTS_PER_PAGE + 1)
    count = unit.boards.count_replies([post])[post]
    return BoardPost(
        board=access.board,
        title=access.title,
        post=to_shown_post(unit, board_post, held_pen, board_post.id, count),
        replies=to_shown_posts(unit, replies[:POSTS_PER_PAGE], held_pen, replies[-1].id if replies else 0),
        page=page,
        more=len(replies) > POSTS_PER_PAGE,
        pen=pen if held_pen else "",
        missing=access.missing,
        writes=bool(_writing_name(unit, held_pen)),
    )


def _message_to_edit(act: Act, pen: str) -> int | None:
    """Return the message to edit, or None if it carries a pen: it may be the only copy."""
    return None if pen else act.message


def _require_reader(act: Act, board: BoardId, pen: str) -> BoardMembership:
    """Return the person's access to a board for reading. A suspended person is admitted only with a pen, to take back
    or contest their own posts; others are refused."""
    if read_pen(act.unit, board, pen) is None:
        act.refuse_suspended()
    return require_membership(act.unit, act.person, board)


def _mint_pen(unit: UnitOfWork, access: BoardMembership, until: Moment) -> BoardPen:
    pen = board_rules.mint_pen(
        get_pen_secret(unit),
        pen_scope(access.board),
        board_rules.month_number(unit.now),
        token_bytes(board_rules.NONCE_BYTES),
    )
    author = writing_pen(unit, access.board, pen).author
    return BoardPen(access.board, access.title, board_rules.pen_name(author), pen, until)


def _to_page(act: Act, access: BoardMembership, page: int, pen: str) -> BoardPage:
    unit, page = act.unit, min(page, LAST_PAGE)
    hold_next_words(act)
    held_pen = read_pen(unit, access.board, pen)
    read_to, _ = unit.boards.get_reader_state(act.person.id, access.board)
    posts = unit.boards.page(access.board, page * POSTS_PER_PAGE, POSTS_PER_PAGE + 1)
    unit.boards.mark_as_read(act.person.id, access.board)
    return BoardPage(
        board=access.board,
        title=access.title,
        posts=to_shown_posts(unit, posts[:POSTS_PER_PAGE], held_pen, read_to),
        page=page,
        older=len(posts) > POSTS_PER_PAGE and page < LAST_PAGE,
        pen=pen if held_pen else "",
        name=_writing_name(unit, held_pen),
        missing=access.missing,
    )


def _writing_name(unit: UnitOfWork, held_pen: Pen | None) -> str:
    """Return the name under which this pen writes; "" without a pen or if it is not of this month."""
    return (
        board_rules.pen_name(held_pen.author)
        if held_pen and held_pen.month == board_rules.month_number(unit.now)
        else ""
    )


def _to_log_page(unit: UnitOfWork, page: int) -> BoardLog:
    page = min(page, LAST_PAGE)
    entries = unit.board_log.page(page * LOG_LINES_PER_PAGE, LOG_LINES_PER_PAGE + 1)
    lines = tuple(
        LogLine(
            position=event.position,
            post=event.post,
            board=board,
            kind=event.kind,
            person=event.person or 0,
            rule=event.rule,
            day=event.day,
            digest=event.digest,
            head=head,
        )
        for event, head, board in entries[:LOG_LINES_PER_PAGE]
    )
    return BoardLog(lines, page, len(entries) > LOG_LINES_PER_PAGE)


def ask_for_contact(act: Act, post: PostId) -> BoardContactAsked:
    """Store the wish to exchange contacts with a post's author, who is asked when reading it with their pen, without a
    name. Raise BoardRefused at the limit of open wishes, without a @username or without consent to exchange contacts.
    """
    unit, board_post = act.unit, _require_contacts(act, post)
    if unit.board_wishes.count_by_person(act.person.id) >= MAX_OPEN_WISHES:
        raise BoardRefused(why="wishes", limit=MAX_OPEN_WISHES)
    unit.board_wishes.add(board_post.id, act.person.id)
    return BoardContactAsked(post)


def give_contact(act: Act, post: PostId, pen: str) -> BoardContact:
    """Accept one wish to exchange contacts: author and asker are told each other's @username.
    Raise BoardRefused if the pen is not the author's or no wish is left."""
    unit, board_post = act.unit, _require_contacts(act, post)
    held_pen = read_pen(unit, board_post.board, pen)
    if held_pen is None or held_pen.author != board_post.author:
        raise BoardRefused(why="pen")
    wisher = _take_next_wisher(unit, post)
    unit.outbox.tell(wisher[0], BoardContact(post, _get_own_username(act)))
    return BoardContact(post, wisher[1])


def _take_next_wisher(unit: UnitOfWork, post: PostId) -> tuple[PersonId, str]:
    """Take the next person who wishes to exchange contacts and still has a @username. Raise BoardRefused if none is
    left."""
    while (wisher_id := unit.board_wishes.take_next_wisher(post)) is not None:
        wisher = unit.people.get(wisher_id)
        if wisher.username and unit.preferences.get(wisher_id).contacts:
            return wisher_id, wisher.username
    raise BoardRefused(why="wished")


def _require_contacts(act: Act, post: PostId) -> Post:
    """Return a readable post of the person's board.
    Raise BoardRefused if the person exchanges no contacts, has no @username or is no member."""
    board_post = get_shown_post(act.unit, post)
    require_membership(act.unit, act.person, board_post.board)
    _get_own_username(act)
    if not act.unit.preferences.get(act.person.id).contacts:
        raise BoardRefused(why="contacts")
    return board_post


def _get_own_username(act: Act) -> str:
    if not act.person.username:
        raise BoardRefused(why="username")
    return act.person.username


def report_post(act: Act, post: PostId) -> BoardReported:
    """Report a post to the admins, who are asked once per post; who reported it is not stored."""
    unit, board_post = act.unit, get_shown_post(act.unit, post)
    require_membership(unit, act.person, board_post.board)
    if unit.board_reports.add(post):
        for admin in cases.get_deciders(unit, act.house.admins, get_board_requester(unit, board_post.board)):
            cases.send_case(unit, admin, cases.post_case_name(post), _to_moderation_card(unit, board_post))
    return BoardReported(post)


def show_reported_post(act: Act, post: PostId) -> Reply:
    """Return the case of a reported post for an admin. Raise BoardRefused if it does not wait for a decision, OwnMatter
    if another admin must decide."""
    unit, board_post = act.unit, get_shown_post(act.unit, post)
    cases.require_decider(act, *get_board_requester(unit, board_post.board))
    if unit.board_reports.find_state(post) is not ReportState.WAITING:
        raise BoardRefused(why="decided")
    return cases.reply_with_case(cases.post_case_name(post), _to_moderation_card(unit, board_post))


def close_report_of_withdrawn(act: Act, post: PostId) -> None:
    """Close the admins' case of a reported post because its writer took the post back."""
    if act.unit.board_reports.withdraw(post):
        outcome = CaseClosed(f"#{post}", CaseEnd.TAKEN_BACK)
        cases.close_case(act.unit, act.house.admins, cases.post_case_name(post), outcome)


def moderate_post(act: Act, post: PostId, rule: int) -> BoardModerated:
    """Hide a post by a rule, or leave it (rule 0), as an admin; log and audit it. Return BoardModerated with `gone` or
    `decided` if there is nothing to decide any more. Raise BoardRefused without such a post, UnknownChoice for an
    unknown rule, OwnMatter if another admin must decide."""
    unit, board_post = act.unit, act.unit.boards.find(post)
    if board_post is None:
        raise BoardRefused(why="gone")
    if rule not in (0, *RULES):
        raise UnknownChoice()
    alone = cases.require_decider(act, *get_board_requester(unit, board_post.board))
    if board_post.state is not PostState.SHOWN:
        return BoardModerated(post, rule, gone=True)
    if not unit.board_reports.decide(post, ReportState.HIDDEN if rule else ReportState.LEFT):
        return BoardModerated(post, rule, gone=False, decided=True)
    if not rule:
        unit.audit.note(act.person.id, "left", f"post:{post}", alone=alone)
        _close_post_case(act, post, CaseEnd.LEFT)
        return BoardModerated(post, 0, gone=False)
    petitions.close_hidden(act, board_post)
    unit.boards.hide(post)
    unit.audit.note(act.person.id, "hidden", f"post:{post}", rule=rule, alone=alone)
    unit.board_log.note(post, EventKind.HIDDEN, board_post.digest, act.person.id, rule)
    _close_post_case(act, post, CaseEnd.HIDDEN)
    return BoardModerated(post, rule, gone=False)


def _close_post_case(act: Act, post: PostId, end: CaseEnd) -> None:
    """Replace the admins' messages about a reported post by its outcome."""
    cases.close_case(
        act.unit, act.house.admins, cases.post_case_name(post), CaseClosed(f"#{post}", end, act.person.label)
    )


def _to_moderation_card(unit: UnitOfWork, post: Post) -> BoardPostToModerate:
    return BoardPostToModerate(post.id, get_board_title(unit, post.board), board_rules.pen_name(post.author), post.body)


MAX_ROWS_PER_SWEEP = 200


def run_board_sweep(unit: UnitOfWork) -> None:
    """Run the boards' sweep: seal the log, separate posts from the transactions that wrote them, and delete
    drafts and messages whose time is over."""
    unit.board_log.seal_lines(MAX_ROWS_PER_SWEEP)
    unit.board_log.join_ledger_head()
    unit.board_traces.rewrite_unsettled()
    unit.board_traces.delete_old_drafts_and_letters()
    unit.board_wishes.delete_old()


def close_due_petitions(unit: UnitOfWork, admins: frozenset[int] = frozenset()) -> None:
    """Close petitions and contests of hidden posts whose time is over."""
    petitions.close_overdue_petitions(unit)
    close_overdue_contests(unit, admins)


def send_digests(unit: UnitOfWork) -> None:
    """Send the daily list of boards with new posts to people who asked for it at this hour.
    People who are paused, suspended or out of reach get none; their next one is due a day later."""
    for subscriber in unit.preferences.list_due_digests(MAX_ROWS_PER_SWEEP):
        hour = subscriber.preferences.board_hour
        unit.preferences.set_next_digest(subscriber.person, next_clock_hour(subscriber.zone, hour, unit.now))
        reader = unit.people.get(subscriber.person)
        is_open = reader.reachable and not reader.paused and not reader.suspended
        news = unit.boards.list_unread(subscriber.person, MAX_LISTED_BOARDS) if is_open else ()
        if news:
            lines = tuple(
                BoardLine(unread_board.board, unread_board.title, unread_board.count) for unread_board in news
            )
            unit.outbox.tell(subscriber.person, BoardDigest(lines), lane=Lane.PUSH)


JOURNEY, LAPSED_JOURNEY = "board", "board lapsed"


def write_post(act: Act, board: BoardId, petition: bool, pen: str) -> BoardWordsWanted:
    """Ask for the text of a new post or petition. Raise BoardRefused if the person may not write now."""
    return _ask_for_words(act, board, None, petition, pen)


def write_reply(act: Act, post: PostId, pen: str) -> BoardWordsWanted:
    """Ask for the text of a reply. Raise BoardRefused if the post is gone or the person may not write now."""
    board_post = get_shown_post(act.unit, post)
    return _ask_for_words(act, board_post.board, board_post.reply_to or board_post.id, False, pen)


def preview_post(act: Act, draft_fields: dict[str, Any], text: str) -> BoardDraft | None:
    """Return the typed text as others will read it, before it is sent; None if it is empty. Raise BoardRefused if it is
    too long."""
    body = clean_text(text)
    if not body:
        return None
    if len(body) > MAX_POST_CHARS:
        raise BoardRefused(why="length", limit=MAX_POST_CHARS)
    access, pen = _require_daily_allowance(act, BoardId(draft_fields["board"]), draft_fields["pen"])
    return _preview(act, access, pen, {**draft_fields, "body": body})


def refuse_late_words(act: Act, draft_fields: dict[str, Any], text: str) -> BoardWordsLate:
    """Drop a draft that has lapsed; its late words are not used."""
    act.unit.drafts.drop(act.person.id)
    return BoardWordsLate()


def refuse_unasked_words(act: Act, draft_fields: dict[str, Any], text: str) -> BoardWordsUnasked:
    """Drop the note that a board was opened; words that nothing asked for are not used."""
    act.unit.drafts.drop(act.person.id)
    return BoardWordsUnasked()


def send_post(act: Act, yes: bool) -> Reply | BoardDraftDropped:
    """Publish the draft as a post, or drop it. Raise BoardRefused without a draft, or if the person may not write
    now."""
    unit, draft = act.unit, act.unit.drafts.find(act.person.id)
    if draft is None or draft.journey != JOURNEY or "body" not in draft.fields:
        raise BoardRefused(why="drafted")
    draft_fields = draft.fields
    if not yes:
        unit.drafts.drop(act.person.id)
        return BoardDraftDropped()
    access, pen = _require_daily_allowance(act, BoardId(draft_fields["board"]), draft_fields["pen"])
    unit.drafts.drop(act.person.id)
    post = _add_post(unit, access.board, pen, draft_fields)
    hold_next_words(act)
    return Reply(
        to_post_page(unit, access, draft_fields["reply_to"] or post, 0, draft_fields["pen"]), edits=act.message
    )


def sign_petition(act: Act, post: PostId, pen: str) -> BoardPost:
    """Add this pen's voice to a petition; its addressee is asked at the threshold. The pressed message keeps its pen.
    Raise BoardRefused if the petition collects no voices any more."""
    unit, board_post = act.unit, get_shown_post(act.unit, post)
    access, held_pen = _require_writer(act, board_post.board, pen)
    petition = unit.petitions.find(post)
    if petition is None or petition.state is not PetitionState.OPEN:
        raise BoardRefused(why="closed")
    voices = unit.petitions.sign(post, held_pen.author, held_pen.month)
    if voices is not None and voices >= board_post.threshold:
        petitions.ask_addressees(unit, board_post, voices, act.house.admins)
    return to_post_page(unit, access, post, 0, pen)


def take_back_post(act: Act, post: PostId, sure: bool, pen: str) -> BoardPost | BoardTakeBackQuestion:
    """Withdraw the author's own post, also with a pen of an earlier month: its text and salt are deleted, a line stays
    in the log. Without `sure` ask first. Raise BoardRefused if the pen is not the author's."""
    unit, board_post = act.unit, get_shown_post(act.unit, post)
    access = require_membership(unit, act.person, board_post.board)
    held_pen = read_pen(unit, board_post.board, pen)
    if held_pen is None or held_pen.author != board_post.author:
        raise BoardRefused(why="pen")
    if not sure:
        return BoardTakeBackQuestion(post, board_post.body, pen)
    unit.boards.withdraw(post)
    unit.board_log.note(post, EventKind.WITHDRAWN, board_post.digest)
    close_report_of_withdrawn(act, post)
    petitions.close_withdrawn(act, board_post)
    return to_post_page(unit, access, post, 0, pen)


def _ask_for_words(act: Act, board: BoardId, reply_to: PostId | None, petition: bool, pen: str) -> BoardWordsWanted:
    unit = act.unit
    access, held_pen = _require_daily_allowance(act, board, pen)
    if petition and unit.boards.count_petitions(held_pen.author) >= MAX_PETITIONS_PER_PEN:
        raise BoardRefused(why="petitions")
    threshold = petition_threshold(unit.boards.count_active_people(board, unit.now)) if petition else 0
    draft_fields = {"board": board, "reply_to": reply_to, "threshold": threshold, "pen": pen}
    unit.drafts.keep(act.person.id, JOURNEY, draft_fields, unit.now)
    return BoardWordsWanted(access.title, board_rules.pen_name(held_pen.author), reply_to or 0, threshold)


def _require_writer(act: Act, board: BoardId, pen: str) -> tuple[BoardMembership, Pen]:
    """Return the person's access and this month's pen. Raise BoardRefused until enough answers are given, or for
    another pen."""
    access = require_membership(act.unit, act.person, board)
    if access.missing:
        raise BoardRefused(why="answers", limit=access.missing)
    return access, writing_pen(act.unit, board, pen)


def _require_daily_allowance(act: Act, board: BoardId, pen: str) -> tuple[BoardMembership, Pen]:
    """Return the person's access and pen. Raise BoardRefused if they may not write, or wrote A_DAY posts today."""
    access, held_pen = _require_writer(act, board, pen)
    if act.unit.boards.count_posts_of_day(held_pen.author, day_of(act.unit.now)) >= MAX_POSTS_PER_DAY:
        raise BoardRefused(why="daily", limit=MAX_POSTS_PER_DAY)
    return access, held_pen


def _preview(act: Act, access: BoardMembership, pen: Pen, draft_fields: dict[str, Any]) -> BoardDraft:
    """Store the draft and return its preview."""
    act.unit.drafts.keep(act.person.id, JOURNEY, draft_fields, act.unit.now)
    return BoardDraft(
        title=access.title,
        name=board_rules.pen_name(pen.author),
        body=draft_fields["body"],
        threshold=draft_fields["threshold"],
    )


def _add_post(unit: UnitOfWork, board: BoardId, pen: Pen, draft_fields: dict[str, Any]) -> PostId:
    reply_to, threshold = draft_fields["reply_to"], draft_fields["threshold"]
    if threshold and unit.boards.count_petitions(pen.author) >= MAX_PETITIONS_PER_PEN:
        raise BoardRefused(why="petitions")
    today, salt = day_of(unit.now), token_hex(16)
    undigested_post = Post(
        PostId(0),
        board=board,
        reply_to=reply_to,
        author=pen.author,
        month=pen.month,
        body=draft_fields["body"],
        salt=salt,
        digest="",
        day=today,
        state=PostState.SHOWN,
        threshold=threshold,
    )
    new_post = with_digest(undigested_post)
    post = unit.boards.add(new_post)
    unit.board_log.note(post, EventKind.POSTED, new_post.digest)
    if threshold:
        unit.petitions.begin(post, board)
        unit.petitions.sign(post, pen.author, pen.month)
    return post


CONTEST_JOURNEY, RULING_JOURNEY = "board contest", "board ruling"
MAX_CONTESTS_PER_SWEEP = 100


def ask_for_hidden_text(act: Act, post: PostId, pen: str) -> BoardContestWanted:
    """Ask for the text of a hidden post, also with a pen of an earlier month. Raise BoardRefused if it can't be
    contested."""
    tombstone = _get_own_tombstone(act, post, pen)
    act.unit.drafts.keep(act.person.id, CONTEST_JOURNEY, {"post": post, "pen": pen}, act.unit.now)
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
