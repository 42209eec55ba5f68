"""Progress of a project, edited in place while answers come in."""

from __future__ import annotations

from collections.abc import Iterator

from domain.fairness import questions as questions_due
from domain.fairness import reports, stops
from domain.fairness import review as rejections
from domain.fairness.ratings import RequesterRating
from domain.moments import Moment
from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.projects.launches import ProjectLaunched
from domain.projects.lifecycle import ConfirmDelete, ConfirmStop, DraftDeleted, ProjectComplete, ProjectStopped
from domain.projects.preflight import DigestedProject, DigestSet, EverybodySkipped, RequesterDigest
from domain.projects.progress import ListedProject, ProjectList, ProjectProgress
from domain.projects.projects import HELD
from domain.work import messages
from handlers.fairness import questions as questions_handlers
from handlers.fairness import ratings, review
from handlers.fairness import stops as stops_handlers
from handlers.money import topups
from handlers.payload import Number, Payload
from handlers.people import web_sessions
from handlers.projects import drafts, edits, launches, pay_raises, preflight, results
from handlers.quality import figures
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    Toast,
    clipped,
    fit_rows,
    lines,
    shows,
    team_line,
    to_button_rows,
    toasts,
)
from locales.translator import Html, Translator
from services.money.topups import PAUSED_FOR_FLOOR
from services.projects import lifecycle
from services.projects import progress as progress_service
from services.projects.launches import CardOutdated


class ListOlder(Payload, code="lp"):
    """Projects, behind that one."""

    before: Number


class ListProjects(Payload):
    pass


class DeleteDraft(Payload, code="dd"):
    number: Number


class HoldProject(Payload, code="ho"):
    """`on`: it pauses; else it goes on."""

    number: Number
    on: bool


class ToggleHold(Payload):
    number: Number


class SetDigest(Payload, code="dg"):
    """Turn the daily digest on or off; `team`: of which team, 0 for the requester's own projects."""

    on: bool
    team: Number = 0


class StopProject(Payload, code="x"):
    number: Number
    sure: bool


@shows(ProjectProgress)
def show_progress(m: ProjectProgress, t: Translator) -> Screen:
    state = "ended" if m.ended_by_admin else m.state
    return Screen(
        lines(
            t("<b>{number}: {title}</b> · {state}", number=m.number, title=m.title, state=state_of(m.state, t)),
            *_counts(m, t),
            _gold_line(m, t) if m.gold_seen else None,
            find_accuracy_line(m, t),
            find_expected_finish(m, t),
            find_pay_voices(m, t),
            *resting(m.rests, t),
            questions_handlers.waiting_line(m.questions, t),
            spending_line(m, t),
        ),
        (
            *debt_buttons(m, t),
            *question_buttons(m, t),
            *raise_buttons(m, t),
            *project_buttons(m.number, state, t, files=m.files, waits=m.to_review, rests=m.rests),
        ),
    )


def _counts(m: ProjectProgress, t: Translator) -> Iterator[Html | None]:
    """Yield how many tasks are done, may open again, were added, or have fewer answers than they were asked for."""
    share = m.closed / m.tasks if m.tasks else 0
    yield None if m.state == "stopped" else t("{bar} {percent}", bar=bar(share), percent=t.percent(share))
    yield t.n(
        "{closed} of {count} task done · {answers} · {workers}",
        "{closed} of {count} tasks done · {answers} · {workers}",
        m.tasks,
        closed=t.number(m.closed),
        answers=t.n("{count} answer", "{count} answers", m.submissions),
        workers=t.n("{count} worker", "{count} workers", m.workers),
    )
    yield find_setbacks_line(m, t)
    yield find_added_line(m, t)
    if m.state == "stopped" and m.begun:
        yield t.n(
            "{count} more task has answers, fewer than it was asked for.",
            "{count} more tasks have answers, fewer than they were asked for.",
            m.begun,
        )


