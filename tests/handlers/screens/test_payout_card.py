"""The card of payouts offers what can be done now."""

from dataclasses import replace

import pytest

from handlers.payloads.money import ChangePayee
from handlers.payloads.taxes import OpenTaxForm
from handlers.screens.screen import render
from tests.handlers.screens.payout_samples import CARD
from tests.handlers.screens.samples import stored


@pytest.mark.parametrize(("form", "sends"), [("", True), ("missing", True), ("given", True), ("waits", False)])
def test_nothing_is_sent_while_payouts_wait_for_the_tax_form(form: str, sends: bool) -> None:
    card = render(CARD.stored_as, stored(replace(CARD, tax_form=form)), "en")
    first = card.keyboard[0][0]
    assert first.text.startswith("💶 Send me") is sends
    assert (first.data == OpenTaxForm().pack()) is not sends
    assert card.keyboard[-1][0].data == ChangePayee().pack()
    assert ("No minimum" in card.text) is sends
