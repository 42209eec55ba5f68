"""Screens of the boards' mirror in a Telegram group: posts as the group reads them, and the mirror's state for admins."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from domain.fairness.board import PetitionShown, PostShown, PostState
from domain.fairness.board_mirror import (
    BoardMirror,
    BoardMirrored,
    BoardMirrorRefused,
    BoardTopic,
    MirrorState,
    MirrorTrouble,
)
from domain.people.accounts import ADMIN
from handlers import quotations
from handlers.fairness import board
from handlers.payload import Payload
from handlers.routing import Route
from handlers.screen import (
    Button,
    Screen,
    clipped,
    lines,
    shows,
)
from locales.translator import Html, Translator
from services.fairness import board_mirror


class OpenMirror(Payload):
    """The command `/board mirror`, `/board mirror GROUP` or `/board mirror off`."""

    word: str
    place: str = ""


class MirrorAgain(Payload, code="Bm"):
    pass


class EndMirror(Payload, code="Bj"):
    pass


# An @name, a /command, a #hashtag, or a link with or without its scheme.
CALLING_PATTERN = re.compile(r"@(?=\w)|(?<!\w)[/#](?=\w)|:(?=//)|(?<=\w)\.(?=[^\W\d_])")
WORD_JOINER = (
    "\u2060"  # word joiner: nobody is called by what a stranger wrote, nothing is a command, and no link opens
)
SHOWN_HASH_DIGITS = 16  # of a hash


@shows(BoardMirrored)
def board_mirrored_screen(m: BoardMirrored, t: Translator) -> Screen:
    head = board.bold(f"#{m.post.id} · {m.post.name} · {t.day(m.post.day)}")
    petition = _petition_lines(m.post.petition, t) if m.post.petition else None
    if m.post.body:
        return Screen(lines(head, quotations.quoted(without_calls(m.post.body)), petition), silent=True)
    return Screen(lines(head, *_tombstone(m, m.post, t), petition), silent=True)


@shows(BoardTopic)
def board_topic_screen(m: BoardTopic, t: Translator) -> Screen:
    return Screen(
        lines(
            board.bold(f"🗣 {t.isolated(without_calls(board.board_title(m.title, t)))}"),
            t("What workers write on this board stands here a day later, under the names they have there."),
            t("What you write here reaches nobody: the board is in the bot, /board."),
        ),
        silent=True,
    )


@shows(BoardMirror)
def board_mirror_screen(m: BoardMirror, t: Translator) -> Screen:
    if not m.place:
        return Screen(lines(t("🪞 The boards are shown in no Telegram group."), *_setup_lines(t)))
    if m.state is MirrorState.NAMED:
        return Screen(t("🪞 I look at {place} now. You hear in a moment whether it works.", place=m.place))
    if m.state is MirrorState.OFF:
        return Screen(
            lines(
                t("🪞 New posts are shown in no group any more."),
                t("What stands in {place} stays there. What its writers take back is still changed.", place=m.place),
            ),
            ((_retry_button(t),),),
        )
    if m.state is MirrorState.STOPPED:
        return Screen(
            lines(
                t("⚠️ <b>The boards can’t be shown in “{group}”</b>", group=_group_name(m)),
                _trouble_line(MirrorTrouble(m.trouble), t),
                t("Then press “🔁 Try again”. Until then, what is taken back or hidden stays readable there.")
                if m.title
                else t("Then press “🔁 Try again”."),
            ),
            ((_retry_button(t),), (_end_button(t),)),
        )
    return Screen(
        lines(
            t("🪞 <b>The boards are shown in “{group}”</b>", group=_group_name(m)),
            t("What is written from now on stands there once its day is over, each board in a topic of its own."),
            t("Workers read that on the board before they write. What people write in the group is not read."),
        ),
        ((_end_button(t),),),
    )


@shows(BoardMirrorRefused)
def board_mirror_refused_screen(m: BoardMirrorRefused, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚠️ <b>The boards can’t be shown in “{group}”</b>", group=clipped(m.place, board.MAX_TITLE_CHARS)),
            _trouble_line(MirrorTrouble(m.trouble), t),
            t("They are still shown in “{group}”, as before.", group=clipped(m.title, board.MAX_TITLE_CHARS))
            if m.title
            else None,
        )
    )


def without_calls(text: str) -> str:
    """Return the text so that it calls nobody, is no command and opens no link."""
    return CALLING_PATTERN.sub(lambda found: found[0] + WORD_JOINER, text)


def _tombstone(m: BoardMirrored, post: PostShown, t: Translator) -> tuple[Html, ...]:
    """Lines of a hidden post: rule, admin and hash; of a withdrawn post without the admin."""
    if post.contest:
        post = replace(post, contest=replace(post.contest, reason=without_calls(post.contest.reason)))
    digest = Html(f"<code>{escape(m.digest[:SHOWN_HASH_DIGITS])}</code>")
    if post.state is PostState.HIDDEN and m.hider:
        return board.tombstone(post, t), t("By admin {person}", person=m.hider), digest
    return board.tombstone(post, t), digest


def _petition_lines(p: PetitionShown, t: Translator) -> Html:
    """Lines of a petition without its voices, as the group would see when each came."""
    needs = t.n(
        "📣 Petition: it needs {count} voice, in the bot: /board.",
        "📣 Petition: it needs {count} voices, in the bot: /board.",
        p.threshold,
    )
    return lines(needs, board.petition_outcome(p, t), quotations.quoted(without_calls(p.answer)) if p.answer else None)


def _setup_lines(t: Translator) -> tuple[Html, ...]:
    return (
        t("1. Make a Telegram group, and switch on “Topics” in its settings."),
        t("2. Add the bot as an administrator with the right to manage topics."),
        t("3. Send /board mirror with the @name of the group, or with the link to any message in it."),
    )


def _trouble_line(trouble: MirrorTrouble, t: Translator) -> Html:
    return {
        MirrorTrouble.KICKED: t("The bot is not in the group any more. Add it as an administrator again."),
        MirrorTrouble.RIGHTS: t("The bot may not write there. Make it an administrator who may manage topics."),
        MirrorTrouble.FORUM: t("The group has no topics. Switch on “Topics” in its settings."),
        MirrorTrouble.MISSING: t("Telegram knows no such group. Is the bot in it? Send /board mirror with its link."),
    }[trouble]


def _group_name(m: BoardMirror) -> str:
    return clipped(m.title or m.place, board.MAX_TITLE_CHARS)


def _retry_button(t: Translator) -> Button:
    return Button(t.plain("🔁 Try again"), MirrorAgain().pack(), style="primary")


def _end_button(t: Translator) -> Button:
    return Button(t.plain("⏹ Show them no more"), EndMirror().pack())


ROUTES = (
    Route(
        OpenMirror,
        ADMIN,
        board_mirror.handle_mirror_command,
        command="board",
        usage="mirror GROUP",
        means="the boards in a group",
        word="mirror",
    ),
    Route(MirrorAgain, ADMIN, board_mirror.retry_group),
    Route(EndMirror, ADMIN, board_mirror.stop_mirror),
)