def find_setbacks_line(m: ProjectProgress, t: Translator) -> Html | None:
    """Return why the share of finished tasks may have fallen; None if nothing lets it fall, or every task is done."""
    if m.closed >= m.tasks:
        return None
    rejected = t.n("{count} answer rejected", "{count} answers rejected", m.setbacks.rejected)
    reasons = (
        t("more answers asked for each task") if m.setbacks.answers_added else None,
        t("tasks added") if m.setbacks.tasks_added else None,
        rejected if m.setbacks.rejected and m.may_reopen else None,
        t("tasks open again where new answers make a result less sure") if m.may_reopen and m.closed else None,
    )
    reasons_text = Html(", ".join(filter(None, reasons)))
    return t("↩️ Why the bar may go back: {reasons}.", reasons=reasons_text) if reasons_text else None


def _gold_line(m: ProjectProgress, t: Translator) -> Html:
    return t(
        "Gold: {right} of {seen} right ({percent})",
        right=t.number(m.gold_right),
        seen=t.number(m.gold_seen),
        percent=t.percent(m.gold_right / m.gold_seen),
    )


def find_added_line(m: ProjectProgress, t: Translator) -> Html | None:
    """Return how many tasks were added and are offered to no worker yet; None if there are none."""
    if not m.waiting:
        return None
    return t.n(
        "📎 {count} more task waits for you: nobody gets it before /launch {number}.",
        "📎 {count} more tasks wait for you: nobody gets them before /launch {number}.",
        m.waiting,
        number=m.number,
    )


def debt_buttons(m: ProjectProgress, t: Translator) -> Keyboard:
    """Return the button that pays what an ended project still owes its workers."""
    if not m.debt:
        return ()
    words = t.plain("💶 Pay {left}", left=t.money(m.debt, m.currency))
    return ((Button(words, topups.PayDebt.wire(m.number, m.debt), style="success"),),)


def spending_line(m: ProjectProgress, t: Translator) -> Html:
    """Return what was spent and held of the money that was set aside at the launch."""
    parts = {"spent": t.money(m.spent, m.currency), "held": t.money(m.held, m.currency)}
    if not m.reserve:
        return t("Spent {spent} · held {held}", **parts)
    reserve = t.money(m.reserve, m.currency)
    return t("Spent {spent} · held {held} · in case tasks take longer {reserve}", reserve=reserve, **parts)


def find_accuracy_line(m: ProjectProgress, t: Translator) -> Html | None:
    """Return the share of right results by the check questions answered so far; None if there are too few."""
    if m.right is None:
        return None
    share, low, high = (t.percent(fraction) for fraction in m.right)
    if m.state == "complete":
        return t("🔮 About {share} of the results are right ({low} to {high}).", share=share, low=low, high=high)
    return t("🔮 About {share} of the results will be right ({low} to {high}).", share=share, low=low, high=high)


def find_pay_voices(m: ProjectProgress, t: Translator) -> Html | None:
    """Return what workers say of the pay, without names; None if they say nothing."""
    pay_voices = m.pay_voices
    if pay_voices is None:
        return None
    median, many = t.money(pay_voices.asked, m.currency), t.number(pay_voices.voices)
    if pay_voices.share is None:
        return t("💬 {count} workers say the pay is too low; median asked: {asked}.", count=many, asked=median)
    share = t.percent(pay_voices.share)
    return t(
        "💬 {share} who declined say too low; {count} voices, median asked: {asked}.",
        share=share,
        count=many,
        asked=median,
    )


def raise_buttons(m: ProjectProgress, t: Translator) -> Keyboard:
    """Return the button that raises the pay to the median asked; none if workers asked for no raise."""
    pay_voices = m.pay_voices
    if pay_voices is None or m.state not in ("running", "paused"):
        return ()
    label = t.plain("💶 Raise to {pay}", pay=t.money(pay_voices.asked, m.currency))
    return ((Button(label, pay_raises.RaisePay(number=m.number, pay=pay_voices.asked).pack()),),)


