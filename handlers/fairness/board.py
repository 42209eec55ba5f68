"""Screens and buttons of the boards. `pen` lets its holder write, empty for a reader without one
(`domain/fairness/board.py`)."""

from __future__ import annotations

from html import escape

from domain.fairness.board import (
    MAX_POST_CHARS,
    RULES,
    BoardAnswerDraft,
    BoardAnswerKept,
    BoardAnswerWanted,
    BoardContact,
    BoardContactAsked,
    BoardContested,
    BoardContestReasonWanted,
    BoardContestRuled,
    BoardContestToRule,
    BoardContestWanted,
    BoardDigest,
    BoardDraft,
    BoardDraftDropped,
    BoardLine,
    BoardList,
    BoardLog,
    BoardModerated,
    BoardPage,
    BoardPen,
    BoardPenTaken,
    BoardPetitionTakenBack,
    BoardPetitionToAnswer,
    BoardPost,
    BoardPostToModerate,
    BoardReported,
    BoardTakeBackQuestion,
    BoardWordsLate,
    BoardWordsUnasked,
    BoardWordsWanted,
    ContestShown,
    ContestState,
    EventKind,
    LogLine,
    PetitionShown,
    PetitionState,
    PostShown,
    PostState,
    pen_hashtag,
)
from domain.people.accounts import ADMIN, WORKER
from handlers import quotations
from handlers.fairness import elections, petitions
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, lines, reason_question, shows, to_button_rows
from locales.translator import Html, Translator
from services.fairness import board


class OpenBoards(Payload):
    pass


class OpenBoard(Payload):
    board: Number


class OpenLog(Payload):
    """The command `/board log` or `/board log 2`."""

    word: str
    page: Number = 0


class ShowBoards(Payload, code="B0"):
    pass


class ShowBoard(Payload, code="Bo"):
    board: Number
    page: Number
    pen: str


class ShowPost(Payload, code="Bp"):
    post: Number
    page: Number
    pen: str


class ShowLog(Payload, code="Bl"):
    page: Number


class TakePen(Payload, code="Bk"):
    board: Number


class WritePost(Payload, code="Bw"):
    board: Number
    petition: bool
    pen: str


class ReplyToPost(Payload, code="Br"):
    post: Number
    pen: str


class SendPost(Payload, code="Bs"):
    yes: bool


class SignPetition(Payload, code="Bg"):
    post: Number
    pen: str


class TakePostBack(Payload, code="Bt"):
    post: Number
    sure: bool
    pen: str


class ReportPost(Payload, code="Bf"):
    post: Number


class ShowReportedPost(Payload, code="Bi"):
    post: Number


class ModeratePost(Payload, code="Bh"):
    """An admin's decision about a reported post: hide it by a rule; rule 0 leaves it."""

    post: Number
    rule: Number


class AskForContact(Payload, code="Bc"):
    post: Number


class GiveContact(Payload, code="Bx"):
    post: Number
    pen: str


class ContestPost(Payload, code="Bq"):
    """The writer's press to contest that a post was hidden."""

    post: Number
    pen: str


class ShowContest(Payload, code="Bz"):
    post: Number


class RestorePost(Payload, code="By"):
    post: Number


class UpholdHiding(Payload, code="Bn"):
    post: Number


def tombstone(post: PostShown, t: Translator) -> Html:
    if post.state is PostState.WITHDRAWN:
        return t("🪦 Taken back by its writer.")
    return lines(
        t("🪦 Hidden by an admin: {rule}. See /board log.", rule=rule_name(post.rule, t)),
        _contest_outcome(post.contest, t) if post.contest else None,
    )


def rule_name(rule: int, t: Translator) -> str:
    return {
        1: t.plain("somebody’s private data"),
        2: t.plain("threat or insult"),
        3: t.plain("advertising"),
        4: t.plain("unlawful"),
    }.get(rule, "")


def _contest_outcome(contest: ContestShown, t: Translator) -> Html:
    return {
        ContestState.WAITING: t("⚖️ Its writer contests that. An admin decides by {day}.", day=t.day(contest.due)),
        ContestState.RESTORED: t(
            "⚖️ Its writer contested that. It is shown again as #{number}.", number=contest.again or 0
        ),
        ContestState.UPHELD: lines(
            t("⚖️ Its writer contested that. It stays hidden:"), quotations.quote(contest.reason)
        ),
        ContestState.UNANSWERED: t("⚖️ Its writer contested that. No admin decided by {day}.", day=t.day(contest.due)),
    }[contest.state]


