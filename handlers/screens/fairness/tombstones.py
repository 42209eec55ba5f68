"""Tombstones of posts that were hidden or taken back, and contests of hiding: as readers, the writer and admins see
them."""

from html import escape

from domain.fairness.board import ContestState, EventKind, PostState
from domain.fairness.messages.board import LogLine, PostShown
from domain.fairness.messages.board_contests import (
    BoardContested,
    BoardContestReasonWanted,
    BoardContestRuled,
    BoardContestToRule,
    BoardContestWanted,
    ContestShown,
)
from handlers.payloads.board import ContestPost, RestorePost, UpholdHiding
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.reasons import reason_asked
from handlers.screens.layout.task_text import quoted
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator


def tombstone(post: PostShown, t: Translator) -> Html:
    if post.state is PostState.WITHDRAWN:
        return t("🪦 Taken back by its writer.")
    return lines(
        t("🪦 Hidden by an admin: {rule}. See /board log.", rule=rule_of(post.rule, t)),
        _outcome(post.contest, t) if post.contest else None,
    )


def rule_of(rule: int, t: Translator) -> str:
    return {
        1: t.plain("somebody’s private data"),
        2: t.plain("threat or insult"),
        3: t.plain("advertising"),
        4: t.plain("unlawful"),
    }.get(rule, "")


def _outcome(contest: ContestShown, t: Translator) -> Html:
    return {
        ContestState.WAITING: t("⚖️ Its writer contests that. An admin decides by {day}.", day=t.day(contest.due)),
        ContestState.RESTORED: t(
            "⚖️ Its writer contested that. It is shown again as #{number}.", number=contest.again or 0
        ),
        ContestState.UPHELD: lines(t("⚖️ Its writer contested that. It stays hidden:"), quoted(contest.reason)),
        ContestState.UNANSWERED: t("⚖️ Its writer contested that. No admin decided by {day}.", day=t.day(contest.due)),
    }[contest.state]


def contest_row(post: PostShown, pen: str, t: Translator) -> Keyboard:
    """For the writer of a hidden post, once."""
    if not post.mine or not _may_be_contested(post):
        return ()
    return ((Button(t.plain("⚖️ Contest #{number}", number=post.id), ContestPost(post=post.id, pen=pen).pack()),),)


def how_to_contest(post: PostShown, t: Translator) -> Html | None:
    """For its writer, who reads without the pen."""
    if post.mine or not _may_be_contested(post):
        return None
    return t("⚖️ Is it yours? You can contest that: open the board from your 🪶 message of that month.")


def _may_be_contested(post: PostShown) -> bool:
    return post.state is PostState.HIDDEN and post.contest is None


def contested(line: LogLine, t: Translator) -> dict[EventKind, Html]:
    """Lines of the log."""
    who = {"day": t.day(line.day), "number": line.post, "person": line.person}
    return {
        EventKind.CONTESTED: t("{day}: ⚖️ the writer of #{number} contested that it was hidden.", **who),
        EventKind.RESTORED: t("{day}: ⚖️ #{number} is shown again, by admin {person}.", **who)
        if line.person
        else t("{day}: ⚖️ #{number} is shown again: no admin decided in time.", **who),
        EventKind.UPHELD: t("{day}: ⚖️ #{number} stays hidden, by admin {person}.", **who),
        EventKind.UNDECIDED: t("{day}: ⚖️ #{number} stays hidden: no admin decided in time.", **who),
    }


def seal(line: LogLine) -> Html:
    return Html(f"<code>{escape(line.head[:16]) or '…'}</code>")


def log_line(line: LogLine, t: Translator) -> Html:
    day, number = t.day(line.day), line.post
    done = {
        EventKind.POSTED: t("{day}: #{number} was written.", day=day, number=number),
        EventKind.HIDDEN: t(
            "{day}: 🪦 #{number} was hidden by admin {person}: {rule}.",
            **{"day": day, "number": number, "person": line.person, "rule": rule_of(line.rule, t)},
        ),
        EventKind.WITHDRAWN: t("{day}: 🪦 #{number} was taken back by its writer.", day=day, number=number),
        EventKind.REACHED: t("{day}: 📣 enough people signed #{number}.", day=day, number=number),
        EventKind.ANSWERED: t("{day}: 📣 #{number} was answered.", day=day, number=number),
        EventKind.UNANSWERED: t("{day}: 📣 nobody answered #{number}.", day=day, number=number),
        **contested(line, t),
        EventKind.LAPSED: t("{day}: 📣 too few people signed #{number}.", day=day, number=number),
    }
    return done[line.kind]


@shows(BoardContestWanted)
def wanted(m: BoardContestWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ <b>#{number} was hidden. You contest that</b>, as {name}.", number=m.post, name=m.name),
            t("✏️ <b>Send its text once more</b>, exactly as it was. Hiding deleted it."),
            t("You find it further up in this chat, where you sent it: copy it from there."),
        )
    )


@shows(BoardContested)
def noted(m: BoardContested, t: Translator) -> Screen:
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
def to_rule(m: BoardContestToRule, t: Translator) -> Screen:
    restore = Button(t.plain("✅ Show it again"), RestorePost(post=m.post).pack(), style="success")
    stay = Button(t.plain("🪦 It stays, with a reason"), UpholdHiding(post=m.post).pack(), style="danger")
    return Screen(
        lines(
            t("⚖️ <b>The writer of #{number} contests that it was hidden</b>", number=m.post),
            t("“{title}”, admin {person}: {rule}.", title=clipped(m.title, 40), person=m.hider, rule=rule_of(m.rule, t))
            if m.title
            else t("Everybody’s board, admin {person}: {rule}.", person=m.hider, rule=rule_of(m.rule, t)),
            Html(f"<b>{escape(m.name, quote=False)}</b>"),
            quoted(m.body),
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
def reason_wanted(m: BoardContestReasonWanted, t: Translator) -> Screen:
    return reason_asked(
        t("🪦 #{number} stays hidden.", number=m.post),
        t("Everybody on the board reads it."),
        t,
    )


@shows(BoardContestRuled)
def ruled(m: BoardContestRuled, t: Translator) -> Screen:
    if m.again:
        return Screen(t("✅ #{number} is shown again, as #{again}.", number=m.post, again=m.again))
    return Screen(lines(t("🪦 #{number} stays hidden.", number=m.post), quoted(m.reason)))
