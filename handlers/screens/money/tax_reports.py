"""Reports: DAC7 for the authority, a month's costs for a requester's accountant."""

from domain.money.messages.settlement import InvoiceLinesReady, SellersReady
from handlers.screens.screen import FileOrder, Screen, lines, shows
from locales import Translator


@shows(SellersReady)
def sellers(m: SellersReady, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>DAC7 figures of {year}</b>", year=str(m.year)),
            t("By worker and quarter: what they earned, our fees, what was kept, how many answers."),
            t("⚠️ It names people and their bank accounts. Keep it as you would keep a payroll."),
        ),
        file=FileOrder("dac7", {"year": m.year, "zone": m.zone}),
    )


@shows(InvoiceLinesReady)
def invoice_lines(m: InvoiceLinesReady, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Statement of costs, {month}</b>", month=f"{m.year}-{m.month:02}"),
            t("By project: answers, rewards, fees, top-ups, bonuses, and what came back to you."),
            t("Days by the clock of {place}.", place=t.city(m.zone)),
            t("It is no invoice: it has no number, no parties and no VAT."),
        ),
        file=FileOrder("invoice_lines", {"person": m.person, "year": m.year, "month": m.month, "zone": m.zone}),
    )
