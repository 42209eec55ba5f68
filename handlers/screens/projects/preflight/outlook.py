"""The forecast of how right results will be, way by way: a chart of bars that a phone shows as text."""

from domain.projects.outlooks import AccuracyOutlook, ForeseenWay
from domain.quality.given_answers import ENOUGH_GOLD
from handlers.payloads.authoring import AskSo
from handlers.screens.projects.progress import bar
from handlers.screens.screen import Button, Keyboard
from locales import Html, Translator

FEW = 100  # check questions with answers below which more of them are proposed


def how_right(outlook: AccuracyOutlook | None, currency: str, t: Translator) -> list[Html | str | None]:
    if outlook is None or outlook.models:
        return [how_right_at_once(outlook, t)]
    low, high = (t.percent(of) for of in _range(outlook.ways))
    known = t.n(
        "{count} check question tells so far, and projects like this one: between {low} and {high}.",
        "{count} check questions tell so far, and projects like this one: between {low} and {high}.",
        outlook.gold,
        low=low,
        high=high,
    )
    guess = t("A guess from projects like this one: yours is likely between {low} and {high}.", low=low, high=high)
    more = t("20 answered check questions bring it to some 6 points, 100 to some 4.") if outlook.gold < FEW else None
    return [
        t("🔮 <b>How many results will be right</b>, and what that costs:"),
        *(_way(each, currency, t) for each in outlook.ways),
        known if outlook.gold else guess,
        more,
        t("Below, 👥 asks for so many answers each, 🎯 until it is so sure.") if outlook.may_be_chosen else None,
    ]


def ways(outlook: AccuracyOutlook | None, number: int, t: Translator) -> Keyboard:
    """A press asks so; the project's own way needs none."""
    if outlook is None or not outlook.may_be_chosen:
        return ()
    own = {(way.overlap, way.confidence) for way in outlook.ways if way.own}
    row = list[Button]()
    for overlap, confidence in outlook.may_be_chosen:
        press = AskSo(number=number, overlap=overlap, thousandths=round((confidence or 0) * 1000)).pack()
        words = f"👥 {t.number(overlap)}" if confidence is None else f"🎯 {t.percent(confidence)}"
        row += [] if (overlap, confidence) in own else [Button(words, press)]
    return (tuple(row),)


def how_right_at_once(outlook: AccuracyOutlook | None, t: Translator) -> Html | None:
    """The project's own way, in one line."""
    if outlook and outlook.models and not outlook.ways:
        return t(
            "🔮 How many results will be right can be said once {count} check questions have judged the model.",
            count=ENOUGH_GOLD,
        )
    own = next((way for way in outlook.ways if way.own), None) if outlook else None
    if own is None:
        return None
    share, low, high = (t.percent(of) for of in (own.accuracy, own.low, own.high))
    if outlook is not None and outlook.gold:
        return t("🔮 About {share} of the results will be right ({low} to {high}).", share=share, low=low, high=high)
    return t("🔮 A guess: {share} of the results will be right ({low} to {high}).", share=share, low=low, high=high)


def _range(ways: tuple[ForeseenWay, ...]) -> tuple[float, float]:
    """Of the project's own way."""
    shown = next((way for way in ways if way.own), ways[0])
    return shown.low, shown.high


def _way(way: ForeseenWay, currency: str, t: Translator) -> Html:
    figures = {"bar": bar(way.accuracy), "share": t.percent(way.accuracy), "cost": t.money(way.cost, currency)}
    own = t("← yours") if way.own else ""
    if way.confidence is None:
        answers = t.n("{count} answer", "{count} answers", way.overlap)
        return t("{bar} {share} · {answers}: {cost} {own}", answers=answers, own=own, **figures)
    return t(
        "{bar} {share} · until {confidence} sure, {least} to {most} answers: about {cost} {own}",
        confidence=t.percent(way.confidence),
        least=t.number(round(way.answers, 1)),
        most=way.overlap,
        own=own,
        **figures,
    )