def resting(reasons: tuple[str, ...], t: Translator) -> list[Html]:
    """Why nobody is asked now."""
    words = {
        HELD: t("⏸ You paused it. Nobody is asked; tasks in hand may be finished and are paid."),
        reports.PAUSE: t("⏸ Workers reported it. Nobody is asked until a human has looked."),
        stops.SUSPENDED: t("⏸ Your account is suspended. Nobody is asked until that ends."),
        messages.CONTENT_PAUSE: t("⏸ Telegram can't show its tasks. Nobody is asked until you decide."),
        messages.BUTTON_PAUSE: t(
            "⏸ Telegram refuses a button of its tasks. Your file is fine; whoever runs this bot was told."
        ),
        questions_due.PAUSE: t("⏸ A question has waited too long. Answer it, and people are asked again."),
        rejections.PAUSE: t("⏸ Many answers were rejected. Nobody is asked until a human has looked."),
        PAUSED_FOR_FLOOR: t("⏸ Answers take longer than planned: add money, and people are asked again."),
        stops.ENDED_BY_ADMIN: t("⏸ An admin is ending it. Nobody is asked."),
    }
    return [words[reason] for reason in reasons if reason in words]


def _pause_buttons(number: int, rests: tuple[str, ...], t: Translator) -> tuple[Button, ...]:
    """Return the button that pauses the project or lets it go on; none while only somebody else can end its pause."""
    if HELD in rests:
        return (Button(t.plain("▶️ Go on"), HoldProject(number=number, on=False).pack(), style="success"),)
    if PAUSED_FOR_FLOOR in rests:
        return (Button(t.plain("💶 Add money"), launches.LaunchShown(number=number).pack(), style="success"),)
    if not {messages.CONTENT_PAUSE, messages.BUTTON_PAUSE}.isdisjoint(rests):
        return (Button(t.plain("▶️ Go on all the same"), launches.GoOn(number=number).pack()),)
    return () if rests else (Button(t.plain("⏸ Pause"), HoldProject(number=number, on=True).pack()),)


def question_buttons(m: ProjectProgress, t: Translator) -> Keyboard:
    """Return the button to the questions that wait for an answer."""
    if not m.questions:
        return ()
    words = t.plain("❓ Answer ({count})", count=t.number(m.questions))
    return ((Button(words, questions_handlers.ShowQuestion(project=m.number).pack(), style="primary"),),)


def find_expected_finish(m: ProjectProgress, t: Translator) -> Html | None:
    """Return how long people would need at the pace of the last hours; None if the project is not running or is done."""
    if m.state != "running" or m.closed >= m.tasks:
        return None
    if not m.left:
        return t("⏳ When it will be done can't be said yet.")
    soonest, latest = map(t.duration, m.left)
    if soonest == latest:
        return t("⏳ About {time} left, if people go on as they do now.", time=latest)
    number, unit = soonest.split(maxsplit=1)
    soonest = number if latest.split(maxsplit=1)[1:] == [unit] else soonest  # 3 to 5 minutes
    return t("⏳ {soonest} to {latest} left, if people go on as they do now.", soonest=soonest, latest=latest)


def find_review_line(waits: int, until: Moment | None, t: Translator) -> Html | None:
    """Return how many answers wait for the requester's decision, and until when; None if there are none."""
    if not waits or until is None:
        return None
    return t.n(
        "🔍 {count} answer waits for your decision. If you say nothing, it is paid on {when}.",
        "🔍 {count} answers wait for your decision. If you say nothing, they are paid, the first on {when}.",
        waits,
        when=t.time(until),
    )


def project_buttons(
    number: int, state: str, t: Translator, files: bool = False, waits: int = 0, rests: tuple[str, ...] = ()
) -> Keyboard:
    """Return the buttons of what can be done with a project in this state ("ended" if an admin ended it). `files`: its
    answers are files; `waits`: answers to be reviewed; `rests`: why it is paused."""
    if state == "draft":
        return _draft_buttons(number, t)
    how = Button(t.plain("📊 Quality"), figures.ShowQuality(project=number).pack())
    look = web_sessions.look_button(f"project/{number}", t)
    extra = Button(t.plain("➕ More answers"), pay_raises.OfferMore(number=number).pack())
    copy = Button(t.plain("📑 Clone"), drafts.OfferClone(number=number).pack())
    rows = _result_buttons(number, t, files, waits)
    if state == "stopped":
        return (*rows, (look, how), (Button(t.plain("▶️ Continue"), launches.ContinueProject.wire(number)), copy))
    if state not in ("running", "paused"):
        return (*rows, (look, how), (copy, extra))
    edit = Button(t.plain("✏️ Instructions"), edits.EditProject(number=number, here=False).pack())
    raise_pay = Button(t.plain("💶 Raise the pay"), pay_raises.OfferRaise(number=number).pack())
    end = Button(t.plain("⏹ Stop"), StopProject(number=number, sure=False).pack(), style="danger")
    return (*rows, (look, how), (edit, raise_pay), (extra, *_pause_buttons(number, rests, t)), (end,))


