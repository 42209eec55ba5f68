"""Screens and commands of social contributions: a worker's SIRET, withheld shares, reports for taxes."""

from __future__ import annotations

from decimal import Decimal

from domain.people.accounts import ADMIN, WORKER
from extensions.eu_taxes.domain.contributions import (
    NoSiretNoted,
    RatesRead,
    SiretAsked,
    SiretNoted,
    SiretState,
    SiretUnfit,
    SiretWanted,
    WithheldCameBack,
    WithheldHandedOn,
    WithholdingChanged,
    WithholdingSet,
)
from extensions.eu_taxes.domain.refusals import ContributionsOff, RatesUnread
from extensions.eu_taxes.domain.tax_forms import SellersOffered, SellersReady
from extensions.eu_taxes.services import contributions, tax_returns
from handlers.money.payouts import MAX_TEXT_CHARS
from handlers.payload import Number, Payload, Words
from handlers.routing import Route
from handlers.screen import Button, FileOrder, Keyboard, Screen, clipped, fit_rows, lines, refuses, shows
from locales.translator import Html, Translator


class Withhold(Payload):
    who: str = ""
    percent: str = ""
    reason: Words = ""


class HandOn(Payload):
    """Records withheld contributions as paid to the authority."""

    amount: str = ""
    reference: Words = ""


class GetSellers(Payload, code="pod7"):
    year: Number


class GiveSiret(Payload, code="txg"):
    pass


class NoSiret(Payload, code="txn"):
    pass


def siret_button(t: Translator, is_given: bool = False) -> Button:
    return Button(t.plain("🧾 My SIRET") if is_given else t.plain("🧾 Give my SIRET"), GiveSiret().pack())


def _siret_choices(t: Translator) -> Keyboard:
    return ((siret_button(t),), (Button(t.plain("I have no SIRET"), NoSiret().pack()),))


@shows(SiretWanted)
def siret_request(_: SiretWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Are you a micro-entrepreneur in France?</b>"),
            t("Then the law has us keep your social contributions from each payout, and pay them to Urssaf for you."),
            t("For that we need your SIRET. Not a micro-entrepreneur? Press the second button: nothing is kept."),
        ),
        _siret_choices(t),
    )


@shows(SiretAsked)
def siret_prompt(m: SiretAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Your SIRET</b>: 14 digits, for example <code>732 829 320 00074</code>."),
            t("Now it is {siret}.", siret=m.known) if m.known else None,
            t("I take your message out of this chat once I have read it. /cancel leaves everything as it is."),
        ),
        ((Button(t.plain("I have no SIRET"), NoSiret().pack()),),),
    )


@shows(SiretUnfit)
def siret_unfit(_: SiretUnfit, t: Translator) -> Screen:
    return Screen(
        t("❌ That is no SIRET: it has 14 digits, and some digit may be wrong. Please look again, or /cancel.")
    )


@shows(SiretNoted)
def siret_receipt(m: SiretNoted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✅ Noted: SIRET {siret}.", siret=m.siret),
            t("Urssaf has not told us your rate yet: nothing is kept until then.")
            if m.rate is None
            else t(
                "This month {percent}% of each payout is kept and paid to Urssaf for you.",
                percent=t.number(Decimal(m.rate) / 100),
            ),
            t("/payout shows the exact amounts before you ask for one, /statement shows them for the month."),
        )
    )


@shows(NoSiretNoted)
def no_siret_receipt(_: NoSiretNoted, t: Translator) -> Screen:
    return Screen(t("✅ Noted: no SIRET, nothing is kept. If that changes: the button under /payout."))


@shows(RatesRead)
def rates_receipt(m: RatesRead, t: Translator) -> Screen:
    return Screen(t.n("✅ {count} rate is read in.", "✅ {count} rates are read in.", m.rates))


def siret_rate_note(rate: int | None, t: Translator) -> Html | None:
    """Line that says that the SIRET's rate replaces, for euros, what an admin set; None without such a rate."""
    if rate is None:
        return None
    return t("In euros it is {percent}%: the rate of the SIRET comes first.", percent=t.number(Decimal(rate) / 100))


