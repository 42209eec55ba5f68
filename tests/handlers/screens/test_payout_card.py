"""The card of payouts offers what can be done now."""

from dataclasses import replace

import pytest

from domain.money.payouts import IbanUnfit, PayoutPaid
from handlers.screen import render
from tests.handlers.screens.payout_samples import BY_WISE
from tests.handlers.screens.samples import stored


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
