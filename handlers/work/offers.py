"""Work to choose from, and the projects a worker can leave or take back."""

from __future__ import annotations

from domain.money.wallet import PendingPay
from domain.people.accounts import EVERYBODY, WORKER
from domain.people.settings import QuietUntil
from domain.work.messages import NothingNow
from domain.work.offers import KnownProject, KnownProjects, OfferedProject, SetAside, SkippedLeft, TaskList
from handlers.fairness import counter_offers, ratings
from handlers.payload import Number, Payload
from handlers.people import consents
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, lines, shows
from handlers.work import answer_messages, corrections, honest_card, tasks
from locales.translator import Html, Translator
from services.work import offers, submit


class StopHere(Payload):
    """`/stop` without a number, as a worker sends it."""


class Decline(Payload, code="d"):
    project: Number


class AcceptAgain(Payload, code="da"):
    project: Number


class LeaveWhich(Payload):
    """`/leave` without a number."""


class LeaveOlder(Payload, code="lw"):
    """The list of `/leave`, continued behind a project."""

    before: Number


class ListTasks(Payload, code="tl"):
    """A page of the work to choose from, from 0."""

    page: Number = 0


class TakeTask(Payload, code="tt"):
    project: Number


@shows(NothingNow)
def show_nothing_now(message: NothingNow, t: Translator) -> Screen:
    return Screen(
        lines(
            answer_messages.format_last_answer(message.last, t),
            t("✨ <b>No task for you now.</b>"),
            _format_skipped(message.skipped, t),
            _format_skipped_out(message.skipped_out, t),
            format_set_aside(message.set_aside, t),
            format_next_time(message.quiet, t),
        ),
        (*_too_low_keyboard(message.skipped, t), *corrections.last_answer_keyboard(message.last, t)),
        anew=True,
    )


def _format_skipped(skipped_tasks: SkippedLeft | None, t: Translator) -> Html | None:
    """Return that the tasks that are left were skipped by this worker, that nothing is lost, and what may be said about
    the pay; None without such tasks."""
    if skipped_tasks is None:
        return None
    return t.n(
        "⏭ <b>{title}</b>: {count} task is left, and you skipped it. It goes to others and does not come to you again. Was the pay too low? Say which would be right: the requester does not see who.",
        "⏭ <b>{title}</b>: {count} tasks are left, and you skipped them. They go to others and do not come to you again. Was the pay too low? Say which would be right: the requester does not see who.",
        skipped_tasks.tasks,
        title=clipped(skipped_tasks.title, answer_messages.MAX_BEGINNING_CHARS),
    )


def _format_skipped_out(title: str | None, t: Translator) -> Html | None:
    """Return that a project rests for today, and what can be done if its tasks do not suit this worker; None without
    one."""
    if title is None:
        return None
    return t(
        "⏭ <b>{title}</b>: you have given back many tasks today, so the next ones come tomorrow. Where you are unsure, "
        "“Can't tell” is paid like any answer. Not for you at all? /leave",
        title=clipped(title, answer_messages.MAX_BEGINNING_CHARS),
    )


def _too_low_keyboard(skipped_tasks: SkippedLeft | None, t: Translator) -> Keyboard:
    return (
        ()
        if skipped_tasks is None
        else ((Button(t.plain("💶 The pay is too low"), counter_offers.AskPay.wire(skipped_tasks.project)),),)
    )


def format_next_time(quiet: QuietUntil | None, t: Translator) -> Html:
    """Return when the next task may be pushed."""
    if quiet is None:
        return t("We write to you when there is one.")
    when = t.soon(quiet.until, quiet.at, quiet.zone)
    return t("We write to you from {when} on, or press /work before.", when=when)


def format_set_aside(project: SetAside | None, t: Translator) -> Html | None:
    """Return why others are asked before this worker, what happens to the pending pay, and what the worker can do; None
    if others are not."""
    if project is None:
        return None
    title = clipped(project.title, answer_messages.MAX_BEGINNING_CHARS)
    if project.restricted_until is not None:
        until = t.time(project.restricted_until)
        reason_line = t("⏸ <b>{title}</b>: no tasks of this project for you until {until}.", title=title, until=until)
        way_back = t("Wrong? /appeal brings it to a human. /why_skill shows more.")
    else:
        reason_line = t("⏸ <b>{title}</b>: for now others are asked first there.", title=title)
        way_back = t(
            "You still get a task of it every ten minutes at the latest, and right answers bring you back. Was a check question wrong? /appeal. /why_skill shows more."
        )
    return lines(reason_line, _format_reason(project, t), _format_pending(project.pending, t), way_back)


def _format_reason(project: SetAside, t: Translator) -> Html:
    if project.right < project.seen:
        return t(
            "Why: of {seen} check questions you had {right} right.",
            seen=t.number(project.seen),
            right=t.number(project.right),
        )
    return t("Why: many of your answers there differ from what was found right.")


def _format_pending(pending: PendingPay | None, t: Translator) -> Html | None:
    if pending is None:
        return None
    amount, until = t.money(pending.amount, pending.currency), t.time(pending.until)
    return t(
        "{amount} is pending there and is not lost: if nobody objects, it is yours from {until} on.",
        amount=amount,
        until=until,
    )


