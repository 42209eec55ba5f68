"""Work to choose from, and the projects a worker can leave or take back."""

from __future__ import annotations

from domain.money.wallet import PendingPay
from domain.people.accounts import EVERYBODY, WORKER
from domain.people.settings import QuietUntil
from domain.work.messages import NothingNow
from domain.work.offers import (
    KnownProject,
    KnownProjects,
    OfferedProject,
    SetAside,
    SkippedLeft,
    TaskList,
)
from handlers.fairness import counter_offers, ratings
from handlers.payload import Number, Payload
from handlers.people import consents
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    clipped,
    lines,
    shows,
)
from handlers.work import (
    answer_messages,
    corrections,
    honest_card,
    tasks,
)
from locales.translator import Html, Translator
from services.work import offers, submit


class StopHere(Payload):
    """`/stop` without a number: a worker's."""


class Decline(Payload, code="d"):
    project: Number


class AcceptAgain(Payload, code="da"):
    project: Number


class LeaveWhich(Payload):
    """`/leave` without a number."""


class LeaveOlder(Payload, code="lw"):
    """The same, behind a project."""

    before: Number


class ListTasks(Payload, code="tl"):
    """A page of the work to choose from, from 0."""

    page: Number = 0


class TakeTask(Payload, code="tt"):
    project: Number


@shows(NothingNow)
def nothing(told: NothingNow, t: Translator) -> Screen:
    return Screen(
        lines(
            answer_messages.said_of_last(told.last, t),
            t("✨ <b>No task for you right now.</b>"),
            _skipped(told.skipped, t),
            _skipped_out(told.skipped_out, t),
            set_aside(told.set_aside, t),
            when_next(told.quiet, t),
            t(
                "/balance shows what you have earned, /settings says when we may write to you. On /board workers talk to each other."
            ),
        ),
        (*_too_low(told.skipped, t), *corrections.after(told.last, t)),
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
        title=clipped(left.title, answer_messages.ABOUT),
    )


def _skipped_out(title: str | None, t: Translator) -> Html | None:
    """That a project rests for today, and what can be done where its tasks are not for this worker."""
    if title is None:
        return None
    return t(
        "⏭ <b>{title}</b>: you have given back many tasks today, so the next ones come tomorrow. Where you are unsure, "
        "“Can't tell” is paid like any answer. Not for you at all? /leave",
        title=clipped(title, answer_messages.ABOUT),
    )


def _too_low(left: SkippedLeft | None, t: Translator) -> Keyboard:
    return (
        () if left is None else ((Button(t.plain("💶 The pay is too low"), counter_offers.AskPay.wire(left.project)),),)
    )


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
    title = clipped(aside.title, answer_messages.ABOUT)
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


TITLE = 29  # characters of a title that a small phone shows on a button, behind a sign


@shows(TaskList)
def offered(told: TaskList, t: Translator) -> Screen:
    if not told.offered:
        return Screen(
            lines(
                t("✨ <b>No task for you right now.</b>"),
                set_aside(told.set_aside, t),
                t("Press /work, and we write to you once there is one.") if told.asleep else when_next(told.quiet, t),
                t("/settings says which tasks you want, and when we may write to you."),
            )
        )
    rows = [(Button(f"▶️ {clipped(each.title, TITLE)}", TakeTask.wire(each.project)),) for each in told.offered]
    pages = (
        *((Button(t.plain("◀️ Back"), ListTasks.wire(told.page - 1)),) if told.page else ()),
        *((Button(t.plain("More ▶️"), ListTasks.wire(told.page + 1)),) if told.more else ()),
    )
    return Screen(
        lines(
            t("📋 <b>Work to choose from.</b> A press brings one task. /work chooses for you."),
            _in_hand(told, t),
            *(_entry(each, t) for each in told.offered),
            _restricted(told, t),
        ),
        (*rows, pages) if pages else tuple(rows),
    )


def _in_hand(told: TaskList, t: Translator) -> Html | None:
    if not told.in_hand:
        return None
    return t(
        "If you choose another project, your task of <b>{title}</b> goes to somebody else and does not come back.",
        title=told.in_hand,
    )


def _restricted(told: TaskList, t: Translator) -> Html | None:
    """Beside other work only what bars them is said."""
    aside = told.set_aside
    said = set_aside(aside, t) if aside is not None and aside.restricted_until is not None else None
    return Html(f"\n{said}") if said else None


def _entry(each: OfferedProject, t: Translator) -> Html:
    """Title and pay; who asks, pay an hour, how many are left; how to leave it once it is known."""
    hour = t("about {hour}/h", hour=t.money(each.hourly, each.currency)) if each.hourly is not None else ""
    about = Html(" · ".join(filter(None, (_asks(each, t), hour, honest_card.tasks_left(each.left, t)))))
    head = t("<b>{title}</b> · {pay}", title=each.title, pay=t.money(each.pay, each.currency))
    marks = ratings.rating_line(each.rating, t) if each.rating else None
    warned = t("⚠️ The tasks show: {kinds}.", kinds=honest_card.kinds(each.content, t)) if each.content else None
    return Html(f"\n{lines(head, about, marks, warned)}")


def _asks(each: OfferedProject, t: Translator) -> Html:
    return t("asked by {name}", name=each.requester) if each.requester else t("requester unknown")


def _rests(each: KnownProject) -> bool:
    return each.rests and not each.left


@shows(KnownProjects)
def known(told: KnownProjects, t: Translator) -> Screen:
    used = (Button(t.plain("📤 What may use my answers"), consents.ListConsents().pack()),)
    if not told.projects:
        none = t("You have no project to leave: nothing runs that you were given a task of. /tasks shows work.")
        return Screen(none, (used, (ratings.rate_requesters_button(t),)))
    rows = [
        (Button(f"↩️ {clipped(each.title, TITLE)}", AcceptAgain.wire(each.project)),)
        if each.left
        else (Button(f"🚫 {clipped(each.title, TITLE)}{' ⏸' if each.rests else ''}", Decline.wire(each.project)),)
        for each in told.projects
    ]
    if told.more:
        rows.append((Button(t.plain("▶️ Older ones"), LeaveOlder.wire(told.projects[-1].project)),))
    return Screen(
        lines(
            t("<b>Your projects.</b> Leave one, or take one back."),
            t("🚫 no more tasks of it. A task in hand goes to somebody else, and nothing is held against you."),
            t("↩️ you left it; a press takes it back.") if any(each.left for each in told.projects) else None,
            t("⏸ paused now: it has no tasks for anybody.") if any(map(_rests, told.projects)) else None,
        ),
        (*rows, used, (ratings.rate_requesters_button(t),), (Button(t.plain("▶️ Go on"), tasks.AskForWork().pack()),)),
    )


ROUTES = (
    Route(
        StopHere,
        EVERYBODY,
        submit.stop_here,
        command="stop",
        means="stop; a task in hand goes to somebody else",
        listed=WORKER,
    ),
    Route(ListTasks, WORKER, offers.show, command="tasks", means="the work there is, to choose from"),
    Route(TakeTask, WORKER, offers.take),
    Route(LeaveOlder, WORKER, submit.older_projects),
    Route(LeaveWhich, WORKER, submit.known_projects, command="leave"),
    Route(Decline, WORKER, submit.decline, command="leave", usage="N", means="no more tasks of one project"),
    Route(AcceptAgain, WORKER, submit.accept_again),
)
