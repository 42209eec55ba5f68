"""The report on a project's models: how good they are, and what they saved."""

from domain.quality.machine import Doubt
from domain.quality.messages.models import GoldWouldHelp, JudgedModel, ModelDoubt, ModelsReport
from handlers.payloads.quality import MakeGold
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

NAMED = 40  # characters of a model's name, an option or a task


@shows(ModelsReport)
def report(of: ModelsReport, t: Translator) -> Screen:
    head = t("🤖 <b>{title}</b>: the answers of models", title=clipped(of.title, 2 * NAMED))
    press = Button(t.plain("🎯 Make check questions"), MakeGold(project=of.number).pack())
    told = [_model(each, t) for each in of.models]
    return Screen(lines(head, *fitted(told, t), " ", _saved(of, t), _gold(of, t)), ((press,),) if of.proposed else ())


@shows(GoldWouldHelp)
def gold_would_help(of: GoldWouldHelp, t: Translator) -> Screen:
    head = t.n(
        "🤖 <b>{title}</b>: people and the model differ on {count} task.",
        "🤖 <b>{title}</b>: people and the model differ on {count} tasks.",
        of.contested,
        title=clipped(of.title, 2 * NAMED),
    )
    ask = t.n(
        "🎯 Who is right? {count} check question would tell.",
        "🎯 Who is right? {count} check questions would tell, five minutes for all of them.",
        of.proposed,
    )
    press = Button(t.plain("🎯 Make check questions"), MakeGold(project=of.number).pack())
    return Screen(lines(head, ask), ((press,),))


def _model(of: JudgedModel, t: Translator) -> Html:
    low, high = t.percent(of.low), t.percent(of.high)
    name = clipped(of.name, NAMED) or t.plain("the model")
    name = f"{name} · {clipped(of.question, NAMED)}" if of.question else name
    judged = t.n("{count} check question", "{count} check questions", of.gold)
    right = t(
        "<b>{name}</b>: {share} right ({low} to {high}), by {judged} and people's answers",
        **{"name": name, "share": t.percent(of.accuracy), "low": low, "high": high, "judged": judged},
    )
    repeated = t.n(
        "· {count} worker repeats it, its errors too: no ground to reject, but those answers count little.",
        "· {count} workers repeat it, its errors too: no ground to reject, but those answers count little.",
        of.repeated,
    )
    return lines(
        right,
        *(_doubt(each, t) for each in of.doubts),
        repeated if of.repeated else None,
    )


def _doubt(of: ModelDoubt, t: Translator) -> Html:
    facts = {
        "about": clipped(of.about, NAMED),
        "expected": t.percent(of.expected),
        "observed": t.percent(of.observed),
    }
    return {
        Doubt.UNCHECKED: lambda: t("· Fewer than ten check questions have judged it: it counts for little."),
        Doubt.CONTRARY: lambda: t("· It is right less often than a guess."),
        Doubt.CLASS: lambda: t("· Of “{about}” it gets {observed} right, of the rest {expected}.", **facts),
        Doubt.DRIFT: lambda: t("· From task {about} on it is worse: {observed} instead of {expected}.", **facts),
        Doubt.OVERCONFIDENT: lambda: t("· It says it is {expected} sure, and is right in {observed}.", **facts),
        Doubt.UNSURE: lambda: t("· It says it is {observed} sure, no more than a guess: we ignore that.", **facts),
        Doubt.COPIED: lambda: Html(""),
    }[Doubt(of.doubt)]()


def _saved(of: ModelsReport, t: Translator) -> Html | None:
    """Beside people alone, by the same rule."""
    if not of.closed:
        return t("No task with their answers is done yet.")
    done = t.n("{count} task with their answers is done", "{count} tasks with their answers are done", of.closed)
    how = {"done": done, "once": t.number(of.once), "never": t.number(of.never)}
    saved = t.money(of.saved, of.currency)
    return lines(
        t("{done}: {once} with one person, {never} without any.", **how),
        t("💶 Saved so far: about {saved}, beside people alone.", saved=saved) if of.saved else None,
    )


def _gold(of: ModelsReport, t: Translator) -> Html | None:
    """How many check questions would help. What those there are brought is among the project's figures."""
    if not of.proposed:
        return None
    return t.n(
        "🎯 {count} more check question would help now.", "🎯 {count} more check questions would help now.", of.proposed
    )