def contest_buttons(post: PostShown, pen: str, t: Translator) -> Keyboard:
    """Button for the writer of a hidden post that can be contested; none for others."""
    if not post.mine or not _may_be_contested(post):
        return ()
    return ((Button(t.plain("⚖️ Contest #{number}", number=post.id), ContestPost(post=post.id, pen=pen).pack()),),)


def contest_hint(post: PostShown, t: Translator) -> Html | None:
    """Hint for the writer of a hidden post who reads without the pen; None for a reader with it, or if it can't be
    contested."""
    if post.mine or not _may_be_contested(post):
        return None
    return t("⚖️ Is it yours? You can contest that: open the board from your 🪶 message of that month.")


def _may_be_contested(post: PostShown) -> bool:
    return post.state is PostState.HIDDEN and post.contest is None


def contest_log_lines(line: LogLine, t: Translator) -> dict[EventKind, Html]:
    """Log lines of a contest, by kind of event."""
    who = {"day": t.day(line.day), "number": line.post, "person": line.person}
    return {
        EventKind.CONTESTED: t("{day}: ⚖️ the writer of #{number} contested that it was hidden.", **who),
        EventKind.RESTORED: t("{day}: ⚖️ #{number} is shown again, by admin {person}.", **who)
        if line.person
        else t("{day}: ⚖️ #{number} is shown again: no admin decided in time.", **who),
        EventKind.UPHELD: t("{day}: ⚖️ #{number} stays hidden, by admin {person}.", **who),
        EventKind.UNDECIDED: t("{day}: ⚖️ #{number} stays hidden: no admin decided in time.", **who),
    }


def seal_line(line: LogLine) -> Html:
    return Html(f"<code>{escape(line.head[:16]) or '…'}</code>")


def log_line(line: LogLine, t: Translator) -> Html:
    day, number = t.day(line.day), line.post
    lines_by_kind = {
        EventKind.POSTED: t("{day}: #{number} was written.", day=day, number=number),
        EventKind.HIDDEN: t(
            "{day}: 🪦 #{number} was hidden by admin {person}: {rule}.",
            **{"day": day, "number": number, "person": line.person, "rule": rule_name(line.rule, t)},
        ),
        EventKind.WITHDRAWN: t("{day}: 🪦 #{number} was taken back by its writer.", day=day, number=number),
        EventKind.REACHED: t("{day}: 📣 enough people signed #{number}.", day=day, number=number),
        EventKind.ANSWERED: t("{day}: 📣 #{number} was answered.", day=day, number=number),
        EventKind.UNANSWERED: t("{day}: 📣 nobody answered #{number}.", day=day, number=number),
        **contest_log_lines(line, t),
        EventKind.LAPSED: t("{day}: 📣 too few people signed #{number}.", day=day, number=number),
    }
    return lines_by_kind[line.kind]


@shows(BoardContestWanted)
def board_contest_wanted_screen(m: BoardContestWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ <b>#{number} was hidden. You contest that</b>, as {name}.", number=m.post, name=m.name),
            t("✏️ <b>Send its text once more</b>, exactly as it was. Hiding deleted it."),
            t("You find it further up in this chat, where you sent it: copy it from there."),
        )
    )


@shows(BoardContested)
def board_contested_screen(m: BoardContested, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ That is the text of #{number}. Your objection is noted.", number=m.post),
            t("Another admin decides by {day}.", day=t.day(m.due))
            if m.another
            else t("An admin decides by {day}. There is no other one than who hid it.", day=t.day(m.due)),
            t("If nobody decides, it is shown again.")
            if m.silence
            else t("If nobody decides, it stays hidden, and the log says so."),
            t("We don’t know who you are, so we can’t write to you: look at #{number} on the board.", number=m.post),
        )
    )


