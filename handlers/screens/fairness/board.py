"""The boards as workers read them: the list, a page of posts, a post with its replies, the log."""

from html import escape

from domain.fairness.board import PetitionState, PostState
from domain.fairness.messages.board import (
    BoardDigest,
    BoardLine,
    BoardList,
    BoardLog,
    BoardPage,
    BoardPost,
    PetitionShown,
    PostShown,
)
from handlers.payloads.board import (
    AskForContact,
    GiveContact,
    ReplyToPost,
    ReportPost,
    ShowBoard,
    ShowBoards,
    ShowLog,
    ShowPost,
    SignPetition,
    TakePen,
    TakePostBack,
    WritePost,
)
from handlers.payloads.elections import ShowStewards
from handlers.screens.fairness.tombstones import contest_row, how_to_contest, log_line, seal, tombstone
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.task_text import quoted
from handlers.screens.screen import Button, Screen, in_rows, lines, shows
from locales import Html, Translator

NAMED = 40  # characters of a project's title
ON_BUTTON = 24  # of it on a button, beside a number
SHORT = 300  # characters of a reply below its post
Row = tuple[Button, ...]


@shows(BoardList)
def board_list(m: BoardList, t: Translator) -> Screen:
    text = lines(
        t("🗣 <b>The board</b>"),
        t("Workers talk to workers here, without their names."),
        t("Write nothing by which somebody knows you: anybody who works here can read it."),
    )
    stewards = Button(t.plain("🗳 Stewards and workers’ group"), ShowStewards().pack())
    return Screen(text, (*((_listed(each, t),) for each in m.boards), (stewards,)))


@shows(BoardDigest)
def digest(m: BoardDigest, t: Translator) -> Screen:
    text = lines(t("🗣 <b>New on the board</b>"), t("You chose this hour in /settings."))
    return Screen(text, tuple((_listed(each, t),) for each in m.boards), silent=True)


@shows(BoardPage)
def page(m: BoardPage, t: Translator) -> Screen:
    text = lines(
        bold(f"🗣 {t.isolated(title_of(m.title, t))}"),
        t("You write as {name}.", name=m.name) if m.name else None,
        _missing(m.missing, t),
        in_group(m.group, t),
        " ",
        *[part for post in m.posts for part in (_post(post, t), " ")],
        None if m.posts else t("Nobody has written yet."),
    )
    return Screen(text, (*_opening(m, t), *_turning(m, t), *_writing(m, t)))


@shows(BoardPost)
def post(m: BoardPost, t: Translator) -> Screen:
    text = lines(
        bold(f"🗣 {t.isolated(title_of(m.title, t))}"),
        " ",
        _post(m.post, t),
        *[part for each in m.replies for part in (" ", _post(each, t, SHORT))],
        _missing(m.missing, t),
    )
    contests = [row for each in m.replies for row in contest_row(each, m.pen, t)]
    own = [_take_back(each, m, t) for each in m.replies if each.mine and each.state is PostState.SHOWN]
    back = Button(t.plain("⬅️ Back"), ShowBoard(board=m.board, page=0, pen=m.pen).pack())
    more = Button(t.plain("More ➡️"), ShowPost(post=m.post.id, page=m.page + 1, pen=m.pen).pack())
    reports = [_report(each, t) for each in m.replies if not each.mine and each.state is PostState.SHOWN]
    return Screen(
        text,
        (*_doing(m, t), *contests, *((each,) for each in own), *in_rows(reports), (back, more) if m.more else (back,)),
    )


@shows(BoardLog)
def log(m: BoardLog, t: Translator) -> Screen:
    text = lines(
        t("📜 <b>What was done on the boards</b>"),
        t("Nothing goes without a line here. Each seal covers all lines before it."),
        " ",
        *[part for line in m.lines for part in (log_line(line, t), seal(line))],
        None if m.lines else t("Nobody has written yet."),
    )
    newer = Button(t.plain("⬅️ Newer"), ShowLog(page=m.page - 1).pack()) if m.page else None
    older = Button(t.plain("Older ➡️"), ShowLog(page=m.page + 1).pack()) if m.older else None
    return Screen(text, _row(newer, older))


def _missing(answers: int, t: Translator) -> Html | None:
    if not answers:
        return None
    return t.n(
        "You may write here after {count} more answer.", "You may write here after {count} more answers.", answers
    )


def title_of(title: str, t: Translator) -> str:
    return clipped(title, NAMED) if title else t.plain("Everybody’s board")


def in_group(group: str, t: Translator) -> Html | None:
    if not group:
        return None
    return t("🪞 A day later it can also be read in the Telegram group “{group}”.", group=clipped(group, NAMED))


def bold(words: str) -> Html:
    return Html(f"<b>{escape(words, quote=False)}</b>")


