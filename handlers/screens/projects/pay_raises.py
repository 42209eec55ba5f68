"""Pay that goes up: what it would cost, what it did, and the news for whoever is at it."""

from handlers.payloads.projects import RaisePay
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Translator


@screen("raising.offer")
def offer(facts: Facts, t: Translator) -> Screen:
    number, currency = facts["number"], facts["currency"]
    rows = tuple(
        (
            Button(
                t.plain(
                    "{pay} · sets aside {more}", pay=t.money(to["pay"], currency), more=t.money(to["more"], currency)
                ),
                RaisePay(project=number, pay=to["pay"]).pack(),
            ),
        )
        for to in facts["offered"]
    )
    return Screen(
        lines(
            t("💶 <b>{title}</b> pays {pay} an answer.", title=facts["title"], pay=t.money(facts["pay"], currency)),
            t("Raise it to what? All answers still to come are paid the new pay, those in people's hands too."),
            t("Any other pay: <code>/raise {number} AMOUNT</code>. It can't go down again.", number=number),
        ),
        rows,
    )


@screen("raising.raised")
def raised(facts: Facts, t: Translator) -> Screen:
    pay, before, held = (t.money(facts[name], facts["currency"]) for name in ("pay", "before", "held"))
    return Screen(
        lines(
            t(
                "💶 <b>{title}</b> pays {pay} an answer now, instead of {before}.",
                title=facts["title"],
                pay=pay,
                before=before,
            ),
            t("{held} more is set aside for the answers still to come, fee included.", held=held),
            t("/project_{number} shows how it goes.", number=facts["number"]),
        )
    )


@screen("raising.news")
def news(facts: Facts, t: Translator) -> Screen:
    pay, before = (t.money(facts[name], facts["currency"]) for name in ("pay", "before"))
    return Screen(
        t(
            "💶 <b>{title}</b> pays more now: {pay} instead of {before}, for the task you have, too.",
            title=facts["title"],
            pay=pay,
            before=before,
        )
    )