@shows(BoardContestToRule)
def board_contest_to_rule_screen(m: BoardContestToRule, t: Translator) -> Screen:
    restore = Button(t.plain("✅ Show it again"), RestorePost(post=m.post).pack(), style="success")
    stay = Button(t.plain("🪦 It stays, with a reason"), UpholdHiding(post=m.post).pack(), style="danger")
    return Screen(
        lines(
            t("⚖️ <b>The writer of #{number} contests that it was hidden</b>", number=m.post),
            t(
                "“{title}”, admin {person}: {rule}.",
                title=clipped(m.title, 40),
                person=m.hider,
                rule=rule_name(m.rule, t),
            )
            if m.title
            else t("Everybody’s board, admin {person}: {rule}.", person=m.hider, rule=rule_name(m.rule, t)),
            Html(f"<b>{escape(m.name, quote=False)}</b>"),
            quotations.quote(m.body),
            t("You hid it yourself. There is no other admin, so you look again; the log shows it.")
            if m.alone
            else None,
            t("Without a decision by {day} it is shown again.", day=t.day(m.due))
            if m.silence
            else t("Decide by {day}. Without a decision it stays hidden, and the log says so.", day=t.day(m.due)),
        ),
        ((restore,), (stay,)),
    )


@shows(BoardContestReasonWanted)
def board_contest_reason_wanted_screen(m: BoardContestReasonWanted, t: Translator) -> Screen:
    return reason_question(
        t("🪦 #{number} stays hidden.", number=m.post),
        t("Everybody on the board reads it."),
        t,
    )


@shows(BoardContestRuled)
def board_contest_ruled_screen(m: BoardContestRuled, t: Translator) -> Screen:
    if m.again:
        return Screen(t("✅ #{number} is shown again, as #{again}.", number=m.post, again=m.again))
    return Screen(lines(t("🪦 #{number} stays hidden.", number=m.post), quotations.quote(m.reason)))


MAX_TITLE_CHARS = 40  # characters of a project's title
MAX_BUTTON_TITLE_CHARS = 24  # of it on a button, beside a number
MAX_REPLY_CHARS = 300  # characters of a reply below its post
Row = tuple[Button, ...]


@shows(BoardList)
def board_list_screen(m: BoardList, t: Translator) -> Screen:
    text = lines(
        t("🗣 <b>The board</b>"),
        t("Workers talk to workers here, without their names."),
        t("Write nothing by which somebody knows you: anybody who works here can read it."),
    )
    stewards = Button(t.plain("🗳 Stewards and workers’ group"), elections.ShowStewards().pack())
    return Screen(text, (*((_board_button(board_line, t),) for board_line in m.boards), (stewards,)))


@shows(BoardDigest)
def board_digest_screen(m: BoardDigest, t: Translator) -> Screen:
    text = lines(t("🗣 <b>New on the board</b>"), t("You chose this hour in /settings."))
    return Screen(text, tuple((_board_button(board_line, t),) for board_line in m.boards), silent=True)


@shows(BoardPage)
def board_page_screen(m: BoardPage, t: Translator) -> Screen:
    text = lines(
        bold(f"🗣 {t.isolated(board_title(m.title, t))}"),
        t("You write as {name}.", name=m.name) if m.name else None,
        _missing_answers_line(m.missing, t),
        " ",
        *[part for post in m.posts for part in (_post_lines(post, t), " ")],
        None if m.posts else t("Nobody has written yet."),
    )
    return Screen(text, (*_open_post_buttons(m, t), *_page_buttons(m, t), *_write_buttons(m, t)))


@shows(BoardPost)
def board_post_screen(m: BoardPost, t: Translator) -> Screen:
    text = lines(
        bold(f"🗣 {t.isolated(board_title(m.title, t))}"),
        " ",
        _post_lines(m.post, t),
        *[part for reply in m.replies for part in (" ", _post_lines(reply, t, MAX_REPLY_CHARS))],
        _missing_answers_line(m.missing, t),
    )
    contests = [row for reply in m.replies for row in contest_buttons(reply, m.pen, t)]
    take_back_buttons = [
        _take_back_button(reply, m, t) for reply in m.replies if reply.mine and reply.state is PostState.SHOWN
    ]
    back = Button(t.plain("⬅️ Back"), ShowBoard(board=m.board, page=0, pen=m.pen).pack())
    next_button = Button(t.plain("More ➡️"), ShowPost(post=m.post.id, page=m.page + 1, pen=m.pen).pack())
    reports = [_report_button(reply, t) for reply in m.replies if not reply.mine and reply.state is PostState.SHOWN]
    return Screen(
        text,
        (
            *_post_buttons(m, t),
            *contests,
            *((button,) for button in take_back_buttons),
            *to_button_rows(reports),
            (back, next_button) if m.more else (back,),
        ),
    )