def _result_buttons(number: int, t: Translator, files: bool, waits: int) -> Keyboard:
    """Return the button to the answers that wait for a review, if any, and those that send the project's files."""
    label = t.plain("🔍 Review ({count})", count=t.number(waits))
    look = Button(label, review.ShowReview(project=number, after=0).pack())
    orders = (
        Button(t.plain("📄 Results"), results.GetFile(number=number, what="results", form="csv").pack()),
        Button(t.plain("🧾 Submissions"), results.GetFile(number=number, what="submissions", form="csv").pack()),
        Button(t.plain("🗂 Files"), results.GetFile(number=number, what="results", form="zip").pack()),
    )
    return (*(((look,),) if waits else ()), orders if files else orders[:2])


def bar(share: float) -> str:
    """Ten blocks, as many filled as tenths are done."""
    filled = max(0, min(10, int(share * 10)))
    return "▰" * filled + "▱" * (10 - filled)


def state_of(name: str, t: Translator) -> str:
    return {
        "draft": t.plain("not launched"),
        "running": t.plain("running"),
        "paused": t.plain("paused"),
        "stopped": t.plain("stopped"),
        "complete": t.plain("complete"),
    }[name]


def _draft_buttons(number: int, t: Translator) -> Keyboard:
    """Return the buttons of a draft; its pre-flight card launches it."""
    card = Button(t.plain("👀 Preview"), preflight.Preview(number=number).pack())
    edit = Button(t.plain("✏️ Instructions"), edits.EditProject(number=number, here=False).pack())
    copy = Button(t.plain("📑 Clone"), drafts.OfferClone(number=number).pack())
    delete = Button(t.plain("🗑 Delete"), StopProject(number=number, sure=False).pack(), style="danger")
    return ((card, edit), (copy, delete))


TITLE = 80


@shows(RequesterDigest)
def show_digest(m: RequesterDigest, t: Translator) -> Screen:
    remaining = m.total - len(m.projects)
    remaining_line = (
        t.n("… and {count} other project: /projects", "… and {count} other projects: /projects", remaining)
        if remaining
        else None
    )
    numbers = [
        Button(f"#{project.number}", stops_handlers.ShowProject(number=project.number).pack()) for project in m.projects
    ]
    rows = to_button_rows(numbers, 5)
    off = (Button(t.plain("🔕 No more of these"), SetDigest(on=False, team=m.team).pack()),)
    project_lines = [line for project in m.projects for line in _digest_lines(project, t)]
    return Screen(
        lines(t("☀️ <b>Your projects since yesterday</b>"), *project_lines, remaining_line), (*rows, off), silent=True
    )


def _digest_lines(project: DigestedProject, t: Translator) -> list[Html | str | None]:
    share = project.closed / project.tasks if project.tasks else 0.0
    answers = t.n("{count} answer", "{count} answers", project.answers)
    questions = t.n("❓ {count} question to answer", "❓ {count} questions to answer", project.questions)
    return [
        " ",
        t("<b>{number}: {title}</b>", number=project.number, title=clipped(project.title, TITLE)),
        t("{bar} {percent} · {answers} new", bar=bar(share), percent=t.percent(share), answers=answers),
        find_review_line(project.to_review, project.until, t),
        questions if project.questions else None,
        t("Held: {held}", held=t.money(project.held, project.currency)),
    ]


