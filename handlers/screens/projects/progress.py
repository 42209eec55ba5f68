"""Progress of a project, edited in place while answers come in."""

from domain.fairness import questions as questions_due
from domain.fairness import reports, stops
from domain.moments import Moment
from domain.projects.messages import ProjectProgress
from domain.projects.projects import HELD
from domain.work import delivery
from handlers.payloads.authoring import ContinueProject, EditProject, PayDebt
from handlers.payloads.fairness import ShowQuestion, ShowReview
from handlers.payloads.projects import (
    GetFile,
    HoldProject,
    OfferClone,
    OfferMore,
    OfferRaise,
    Preview,
    RaisePay,
    StopProject,
)
from handlers.payloads.quality import ShowQuality
from handlers.screens.fairness.question_answers import waiting
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator


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
            waiting(shown.questions, t),
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
    return ((Button(words, PayDebt.wire(shown.number, shown.debt), style="success"),),)


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
    return ((Button(label, RaisePay(number=shown.number, pay=said.asked).pack()),),)


def resting(reasons: tuple[str, ...], t: Translator) -> list[Html]:
    """Why nobody is asked now."""
    words = {
        HELD: t("⏸ You paused it. Nobody is asked; tasks in hand may be finished and are paid."),
        reports.PAUSE: t("⏸ Workers reported it. Nobody is asked until a human has looked."),
        stops.SUSPENDED: t("⏸ Your account is suspended. Nobody is asked until that ends."),
        delivery.PAUSE: t("⏸ Telegram can't show its tasks. Nobody is asked until you decide."),
        delivery.BUTTONS: t(
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
    return ((Button(words, ShowQuestion(project=shown.number).pack(), style="primary"),),)


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
    look = Button(t.plain("🔍 Review ({count})", count=t.number(waits)), ShowReview(project=number, after=0).pack())
    made = (
        Button(t.plain("📄 Results"), GetFile(number=number, what="results", form="csv").pack()),
        Button(t.plain("🧾 Submissions"), GetFile(number=number, what="submissions", form="csv").pack()),
        Button(t.plain("🗂 Files"), GetFile(number=number, what="results", form="zip").pack()),
    )
    how = (Button(t.plain("📊 Quality"), ShowQuality(project=number).pack()),)
    edit = (Button(t.plain("✏️ Instructions"), EditProject(number=number, here=False).pack()),)
    more = (Button(t.plain("💶 Raise the pay"), OfferRaise(number=number).pack()),)
    extra = Button(t.plain("➕ More answers"), OfferMore(number=number).pack())
    end = (Button(t.plain("⏹ Stop"), StopProject(number=number, sure=False).pack(), style="danger"),)
    copy = (Button(t.plain("📑 Clone"), OfferClone(number=number).pack()),)
    again = (Button(t.plain("▶️ Continue"), ContinueProject.wire(number)),)
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
    card = Button(t.plain("👀 Preview"), Preview(number=number).pack())
    edit = Button(t.plain("✏️ Instructions"), EditProject(number=number, here=False).pack())
    copy = Button(t.plain("📑 Clone"), OfferClone(number=number).pack())
    gone = Button(t.plain("🗑 Delete"), StopProject(number=number, sure=False).pack(), style="danger")
    return ((card, edit), (copy, gone))