@shows(BoardLog)
def board_log_screen(m: BoardLog, t: Translator) -> Screen:
    text = lines(
        t("📜 <b>What was done on the boards</b>"),
        t("Nothing goes without a line here. Each seal covers all lines before it."),
        " ",
        *[part for line in m.lines for part in (log_line(line, t), seal_line(line))],
        None if m.lines else t("Nobody has written yet."),
    )
    newer = Button(t.plain("⬅️ Newer"), ShowLog(page=m.page - 1).pack()) if m.page else None
    older = Button(t.plain("Older ➡️"), ShowLog(page=m.page + 1).pack()) if m.older else None
    return Screen(text, _row_of(newer, older))


def _missing_answers_line(answers: int, t: Translator) -> Html | None:
    if not answers:
        return None
    return t.n(
        "You may write here after {count} more answer.", "You may write here after {count} more answers.", answers
    )


def board_title(title: str, t: Translator) -> str:
    return clipped(title, MAX_TITLE_CHARS) if title else t.plain("Everybody’s board")


def bold(words: str) -> Html:
    return Html(f"<b>{escape(words, quote=False)}</b>")


def _board_button(board_line: BoardLine, t: Translator) -> Button:
    name = clipped(board_title(board_line.title, t), MAX_BUTTON_TITLE_CHARS)
    text = f"🔵 {name} ({t.number(board_line.unread)})" if board_line.unread else name
    return Button(text, ShowBoard(board=board_line.board, page=0, pen="").pack())


def _post_lines(post: PostShown, t: Translator, room: int = 4096) -> Html:
    head = f"{'🔵 ' if post.new else ''}#{post.id} · {post.name} · {t.day(post.day)}"
    return lines(
        bold(head),
        t("↩️ This was #{number}, which was hidden.", number=post.original) if post.original else None,
        quotations.quote(clipped(post.body, room)) if post.body else tombstone(post, t),
        contest_hint(post, t),
        _petition_lines(post.petition, t) if post.petition else None,
        t.n(
            "✉️ {count} reader would like to exchange contacts.",
            "✉️ {count} readers would like to exchange contacts.",
            post.wishes,
        )
        if post.wishes
        else None,
        t.n("💬 {count} reply", "💬 {count} replies", post.replies) if post.replies else None,
    )


def _petition_lines(p: PetitionShown, t: Translator) -> Html:
    voices = t.n(
        "📣 Petition: {count} of {threshold} has signed.",
        "📣 Petition: {count} of {threshold} have signed.",
        p.voices,
        threshold=t.number(p.threshold),
    )
    return lines(voices, petition_outcome(p, t), quotations.quote(p.answer) if p.answer else None)


def petition_outcome(p: PetitionShown, t: Translator) -> Html:
    due = t.day(p.due) if p.due else ""
    if p.answer and p.answered_on is not None:
        late, day = p.state is PetitionState.UNANSWERED, t.day(p.answered_on)
        return t("Answered late, on {day}:", day=day) if late else t("Answered on {day}:", day=day)
    return {
        PetitionState.OPEN: t("It can be signed until {day}.", day=t.day(p.closes)),
        PetitionState.LAPSED: t("Too few signed in time."),
        PetitionState.ASKED: t("An answer is due by {day}.", day=due),
        PetitionState.UNANSWERED: t("No answer came by {day}.", day=due),
        PetitionState.ANSWERED: Html(""),
    }[p.state]


def _open_post_buttons(m: BoardPage, t: Translator) -> tuple[Row, ...]:
    """One button for each post of the page."""
    buttons = [Button(f"💬 #{post.id}", ShowPost(post=post.id, page=0, pen=m.pen).pack()) for post in m.posts]
    return to_button_rows(buttons)


def _page_buttons(m: BoardPage, t: Translator) -> tuple[Row, ...]:
    newer = ShowBoard(board=m.board, page=m.page - 1, pen=m.pen).pack() if m.page else None
    older = ShowBoard(board=m.board, page=m.page + 1, pen=m.pen).pack() if m.older else None
    return _row_of(
        Button(t.plain("⬅️ Newer"), newer) if newer else None, Button(t.plain("Older ➡️"), older) if older else None
    )


