"""Writing a project: its form, card, launch and instructions, and the list of them; `number` is the project's."""

from __future__ import annotations

from dataclasses import replace

from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.projects.launches import LaunchDeclined, LaunchRequestOver, LaunchWanted, PilotDone, TaskTried, TrialOver
from domain.projects.preflight import Preflight
from domain.projects.projects import Pilot
from handlers import answers, task_buttons
from handlers.payload import Number, Payload
from handlers.projects import preflight
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, lines, reading_buttons, shows
from handlers.work import tasks
from locales.translator import Html, Translator
from services.projects import launches, trials


class LaunchShown(Payload, code="l"):
    """The button of a card that said this price, in millionths; 0 where none was said, or the button is old."""

    number: Number
    price: Number = 0


class ContinueProject(Payload, code="lc"):
    """Launch a project again that was stopped after its launch."""

    number: Number


class Launch(Payload):
    """Typed: whatever waits."""

    number: Number


class DecideLaunch(Payload, code="ld"):
    """Allow or refuse the launch that a program requested."""

    number: Number
    yes: bool


class TryTask(Payload, code="ti"):
    """The requester answers the first task, as a worker would."""

    project: Number


class TryOption(Payload, code="to"):
    project: Number
    option: Number


class UndoTrial(Payload, code="tu"):
    project: Number


class DoneTrial(Payload, code="td"):
    project: Number


class EndTrial(Payload, code="tq"):
    project: Number


class BeginPilot(Payload, code="pi"):
    number: Number


class GoOn(Payload, code="ug"):
    number: Number


@shows(LaunchWanted)
def ask_to_launch(m: LaunchWanted, t: Translator) -> Screen:
    price = t.money(m.price, m.currency)
    launch = Button(t.plain("🚀 Launch for {price}", price=price), DecideLaunch(number=m.number, yes=True).pack())
    no = Button(t.plain("✖️ No"), DecideLaunch(number=m.number, yes=False).pack())
    look = Button(t.plain("👀 Look first"), preflight.Preview(number=m.project).pack())
    holds = t("{tasks}: {price} at most.", tasks=t.n("{count} task", "{count} tasks", m.tasks), price=price)
    rests = t("It rests, as its tasks take longer than expected. With {price} more it goes on.", price=price)
    return Screen(
        lines(
            t("🤖 <b>Your program asks you to launch {number} · {title}</b>", number=m.project, title=m.title),
            holds if m.tasks else rests,
            t("Its key …{hint} may not spend that: you decide.", hint=m.hint),
            t("The button works until {until}.", until=t.time(m.until)),
        ),
        ((launch,), (no, look)),
    )


@shows(LaunchDeclined)
def declined(m: LaunchDeclined, t: Translator) -> Screen:
    return Screen(t("✖️ {number} · {title} is not launched. Your program can read it.", number=m.project, title=m.title))


@shows(LaunchRequestOver)
def over(m: LaunchRequestOver, t: Translator) -> Screen:
    why = {
        "decided": t("You have decided about this launch already."),
        "expired": t("The time for this button is over."),
        "replaced": t("Your program has asked anew: see the newer message."),
        "key": t("You ended the key of the program that asked."),
        "price": t("The launch costs more by now."),
    }[m.why]
    return Screen(lines(why, t("/preview {number} shows the project as it is.", number=m.project)))


TITLE = 200


@shows(PilotDone)
def show_pilot_done(m: PilotDone, t: Translator) -> Screen:
    rest = t.n("🚀 Launch the {count} other task", "🚀 Launch the {count} other tasks", m.rest)
    return Screen(
        lines(
            t("🧪 <b>{number}: {title}</b>: the first tasks are done.", number=m.number, title=clipped(m.title, TITLE)),
            describe_pilot(m.pilot, t),
            took(m.seconds, t),
            t("/preview {number} says what the others cost. /results {number} has these.", number=m.number),
        ),
        (
            *(((Button(str(rest), LaunchShown(number=m.number).pack(), style="success"),),) if m.rest else ()),
            (Button(t.plain("📋 What the others cost"), preflight.Preview(number=m.number).pack()),),
        ),
    )


