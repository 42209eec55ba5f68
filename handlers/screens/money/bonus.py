"""A requester's thanks."""

from handlers.screens.layout.operation_number import numbered
from handlers.screens.screen import Facts, Screen, lines, screen
from locales import Translator


@screen("bonus.ask")
def ask(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎁 <b>A bonus for {worker}</b>", worker=facts["worker"]),
            t(
                "Write the amount and why, in one message. For example: <code>0.50 You noticed what others missed.</code>"
            ),
            t("You have {available} free.", available=t.money(facts["available"], facts["currency"])),
        )
    )


@screen("bonus.given")
def given(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("amount", "left")}
    text = t("🎁 {worker} got {amount} from you. You have {left} free.", worker=facts["worker"], **money)
    return Screen(lines(text, numbered(facts["operation"], t)))


@screen("bonus.received")
def received(facts: Facts, t: Translator) -> Screen:
    amount = t.money(facts["amount"], facts["currency"])
    return Screen(
        lines(
            t("🎁 <b>A bonus: {amount}</b>. It is yours at once.", amount=amount),
            t("From a requester you worked for: “{reason}”", reason=facts["reason"]),
            numbered(facts["operation"], t),
        )
    )
