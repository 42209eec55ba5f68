"""Progress of a project, edited in place while answers come in."""

from __future__ import annotations

from domain.fairness import questions as questions_due
from domain.fairness import reports, stops
from domain.fairness.ratings import RequesterRating
from domain.moments import Moment
from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.projects.launches import ProjectLaunched
from domain.projects.lifecycle import (
    ConfirmDelete,
    ConfirmStop,
    DraftDeleted,
    ProjectComplete,
    ProjectStopped,
)
from domain.projects.preflight import (
    DigestedProject,
    DigestSet,
    EverybodySkipped,
    RequesterDigest,
)
from domain.projects.progress import ProjectList, ProjectProgress
from domain.projects.projects import HELD
from domain.work import messages
from handlers.fairness import (
    questions as questions_handlers,
)
from handlers.fairness import (
    ratings,
    review,
)
from handlers.fairness import (
    stops as stops_handlers,
)
from handlers.money import topups
from handlers.payload import Number, Payload
from handlers.projects import (
    drafts,
    edits,
    launches,
    pay_raises,
    preflight,
    results,
)
from handlers.quality import figures
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    Toast,
    clipped,
    fitted,
    in_rows,
    lines,
    shows,
    team_line,
    toasts,
)
from locales.translator import Html, Translator
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
    """Whether the daily digest comes; `team`: of which team, 0 for one's own."""

    on: bool
    team: Number = 0


class StopProject(Payload, code="x"):
    number: Number
    sure: bool


@shows(ProjectProgress)
def progress(shown: ProjectProgress, t: Translator) -> Screen:
    number = shown.number
    share = shown.closed / shown.tasks if shown.tasks else 0
    return Screen(
        lines(
            t(
                "<b>{number}: {title}</b> · {state}",
                number=number,
                title=shown.title,
                state=state_of(shown.state, t),
            ),
            None if shown.state == "stopped" else t("{bar} {percent}", bar=bar(share), percent=t.percent(share)),
            t.n(
                "{closed} of {count} task done · {answers} · {workers}",
                "{closed} of {count} tasks done · {answers} · {workers}",
                shown.tasks,
                closed=t.number(shown.closed),
                answers=t.n("{count} answer", "{count} answers", shown.submissions),
                workers=t.n("{count} worker", "{count} workers", shown.workers),
            ),
            t("↩️ A task that is done opens again where later answers make its result less sure.")
            if shown.may_reopen and shown.closed
            else None,
            added(shown, t),
            t.n(
                "{count} more task has answers, fewer than it was asked for.",
                "{count} more tasks have answers, fewer than they were asked for.",
                shown.begun,
            )
            if shown.state == "stopped" and shown.begun
            else None,
            t(
                "Gold: {right} of {seen} right ({percent})",
                right=t.number(shown.gold_right),
                seen=t.number(shown.gold_seen),
                percent=t.percent(shown.gold_right / shown.gold_seen),
            )
            if shown.gold_seen
            else None,
            right_so_far(shown, t),
            expected_finish(shown, t),
            pay_asked(shown, t),
            *resting(shown.rests, t),
            questions_handlers.waiting_line(shown.questions, t),
            spent(shown, t),
        ),
        (
            *pays(shown, t),
            *questions(shown, t),
            *raise_at_once(shown, t),
            *controls(
                *(shown.number, "ended" if shown.ended_by_admin else shown.state, t),
                files=shown.files,
                waits=shown.to_review,
                held=HELD in shown.rests,
            ),
        ),
    )


def added(shown: ProjectProgress, t: Translator) -> Html | None:
    """What was added and is offered to nobody yet."""
    if not shown.waiting:
        return None
    return t.n(
        "📎 {count} more task waits for you: nobody gets it before /launch {number}.",
        "📎 {count} more tasks wait for you: nobody gets them before /launch {number}.",
        shown.waiting,
        number=shown.number,
    )


def pays(shown: ProjectProgress, t: Translator) -> Keyboard:
    """What an ended project still owes its workers, with one press."""
    if not shown.debt:
        return ()
    words = t.plain("💶 Pay {left}", left=t.money(shown.debt, shown.currency))
    return ((Button(words, topups.PayDebt.wire(shown.number, shown.debt), style="success"),),)


