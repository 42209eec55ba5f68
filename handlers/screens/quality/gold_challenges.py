"""Challenged check questions: the requester's decision, and the notices to workers."""

from domain.quality.messages.contests import ContestNoted
from domain.quality.messages.gold import GoldDecided, GoldDoubted, GoldReviewed
from handlers.payloads.quality import JudgeGold
from handlers.screens.layout.exhibit import shown_again
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Screen, Toast, lines, shows, toasts
from locales import Html, Translator

NAMED, TASK = 100, 600  # characters of a name, and of a task that is shown again


@toasts(ContestNoted)
def noted(_: ContestNoted, t: Translator) -> Toast:
    text = t.plain("⚖️ Noted. The requester must look at it within 72 hours; if they do not, you win.")
    return Toast(text, alert=True)


@shows(GoldDoubted)
def doubted(of: GoldDoubted, t: Translator) -> Screen:
    task, album = shown_again(of.content, of.kind, of.options, TASK)
    keep, drop = (JudgeGold(challenge=of.challenge, keep=keep).pack() for keep in (True, False))
    return Screen(
        lines(
            _doubt(of, t),
            t("{number}: {title}", number=of.number, title=clipped(of.title, NAMED)),
            task,
            t(
                "Your answer: <b>{gold}</b>. {agreeing} of {answers} said so.",
                gold=_known(of.gold, t),
                agreeing=t.number(of.agreeing),
                answers=t.number(of.answers),
            ),
            t("Please decide by {until}. If you say nothing, the workers win.", until=t.time(of.until)),
        ),
        (
            (Button(t.plain("✅ It is right, keep it"), keep),),
            (Button(t.plain("↩️ It is wrong, drop it"), drop, style="danger"),),
        ),
        album=album,
    )


def _doubt(of: GoldDoubted, t: Translator) -> Html:
    if of.aside:
        return t(
            "⚖️ <b>Several workers, or very good ones, say the answer to this check question is wrong.</b> Until you "
            "decide, it checks nobody."
        )
    if not of.contested:
        return t("⚖️ <b>Most who answered this check question say something else.</b> Nothing has changed so far.")
    return t("⚖️ <b>Somebody says the answer to this check question is wrong.</b> Nothing has changed so far.")


@shows(GoldDecided)
def decided(of: GoldDecided, t: Translator) -> Screen:
    gold = _known(of.gold, t)
    task, album = shown_again(of.content, of.kind, of.options, TASK)
    text = (
        t("⚖️ Kept: <b>{gold}</b> goes on checking the work.", gold=gold)
        if of.kept
        else t(
            "⚖️ Dropped: <b>{gold}</b> counts for nobody. What it had caused is put right; the workers were told.",
            gold=gold,
        )
    )
    return Screen(lines(text, task), album=album)


@shows(GoldReviewed)
def reviewed(of: GoldReviewed, t: Translator) -> Screen:
    named = {"title": clipped(of.title, NAMED), "gold": _known(of.gold, t)}
    task, album = shown_again(of.content, of.kind, of.options, TASK)
    if of.kept:
        head = t("⚖️ <b>{title}</b>: the requester looked again at the check question, and keeps {gold}.", **named)
        return Screen(lines(head, task), album=album)
    head = t("⚖️ <b>{title}</b>: this is no check question any more. Your answer no longer counts as a miss.", **named)
    return Screen(lines(head, task, t("See /balance and /why.")), album=album)


def _known(gold: tuple[str, ...], t: Translator) -> str:
    return t.one_of([clipped(answer, NAMED) for answer in gold[:5]])
