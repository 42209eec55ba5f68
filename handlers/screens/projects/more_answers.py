"""More answers to each task of a project."""

from domain.projects.outlooks import MoreAsked, MoreOffer, OfferedMore
from handlers.payloads.projects import AskMore
from handlers.screens.layout.fitting import clipped
from handlers.screens.projects.progress import bar
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

TITLE = 200


@shows(MoreOffer)
def offer(m: MoreOffer, t: Translator) -> Screen:
    answers = t.n("{count} answer", "{count} answers", m.overlap)
    rows = [
        (Button(_label(each, m.currency, t), AskMore(number=m.number, overlap=each.overlap).pack()),)
        for each in m.offered
    ]
    return Screen(
        lines(
            t(
                "➕ <b>{number}: {title}</b>: {answers} a task now.",
                number=m.number,
                title=clipped(m.title, TITLE),
                answers=answers,
            ),
            t("How many results are right, as far as can be foretold:") if m.accuracy is not None else None,
            _right(m.overlap, m.accuracy, t),
            *(_right(each.overlap, each.accuracy, t) for each in m.offered),
            t("Every task is asked again, also those that are done. The money is set aside at once."),
        ),
        tuple(rows),
    )


def _label(each: OfferedMore, currency: str, t: Translator) -> str:
    return t.plain("{overlap} a task: {cost}", overlap=t.number(each.overlap), cost=t.money(each.cost, currency))


def _right(overlap: int, accuracy: float | None, t: Translator) -> Html | None:
    if accuracy is None:
        return None
    answers = t.n("{count} answer", "{count} answers", overlap)
    return t("{bar} {share} · {answers}", bar=bar(accuracy), share=t.percent(accuracy), answers=answers)


@shows(MoreAsked)
def asked(m: MoreAsked, t: Translator) -> Screen:
    answers = t.n("{count} answer", "{count} answers", m.overlap)
    held = t.money(m.held, m.currency)
    title = clipped(m.title, TITLE)
    return Screen(
        t("➕ <b>{title}</b>: {answers} a task now. {held} more is set aside.", title=title, answers=answers, held=held)
    )