def spent(shown: ProjectProgress, t: Translator) -> Html:
    """What was set aside at the launch, in its parts."""
    parts = {"spent": t.money(shown.spent, shown.currency), "held": t.money(shown.held, shown.currency)}
    if not shown.reserve:
        return t("Spent {spent} · held {held}", **parts)
    reserve = t.money(shown.reserve, shown.currency)
    return t("Spent {spent} · held {held} · in case tasks take longer {reserve}", reserve=reserve, **parts)


def right_so_far(shown: ProjectProgress, t: Translator) -> Html | None:
    """By the check questions answered so far."""
    if shown.right is None:
        return None
    share, low, high = (t.percent(of) for of in shown.right)
    if shown.state == "complete":
        return t("🔮 About {share} of the results are right ({low} to {high}).", share=share, low=low, high=high)
    return t("🔮 About {share} of the results will be right ({low} to {high}).", share=share, low=low, high=high)


def pay_asked(shown: ProjectProgress, t: Translator) -> Html | None:
    """What workers say of the pay, without names."""
    said = shown.pay_voices
    if said is None:
        return None
    asked, many = t.money(said.asked, shown.currency), t.number(said.voices)
    if said.share is None:
        return t("💬 {count} workers say the pay is too low; median asked: {asked}.", count=many, asked=asked)
    share = t.percent(said.share)
    return t(
        "💬 {share} who declined say too low; {count} voices, median asked: {asked}.",
        share=share,
        count=many,
        asked=asked,
    )


def raise_at_once(shown: ProjectProgress, t: Translator) -> Keyboard:
    """One press raises the pay to the median asked."""
    said = shown.pay_voices
    if said is None or shown.state not in ("running", "paused"):
        return ()
    label = t.plain("💶 Raise to {pay}", pay=t.money(said.asked, shown.currency))
    return ((Button(label, pay_raises.RaisePay(number=shown.number, pay=said.asked).pack()),),)


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
    }
    return [words[reason] for reason in reasons if reason in words]


def questions(shown: ProjectProgress, t: Translator) -> Keyboard:
    """The questions that wait come first."""
    if not shown.questions:
        return ()
    words = t.plain("❓ Answer ({count})", count=t.number(shown.questions))
    return ((Button(words, questions_handlers.ShowQuestion(project=shown.number).pack(), style="primary"),),)


def expected_finish(shown: ProjectProgress, t: Translator) -> Html | None:
    """How long people would need at the pace of the last hours."""
    if shown.state != "running" or shown.closed >= shown.tasks:
        return None
    if not shown.left:
        return t("⏳ When it will be done can't be said yet.")
    soonest, latest = map(t.duration, shown.left)
    if soonest == latest:
        return t("⏳ About {time} left, if people go on as they do now.", time=latest)
    number, unit = soonest.split(maxsplit=1)
    soonest = number if latest.split(maxsplit=1)[1:] == [unit] else soonest  # 3 to 5 minutes
    return t("⏳ {soonest} to {latest} left, if people go on as they do now.", soonest=soonest, latest=latest)


def to_decide(waits: int, until: Moment | None, t: Translator) -> Html | None:
    """Until when a requester can decide about answers."""
    if not waits or until is None:
        return None
    return t.n(
        "🔍 {count} answer waits for your decision. If you say nothing, it is paid on {when}.",
        "🔍 {count} answers wait for your decision. If you say nothing, they are paid, the first on {when}.",
        waits,
        when=t.time(until),
    )


def controls(
    number: int, state: str, t: Translator, files: bool = False, waits: int = 0, held: bool = False
) -> Keyboard:
    """What can be done with a project in this state, “ended” where an admin ended it; `files`: its answers are files, `waits` answers to be reviewed,
    `held`: its requester paused it."""
    if state == "draft":
        return _of_draft(number, t)
    look = Button(
        t.plain("🔍 Review ({count})", count=t.number(waits)), review.ShowReview(project=number, after=0).pack()
    )
    made = (
        Button(t.plain("📄 Results"), results.GetFile(number=number, what="results", form="csv").pack()),
        Button(t.plain("🧾 Submissions"), results.GetFile(number=number, what="submissions", form="csv").pack()),
        Button(t.plain("🗂 Files"), results.GetFile(number=number, what="results", form="zip").pack()),
    )
    how = (Button(t.plain("📊 Quality"), figures.ShowQuality(project=number).pack()),)
    edit = (Button(t.plain("✏️ Instructions"), edits.EditProject(number=number, here=False).pack()),)
    more = (Button(t.plain("💶 Raise the pay"), pay_raises.OfferRaise(number=number).pack()),)
    extra = Button(t.plain("➕ More answers"), pay_raises.OfferMore(number=number).pack())
    end = (Button(t.plain("⏹ Stop"), StopProject(number=number, sure=False).pack(), style="danger"),)
    copy = (Button(t.plain("📑 Clone"), drafts.OfferClone(number=number).pack()),)
    again = (Button(t.plain("▶️ Continue"), launches.ContinueProject.wire(number)),)
    rows = (*(((look,),) if waits else ()), made if files else made[:2], how)
    if state == "stopped":
        return (*rows, (*again, *copy))
    pause = Button(t.plain("▶️ Go on") if held else t.plain("⏸ Pause"), HoldProject(number=number, on=not held).pack())
    return (
        (*rows[:-1], (*how, *edit), (*more, extra), (pause, *end))
        if state in ("running", "paused")
        else (*rows, (*copy, extra))
    )


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


