"""What a worker reads while there is no task for them."""

from domain.moments import Moment
from domain.people.push_hours import QuietUntil
from domain.work.messages import NothingNow
from domain.work.offers import SkippedLeft
from handlers.payloads.fairness import AskPay
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from handlers.screens.work.corrections import after
from handlers.screens.work.last_answer import ABOUT, said_of_last
from locales import Html, Translator


@shows(NothingNow)
def nothing(told: NothingNow, t: Translator) -> Screen:
    return Screen(
        lines(
            said_of_last(told.last, t),
            t("✨ <b>No task for you right now.</b>"),
            _skipped(told.skipped, t),
            asked_later(told.asked_later, told.restricted_until, t),
            when_next(told.quiet, t),
            t(
                "/balance shows what you have earned, /settings says when we may write to you. On /board workers talk to each other."
            ),
        ),
        (*_too_low(told.skipped, t), *after(told.last, t)),
        anew=True,
    )


def _skipped(left: SkippedLeft | None, t: Translator) -> Html | None:
    """That nothing was lost, and what may be said."""
    if left is None:
        return None
    return t.n(
        "⏭ <b>{title}</b>: {count} task is left, and you skipped it. It goes to others and does not come to you again. Was the pay too low? Say which would be right: the requester does not see who.",
        "⏭ <b>{title}</b>: {count} tasks are left, and you skipped them. They go to others and do not come to you again. Was the pay too low? Say which would be right: the requester does not see who.",
        left.tasks,
        title=clipped(left.title, ABOUT),
    )


def _too_low(left: SkippedLeft | None, t: Translator) -> Keyboard:
    return () if left is None else ((Button(t.plain("💶 The pay is too low"), AskPay.wire(left.project)),),)


def when_next(quiet: QuietUntil | None, t: Translator) -> Html:
    """When the next one may come unasked."""
    if quiet is None:
        return t("We write to you as soon as there is one.")
    when = t.soon(quiet.until, quiet.at, quiet.zone)
    return t("We write to you from {when} on, or press /work before.", when=when)


def asked_later(title: str | None, restricted_until: Moment | None, t: Translator) -> Html | None:
    """Where others are asked first, or this worker is not asked at all, and the way back."""
    if title is None:
        return None
    if restricted_until is not None:
        return t(
            "⏸ <b>{title}</b>: no tasks of this project for you until {until}. /why_skill shows more, /appeal objects.",
            title=title,
            until=t.time(restricted_until),
        )
    return t(
        "<b>{title}</b>: for now others are asked first, because many of your answers there differ from what was found "
        "right. You still get a task there now and then: careful answers bring you back. /why_skill shows more.",
        title=title,
    )