def _write_buttons(m: BoardPage, t: Translator) -> tuple[Row, ...]:
    boards = Button(t.plain("🗣 All boards"), ShowBoards().pack())
    if m.missing:
        return ((boards,),)
    if not m.name:
        return ((Button(t.plain("🪶 I want to write"), TakePen(board=m.board).pack()),), (boards,))
    write = Button(t.plain("✏️ Write"), WritePost(board=m.board, petition=False, pen=m.pen).pack(), style="primary")
    petition = Button(t.plain("📣 Petition"), WritePost(board=m.board, petition=True, pen=m.pen).pack())
    return ((write, petition), (boards,))


def _post_buttons(m: BoardPost, t: Translator) -> tuple[Row, ...]:
    """Buttons of the post itself: sign, reply, take a pen, contacts, take back or report."""
    if m.post.state is not PostState.SHOWN:
        return contest_buttons(m.post, m.pen, t)
    reply = Button(t.plain("↪️ Reply"), ReplyToPost(post=m.post.id, pen=m.pen).pack(), style="primary")
    sign = Button(t.plain("✍️ Sign"), SignPetition(post=m.post.id, pen=m.pen).pack(), style="success")
    first_row: Row
    if m.missing:
        first_row = ()
    elif not (m.pen and m.writes):
        first_row = (Button(t.plain("🪶 I want to write"), TakePen(board=m.board).pack()),)
    elif m.post.petition and m.post.petition.state is PetitionState.OPEN and not m.post.petition.signed:
        first_row = (sign, reply)
    else:
        first_row = (reply,)
    return (
        *((first_row,) if first_row else ()),
        *_contact_buttons(m, t),
        (_take_back_button(m.post, m, t) if m.post.mine else _report_button(m.post, t),),
    )


def _contact_buttons(m: BoardPost, t: Translator) -> tuple[Row, ...]:
    if not m.post.mine:
        return ((Button(t.plain("✉️ Exchange contacts"), AskForContact(post=m.post.id).pack()),),)
    data = GiveContact(post=m.post.id, pen=m.pen).pack()
    return ((Button(t.plain("✉️ Yes, exchange contacts"), data),),) if m.post.wishes else ()


def _take_back_button(shown_post: PostShown, m: BoardPost, t: Translator) -> Button:
    data = TakePostBack(post=shown_post.id, sure=False, pen=m.pen).pack()
    return Button(t.plain("🗑 Take back #{number}", number=shown_post.id), data)


def _report_button(shown_post: PostShown, t: Translator) -> Button:
    return Button(t.plain("🚩 Report #{number}", number=shown_post.id), ReportPost(post=shown_post.id).pack())


def _row_of(*buttons: Button | None) -> tuple[Row, ...]:
    present_buttons = tuple(button for button in buttons if button)
    return (present_buttons,) if present_buttons else ()


@shows(BoardPostToModerate)
def board_post_to_moderate_screen(m: BoardPostToModerate, t: Translator) -> Screen:
    text = lines(
        t("🚩 <b>A post was reported</b>: #{number}, {title}", number=m.post, title=board_title(m.title, t)),
        bold(m.name),
        quotations.quote(m.body),
        t("Hide it only by one of these rules. The rule and your number stay in the log that everybody reads."),
    )
    hide = [
        (Button(t.plain("Hide: {rule}", rule=rule_name(rule, t)), ModeratePost(post=m.post, rule=rule).pack()),)
        for rule in RULES
    ]
    return Screen(text, ((Button(t.plain("✅ Leave it"), ModeratePost(post=m.post, rule=0).pack()),), *hide))


@shows(BoardModerated)
def board_moderated_screen(m: BoardModerated, t: Translator) -> Screen:
    if m.gone:
        return Screen(t("#{number} was hidden or taken back before.", number=m.post))
    if m.decided:
        return Screen(t("An admin has decided about #{number} before: it stays.", number=m.post))
    if not m.rule:
        return Screen(t("#{number} stays.", number=m.post))
    return Screen(t("🪦 #{number} is hidden: {rule}.", number=m.post, rule=rule_name(m.rule, t)))


