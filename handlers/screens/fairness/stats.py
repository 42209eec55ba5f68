"""The house in figures: what is held against what is owed, who is here, what they earn."""

from itertools import pairwise
from typing import Any

from handlers.screens.screen import Facts, Screen, lines, screen
from locales import Html, Translator
from reports.stats import Bar, ColumnChart, house_picture

UNIT = 1_000_000


@screen("stats.house")
def house(facts: Facts, t: Translator) -> Screen:
    caption = lines(
        t("📊 <b>Pouce in figures</b>, {when} (UTC)", when=t.moment(facts["at"])),
        *(held(book, t) for book in facts["books"]),
        people(facts, t),
        paid(facts, t),
        spread(t("📅 Earned in 30 days"), facts["month"], facts["currency"], t),
        spread(t("⏱ Pay for an hour of answering"), facts["hour"], facts["currency"], t),
        t(
            "🔗 Seal of the book after {count} operations: <code>{hash}</code>",
            count=t.number(facts["position"]),
            hash=facts["hash"],
        ),
    )
    return Screen(caption, photo=lambda: picture(facts, t))


def held(book: dict[str, Any], t: Translator) -> Html:
    """Every currency by itself."""
    money = {name: t.money(amount, book["currency"]) for name, amount in book.items() if name != "currency"}
    owed = sum(book[name] for name in ("workers", "requesters", "projects", "withheld"))
    told = t(
        "🏦 At the bank: <b>{held}</b>. Owed to others: <b>{owed}</b> (workers {workers}, requesters {requesters}, running projects {projects}); ours: {fees}.",
        owed=t.money(owed, book["currency"]),
        **money,
    )
    there = t("✓ Every cent that is owed is there.") if book["held"] >= owed else t("⚠️ Less is there than is owed.")
    return Html(f"{told} {there}")


def people(facts: Facts, t: Translator) -> Html:
    day, week, month = map(t.number, facts["active"])
    return t(
        "👥 Registered: <b>{registered}</b>. Answered something in the last day: {day}, 7 days: {week}, 30 days: {month}.",
        registered=t.number(facts["registered"]),
        day=day,
        week=week,
        month=month,
    )


def paid(facts: Facts, t: Translator) -> Html:
    pairs = zip(facts["bounds"], facts["paid"], strict=True)
    reached = [t("≥ {sum}: {count}", sum=round_sum(bound, facts, t), count=t.number(count)) for bound, count in pairs]
    return t("💶 Earned so far: {reached}", reached=Html(" · ".join(reached)))


def spread(what: Html, figures: list[int | None], currency: str, t: Translator) -> Html:
    """Half of them, and the lowest tenth: an average would hide both."""
    middle, low = figures
    if middle is None or low is None:
        return t("{what}: too few people to say without telling on somebody.", what=what)
    return t(
        "{what}: half of those who worked got <b>{middle}</b> or less, a tenth {low} or less.",
        what=what,
        middle=t.money(middle, currency),
        low=t.money(low, currency),
    )


def picture(facts: Facts, t: Translator) -> bytes:
    here = [Bar(t.plain("Registered"), facts["registered"], t.number(facts["registered"]))]
    for days, count in reversed(list(zip(facts["days"], facts["active"], strict=True))):
        here.append(Bar(str(t.n("Active in {count} day", "Active in {count} days", days)), count, t.number(count)))
    reached = zip(facts["bounds"], facts["paid"], strict=True)
    rich = [
        Bar(t.plain("Earned ≥ {sum}", sum=round_sum(bound, facts, t)), count, t.number(count))
        for bound, count in reached
    ]
    return house_picture(t.plain("Pouce in figures"), here, rich, month(facts, t))


def month(facts: Facts, t: Translator) -> ColumnChart:
    steps = facts["steps"]
    labels = [f"< {steps[0]}", *(f"{low}–{high}" for low, high in pairwise(steps)), f"{steps[-1]}+"]
    across = t.plain("{currency} in the last 30 days", currency=facts["currency"])
    return ColumnChart(t.plain("How many earned how much"), labels, facts["spread"], across)


def round_sum(bound: int, facts: Facts, t: Translator) -> str:
    return t.money(bound * UNIT, facts["currency"]).replace(".00", "").replace(",00", "")