def _of_draft(number: int, t: Translator) -> Keyboard:
    """Nothing was asked yet: the card launches it."""
    card = Button(t.plain("👀 Preview"), preflight.Preview(number=number).pack())
    edit = Button(t.plain("✏️ Instructions"), edits.EditProject(number=number, here=False).pack())
    copy = Button(t.plain("📑 Clone"), drafts.OfferClone(number=number).pack())
    gone = Button(t.plain("🗑 Delete"), StopProject(number=number, sure=False).pack(), style="danger")
    return ((card, edit), (copy, gone))


TITLE = 80


@shows(RequesterDigest)
def digest(m: RequesterDigest, t: Translator) -> Screen:
    left = m.total - len(m.projects)
    more = (
        t.n("… and {count} other project: /projects", "… and {count} other projects: /projects", left) if left else None
    )
    shown = [
        Button(f"#{project.number}", stops_handlers.ShowProject(number=project.number).pack()) for project in m.projects
    ]
    rows = in_rows(shown, 5)
    off = (Button(t.plain("🔕 No more of these"), SetDigest(on=False, team=m.team).pack()),)
    told = [line for project in m.projects for line in _project(project, t)]
    return Screen(lines(t("☀️ <b>Your projects since yesterday</b>"), *told, more), (*rows, off), silent=True)


def _project(of: DigestedProject, t: Translator) -> list[Html | str | None]:
    share = of.closed / of.tasks if of.tasks else 0.0
    answers = t.n("{count} answer", "{count} answers", of.answers)
    questions = t.n("❓ {count} question to answer", "❓ {count} questions to answer", of.questions)
    return [
        " ",
        t("<b>{number}: {title}</b>", number=of.number, title=clipped(of.title, TITLE)),
        t("{bar} {percent} · {answers} new", bar=bar(share), percent=t.percent(share), answers=answers),
        to_decide(of.to_review, of.until, t),
        questions if of.questions else None,
        t("Held: {held}", held=t.money(of.held, of.currency)),
    ]


@shows(DigestSet)
def set_to(m: DigestSet, t: Translator) -> Screen:
    if m.on:
        return Screen(
            t("☀️ Once a day, at {hour}:00, you hear how your projects went, if anything happened.", hour=m.hour)
        )
    again = Button(t.plain("🔔 Send them again"), SetDigest(on=True, team=m.team).pack())
    return Screen(t("🔕 No more daily news of your projects."), ((again,),))


@toasts(CardOutdated)
def card_outdated(_: CardOutdated, t: Translator) -> Toast:
    return Toast(t.plain("Here is what it costs by now. Nothing was started yet."))


@shows(ProjectLaunched)
def launched(told: ProjectLaunched, t: Translator) -> Screen:
    held = t.money(told.held, told.currency)
    return Screen(t("🚀 <b>{title}</b> is running. {held} is set aside for it.", title=told.title, held=held))


@shows(ProjectComplete)
def complete(told: ProjectComplete, t: Translator) -> Screen:
    returned = t.money(told.returned, told.currency)
    return Screen(
        lines(
            t("🏁 <b>{title}</b> is complete.", title=told.title),
            t("{returned} was not needed and is free again.", returned=returned) if told.returned else None,
            to_decide(told.to_review, told.until, t),
        ),
        controls(told.number, "complete", t, waits=told.to_review),
    )


