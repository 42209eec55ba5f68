"""Amounts are exact or refused."""

from decimal import Decimal

import pytest

from domain.money.amounts import (
    MAX_AMOUNT,
    Millionths,
    fee_for_reward,
    from_decimal,
    parse_amount,
    parse_typed_amount,
    split_leading_amount,
    split_leading_money,
)
from domain.refusals import BadInput
from formats.captions import caption as caption_format
from formats.captions import conditions


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
        ("1000000000", MAX_AMOUNT),
    ],
)
def test_an_amount_is_read_exactly(text: str, amount: int):
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1e3", "1_000", "NaN", "Infinity", "0.0000001", "1000000001", "1.000,5", "€5", "٣", "1 000", ".5"],
)
def test_text_that_is_no_amount_returns_none(text: str):
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,56", 1_234_560_000),
        ("1\u00a0234,56", 1_234_560_000),
        ("1\u202f234,56\u202f€", 1_234_560_000),
        ("€ 12 345.6", 12_345_600_000),
        ("1 234", 1_234_000_000),
        ("1 234 567,89 EUR", 1_234_567_890_000),
        ("1 2345", None),
        ("12 34,5", None),
        ("1 234 56", None),
        ("0 234", None),
        ("1,5 000", None),
    ],
)
def test_thousands_behind_spaces_are_one_amount(text: str, amount: int | None):
    assert parse_typed_amount(text, "EUR") == amount


def test_three_decimals_after_thousands_are_ambiguous():
    with pytest.raises(BadInput) as refused:
        parse_typed_amount("1 234,567", "EUR")
    assert refused.value.facts["expected"] == ["1234567", "1234.5670"]


@pytest.mark.parametrize("text", ["1,000", "1.000", "25,500"])
def test_amount_with_three_decimals_returns_none(text: str):
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
def test_ambiguous_amount_is_refused_with_both_spellings(text: str, thousands: str, units: str):
    with pytest.raises(BadInput) as refused:
        parse_typed_amount(text, "EUR")
    assert refused.value.facts == {"what": "amount_unclear", "value": text, "expected": [thousands, units]}
    found = parse_typed_amount(thousands), parse_typed_amount(units)
    assert found == (int(thousands) * 1_000_000, round(Decimal(units) * 1_000_000))


def test_command_and_caption_read_the_same_amounts():
    for text in ("0.05", "€0,05", "0.05 EUR", ".05", "0,005", "1,000", "$1", "1e3", "", "0.0000001"):
        try:
            caption = caption_format.parse_value("pay", text, "EUR")
        except conditions.FlawedValue as flaw:
            caption = flaw.flaws[0][1]
        try:
            command = parse_typed_amount(text, "EUR")
        except BadInput as refused:
            command = refused.facts["what"]
        said = {"amount_unclear": "amount_unclear", "currency": "amount_currency"}.get(str(caption))
        assert command == (caption if isinstance(caption, int) else said)


@pytest.mark.parametrize(
    ("words", "amount", "rest"),
    [
        ("5 thanks", 5_000_000, "thanks"),
        ("€5 thanks", 5_000_000, "thanks"),
        ("1000,00 VIR", 1_000_000_000, "VIR"),
        ("1.00 000,00 VIR", 1_000_000, "000,00 VIR"),
        ("100.00 200 questions", 100_000_000, "200 questions"),
        ("1 2026 invoice", 1_000_000, "2026 invoice"),
        ("1 000,00 VIR", 1_000_000_000, "VIR"),
        ("1\u00a0000,00\u00a0€ VIR", 1_000_000_000, "VIR"),
        ("1\u202f234,56 VIR", 1_234_560_000, "VIR"),
        ("12 345 678,5 VIR", 12_345_678_500_000, "VIR"),
        ("1 000 € merci", 1_000_000_000, "merci"),
        ("1 000 EUR", 1_000_000_000, ""),
        ("100 123ABC", 100_000_000, "123ABC"),
        ("100 EUR VIR", 100_000_000, "VIR"),
        ("100\u00a0€", 100_000_000, ""),
        ("100 eur", 100_000_000, ""),
        ("100 VIR", 100_000_000, "VIR"),
        ("5 ils sont bons", 5_000_000, "ils sont bons"),
        ("-3", None, ""),
        ("", None, ""),
    ],
)
def test_an_amount_is_read_before_other_words(words: str, amount: int | None, rest: str):
    assert split_leading_amount(words, "EUR") == (amount, rest)


