"""What a worker reads while there is no task for them."""

from domain.money.messages.balances import PendingPay
from domain.people.push_hours import QuietUntil
from domain.work.messages import NothingNow
from domain.work.offers import SetAside, SkippedLeft
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
            _skipped_out(told.skipped_out, t),
            set_aside(told.set_aside, t),
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


def _skipped_out(title: str | None, t: Translator) -> Html | None:
    """That a project rests for today, and what can be done where its tasks are not for this worker."""
    if title is None:
        return None
    return t(
        "⏭ <b>{title}</b>: you have given back many tasks today, so the next ones come tomorrow. Where you are unsure, "
        "“Can't tell” is paid like any answer. Not for you at all? /leave",
        title=clipped(title, ABOUT),
    )


def _too_low(left: SkippedLeft | None, t: Translator) -> Keyboard:
    return () if left is None else ((Button(t.plain("💶 The pay is too low"), AskPay.wire(left.project)),),)


def when_next(quiet: QuietUntil | None, t: Translator) -> Html:
    """When the next one may come unasked."""
    if quiet is None:
        return t("We write to you as soon as there is one.")
    when = t.soon(quiet.until, quiet.at, quiet.zone)
    return t("We write to you from {when} on, or press /work before.", when=when)


def set_aside(aside: SetAside | None, t: Translator) -> Html | None:
    """Why others are asked before this worker, what happens to the pending pay, and what the worker can do."""
    if aside is None:
        return None
    title = clipped(aside.title, ABOUT)
    if aside.restricted_until is not None:
        until = t.time(aside.restricted_until)
        why = t("⏸ <b>{title}</b>: no tasks of this project for you until {until}.", title=title, until=until)
        back = t("Wrong? /appeal brings it to a human. /why_skill shows more.")
    else:
        why = t("⏸ <b>{title}</b>: for now others are asked first there.", title=title)
        back = t(
            "You still get a task of it every ten minutes at the latest, and right answers bring you back. Was a check question wrong? /appeal. /why_skill shows more."
        )
    return lines(why, _why_aside(aside, t), _pending(aside.pending, t), back)


def _why_aside(aside: SetAside, t: Translator) -> Html:
    if aside.right < aside.seen:
        return t(
            "Why: of {seen} check questions you had {right} right.",
            seen=t.number(aside.seen),
            right=t.number(aside.right),
        )
    return t("Why: many of your answers there differ from what was found right.")


def _pending(pending: PendingPay | None, t: Translator) -> Html | None:
    if pending is None:
        return None
    amount, until = t.money(pending.amount, pending.currency), t.time(pending.until)
    return t(
        "{amount} is pending there and is not lost: if nobody objects, it is yours from {until} on.",
        amount=amount,
        until=until,
    )
