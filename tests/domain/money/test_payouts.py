"""Payouts are in whole cents, and gross = net + withheld + fee."""

from hypothesis import given
from hypothesis import strategies as st

from domain.money.amounts import CENT, Millionths
from domain.money.payouts import MOST_WITHHELD, masked, split, whole_cents


@given(st.integers(0, 10**13), st.integers(0, MOST_WITHHELD))
def test_gross_is_net_and_withheld_in_whole_cents_and_something_is_left_to_pay(amount: int, rate: int):
    gross = whole_cents(amount)
    net, withheld = split(gross, rate)
    assert net + withheld == gross <= amount < gross + CENT
    assert net % CENT == withheld % CENT == 0
    assert net > 0 or gross == 0
    assert abs(withheld * 10_000 - gross * rate) <= CENT * 5_000
    assert rate or withheld == 0


def test_half_cents_go_to_the_even_one():
    assert split(Millionths(3 * CENT), 5_000) == (CENT, 2 * CENT)
    assert split(Millionths(1 * CENT), 5_000) == (CENT, 0)


def test_an_account_is_known_by_its_ends():
    assert masked("FR7630006000011234567890189") == "FR76 •••• 0189"
