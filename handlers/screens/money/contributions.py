"""Social contributions: the SIRET, and what is kept."""

from decimal import Decimal

from domain.money.messages.contributions import NoSiretNoted, RatesRead, SiretAsked, SiretNoted, SiretUnfit, SiretWanted
from handlers.payloads.taxes import GiveSiret, NoSiret
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator


def siret_button(t: Translator, given: bool = False) -> Button:
    return Button(t.plain("🧾 My SIRET") if given else t.plain("🧾 Give my SIRET"), GiveSiret().pack())


def _choices(t: Translator) -> Keyboard:
    return ((siret_button(t),), (Button(t.plain("I have no SIRET"), NoSiret().pack()),))


@shows(SiretWanted)
def wanted(_: SiretWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Are you a micro-entrepreneur in France?</b>"),
            t("Then the law has us keep your social contributions from each payout, and pay them to Urssaf for you."),
            t("For that we need your SIRET. Not a micro-entrepreneur? Press the second button: nothing is kept."),
        ),
        _choices(t),
    )


@shows(SiretAsked)
def asked(m: SiretAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🧾 <b>Your SIRET</b>: 14 digits, for example <code>732 829 320 00074</code>."),
            t("Now it is {siret}.", siret=m.known) if m.known else None,
            t("I take your message out of this chat once I have read it. /cancel leaves everything as it is."),
        ),
        ((Button(t.plain("I have no SIRET"), NoSiret().pack()),),),
    )


@shows(SiretUnfit)
def unfit(_: SiretUnfit, t: Translator) -> Screen:
    return Screen(
        t("❌ That is no SIRET: it has 14 digits, and some digit may be wrong. Please look again, or /cancel.")
    )


@shows(SiretNoted)
def noted(m: SiretNoted, t: Translator) -> Screen:
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
def none(_: NoSiretNoted, t: Translator) -> Screen:
    return Screen(t("✅ Noted: no SIRET, nothing is kept. If that changes: the button under /payout."))


@shows(RatesRead)
def rates_read(m: RatesRead, t: Translator) -> Screen:
    return Screen(t.n("✅ {count} rate is read in.", "✅ {count} rates are read in.", m.rates))


def siret_first(rate: int | None, t: Translator) -> Html | None:
    """What is withheld of euros instead of what an admin set."""
    if rate is None:
        return None
    return t("In euros it is {percent}%: the rate of the SIRET comes first.", percent=t.number(Decimal(rate) / 100))
