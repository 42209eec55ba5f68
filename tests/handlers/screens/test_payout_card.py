"""The card of payouts offers what can be done now."""

from dataclasses import replace

import pytest

from domain.money.payouts import IbanUnfit, PayoutPaid
from handlers.money.payouts import ChangePayee
from handlers.money.tax_forms import OpenTaxForm
from handlers.screen import render
from tests.handlers.screens.payout_samples import BY_WISE, CARD
from tests.handlers.screens.samples import stored


@pytest.mark.parametrize(("form", "sends"), [("", True), ("missing", True), ("given", True), ("waits", False)])
def test_nothing_is_sent_while_payouts_wait_for_the_tax_form(form: str, sends: bool) -> None:
    card = render(CARD.stored_as, stored(replace(CARD, tax_form=form)), "en")
    first = card.keyboard[0][0]
    assert first.text.startswith("💶 Send me") is sends
    assert (first.data == OpenTaxForm().pack()) is not sends
    assert card.keyboard[-1][0].data == ChangePayee().pack()
    assert ("No minimum" in card.text) is sends


@pytest.mark.parametrize(("language", "fee"), [("en", "less its fee"), ("fr", "moins ses frais")])
def test_who_is_paid_through_wise_is_not_told_that_a_bank_paid_all_of_it(language: str, fee: str) -> None:
    told = PayoutPaid(replace(BY_WISE, state="paid"), 7)
    text = render(told.stored_as, stored(told), language).text
    assert "Wise" in text
    assert fee in text


@pytest.mark.parametrize(
    ("what", "country", "said"),
    [
        ("sepa", "BR", "banques de ce pays : Brésil"),
        ("country", "SN", "banques de ce pays : Sénégal"),  # whose banks print IBANs that no registry has
        ("country", "FP", "pas valable : aucun pays"),
    ],
)
def test_a_bank_out_of_reach_is_named_by_its_country_and_its_iban_is_not_called_invalid(
    what: str, country: str, said: str
) -> None:
    told = IbanUnfit(what, country, 0, 0)
    text = render(told.stored_as, stored(told), "fr").text.replace("\xa0", " ")
    assert said in text
    assert ("pas valable" in text) is (country == "FP")
