"""A requester's thanks."""

from domain.money.messages.funds import BonusAsked, BonusGiven, BonusReceived
from handlers.screens.layout.operation_number import numbered
from handlers.screens.screen import Screen, lines, shows
from locales import Translator


@shows(BonusAsked)
def asked(m: BonusAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎁 <b>A bonus for {worker}</b>", worker=m.worker),
            t(
                "Write the amount and why, in one message. For example: <code>0.50 You noticed what others missed.</code>"
            ),
            t("You have {available} free.", available=t.money(m.available, m.currency)),
        )
    )


@shows(BonusGiven)
def given(m: BonusGiven, t: Translator) -> Screen:
    money = {"amount": t.money(m.amount, m.currency), "left": t.money(m.left, m.currency)}
    text = t("🎁 {worker} got {amount} from you. You have {left} free.", worker=m.worker, **money)
    return Screen(lines(text, numbered(m.operation, t)))


@shows(BonusReceived)
def received(m: BonusReceived, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎁 <b>A bonus: {amount}</b>. It is yours at once.", amount=t.money(m.amount, m.currency)),
            t("From a requester you worked for: “{reason}”", reason=m.reason),
            numbered(m.operation, t),
        )
    )