@pytest.mark.parametrize(
    ("words", "value", "thousands", "units"),
    [
        ("€1\u202f000 merci", "€1 000", "1000", "1.00"),
        ("12 345 678 VIR", "12 345 678", "12345678", "12.00"),
        ("1 000", "1 000", "1000", "1.00"),
    ],
)
def test_digits_behind_a_space_may_belong_to_the_amount(words: str, value: str, thousands: str, units: str):
    with pytest.raises(BadInput) as refused:
        split_leading_amount(words, "EUR", "/do {}")
    expected = [f"/do {thousands}", f"/do {units}"]
    assert refused.value.facts == {"what": "amount_unclear", "value": value, "expected": expected}
    assert split_leading_amount(f"{thousands} VIR", "EUR")[0] == round(Decimal(thousands) * 1_000_000)
    assert split_leading_amount(f"{units} 000 VIR", "EUR") == (int(Decimal(units)) * 1_000_000, "000 VIR")


@pytest.mark.parametrize(
    "words", ["$5 thanks", "5USD thanks", "£5", "100 USD VIR", "100 usd", "100 $", "100 US$ VIR", "$1 000", "1 000 USD"]
)
def test_an_amount_in_another_currency_is_refused(words: str):
    with pytest.raises(BadInput) as refused:
        split_leading_amount(words, "EUR")
    assert (refused.value.facts["what"], refused.value.facts["expected"]) == ("amount_currency", ["EUR"])


@pytest.mark.parametrize(
    ("words", "currency", "others", "found"),
    [
        ("9 thanks", "USD", ["EUR"], (9_000_000, "thanks", "USD")),
        ("9 EUR thanks", "USD", ["EUR", "USD"], (9_000_000, "thanks", "EUR")),
        ("9eur", "USD", ["EUR"], (9_000_000, "", "EUR")),
        ("€9 thanks", "USD", ["EUR"], (9_000_000, "thanks", "EUR")),
        ("EUR9 thanks", "USD", ["EUR"], (9_000_000, "thanks", "EUR")),
        ("$9 thanks", "USD", ["CAD"], (9_000_000, "thanks", "USD")),
        ("$9 thanks", "EUR", ["CAD"], (9_000_000, "thanks", "CAD")),
        ("9 BRL", "EUR", ["BRL"], (9_000_000, "BRL", "BRL")),
        ("1 000 EUR", "USD", ["EUR"], (1_000_000_000, "", "EUR")),
        ("9 2026 EUR", "USD", ["EUR"], (9_000_000, "2026 EUR", "USD")),
        ("9 all thanks", "USD", ["ALL"], (9_000_000, "all thanks", "USD")),
        ("nothing", "USD", ["EUR"], (None, "", "USD")),
    ],
)
def test_an_amount_may_name_a_currency_that_the_account_has(
    words: str, currency: str, others: list[str], found: tuple[int | None, str, str]
):
    assert split_leading_money(words, currency, others) == found


@pytest.mark.parametrize(
    ("words", "currency", "others", "what"),
    [
        ("9 EUR", "USD", ["GBP"], "amount_currency"),
        ("$9", "EUR", ["CAD", "USD"], "amount_currency"),
        ("€1 000", "USD", ["EUR"], "amount_unclear"),
    ],
)
def test_an_amount_in_a_currency_that_the_account_has_not_is_refused(
    words: str, currency: str, others: list[str], what: str
):
    with pytest.raises(BadInput) as refused:
        split_leading_money(words, currency, others)
    assert refused.value.facts["what"] == what


@pytest.mark.parametrize("words", ["FR7630006000011234567890189", "CH9300762011623852957", "abc 5"])
def test_text_beside_a_number_that_is_no_currency_is_no_amount(words: str):
    assert parse_typed_amount(words, "EUR") is None


@pytest.mark.parametrize(
    ("reward", "percent", "fee"),
    [(50_000, "10", 5_000), (5, "10", 0), (15, "10", 2), (25, "10", 2), (35, "10", 4), (1, "0", 0), (3, "33.3", 1)],
)
def test_a_fee_is_rounded_half_to_even(reward: int, percent: str, fee: int):
    assert fee_for_reward(Millionths(reward), Decimal(percent)) == fee


def test_a_setting_becomes_millionths():
    assert from_decimal(Decimal("12.88")) == 12_880_000