@shows(EverybodySkipped)
def skipped(told: EverybodySkipped, t: Translator) -> Screen:
    number = told.number
    said = (
        t.n("{count} report", "{count} reports", told.reports) if told.reports else None,
        t.n("{count} question without an answer", "{count} questions without an answer", told.questions)
        if told.questions
        else None,
        t.n("{count} person asks for more pay", "{count} people ask for more pay", told.pay) if told.pay else None,
    )
    times = t.n("{count} time", "{count} times", told.skips)
    people = t.n("{count} person", "{count} people", told.people)
    return Screen(
        lines(
            t("⏭ <b>{title}</b> stands still.", title=told.title),
            t.n(
                "{count} task is left, and nobody is there who has not had it.",
                "{count} tasks are left, and nobody is there who has not had them.",
                told.tasks,
            ),
            t("They were skipped {times} by {people}. Who skips need not say why.", times=times, people=people),
            t("What workers said of the project: {said}", said=Html(", ".join(filter(None, said))))
            if any(said)
            else None,
            t("Whoever is new is still asked. You can:"),
            t(
                "• see how it goes: /project_{number}; make the instructions clearer: the button below",
                number=number,
            ),
            t("• pay more: /raise_{number}", number=number),
            t("• invite people: /invite_{number}", number=number),
            t(
                "• end it: /stop_{number}. What was answered is yours, the money for the rest comes back.",
                number=number,
            ),
        ),
        ((Button(t.plain("✏️ Instructions"), edits.EditProject(number=number, here=False).pack()),),),
    )


@shows(ConfirmStop)
def ask_to_stop(told: ConfirmStop, t: Translator) -> Screen:
    held = t.money(told.held, told.currency)
    return Screen(
        t(
            "⏹ <b>{title}</b>\nStop this project? {closed} of {tasks} tasks are done. {held} is held: what no answer needs comes back to you.",
            title=told.title,
            closed=t.number(told.closed),
            tasks=t.number(told.tasks),
            held=held,
        ),
        (
            (
                Button(t.plain("⏹ Yes, stop"), StopProject(number=told.number, sure=True).pack(), style="danger"),
                Button(t.plain("No, go on"), stops_handlers.ShowProject(number=told.number).pack()),
            ),
        ),
    )


@shows(ProjectStopped)
def stopped(told: ProjectStopped, t: Translator) -> Screen:
    returned = t.money(told.returned, told.currency)
    return Screen(
        lines(
            t("⏹ <b>{title}</b> is stopped. {returned} came back to you.", title=told.title, returned=returned),
            t.n(
                "{count} worker still has a task in hand: if it is answered, it is paid.",
                "{count} workers still have a task in hand: if it is answered, it is paid.",
                told.in_hand,
            )
            if told.in_hand
            else None,
            t.n(
                "The pay of {count} answer is still to be decided: /review_{number}",
                "The pay of {count} answers is still to be decided: /review_{number}",
                told.undecided,
                number=told.number,
            )
            if told.undecided
            else None,
        ),
        controls(told.number, "stopped", t),
    )


@shows(ConfirmDelete)
def ask_to_delete(told: ConfirmDelete, t: Translator) -> Screen:
    return Screen(
        t(
            "Project {number} has not been launched: <b>{title}</b>. Delete it with its tasks?",
            number=told.number,
            title=told.title,
        ),
        ((Button(t.plain("🗑 Yes, delete"), DeleteDraft(number=told.number).pack(), style="danger"),),),
    )


@shows(DraftDeleted)
def deleted(told: DraftDeleted, t: Translator) -> Screen:
    return Screen(t("🗑 Draft {number} is deleted: {title}", number=told.number, title=told.title))


@shows(ProjectList)
def list_(listed: ProjectList, t: Translator) -> Screen:
    if not listed.projects:
        return Screen(t("You have no project yet. /newproject starts one."))
    rows = [
        t("<b>{number}</b> {title} · {state}", number=p.number, title=p.title, state=state_of(p.state, t))
        for p in listed.projects
    ]
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
        lines(head, team_line(listed.team, t), " ", *fitted(rows, t), *rated(listed.rating, t)),
        (*keyboard, *replying(listed.rating, t)),
    )


def rated(rating: RequesterRating | None, t: Translator) -> list[Html | None]:
    """What workers say of their requester, without who said it."""
    if rating is None:
        return []
    return [Html(" "), t("<b>Workers rate you:</b>"), ratings.rating_line(rating, t), ratings.reply_line(rating, t)]


def replying(rating: RequesterRating | None, t: Translator) -> Keyboard:
    """Once."""
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
