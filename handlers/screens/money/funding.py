"""`/fund AMOUNT`: a transfer as a code for banking apps, and as lines to copy."""

from domain.money.amounts import CENT
from domain.money.messages.funds import FundingAsked
from handlers.screens.screen import Screen, lines, shows
from locales import Html, Translator
from reports.transfer_code import Transfer, transfer_code


@shows(FundingAsked)
def funding(m: FundingAsked, t: Translator) -> Screen:
    transfer = Transfer(m.name, m.iban, m.bic, m.amount, m.reference)
    return Screen(
        lines(
            t("🏦 <b>Add {amount}</b>", amount=t.money(m.amount, m.currency)),
            t("Scan this with your banking app. Or copy it: one tap on a line is enough."),
            " ",
            t("To: <code>{name}</code>", name=m.name),
            t("IBAN: <code>{iban}</code>", iban=m.iban),
            t("Reference: <code>{reference}</code>", reference=m.reference),
            " ",
            t("The reference is yours and stays the same. Please keep it: it says that the money is from you."),
            t("You read here when it has arrived. An ordinary transfer takes one or two working days."),
        ),
        photo=lambda: transfer_code(transfer),
    )


def hint(missing: int, t: Translator) -> Html:
    """How missing money is added; rounded up to a cent."""
    cents = -(-missing // CENT)
    return t("<code>/fund {amount}</code> shows how to add it.", amount=f"{cents // 100}.{cents % 100:02}")