@shows(DigestSet)
def show_digest_set(m: DigestSet, t: Translator) -> Screen:
    if m.on:
        return Screen(
            t("☀️ Once a day, at {hour}:00, you hear how your projects went, if anything happened.", hour=m.hour)
        )
    turn_on = Button(t.plain("🔔 Send them again"), SetDigest(on=True, team=m.team).pack())
    return Screen(t("🔕 No more daily news of your projects."), ((turn_on,),))


@toasts(CardOutdated)
def card_outdated(_: CardOutdated, t: Translator) -> Toast:
    return Toast(t.plain("Here is what it costs by now. Nothing was started yet."))


@shows(ProjectLaunched)
def show_launched(m: ProjectLaunched, t: Translator) -> Screen:
    held_money = t.money(m.held, m.currency)
    return Screen(t("🚀 <b>{title}</b> is running. {held} is set aside for it.", title=m.title, held=held_money))


@shows(ProjectComplete)
def show_complete(m: ProjectComplete, t: Translator) -> Screen:
    returned = t.money(m.returned, m.currency)
    return Screen(
        lines(
            t("🏁 <b>{title}</b> is complete.", title=m.title),
            t("{returned} was not needed and is free again.", returned=returned) if m.returned else None,
            find_review_line(m.to_review, m.until, t),
        ),
        project_buttons(m.number, "complete", t, waits=m.to_review),
    )


@shows(EverybodySkipped)
def show_everybody_skipped(m: EverybodySkipped, t: Translator) -> Screen:
    number, complaints = m.number, _count_complaints(m, t)
    times, people = t.n("{count} time", "{count} times", m.skips), t.n("{count} person", "{count} people", m.people)
    edit = Button(t.plain("✏️ Instructions"), edits.EditProject(number=number, here=False).pack())
    return Screen(
        lines(
            t("⏭ <b>{title}</b> stands still.", title=m.title),
            t.n(
                "{count} task is left, and nobody is there who has not had it.",
                "{count} tasks are left, and nobody is there who has not had them.",
                m.tasks,
            ),
            t("They were skipped {times} by {people}. Who skips need not say why.", times=times, people=people),
            t("What workers said of the project: {said}", said=complaints) if complaints else None,
            t("Whoever is new is still asked. You can:"),
            t("• see how it goes: /project_{number}; make the instructions clearer: the button below", number=number),
            t("• pay more: /raise_{number}", number=number),
            t("• invite people: /invite_{number}", number=number),
            t(
                "• end it: /stop_{number}. What was answered is yours, the money for the rest comes back.",
                number=number,
            ),
        ),
        ((edit,),),
    )


def _count_complaints(m: EverybodySkipped, t: Translator) -> Html:
    """Return what workers said of the project that waits for an answer; empty if they said nothing."""
    questions = t.n("{count} question without an answer", "{count} questions without an answer", m.questions)
    complaints = (
        t.n("{count} report", "{count} reports", m.reports) if m.reports else None,
        questions if m.questions else None,
        t.n("{count} person asks for more pay", "{count} people ask for more pay", m.pay) if m.pay else None,
    )
    return Html(", ".join(filter(None, complaints)))


@shows(ConfirmStop)
def ask_to_stop(m: ConfirmStop, t: Translator) -> Screen:
    held_money = t.money(m.held, m.currency)
    return Screen(
        t(
            "⏹ <b>{title}</b>\nStop this project? {closed} of {tasks} tasks are done. {held} is held: what no answer needs comes back to you.",
            title=m.title,
            closed=t.number(m.closed),
            tasks=t.number(m.tasks),
            held=held_money,
        ),
        (
            (
                Button(t.plain("⏹ Yes, stop"), StopProject(number=m.number, sure=True).pack(), style="danger"),
                Button(t.plain("No, go on"), stops_handlers.ShowProject(number=m.number).pack()),
            ),
        ),
    )