MAX_BUTTON_TITLE_CHARS = 29  # characters of a title that a small phone shows on a button, behind a sign


@shows(TaskList)
def show_task_list(message: TaskList, t: Translator) -> Screen:
    if not message.offered:
        return Screen(
            lines(
                t("✨ <b>No task for you now.</b>"),
                format_set_aside(message.set_aside, t),
                t("Press /work, and we write to you once there is one.")
                if message.asleep
                else format_next_time(message.quiet, t),
                t("/settings says which tasks you want, and when we may write to you."),
            )
        )
    rows = [
        (Button(f"▶️ {clipped(offered_project.title, MAX_BUTTON_TITLE_CHARS)}", TakeTask.wire(offered_project.project)),)
        for offered_project in message.offered
    ]
    pages = (
        *((Button(t.plain("◀️ Back"), ListTasks.wire(message.page - 1)),) if message.page else ()),
        *((Button(t.plain("More ▶️"), ListTasks.wire(message.page + 1)),) if message.more else ()),
    )
    return Screen(
        lines(
            t("📋 <b>Work to choose from.</b> A press brings one task. /work chooses for you."),
            _format_in_hand(message, t),
            *(_format_entry(offered_project, t) for offered_project in message.offered),
            _format_restricted(message, t),
        ),
        (*rows, pages) if pages else tuple(rows),
    )


def _format_in_hand(message: TaskList, t: Translator) -> Html | None:
    if not message.in_hand:
        return None
    return t(
        "If you choose another project, your task of <b>{title}</b> goes to somebody else and does not come back.",
        title=message.in_hand,
    )


def _format_restricted(message: TaskList, t: Translator) -> Html | None:
    """Return the restriction that bars this worker from a project; None if they are only asked later there, which is
    not said beside other work."""
    project = message.set_aside
    restriction = format_set_aside(project, t) if project is not None and project.restricted_until is not None else None
    return Html(f"\n{restriction}") if restriction else None


def _format_entry(project: OfferedProject, t: Translator) -> Html:
    """Return a project's entry in the list: title and pay; requester, hourly pay and tasks left; rating; what it shows."""
    hour = (
        t("about {hour} an hour", hour=t.money(project.hourly, project.currency)) if project.hourly is not None else ""
    )
    facts_line = Html(
        " · ".join(filter(None, (_format_requester(project, t), hour, honest_card.format_tasks_left(project.left, t))))
    )
    head = t("<b>{title}</b> · {pay}", title=project.title, pay=t.money(project.pay, project.currency))
    rating_line = ratings.rating_line(project.rating, t) if project.rating else None
    warning_line = (
        t("⚠️ The tasks show: {kinds}.", kinds=honest_card.join_kinds(project.content, t)) if project.content else None
    )
    return Html(f"\n{lines(head, facts_line, rating_line, warning_line)}")


def _format_requester(project: OfferedProject, t: Translator) -> Html:
    return t("asked by {name}", name=project.requester) if project.requester else t("requester unknown")


def _is_resting(project: KnownProject) -> bool:
    return project.rests and not project.left


@shows(KnownProjects)
def known(told: KnownProjects, t: Translator) -> Screen:
    used = (Button(t.plain("📤 What may use my answers"), consents.ListConsents().pack()),)
    if not told.projects:
        none = t("You have no project to leave: nothing runs that you were given a task of. /tasks shows work.")
        return Screen(none, (used, (ratings.rate_requesters_button(t),)))
    rows = [
        (Button(f"↩️ {clipped(each.title, MAX_BUTTON_TITLE_CHARS)}", AcceptAgain.wire(each.project)),)
        if each.left
        else (
            Button(
                f"🚫 {clipped(each.title, MAX_BUTTON_TITLE_CHARS)}{' ⏸' if each.rests else ''}",
                Decline.wire(each.project),
            ),
        )
        for each in told.projects
    ]
    if told.more:
        rows.append((Button(t.plain("▶️ Older ones"), LeaveOlder.wire(told.projects[-1].project)),))
    return Screen(
        lines(
            t("<b>Your projects.</b> Leave one, or take one back."),
            t("🚫 no more tasks of it. A task in hand goes to somebody else, and nothing is held against you."),
            t("↩️ you left it; a press takes it back.") if any(each.left for each in told.projects) else None,
            t("⏸ paused now: it has no tasks for anybody.") if any(map(_is_resting, told.projects)) else None,
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
    Route(ListTasks, WORKER, offers.show_offers, command="tasks", means="the work there is, to choose from"),
    Route(TakeTask, WORKER, offers.take_task),
    Route(LeaveOlder, WORKER, submit.list_older_projects),
    Route(LeaveWhich, WORKER, submit.list_known_projects, command="leave"),
    Route(Decline, WORKER, submit.decline_project, command="leave", usage="N", means="no more tasks of one project"),
    Route(AcceptAgain, WORKER, submit.accept_project_again),
)
