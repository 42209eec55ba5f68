"""Screens of a card provider's report: what it would book, and what fits nothing."""

from __future__ import annotations

from domain.money.card_reports import CardReportBooked, CardReportRead, ReportMisfit, ReportRefund
from domain.people.accounts import ADMIN
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, Screen, clipped, fit_rows, lines, shows
from locales.translator import Html, Translator
from services.money import card_reports


class BookCardReport(Payload, code="bcr"):
    """Button that books the report that was shown."""

    report: Number


class TurnCardReport(Payload, code="tcr"):
    """Button for another page of the report that was shown."""

    report: Number
    page: Number


NAME_CHARS, NUMBER_CHARS = 40, 40
MAX_LIST_CHARS = 700


def _signed_money(amount: int, currency: str, t: Translator) -> str:
    return ("−" if amount < 0 else "") + t.money(abs(amount), currency)


@shows(CardReportRead)
def report_screen(m: CardReportRead, t: Translator) -> Screen:
    return Screen(
        lines(
            t("💳 <b>From the card provider</b>"),
            t("Nothing is booked yet.") if m.new else t("Nothing in it is to be booked."),
            t("Payments found: {count}", count=m.payments) if m.payments else None,
            t("Fees to book: <b>{amount}</b>", amount=_signed_money(m.fees, m.currency, t)) if m.fees else None,
            *_refund_lines(m, t),
            t("Refunds recorded before: {count}", count=m.recorded) if m.recorded else None,
            t("Payouts found at the bank: {count}", count=m.payouts) if m.payouts else None,
            t("Seen before: {count}.", count=m.known) if m.known else None,
            _typed_fees_line(m, t),
            t("❓ Not matched: {count}", count=m.misfit_count) if m.misfits else None,
            *(_misfit_line(misfit, t) for misfit in m.misfits),
            t("They book nothing. Send the report again once you have decided.") if m.misfits else None,
        ),
        (
            *((_page_buttons(m),) if m.pages > 1 else ()),
            *(((_book_button(m, t),),) if m.new else ()),
        ),
    )


def _book_button(m: CardReportRead, t: Translator) -> Button:
    return Button(t.plain("💳 Book what fits"), BookCardReport(report=m.report).pack(), style="success")


def _page_buttons(m: CardReportRead) -> tuple[Button, ...]:
    pages = ((m.page - 1, "⬅️"), (m.page + 1, "➡️"))
    return tuple(
        Button(f"{arrow} {page + 1}/{m.pages}", TurnCardReport(report=m.report, page=page).pack())
        for page, arrow in pages
        if 0 <= page < m.pages
    )


def _refund_lines(m: CardReportRead, t: Translator) -> list[Html | str | None]:
    if not m.refunds:
        return []
    return [
        t("Refunds to record: {count}", count=m.refund_count),
        *fit_rows(
            (_refund_line(refund, m.currency, t) for refund in m.refunds), t, m.refund_count, room=MAX_LIST_CHARS
        ),
    ]


def _refund_line(refund: ReportRefund, currency: str, t: Translator) -> Html:
    facts = {"number": refund.payment, "amount": t.money(refund.amount, currency)}
    return t("• {number}: {amount} of {who}", **facts, who=clipped(refund.who, NAME_CHARS))


def _typed_fees_line(m: CardReportRead, t: Translator) -> Html | None:
    """Return a warning of fees that may be booked twice; None if none were typed, or none are to be booked."""
    if m.typed_fees <= 0 or m.fees <= 0:
        return None
    return t(
        "❗ Fees of {amount} were typed with /cardfee in the last 60 days. Are they in this report too? Take them back first: /cardfee, with a minus before the amount.",
        amount=t.money(m.typed_fees, m.currency),
    )


def _misfit_line(misfit: ReportMisfit, t: Translator) -> Html:
    line = misfit.line
    facts = " · ".join((line.day, clipped(line.number, NUMBER_CHARS), *line.charges[:1]))
    amount = _signed_money(line.gross, line.currency, t)
    return t("• <b>{amount}</b> {facts} ({why})", amount=amount, facts=facts, why=_reason_text(misfit, t))


def _reason_text(misfit: ReportMisfit, t: Translator) -> Html:
    """Return why a line books nothing, and what an admin can do."""
    number = misfit.payment or 0
    return {
        "unknown": t("no card payment of ours"),
        "stray": t("payment {number} that fits nothing: /cards", number=number),
        "amount": t("payment {number} has another amount", number=number),
        "currency": t("another currency"),
        "spent": t("their funds are spent. If the platform bears it: /cardfee"),
        "more": t("more than is left of payment {number}", number=number),
        "typed": t("a part of it was recorded by hand: /cardrefund {number} for the rest", number=number),
        "dispute": t("disputed at the bank: /cardrefund {number}, or /cardfee if the platform bears it", number=number),
        "payout": t("not at the bank yet"),
        "balance": t("more than lies at the provider"),
        "category": t("“{category}”, which I do not book", category=misfit.line.category),
    }[misfit.why]


@shows(CardReportBooked)
def report_receipt(m: CardReportBooked, t: Translator) -> Screen:
    return Screen(
        lines(
            t.n("💳 {count} line booked or matched.", "💳 {count} lines booked or matched.", m.lines),
            t("Fees: {amount}", amount=_signed_money(m.fees, m.currency, t)) if m.fees else None,
            t("Refunds recorded: {count}", count=m.refunds) if m.refunds else None,
            t("Seen before: {count}.", count=m.known) if m.known else None,
            t.n("❓ {count} line fits nothing.", "❓ {count} lines fit nothing.", m.misfits) if m.misfits else None,
            t("At the provider now: {held}", held=_signed_money(m.held, m.currency, t)),
        )
    )


ROUTES = (
    Route(BookCardReport, ADMIN, card_reports.book_report),
    Route(TurnCardReport, ADMIN, card_reports.turn_page),
)
