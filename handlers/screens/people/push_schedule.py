"""The end of a run of tasks: the day's goal, the chosen pace, unanswered tasks."""

from domain.people.messages import GoalReached, LeftInPeace, PaceKept
from domain.work.messages import LastAnswer
from handlers.payloads.people import ShowSettings
from handlers.payloads.work import AskForWork
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from handlers.screens.work.corrections import after
from handlers.screens.work.last_answer import said_of_last
from handlers.screens.work.nothing import when_next
from locales import Html, Translator


@shows(GoalReached)
def reached(told: GoalReached, t: Translator) -> Screen:
    """The daily goal is reached: said once a day; work goes on."""
    return Screen(
        lines(
            said_of_last(told.last, t),
            t("🎉 <b>You have reached your goal for today.</b>"),
            done(told.tasks, told.earned, told.currency, t),
            t("Well done!"),
            when_next(told.quiet, t),
        ),
        _below(told.last, t, t.plain("▶️ Go on today"), "goal"),
        anew=True,
    )


@shows(PaceKept)
def at_pace(told: PaceKept, t: Translator) -> Screen:
    return Screen(
        lines(
            said_of_last(told.last, t),
            t("👍 <b>That was it for now.</b>"),
            t("Your pace: {pace}.", pace=pace(told.gap, t)),
            when_next(told.quiet, t),
        ),
        _below(told.last, t, t.plain("▶️ Go on"), "pace"),
        anew=True,
    )


@shows(LeftInPeace)
def quiet(told: LeftInPeace, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🤫 <b>We leave you in peace now.</b>"),
            t("The last tasks went unanswered. That is no problem, and nothing is held against you."),
            t("We send no more until you want some: press “Go on” whenever you like."),
        ),
        _below(None, t, t.plain("▶️ Go on"), "main"),
    )


def done(tasks: int, earned: int, currency: str, t: Translator) -> Html:
    """Today's answers and earnings."""
    return t(
        "Today: {answers}, {earned}.",
        answers=t.n("{count} answer", "{count} answers", tasks),
        earned=t.money(earned, currency),
    )


def pace(gap: int, t: Translator) -> str:
    return {
        0: t.plain("tasks as they come"),
        15: t.plain("at most 4 tasks an hour"),
        60: t.plain("at most 1 task an hour"),
        240: t.plain("at most 1 task in 4 hours"),
    }[gap]


def _below(last: LastAnswer | None, t: Translator, go_on: str, page: str) -> Keyboard:
    """On with it, or another choice; and what can be said about the answer before."""
    go = Button(go_on, AskForWork().pack(), style="success")
    settings = Button(t.plain("⚙️ My settings"), ShowSettings(page=page).pack())
    return (go,), (settings,), *after(last, t)
