"""Payouts are in whole cents, and gross = net + withheld + fee."""

from hypothesis import given
from hypothesis import strategies as st

from domain.money.amounts import CENT, Millionths
from domain.money.payouts import MAX_WITHHELD_BASIS_POINTS, mask_account, round_down_to_cents, split_withheld


@given(st.integers(0, 10**13), st.integers(0, MAX_WITHHELD_BASIS_POINTS))
def test_gross_splits_into_net_and_withheld_whole_cents(amount: int, rate: int):
    gross = round_down_to_cents(amount)
    net, withheld = split_withheld(gross, rate)
    assert net + withheld == gross <= amount < gross + CENT
    assert net % CENT == withheld % CENT == 0
    assert net > 0 or gross == 0
    assert abs(withheld * 10_000 - gross * rate) <= CENT * 5_000
    assert rate or withheld == 0


def test_withheld_half_cents_round_half_even():
    assert split_withheld(Millionths(3 * CENT), 5_000) == (CENT, 2 * CENT)
    assert split_withheld(Millionths(1 * CENT), 5_000) == (CENT, 0)


def test_masked_account_shows_only_its_ends():
    assert mask_account("FR7630006000011234567890189") == "FR76 •••• 0189"