@shows(BoardPetitionToAnswer)
def board_petition_to_answer_screen(m: BoardPetitionToAnswer, t: Translator) -> Screen:
    text = lines(
        t("📣 <b>{count} workers ask you for something</b>: {title}", count=m.voices, title=board_title(m.title, t)),
        quotations.quote(m.body),
        t("Answer by {day}. Your answer, or that none came, stays under their petition.", day=t.day(m.due)),
    )
    return Screen(
        text, ((Button(t.plain("✏️ Answer"), petitions.AnswerPetition(post=m.post).pack(), style="primary"),),)
    )


@shows(BoardPetitionTakenBack)
def board_petition_taken_back_screen(m: BoardPetitionTakenBack, t: Translator) -> Screen:
    labels = {"number": m.post, "title": board_title(m.title, t)}
    return Screen(
        lines(
            t("🪦 Petition #{number} was hidden by an admin: {title}", **labels)
            if m.hidden
            else t("↩️ Petition #{number} was taken back by its writer: {title}", **labels),
            t("No answer is due any more, and the board does not say that none came."),
            t("If it is shown again, we ask you again.") if m.hidden else None,
        )
    )


@shows(BoardAnswerWanted)
def board_answer_wanted_screen(m: BoardAnswerWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✏️ Write your answer to petition #{number} now, in one message.", number=m.post),
            t("At most {count} characters. You see it once more before it is sent.", count=MAX_POST_CHARS),
        )
    )


@shows(BoardAnswerDraft)
def board_answer_draft_screen(m: BoardAnswerDraft, t: Translator) -> Screen:
    text = lines(
        t("👀 This is what others will read on “{title}”:", title=board_title(m.title, t)),
        quotations.quote(m.answer),
        t("Once it is sent, it can’t be changed."),
    )
    yes = Button(t.plain("📮 Send"), petitions.SendPetitionAnswer(post=m.post, yes=True).pack(), style="success")
    no = Button(t.plain("✖️ Do not send"), petitions.SendPetitionAnswer(post=m.post, yes=False).pack())
    return Screen(text, ((yes,), (no,)))


@shows(BoardAnswerKept)
def board_answer_kept_screen(m: BoardAnswerKept, t: Translator) -> Screen:
    return Screen(
        lines(t("✅ Your answer stands under petition #{number}:", number=m.post), quotations.quote(m.answer))
    )


@shows(BoardPen)
def board_pen_screen(m: BoardPen, t: Translator) -> Screen:
    text = lines(
        t("🪶 <b>You are {name}</b>", name=m.name),
        t(
            "That is your name on “{title}” until {day}. Then you get another one.",
            title=board_title(m.title, t),
            day=t.day(m.until),
        ),
        t("Only this message knows it. We keep no copy: do not delete it."),
        t("To write later, come back to it: tap {tag}.", tag=pen_hashtag(m.until)),
    )
    return Screen(
        text,
        (
            (Button(t.plain("✏️ Write"), WritePost(board=m.board, petition=False, pen=m.pen).pack(), style="primary"),),
            (Button(t.plain("🗣 Open the board"), ShowBoard(board=m.board, page=0, pen=m.pen).pack()),),
        ),
    )


@shows(BoardPenTaken)
def board_pen_taken_screen(m: BoardPenTaken, t: Translator) -> Screen:
    text = lines(
        t("🪶 You have a name on “{title}” this month.", title=board_title(m.title, t)),
        t(
            "Its message is further up: tap {tag}, choose it in the list, and write from there.",
            tag=pen_hashtag(m.again),
        ),
        t("Is it gone? You get a new name from {day}. We can’t look yours up: that is the point.", day=t.day(m.again)),
    )
    return Screen(text)


@shows(BoardWordsWanted)
def board_words_wanted_screen(m: BoardWordsWanted, t: Translator) -> Screen:
    request_line = t("✏️ <b>Write it now</b>, in one message, as {name}.", name=m.name)
    if m.reply_to:
        request_line = t(
            "↪️ <b>Write your reply to #{number} now</b>, in one message, as {name}.", number=m.reply_to, name=m.name
        )
    if m.threshold:
        request_line = t("📣 <b>Write what you ask for</b>, in one message, as {name}.", name=m.name)
    return Screen(
        lines(
            request_line,
            t("When {count} people have signed, an answer is due within a week.", count=m.threshold)
            if m.threshold
            else None,
            t("At most {count} characters. You see it once more before it is sent.", count=MAX_POST_CHARS),
        )
    )


