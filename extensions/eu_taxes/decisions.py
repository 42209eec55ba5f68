"""Automated decisions of the extension, for the register that `/automated` shows."""

from domain.fairness.automated import Datum, DecisionKind, Who
from locales.translator import Html, Translator

DECISIONS = (
    DecisionKind("tax_form", (Datum.FORM, Datum.CLOCK), (Who.FILLED,)),
    DecisionKind("contributions", (Datum.RATE,), (Who.ADMIN,), acts=("contribution rates",)),
)


def describe_decisions(t: Translator) -> dict[str, tuple[str, Html]]:
    """Return the name and the description of each decision."""
    return {
        "tax_form": (
            t.plain("Payouts that wait"),
            t(
                "The law (DAC7) asks for a tax form. We ask with your first payout and remind you twice. After 60 days"
                " payouts wait until it is there; your money stays yours."
            ),
        ),
        "contributions": (
            t.plain("Contributions kept"),
            t("Of micro-entrepreneurs in France, a part of each payout is kept for Urssaf, where this is switched on."),
        ),
    }