def _listed(each: BoardLine, t: Translator) -> Button:
    name = clipped(title_of(each.title, t), ON_BUTTON)
    text = f"🔵 {name} ({t.number(each.unread)})" if each.unread else name
    return Button(text, ShowBoard(board=each.board, page=0, pen="").pack())


def _post(post: PostShown, t: Translator, room: int = 4096) -> Html:
    head = f"{'🔵 ' if post.new else ''}#{post.id} · {post.name} · {t.day(post.day)}"
    return lines(
        bold(head),
        t("↩️ This was #{number}, which was hidden.", number=post.original) if post.original else None,
        quoted(clipped(post.body, room)) if post.body else tombstone(post, t),
        how_to_contest(post, t),
        _petition(post.petition, t) if post.petition else None,
        t.n(
            "✉️ {count} reader would like to exchange contacts.",
            "✉️ {count} readers would like to exchange contacts.",
            post.wishes,
        )
        if post.wishes
        else None,
        t.n("💬 {count} reply", "💬 {count} replies", post.replies) if post.replies else None,
    )


def _petition(p: PetitionShown, t: Translator) -> Html:
    voices = t.n(
        "📣 Petition: {count} of {threshold} has signed.",
        "📣 Petition: {count} of {threshold} have signed.",
        p.voices,
        threshold=t.number(p.threshold),
    )
    return lines(voices, outcome(p, t), quoted(p.answer) if p.answer else None)


def outcome(p: PetitionShown, t: Translator) -> Html:
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


def _opening(m: BoardPage, t: Translator) -> tuple[Row, ...]:
    """A button a post."""
    buttons = [Button(f"💬 #{post.id}", ShowPost(post=post.id, page=0, pen=m.pen).pack()) for post in m.posts]
    return in_rows(buttons)


def _turning(m: BoardPage, t: Translator) -> tuple[Row, ...]:
    newer = ShowBoard(board=m.board, page=m.page - 1, pen=m.pen).pack() if m.page else None
    older = ShowBoard(board=m.board, page=m.page + 1, pen=m.pen).pack() if m.older else None
    return _row(
        Button(t.plain("⬅️ Newer"), newer) if newer else None, Button(t.plain("Older ➡️"), older) if older else None
    )


def _writing(m: BoardPage, t: Translator) -> tuple[Row, ...]:
    boards = Button(t.plain("🗣 All boards"), ShowBoards().pack())
    if m.missing:
        return ((boards,),)
    if not m.name:
        return ((Button(t.plain("🪶 I want to write"), TakePen(board=m.board).pack()),), (boards,))
    write = Button(t.plain("✏️ Write"), WritePost(board=m.board, petition=False, pen=m.pen).pack(), style="primary")
    petition = Button(t.plain("📣 Petition"), WritePost(board=m.board, petition=True, pen=m.pen).pack())
    return ((write, petition), (boards,))


def _doing(m: BoardPost, t: Translator) -> tuple[Row, ...]:
    """What can be done with the post itself."""
    if m.post.state is not PostState.SHOWN:
        return contest_row(m.post, m.pen, t)
    reply = Button(t.plain("↪️ Reply"), ReplyToPost(post=m.post.id, pen=m.pen).pack(), style="primary")
    sign = Button(t.plain("✍️ Sign"), SignPetition(post=m.post.id, pen=m.pen).pack(), style="success")
    first: Row
    if m.missing:
        first = ()
    elif not (m.pen and m.writes):
        first = (Button(t.plain("🪶 I want to write"), TakePen(board=m.board).pack()),)
    elif m.post.petition and m.post.petition.state is PetitionState.OPEN and not m.post.petition.signed:
        first = (sign, reply)
    else:
        first = (reply,)
    return (
        *((first,) if first else ()),
        *_contacts(m, t),
        (_take_back(m.post, m, t) if m.post.mine else _report(m.post, t),),
    )


def _contacts(m: BoardPost, t: Translator) -> tuple[Row, ...]:
    if not m.post.mine:
        return ((Button(t.plain("✉️ Exchange contacts"), AskForContact(post=m.post.id).pack()),),)
    data = GiveContact(post=m.post.id, pen=m.pen).pack()
    return ((Button(t.plain("✉️ Yes, exchange contacts"), data),),) if m.post.wishes else ()


def _take_back(each: PostShown, m: BoardPost, t: Translator) -> Button:
    data = TakePostBack(post=each.id, sure=False, pen=m.pen).pack()
    return Button(t.plain("🗑 Take back #{number}", number=each.id), data)


def _report(each: PostShown, t: Translator) -> Button:
    return Button(t.plain("🚩 Report #{number}", number=each.id), ReportPost(post=each.id).pack())


def _row(*buttons: Button | None) -> tuple[Row, ...]:
    there = tuple(button for button in buttons if button)
    return (there,) if there else ()
