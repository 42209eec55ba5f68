"""What ends a run of tasks: the day's goal, the pace somebody chose, tasks that went unanswered."""

from handlers.payloads.people import ShowSettings
from handlers.payloads.work import AskForWork
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from handlers.screens.work.corrections import after
from handlers.screens.work.tasks import missed_gold, when_next
from locales import Html, Translator


@screen("rhythm.reached")
def reached(facts: Facts, t: Translator) -> Screen:
    """Their own goal: said once a day, and nobody is held back."""
    return Screen(
        lines(
            missed_gold(facts.get("feedback"), t),
            t("🎉 <b>You have reached your goal for today.</b>"),
            done(facts, t),
            t("Well done!"),
            when_next(facts, t),
        ),
        _below(facts, t, t.plain("▶️ Go on today"), "goal"),
    )


@screen("rhythm.at_pace")
def at_pace(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            missed_gold(facts.get("feedback"), t),
            t("👍 <b>That was it for now.</b>"),
            t("Your pace: {pace}.", pace=pace(facts["gap"], t)),
            when_next(facts, t),
        ),
        _below(facts, t, t.plain("▶️ Go on"), "pace"),
    )


@screen("rhythm.quiet")
def quiet(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🤫 <b>We leave you in peace now.</b>"),
            t("The last tasks went unanswered. That is no problem, and nothing is held against you."),
            t("We send no more until you want some: press “Go on” whenever you like."),
        ),
        _below(facts, t, t.plain("▶️ Go on"), "main"),
    )


def done(facts: Facts, t: Translator) -> Html:
    """What today brought so far."""
    return t(
        "Today: {answers}, {earned}.",
        answers=t.n("{count} answer", "{count} answers", facts["tasks"]),
        earned=t.money(facts["earned"], facts["currency"]),
    )


def pace(gap: int, t: Translator) -> str:
    return {
        0: t.plain("tasks as they come"),
        15: t.plain("at most 4 tasks an hour"),
        60: t.plain("at most 1 task an hour"),
        240: t.plain("at most 1 task in 4 hours"),
    }[gap]


def _below(facts: Facts, t: Translator, go_on: str, page: str) -> tuple[tuple[Button, ...], ...]:
    """On with it, or another choice; and what can be said about the answer before."""
    go = Button(go_on, AskForWork().pack(), style="success")
    settings = Button(t.plain("⚙️ My settings"), ShowSettings(page=page).pack())
    return (go,), (settings,), *after(facts, t)