def describe_pilot(pilot: Pilot, t: Translator) -> Html:
    answers = t.n("{count} answer", "{count} answers", pilot.answers)
    workers = t.n("{count} worker", "{count} workers", pilot.workers)
    if pilot.like_result is None:
        return t("🧪 Pilot: {answers} of {workers}.", answers=answers, workers=workers)
    share = t.percent(pilot.like_result)
    return t(
        "🧪 Pilot: {answers} of {workers}; {share} like the result.", answers=answers, workers=workers, share=share
    )


def took(seconds: float | None, t: Translator) -> Html:
    if seconds is None:
        return t("⏱ Too few people answered to measure the time: the estimate stays.")
    return t("⏱ One answer took {seconds} s: that is reckoned with from now on.", seconds=t.number(round(seconds, 1)))


def find_pilot_line(card: Preflight, t: Translator) -> Html | None:
    """Return the pre-flight card's line about the pilot, or None if there was none."""
    if card.pilot is None:
        return None
    is_measured = t("The time is measured, no estimate.") if card.measured else None
    return lines(describe_pilot(card.pilot, t), is_measured)


def try_first(card: Preflight, t: Translator) -> Keyboard:
    if not card.may_pilot or not card.price.passes_floor:
        return ()
    label = t.n("🧪 Try {count} task first", "🧪 Try {count} tasks first", card.may_pilot)
    return ((Button(str(label), BeginPilot(number=card.number).pack()),),)


NAMED, SAID = 100, 600  # characters of a title, and of an answer


@shows(TaskTried)
def show_trial(m: TaskTried, t: Translator) -> Screen:
    """Show the task as a worker sees it, without what workers can do beside answering."""
    task_shown = m.shown
    rows = answers.screen_of(task_shown.kind).rows(
        task_buttons.trying(task_shown.project, task_shown.options, task_shown.draft), t
    )
    end = Button(t.plain("✖️ End of the preview"), EndTrial(project=task_shown.project).pack())
    whole = (
        reading_buttons(task_shown.content, lambda column: tasks.ReadOwn(task=m.task, column=column).pack(), t)
        if m.task
        else ()
    )
    return replace(tasks.show_task(task_shown, t), keyboard=(*whole, *rows, (end,)))


@shows(TrialOver)
def show_trial_over(m: TrialOver, t: Translator) -> Screen:
    answer_screen = answers.screen_of(m.kind)
    own_answer = clipped(answer_screen.describe(m.answer, t), SAID) if m.answer is not None else ""
    try_again = Button(t.plain("🧪 Answer it yourself"), TryTask(project=m.project).pack())
    head = t("🧪 <b>{title}</b>", title=clipped(m.title, NAMED))
    return Screen(
        lines(
            head,
            t("Your answer: <b>{answer}</b>", answer=own_answer) if own_answer else None,
            t("That was a preview: nothing is kept, and nothing is paid."),
        ),
        ((try_again,),),
    )


ROUTES = (
    Route(TryTask, REQUESTER, trials.begin_trial, right=Right.LOOK),
    Route(TryOption, REQUESTER, trials.press_option, right=Right.LOOK),
    Route(UndoTrial, REQUESTER, trials.undo_press, right=Right.LOOK),
    Route(DoneTrial, REQUESTER, trials.finish_trial, right=Right.LOOK),
    Route(EndTrial, REQUESTER, trials.end_trial, right=Right.LOOK),
    Route(
        Launch, REQUESTER, launches.launch_project, command="launch", usage="N", means="set the budget aside and start"
    ),
    Route(LaunchShown, REQUESTER, launches.launch_at_shown_price),
    Route(ContinueProject, REQUESTER, launches.launch_project),
    Route(DecideLaunch, REQUESTER, launches.decide_launch_request),
    Route(
        BeginPilot,
        REQUESTER,
        launches.begin_pilot,
        command="pilot",
        usage="N",
        means="try ten of its tasks first",
    ),
    Route(GoOn, REQUESTER, launches.resume_project),
)
