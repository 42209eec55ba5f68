"""Pay raises: cost, result, and the notice to workers with a task in hand."""

from domain.projects.messages import PayRaised, PayRaiseNews, RaiseOffer
from handlers.payloads.projects import RaisePay
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator


@shows(RaiseOffer)
def offer(told: RaiseOffer, t: Translator) -> Screen:
    rows = []
    for to in told.offered:
        money = {"pay": t.money(to.pay, told.currency), "more": t.money(to.more, told.currency)}
        press = RaisePay(number=told.number, pay=to.pay)
        label = money["pay"] if told.draft else t.plain("{pay} · sets aside {more}", **money)
        rows.append((Button(label, press.pack()),))
    return Screen(
        lines(
            t("💶 <b>{title}</b> pays {pay} an answer.", title=told.title, pay=t.money(told.pay, told.currency)),
            *_how(told, t),
        ),
        tuple(rows),
    )


def _how(told: RaiseOffer, t: Translator) -> tuple[Html, ...]:
    if told.draft:
        return (
            t("It has not started: its pay can still go up or down."),
            t("Any other pay: <code>/raise {number} AMOUNT</code>.", number=told.number),
        )
    return (
        t("Raise it to what? All answers still to come are paid the new pay, those in people's hands too."),
        t("Any other pay: <code>/raise {number} AMOUNT</code>. It can't go down again.", number=told.number),
    )


@shows(PayRaised)
def raised(told: PayRaised, t: Translator) -> Screen:
    pay, before = t.money(told.pay, told.currency), t.money(told.before, told.currency)
    held = t.money(told.held, told.currency)
    return Screen(
        lines(
            t(
                "💶 <b>{title}</b> pays {pay} an answer now, instead of {before}.",
                title=told.title,
                pay=pay,
                before=before,
            ),
            t("{held} more is set aside for the answers still to come, fee included.", held=held),
            t("/project_{number} shows how it goes.", number=told.number),
        )
    )


@shows(PayRaiseNews)
def news(told: PayRaiseNews, t: Translator) -> Screen:
    return Screen(
        t(
            "💶 <b>{title}</b> pays more now: {pay} instead of {before}, for the task you have, too.",
            title=told.title,
            pay=t.money(told.pay, told.currency),
            before=t.money(told.before, told.currency),
        )
    )
