"""Amounts are exact or refused."""

from decimal import Decimal

import pytest

from domain.money.amount_input import typed_amount
from domain.money.amounts import LARGEST, Millionths, fee_on, from_decimal, parse_amount
from domain.refusals import BadInput
from formats.captions import fields


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
    ("text", "thousands", "units"),
    [
        ("1,000", "1000", "1.00"),
        ("€25.500", "25500", "25.50"),
        ("1,234", "1234", "1.2340"),
        ("010,120", "10120", "10.12"),
    ],
)
def test_what_is_unclear_is_refused_with_both_ways_to_write_it(text: str, thousands: str, units: str):
    with pytest.raises(BadInput) as refused:
        typed_amount(text, "EUR")
    assert refused.value.facts == {"what": "amount_unclear", "value": text, "expected": [thousands, units]}
    found = typed_amount(thousands), typed_amount(units)
    assert found == (int(thousands) * 1_000_000, round(Decimal(units) * 1_000_000))


def test_a_command_reads_what_a_caption_reads():
    for text in ("0.05", "€0,05", "0.05 EUR", ".05", "0,005", "1,000", "$1", "1e3", "", "0.0000001"):
        try:
            caption = fields.read("pay", text, "EUR")
        except fields.Flawed as flaw:
            caption = flaw.flaws[0][1]
        try:
            command = typed_amount(text, "EUR")
        except BadInput as refused:
            command = refused.facts["what"]
        assert command == (caption if caption == "amount_unclear" or isinstance(caption, int) else None)


@pytest.mark.parametrize(
    ("reward", "percent", "fee"),
    [(50_000, "10", 5_000), (5, "10", 0), (15, "10", 2), (25, "10", 2), (35, "10", 4), (1, "0", 0), (3, "33.3", 1)],
)
def test_a_fee_is_rounded_half_to_even(reward: int, percent: str, fee: int):
    assert fee_on(Millionths(reward), Decimal(percent)) == fee


def test_a_setting_becomes_millionths():
    assert from_decimal(Decimal("12.88")) == 12_880_000
