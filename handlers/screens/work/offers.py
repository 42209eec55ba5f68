"""Work to choose from, and the projects a worker can leave or take back."""

from domain.work.offers import KnownProject, KnownProjects, OfferedProject, TaskList
from handlers.payloads.people import ListConsents
from handlers.payloads.work import AcceptAgain, AskForWork, Decline, LeaveOlder, ListTasks, TakeTask
from handlers.screens.fairness import ratings
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Screen, lines, shows
from handlers.screens.work.card import tasks_left
from handlers.screens.work.content import kinds
from handlers.screens.work.nothing import set_aside, when_next
from locales import Html, Translator

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
    about = Html(" · ".join(filter(None, (_asks(each, t), hour, tasks_left(each.left, t)))))
    head = t("<b>{title}</b> · {pay}", title=each.title, pay=t.money(each.pay, each.currency))
    marks = ratings.figures(each.rating, t) if each.rating else None
    warned = t("⚠️ The tasks show: {kinds}.", kinds=kinds(each.content, t)) if each.content else None
    return Html(f"\n{lines(head, about, marks, warned)}")


def _asks(each: OfferedProject, t: Translator) -> Html:
    return t("asked by {name}", name=each.requester) if each.requester else t("requester unknown")


def _rests(each: KnownProject) -> bool:
    return each.rests and not each.left


@shows(KnownProjects)
def known(told: KnownProjects, t: Translator) -> Screen:
    used = (Button(t.plain("📤 What may use my answers"), ListConsents().pack()),)
    if not told.projects:
        none = t("You have no project to leave: nothing runs that you were given a task of. /tasks shows work.")
        return Screen(none, (used, (ratings.rate_whom(t),)))
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
        (*rows, used, (ratings.rate_whom(t),), (Button(t.plain("▶️ Go on"), AskForWork().pack()),)),
    )