@shows(ProjectStopped)
def show_stopped(m: ProjectStopped, t: Translator) -> Screen:
    returned = t.money(m.returned, m.currency)
    return Screen(
        lines(
            t("⏹ <b>{title}</b> is stopped. {returned} came back to you.", title=m.title, returned=returned),
            t.n(
                "{count} worker still has a task in hand: if it is answered, it is paid.",
                "{count} workers still have a task in hand: if it is answered, it is paid.",
                m.in_hand,
            )
            if m.in_hand
            else None,
            t.n(
                "The pay of {count} answer is still to be decided: /review_{number}",
                "The pay of {count} answers is still to be decided: /review_{number}",
                m.undecided,
                number=m.number,
            )
            if m.undecided
            else None,
        ),
        project_buttons(m.number, "stopped", t),
    )


@shows(ConfirmDelete)
def ask_to_delete(m: ConfirmDelete, t: Translator) -> Screen:
    return Screen(
        t(
            "Project {number} has not been launched: <b>{title}</b>. Delete it with its tasks?",
            number=m.number,
            title=m.title,
        ),
        ((Button(t.plain("🗑 Yes, delete"), DeleteDraft(number=m.number).pack(), style="danger"),),),
    )


@shows(DraftDeleted)
def show_draft_deleted(m: DraftDeleted, t: Translator) -> Screen:
    return Screen(t("🗑 Draft {number} is deleted: {title}", number=m.number, title=m.title))


@shows(ProjectList)
def list_(listed: ProjectList, t: Translator) -> Screen:
    if not listed.projects:
        return Screen(t("You have no project yet. /newproject starts one."))
    rows = [_project_line(project, t) for project in listed.projects]
    keyboard = [
        (Button(f"{p.number} · {p.title}"[:60], stops_handlers.ShowProject(number=p.number).pack()),)
        for p in listed.projects
    ]
    if listed.older:
        keyboard.append((Button(t.plain("▶️ Older ones"), ListOlder.wire(listed.projects[-1].number)),))
    head = (
        t("🗂 <b>Your projects</b> ({count})", count=t.number(listed.total))
        if listed.total
        else t("🗂 <b>Your projects</b>")
    )
    return Screen(
        lines(head, team_line(listed.team, t), " ", *fit_rows(rows, t), *rating_lines(listed.rating, t)),
        (*keyboard, *reply_buttons(listed.rating, t)),
    )


def _project_line(p: ListedProject, t: Translator) -> Html:
    """Return a project's line in the list, with the share of its tasks that are done unless it is a draft."""
    line = {"number": p.number, "title": p.title, "state": state_of(p.state, t)}
    if not p.tasks:
        return t("<b>{number}</b> {title} · {state}", **line)
    return t("<b>{number}</b> {title} · {state}, {percent}", **line, percent=t.percent(p.closed / p.tasks))


def rating_lines(rating: RequesterRating | None, t: Translator) -> list[Html | None]:
    """Return how workers rate the requester, without who rated; none if there are no ratings."""
    if rating is None:
        return []
    return [Html(" "), t("<b>Workers rate you:</b>"), ratings.rating_line(rating, t), ratings.reply_line(rating, t)]


def reply_buttons(rating: RequesterRating | None, t: Translator) -> Keyboard:
    """Return the button to reply to the ratings; none if there are no ratings or there is a reply."""
    if rating is None or rating.reply:
        return ()
    return ((Button(t.plain("💬 Reply to your ratings"), ratings.ReplyToRatings.wire(0)),),)


ROUTES = (
    Route(ListOlder, REQUESTER, progress_service.list_older, stays=True, right=Right.LOOK),
    Route(
        ListProjects,
        REQUESTER,
        progress_service.list_projects,
        command="projects",
        means="your projects",
        stays=True,
        right=Right.LOOK,
    ),
    Route(
        ToggleHold,
        REQUESTER,
        lifecycle.toggle_pause,
        command="hold",
        usage="N",
        means="pause it, or let it go on",
    ),
    Route(HoldProject, REQUESTER, lifecycle.set_pause),
    Route(SetDigest, REQUESTER, progress_service.switch_digest, right=Right.LOOK),
    Route(StopProject, REQUESTER, lifecycle.stop_project, stays=True),
    Route(DeleteDraft, REQUESTER, lifecycle.delete_draft, stays=True),
)
