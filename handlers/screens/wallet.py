"""What was earned, and why."""

from typing import Any

from handlers import buttons
from handlers.screens.fitting import fitted
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

HELD = 1500  # characters about pending pay


@screen("wallet.balance")
def balance(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(t("💰 <b>Your balance</b>"), " ", *amounts(facts, t)),
        ((Button(t.plain("▶️ A task, please"), buttons.Work().pack()),),),
    )


def amounts(facts: Facts, t: Translator) -> list[Html | str]:
    """Available, pending and why, the last lines."""
    currency = facts["currency"]
    found: list[Html | str] = [
        t("Available: <b>{amount}</b>", amount=t.money(facts["available"], currency)),
        t("Pending: <b>{amount}</b>", amount=t.money(facts["pending"], currency)),
        *fitted([waiting(held, currency, t) for held in facts["held"]], t, room=HELD),
        t.n("{count} answer so far", "{count} answers so far", facts["answers"]),
    ]
    if facts["entries"]:
        found += [
            " ",
            t("<b>Last movements</b> (times in UTC)"),
            *(entry(line, currency, t) for line in facts["entries"]),
        ]
    return found


def waiting(held: dict[str, Any], currency: str, t: Translator) -> Html:
    """Why pay of one project is pending, and until when at the latest."""
    amount, until = t.money(held["amount"], currency), t.moment(held["until"])
    if held["review"]:
        return t(
            "  ⏳ {amount} from {title}: the requester has not decided yet. If nothing is said, it is yours 72 hours after each answer, from {until} (UTC) on.",
            amount=amount,
            title=held["title"],
            until=until,
        )
    return t(
        "  ⏳ {amount} from {title}: yours once you have answered a few known questions right; at the latest 72 hours after each answer, from {until} (UTC) on.",
        amount=amount,
        title=held["title"],
        until=until,
    )


def entry(line: dict[str, Any], currency: str, t: Translator) -> Html:
    amount = t.money(line["amount"], currency)
    sign = "+" if line["amount"] > 0 else ""
    where = t(" (pending)") if line["pending"] else Html("")
    return t(
        "{when} · <b>{amount}</b> {what}{where}",
        when=t.moment(line["at"]),
        amount=sign + amount,
        what=kind(line["kind"], t),
        where=where,
    )


def kind(name: str, t: Translator) -> str:
    """What a movement is called."""
    return {
        "reward": t.plain("for an answer"),
        "release": t.plain("pending → available"),
        "deposit": t.plain("deposit"),
        "launch": t.plain("held for a project"),
        "fee": t.plain("fee"),
        "return": t.plain("returned from a project"),
        "payout": t.plain("for your bank"),
        "withhold": t.plain("kept for social contributions"),
        "paid": t.plain("paid by the bank"),
        "bounced": t.plain("sent back by the bank"),
        "unpaid": t.plain("back from the bank"),
        "unwithhold": t.plain("social contributions given back"),
        "handed on": t.plain("paid to the authority"),
        "reserve": t.plain("held in case tasks take longer"),
        "unreserve": t.plain("returned from a project"),
        "topup": t.plain("it took longer than announced"),
    }.get(name, name)


@screen("wallet.topup")
def topup(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t.n(
            "⏱ <b>{title}</b> took longer than announced, so it pays more: <b>+{amount}</b> for {count} answer. {operation} /balance",
            "⏱ <b>{title}</b> took longer than announced, so it pays more: <b>+{amount}</b> for {count} answers. {operation} /balance",
            facts["answers"],
            title=facts["title"],
            amount=t.money(facts["amount"], facts["currency"]),
            operation=f"#{facts['transfer']}",
        )
    )


@screen("wallet.released")
def released(facts: Facts, t: Translator) -> Screen:
    return Screen(t("✅ Pending pay from <b>{title}</b> is yours now. /balance", title=facts["title"]))
