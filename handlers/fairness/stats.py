"""The platform's public figures: what is held against what is owed, how many people are here, what they earn."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

from domain.fairness.automated import PlatformFigures
from domain.fairness.cases import ComplaintFigures
from domain.money.amounts import UNIT
from domain.money.funds import Holdings
from domain.people.accounts import EVERYBODY
from handlers.payload import Payload
from handlers.routing import Route
from handlers.screen import Screen, lines, shows
from locales.translator import Html, Translator
from reports.data_sheet import Bar, ColumnChart, house_picture
from services.fairness import stats


class ShowFigures(Payload):
    pass


@shows(PlatformFigures)
def platform_figures_screen(m: PlatformFigures, t: Translator) -> Screen:
    caption = lines(
        t("📊 <b>Pouce in figures</b>, {when}", when=t.time(m.at)),
        *(holdings_line(book, t) for book in m.figures.books),
        people_line(m, t),
        earned_line(m, t),
        median_line(t("📅 Earned in 30 days"), m.figures.month, m.currency, t),
        median_line(t("⏱ Pay for an hour of answering"), m.figures.hour, m.currency, t),
        complaints_line(m.figures.complaints, t),
        t(
            "🔗 Seal of the ledger after {count} operations: <code>{hash}</code>",
            count=t.number(m.position),
            hash=m.hash,
        ),
    )
    return Screen(caption, photo=lambda: draw_picture(m, t))


def holdings_line(book: Holdings, t: Translator) -> Html:
    """Line about one currency's money: what is held, what is owed, and whether it is covered."""
    holdings_text = t(
        "🏦 At the bank: <b>{held}</b>. Owed to others: <b>{owed}</b> (workers {workers}, requesters {requesters}, running projects {projects}); ours: {fees}.",
        held=t.money(book.there, book.currency),
        owed=t.money(book.owed_to_others, book.currency),
        workers=t.money(book.workers, book.currency),
        requesters=t.money(book.requesters, book.currency),
        projects=t.money(book.projects, book.currency),
        fees=t.money(book.fees, book.currency),
    )
    cover_line = (
        t("✓ Every cent that is owed is there.")
        if book.there >= book.owed_to_others
        else t("⚠️ Less is there than is owed.")
    )
    return Html(f"{holdings_text} {cover_line}")


def people_line(m: PlatformFigures, t: Translator) -> Html:
    day, week, month = map(t.number, m.figures.active)
    return t(
        "👥 Registered: <b>{registered}</b>. Answered something in the last day: {day}, 7 days: {week}, 30 days: {month}.",
        registered=t.number(m.figures.registered),
        day=day,
        week=week,
        month=month,
    )


def complaints_line(complaint_figures: ComplaintFigures, t: Translator) -> Html:
    """Line about complaints: how many wait, and how fast humans answered."""
    waiting = {"open": t.number(complaint_figures.open), "late": t.number(complaint_figures.late)}
    if complaint_figures.days is None:
        return t("✍️ Complaints: {open} open, {late} of them late; none answered yet.", **waiting)
    return t(
        "✍️ Complaints: {open} open, {late} of them late; {answered} answered, {in_time} within 14 days, half within {days}.",
        **waiting,
        answered=t.number(complaint_figures.answered),
        in_time=t.number(complaint_figures.in_time),
        days=t.n("{count} day", "{count} days", ceil(complaint_figures.days)),
    )


def earned_line(m: PlatformFigures, t: Translator) -> Html:
    pairs = zip(m.bounds, m.figures.paid, strict=True)
    reached = [t("≥ {sum}: {count}", sum=round_sum(bound, m, t), count=t.number(count)) for bound, count in pairs]
    return t("💶 Earned so far: {reached}", reached=Html(" · ".join(reached)))


def median_line(label: Html, median_and_tenth: tuple[int | None, int | None], currency: str, t: Translator) -> Html:
    """Line with the median and the lowest tenth, as an average would hide both."""
    median_amount, tenth_amount = median_and_tenth
    if median_amount is None or tenth_amount is None:
        return t("{what}: too few people to show it without exposing somebody.", what=label)
    return t(
        "{what}: half of those who worked got <b>{middle}</b> or less, a tenth {low} or less.",
        what=label,
        middle=t.money(median_amount, currency),
        low=t.money(tenth_amount, currency),
    )


def draw_picture(m: PlatformFigures, t: Translator) -> bytes:
    people_bars = [Bar(t.plain("Registered"), m.figures.registered, t.number(m.figures.registered))]
    for days, count in reversed(list(zip(m.days, m.figures.active, strict=True))):
        people_bars.append(
            Bar(str(t.n("Active in {count} day", "Active in {count} days", days)), count, t.number(count))
        )
    reached = zip(m.bounds, m.figures.paid, strict=True)
    earned_bars = [
        Bar(t.plain("Earned ≥ {sum}", sum=round_sum(bound, m, t)), count, t.number(count)) for bound, count in reached
    ]
    return house_picture(t.plain("Pouce in figures"), people_bars, earned_bars, month_chart(m, t))


def month_chart(m: PlatformFigures, t: Translator) -> ColumnChart:
    steps = m.steps
    labels = [f"< {steps[0]}", *(f"{low}–{high}" for low, high in pairwise(steps)), f"{steps[-1]}+"]
    across = t.plain("{currency} in the last 30 days", currency=m.currency)
    return ColumnChart(t.plain("How many earned how much"), labels, m.figures.spread, across)


def round_sum(bound: int, m: PlatformFigures, t: Translator) -> str:
    return t.money(bound * UNIT, m.currency).replace(".00", "").replace(",00", "")


ROUTES = (
    Route(
        ShowFigures,
        EVERYBODY,
        stats.publish_figures,
        command="stats",
        means="what is held, who is here, what people earn",
        beside=stats.get_or_compute_figures,
    ),
)
