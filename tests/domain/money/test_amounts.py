"""Amounts are exact or refused."""

from decimal import Decimal

import pytest

from domain.money.amounts import LARGEST, Millionths, fee_on, from_decimal, parse_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", 12_000_000),
        ("12.50", 12_500_000),
        ("0,05", 50_000),
        (" 0.000001 ", 1),
        ("0.100000000", 100_000),
        ("0.005", 5_000),
        ("007", 7_000_000),
        ("1000000000", LARGEST),
    ],
)
def test_an_amount_is_read_exactly(text: str, amount: int):
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1e3", "1_000", "NaN", "Infinity", "0.0000001", "1000000001", "1.000,5", "€5", "٣", "1 000", ".5"],
)
def test_what_is_no_amount_is_none(text: str):
    assert parse_amount(text) is None


@pytest.mark.parametrize("text", ["1,000", "1.000", "25,500"])
def test_what_is_a_thousand_to_some_and_one_to_others_is_none(text: str):
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("reward", "percent", "fee"),
    [(50_000, "10", 5_000), (5, "10", 0), (15, "10", 2), (25, "10", 2), (35, "10", 4), (1, "0", 0), (3, "33.3", 1)],
)
def test_a_fee_is_rounded_half_to_even(reward: int, percent: str, fee: int):
    assert fee_on(Millionths(reward), Decimal(percent)) == fee


def test_a_setting_becomes_millionths():
    assert from_decimal(Decimal("12.88")) == 12_880_000