@shows(BoardDraft)
def board_draft_screen(m: BoardDraft, t: Translator) -> Screen:
    text = lines(
        t("👀 This is what others will read on “{title}”:", title=board_title(m.title, t)),
        bold(m.name),
        quotations.quote(m.body),
        t("Is there nothing in it by which somebody knows you?"),
    )
    yes = Button(t.plain("📮 Send"), SendPost(yes=True).pack(), style="success")
    return Screen(text, ((yes,), (Button(t.plain("✖️ Do not send"), SendPost(yes=False).pack()),)))


@shows(BoardWordsLate)
def board_words_late_screen(_: BoardWordsLate, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏳ <b>These words went nowhere.</b> You began to write on a board more than an hour ago."),
            t("For the board: go back to it, press the button again, and send them."),
            t("As the answer to a task: send them once more."),
        )
    )


@shows(BoardWordsUnasked)
def board_words_unasked_screen(_: BoardWordsUnasked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✋ <b>These words went nowhere.</b> You opened a board, and your task waits for words, too."),
            t("For the board: press ✏️ Write there first, then send them."),
            t("As the answer to a task: send them once more."),
        )
    )


@shows(BoardDraftDropped)
def board_draft_dropped_screen(_: BoardDraftDropped, t: Translator) -> Screen:
    return Screen(t("Nothing was sent."))


@shows(BoardTakeBackQuestion)
def board_take_back_question_screen(m: BoardTakeBackQuestion, t: Translator) -> Screen:
    text = lines(
        t("🗑 <b>Take #{number} back?</b>", number=m.post),
        quotations.quote(m.body),
        t("Its text goes for good. A line that there was one stays."),
    )
    yes = Button(t.plain("🗑 Take it back"), TakePostBack(post=m.post, sure=True, pen=m.pen).pack(), style="danger")
    return Screen(text, ((yes,), (Button(t.plain("⬅️ Back"), ShowPost(post=m.post, page=0, pen=m.pen).pack()),)))


@shows(BoardReported)
def board_reported_screen(m: BoardReported, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚩 Thank you. An admin looks at #{number}.", number=m.post),
            t("If it is hidden, /board log says by which rule. Who reported it is not kept."),
        )
    )


@shows(BoardContactAsked)
def board_contact_asked_screen(m: BoardContactAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✉️ The writer of #{number} sees that somebody would like to exchange contacts, not who.", number=m.post),
            t("If they say yes within two weeks, each of you gets the other’s @username. We keep neither."),
        )
    )


@shows(BoardContact)
def board_contact_screen(m: BoardContact, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✉️ About #{number}: you both want to talk. Here is @{username}.", number=m.post, username=m.username),
            t("What you write to each other does not pass through us."),
        )
    )


ROUTES = (
    Route(OpenBoards, WORKER, board.show_boards, command="board", means="talk to other workers, without your name"),
    Route(OpenBoard, WORKER, board.open_board, command="board", usage="N", means="the board of one project"),
    Route(
        OpenLog,
        WORKER,
        board.open_log,
        command="board",
        usage="log",
        means="what was hidden or taken back, and by which rule",
        word="log",
    ),
    Route(ShowBoards, WORKER, board.show_boards),
    Route(ShowBoard, WORKER, board.show_page, stays=True),
    Route(ShowPost, WORKER, board.show_post, stays=True),
    Route(ShowLog, WORKER, board.show_log),
    Route(TakePen, WORKER, board.take_pen),
    Route(WritePost, WORKER, board.write_post),
    Route(ReplyToPost, WORKER, board.write_reply),
    Route(SendPost, WORKER, board.send_post),
    Route(SignPetition, WORKER, board.sign_petition),
    Route(TakePostBack, WORKER, board.take_back_post, stays=True),
    Route(ReportPost, WORKER, board.report_post),
    Route(ShowReportedPost, ADMIN, board.show_reported_post),
    Route(ModeratePost, ADMIN, board.moderate_post),
    Route(ContestPost, WORKER, board.ask_for_hidden_text, stays=True),
    Route(ShowContest, ADMIN, board.show_contest),
    Route(RestorePost, ADMIN, board.restore_post),
    Route(UpholdHiding, ADMIN, board.ask_uphold_reason),
    Route(AskForContact, WORKER, board.ask_for_contact),
    Route(GiveContact, WORKER, board.give_contact),
)
