"""What whoever runs the bot is shown."""

from typing import Any

from handlers.screens.fitting import fitted
from handlers.screens.numbering import numbered
from handlers.screens.screen import Facts, Screen, lines, screen
from handlers.screens.wallet import HELD, amounts
from locales import Html, Translator


@screen("admin.deposited")
def deposited(facts: Facts, t: Translator) -> Screen:
    currency = facts["currency"]
    return Screen(
        lines(
            t("🏦 <b>{amount}</b> recorded for {who}.", amount=t.money(facts["amount"], currency), who=facts["who"]),
            t("They have {available} free now.", available=t.money(facts["available"], currency)),
            t("Reference: {reference}", reference=facts["reference"]) if facts["reference"] else None,
            numbered(facts["transfer"], t),
            None if facts["met"] else t("⚠️ This person has not written to the bot yet. Please check the id."),
        )
    )


@screen("admin.refunded")
def refunded(facts: Facts, t: Translator) -> Screen:
    currency = facts["currency"]
    return Screen(
        lines(
            t(
                "🏦 <b>{amount}</b> back to {who}, recorded.",
                amount=t.money(facts["amount"], currency),
                who=facts["who"],
            ),
            t("They have {available} free now.", available=t.money(facts["available"], currency)),
            t("Reference: {reference}", reference=facts["reference"]) if facts["reference"] else None,
            numbered(facts["transfer"], t),
        )
    )


@screen("admin.balance")
def balance(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👤 <b>{who}</b> · <code>{id}</code>", who=facts["who"], id=facts["telegram_id"]),
            " ",
            *([t("<b>As a worker</b>"), *amounts(facts, t), " "] if facts["worker"] else []),
            *(_asking(facts, t) if facts["asks"] else []),
        )
    )


def _asking(facts: Facts, t: Translator) -> list[Html]:
    return [
        t("<b>As a requester</b>"),
        *(t("Free: <b>{amount}</b>", amount=t.money(free["amount"], free["currency"])) for free in facts["free"]),
        *fitted([_held(p, t) for p in facts["projects"] if p["held"]], t, room=HELD),
    ]


def _held(of: dict[str, Any], t: Translator) -> Html:
    held = t.money(of["held"], of["currency"])
    return t("  #{number} {title}: {held} held", number=of["number"], title=of["title"], held=held)


@screen("admin.role")
def role(facts: Facts, t: Translator) -> Screen:
    if facts["on"]:
        return Screen(t("✅ {who} may open projects.", who=facts["who"]))
    return Screen(t("{who} may not open projects any more. Those that are running go on.", who=facts["who"]))


@screen("admin.overview")
def overview(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🏠 <b>The bot today</b>"),
            " ",
            t(
                "👥 {workers}, {waiting} waiting for tasks now",
                workers=t.n("{count} worker", "{count} workers", facts["workers"]),
                waiting=t.number(facts["waiting"]),
            ),
            *(t("▶️ #{number} {title}", number=p["number"], title=p["title"]) for p in facts["running"]),
            None if facts["running"] else t("No project is running."),
            t(
                "Waiting: 📥 {inbox} received · 📤 {outbox} to be sent",
                inbox=t.number(facts["inbox"]),
                outbox=t.number(facts["outbox"]),
            ),
            " ",
            *(line for book in facts["books"] for line in _book(book, t)),
        )
    )


def _book(book: dict[str, Any], t: Translator) -> list[Html]:
    """One currency: what is there, whose it is, and that both are the same."""
    owed = sum(book[whose] for whose in ("workers", "requesters", "projects", "withheld"))
    amounts = {"bank": book["held"], "owed": owed, "fees": book["fees"], "sum": owed + book["fees"] - book["held"]}
    money = {name: t.money(amount, book["currency"]) for name, amount in amounts.items()}
    return [
        t("🏦 At the bank: <b>{bank}</b>", bank=money["bank"]),
        t("📒 Owed to workers and requesters: {owed}", owed=money["owed"]),
        t("📒 Fees: {fees}", fees=money["fees"]),
        t("✅ The ledger sums to {sum}", sum=money["sum"])
        if amounts["sum"] == 0
        else t("❌ The ledger sums to {sum}: run <code>pouce verify</code>", sum=money["sum"]),
    ]