@shows(SellersReady)
def sellers_report(m: SellersReady, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>DAC7 figures of {year}</b>", year=str(m.year)),
            t("By worker and quarter: what they earned, our fees, what was kept, how many answers."),
            t("⚠️ It names people and their bank accounts. Keep it as you would keep a payroll."),
        ),
        file=FileOrder("dac7", {"year": m.year, "zone": m.zone}),
    )


@refuses(RatesUnread)
def rates_unread(r: RatesUnread, t: Translator) -> Screen:
    names = {
        "file": t("a table (CSV, UTF-8) with the columns <code>siret</code>, <code>month</code>, <code>rate</code>"),
        "siret": t("a SIRET of 14 digits"),
        "month": t("a month such as {example}", example="2027-01"),
        "rate": t("a percentage from 0 to 50, one for each SIRET and month"),
    }
    problems = [
        t("Line {line}: expected {what}", line=line, what=names[column])
        for line, column in zip(r.lines, r.columns, strict=True)
    ]
    return Screen(lines(t("❌ Nothing was read in."), *fit_rows(problems, t)))


@refuses(ContributionsOff)
def contributions_off(_: ContributionsOff, t: Translator) -> Screen:
    return Screen(t("Social contributions are not withheld here: CONTRIBUTIONS is not set. Nothing was changed."))


@shows(WithholdingSet)
def withholding_receipt(m: WithholdingSet, t: Translator) -> Screen:
    percent = t.number(Decimal(m.rate) / 100)
    withheld_share = t("🧾 {percent}% of {who}'s next payouts is withheld.", percent=percent, who=m.who)
    return Screen(lines(withheld_share, siret_rate_note(m.first, t)))


@shows(WithheldHandedOn)
def handed_on_receipt(m: WithheldHandedOn, t: Translator) -> Screen:
    return Screen(
        t(
            "🧾 <b>{amount}</b> handed on ({reference}). {left} is still withheld. Operation #{number}",
            amount=t.money(m.amount, m.currency),
            reference=m.reference,
            left=t.money(m.left, m.currency),
            number=m.operation,
        )
    )


@shows(WithheldCameBack)
def taken_back_receipt(m: WithheldCameBack, t: Translator) -> Screen:
    return Screen(
        t(
            "🧾 <b>{amount}</b> came back from the authority ({reference}). {there} is withheld now. Operation #{number}",
            amount=t.money(m.amount, m.currency),
            reference=m.reference,
            there=t.money(m.there, m.currency),
            number=m.operation,
        )
    )


@shows(WithholdingChanged)
def withholding_notice(m: WithholdingChanged, t: Translator) -> Screen:
    percent = t.number(Decimal(m.rate) / 100)
    if not m.rate:
        nothing_withheld = t("🧾 Nothing is kept from your payouts any more: {reason}", reason=m.reason)
        return Screen(lines(nothing_withheld, siret_rate_note(m.first, t)))
    return Screen(
        lines(
            t("🧾 From now on, {percent}% of each payout is kept for social contributions.", percent=percent),
            siret_rate_note(m.first, t),
            t("Why: {reason}", reason=clipped(m.reason, MAX_TEXT_CHARS)),
            t("/payout shows the exact amounts before you ask for one. What you asked for already stays as it was."),
        )
    )


@shows(SiretState)
def siret_note(m: SiretState, t: Translator) -> Screen:
    return Screen("", ((siret_button(t, m.given),),), keyboard_only=True)


@shows(SellersOffered)
def sellers_offer(m: SellersOffered, t: Translator) -> Screen:
    buttons = (Button(t.plain("🧾 DAC7 {year}", year=y), GetSellers(year=y).pack()) for y in (m.year - 1, m.year))
    return Screen("", (tuple(buttons),), keyboard_only=True)


ROUTES = (
    Route(GetSellers, ADMIN, tax_returns.order_sellers),
    Route(
        Withhold,
        ADMIN,
        contributions.set_withholding,
        command="withhold",
        usage="PERSON PERCENT reason",
        means="what is kept of somebody's payouts",
    ),
    Route(
        HandOn,
        ADMIN,
        contributions.record_handed_on,
        command="withheld",
        usage="AMOUNT reference",
        means="record what was paid to the authority",
    ),
    Route(GiveSiret, WORKER, contributions.ask_for_siret, stays=True),
    Route(NoSiret, WORKER, contributions.clear_siret, stays=True),
)
