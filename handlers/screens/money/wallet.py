"""What was earned, and why."""

from typing import Any

from handlers.payloads.money import GetStatement, ToBank
from handlers.payloads.work import AskForWork
from handlers.screens.layout.fitting import fitted
from handlers.screens.layout.operation_number import numbered
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

HELD = 1500  # characters about pending pay


@screen("wallet.balance")
def balance(facts: Facts, t: Translator) -> Screen:
    work = Button(t.plain("▶️ A task, please"), AskForWork().pack())
    bank = Button(t.plain("🏦 To my bank"), ToBank().pack())
    paper = Button(t.plain("🧾 Statement"), GetStatement(month="", format="pdf").pack())
    return Screen(lines(t("💰 <b>Your balance</b>"), " ", *amounts(facts, t)), ((work,), (bank, paper)))


def amounts(facts: Facts, t: Translator) -> list[Html | str]:
    """Currency by currency what is whose, why some of it waits, the last lines."""
    found: list[Html | str] = [line for book in facts["books"] for line in whose(book, t)]
    found += [
        *fitted([waiting(held, t) for held in facts["held"]], t, room=HELD),
        *(line for book in facts["books"] for line in elsewhere(book, t)),
        t.n("{count} answer so far", "{count} answers so far", facts["answers"]),
    ]
    if facts["entries"]:
        found += [
            " ",
            t("<b>Last movements</b> (times in UTC)"),
            *(entry(line, t) for line in facts["entries"]),
            t("Why? Press for example /why_{number}", number=facts["entries"][0]["operation"]),
        ]
    return found


def whose(book: dict[str, Any], t: Translator) -> list[Html]:
    currency = book["currency"]
    return [
        t("Available: <b>{amount}</b>", amount=t.money(book["available"], currency)),
        t("Pending: <b>{amount}</b>", amount=t.money(book["pending"], currency)),
    ]


def elsewhere(book: dict[str, Any], t: Translator) -> list[Html]:
    """What is set aside, and what is on its way."""
    currency = book["currency"]
    found = []
    if book["aside"]:
        aside = t.money(book["aside"], currency)
        found.append(t("Rejected, not decided yet: <b>{amount}</b> · /appeal", amount=aside))
    if book["payout"]:
        found.append(t("On its way to your bank: <b>{amount}</b>", amount=t.money(book["payout"], currency)))
    return found


def waiting(held: dict[str, Any], t: Translator) -> Html:
    """Why pay of one project is pending, and until when at the latest."""
    amount, until = t.money(held["amount"], held["currency"]), t.moment(held["until"])
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


def entry(line: dict[str, Any], t: Translator) -> Html:
    amount = t.money(line["amount"], line["currency"])
    sign = "+" if line["amount"] > 0 else ""
    where = t(" (pending)") if line["pending"] and line["kind"] != "reject" else Html("")
    return t(
        "#{number} · {when} · <b>{amount}</b> {what}{where}",
        number=line["operation"],
        when=t.moment(line["at"]),
        amount=sign + amount,
        what=kind(line["kind"], t),
        where=where,
    )


def kind(name: str, t: Translator) -> str:
    """What a movement is called."""
    return {
        "reward": t.plain("for an answer"),
        "release": t.plain("was pending, now available"),
        "deposit": t.plain("deposit"),
        "refund": t.plain("sent back"),
        "launch": t.plain("held for a project"),
        "fee": t.plain("fee"),
        "return": t.plain("returned from a project"),
        "payout": t.plain("payout, on its way to the bank"),
        "withhold": t.plain("kept for social contributions"),
        "paid": t.plain("paid by the bank"),
        "bounced": t.plain("sent back by the bank"),
        "unpaid": t.plain("back from the bank"),
        "unwithhold": t.plain("social contributions given back"),
        "handed on": t.plain("paid to the authority"),
        "reserve": t.plain("held in case tasks take longer"),
        "unreserve": t.plain("returned from a project"),
        "topup": t.plain("it took longer than announced"),
        "bonus": t.plain("bonus"),
        "reject": t.plain("rejected, held until it is decided"),
        "appeal": t.plain("appeal won"),
        "judge": t.plain("for judging an appeal"),
        "forfeit": t.plain("rejected for good"),
        "feeback": t.plain("fee given back"),
    }.get(name, name)


@screen("wallet.topup")
def topup(facts: Facts, t: Translator) -> Screen:
    text = t.n(
        "⏱ <b>{title}</b> took longer than announced, so it pays more: <b>+{amount}</b> for {count} answer.",
        "⏱ <b>{title}</b> took longer than announced, so it pays more: <b>+{amount}</b> for {count} answers.",
        facts["answers"],
        title=facts["title"],
        amount=t.money(facts["amount"], facts["currency"]),
    )
    return Screen(lines(text, numbered(facts["transfer"], t)))


@screen("wallet.released")
def released(facts: Facts, t: Translator) -> Screen:
    money = {name: t.money(facts[name], facts["currency"]) for name in ("available", "pending")}
    return Screen(
        lines(
            t("✅ Pay from <b>{title}</b> that was pending is yours now.", title=facts["title"]),
            t("Available: <b>{available}</b> · still pending: {pending} · /balance", **money),
        )
    )
