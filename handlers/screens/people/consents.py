"""Consents: what projects may use, taking it back, and what had left before."""

from domain.people.consents import Delivery
from domain.people.rights_messages import (
    AnswersTakenBack,
    ConsentEnded,
    ConsentList,
    WithdrawQuestion,
)
from handlers.payloads.people import AskToWithdraw, ListConsents, Withdraw
from handlers.screens.layout.dates import day
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator

TITLE = 28  # characters of a project's title on a button


@shows(ConsentList)
def consents(m: ConsentList, t: Translator) -> Screen:
    if not m.consents:
        return Screen(t("No project uses answers of yours."))
    told = [
        t("• <b>{title}</b> · {day}", title=each.title, day=t.date(each.since))
        if not each.version
        else t(
            "• <b>{title}</b> · {day} · terms of {version}",
            title=each.title,
            day=t.date(each.since),
            version=day(each.version, t),
        )
        for each in m.consents
    ]
    buttons = tuple(
        (Button(f"📤 {clipped(each.title, TITLE)}", AskToWithdraw.wire(each.project)),) for each in m.consents
    )
    return Screen(
        lines(
            t("<b>These projects may use your answers.</b> You agreed with your first answer there."),
            *told,
            " ",
            t("Press one to take your answers back. You keep the pay."),
        ),
        (*buttons, *_older(m, t)),
    )


def _older(m: ConsentList, t: Translator) -> Keyboard:
    if not m.more:
        return ()
    last = m.consents[-1]
    return ((Button(t.plain("▶️ Older ones"), ListConsents.wire(last.since, last.project)),),)


@shows(WithdrawQuestion)
def ask_one(m: WithdrawQuestion, t: Translator) -> Screen:
    yes, no = (Withdraw(project=m.number, sure=sure).pack() for sure in (True, False))
    return Screen(
        lines(
            t("↩️ Take your answers to <b>{title}</b> back?", title=m.title),
            t.n(
                "{count} answer leaves the requester's files; you get no more tasks of it. What you earned stays yours.",
                "{count} answers leave the requester's files; you get no more tasks of it. What you earned stays yours.",
                m.answers,
            ),
        ),
        ((Button(t.plain("Yes, take them back"), yes, style="danger"),), (Button(t.plain("No, keep everything"), no),)),
    )


@shows(ConsentEnded)
def withdrawn(m: ConsentEnded, t: Translator) -> Screen:
    return Screen(
        lines(
            t("↩️ Your consent to <b>{title}</b> has ended.", title=m.title),
            t.n(
                "{count} answer left the requester's files. What you earned stays yours.",
                "{count} answers left the requester's files. What you earned stays yours.",
                m.answers,
            ),
            t("The results are computed again without that."),
            " ",
            *_before(m, t),
        )
    )


def _before(m: ConsentEnded, t: Translator) -> list[Html]:
    if not m.delivered:
        return [t("Nothing had been taken out of it before.")]
    return [
        t("The requester had taken these before; we can't call them back, and have asked them to delete your answers:"),
        *_named(m.delivered, m.all_delivered, t),
    ]


@shows(AnswersTakenBack)
def taken_back(m: AnswersTakenBack, t: Translator) -> Screen:
    return Screen(
        lines(
            t.n(
                "↩️ <b>{title}</b>: worker {worker} has taken {count} answer back.",
                "↩️ <b>{title}</b>: worker {worker} has taken {count} answers back.",
                m.answers,
                title=m.title,
                worker=m.worker,
            ),
            t("No later file has any of that, and the results are computed again. What was paid stays paid."),
            t("Please delete this worker's rows from what you took before:") if m.delivered else None,
            *_named(m.delivered, m.all_delivered, t),
        )
    )


def _named(delivered: tuple[Delivery, ...], count: int, t: Translator) -> list[Html]:
    """One line a file, the newest first."""
    named = [
        t("• {what} ({format}), {when}", what=_what(each, t), format=each.format, when=t.time(each.at))
        for each in delivered
    ]
    more = count - len(delivered)
    return [*named, t.n("• and {count} more", "• and {count} more", more)] if more > 0 else named


def _what(each: Delivery, t: Translator) -> Html:
    words = {
        "results": lambda: t("results"),
        "submissions": lambda: t("submissions"),
        "files": lambda: t("photos or voice messages"),
        "chat": lambda: t("shown in the chat"),
    }
    return words[each.what]() if each.what in words else Html(each.what)
