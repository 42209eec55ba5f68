"""Pay per hour, and the pay that reaches the floor."""

import pytest

from domain.answers import kind_of, list_kinds
from domain.money.amounts import Millionths
from domain.money.pricing import expected_seconds, hourly_pay, make_quote, pay_for_floor

FLOOR = Millionths(12_880_000)


def test_reading_and_deciding_take_time():
    assert expected_seconds([]) == 2.5
    assert expected_seconds(["four words to read"]) == 3.5
    assert expected_seconds(["a b c d", "a " * 400, "a b c d"]) == 3.5  # the median: one giant moves nothing


def test_answers_longer_than_a_press_take_more_seconds():
    alone = [kind for kind in list_kinds() if not kind_of(kind).asks_questions]
    seconds = {kind: expected_seconds(["four words to read"], kind, "abcd") for kind in alone}
    assert seconds["choice"] == seconds["compare"] == seconds["rating"] == 3.5
    assert 3.5 < seconds["choices"] < seconds["number"] < seconds["rank"] < 8 < seconds["text"] < seconds["photo"] < 13


def test_an_hourly_figure_is_whole_cents_rounded_down():
    assert hourly_pay(50_000, 3_000) == 60_000_000
    assert hourly_pay(50_000, 3_100) == 58_060_000
    assert hourly_pay(50_000, 0) == 180_000_000_000


@pytest.mark.parametrize("seconds", [2.5, 2.75, 3.3, 4.5, 7, 10.25, 33.3, 61, 400])
def test_pay_for_floor_passes_and_a_thousandth_less_does_not(seconds: float):
    needed = pay_for_floor(FLOOR, seconds)
    assert hourly_pay(needed, seconds * 1000) >= FLOOR
    assert hourly_pay(needed - 1_000, seconds * 1000) < FLOOR


def test_every_quote_passes_without_a_floor():
    assert make_quote(1, 0, 1, 1, 0, 10_000, Millionths(0)).passes_floor


def test_a_quote_adds_up():
    price = make_quote(tasks=2, gold=1, submissions=9, pay=50_000, fee=5_000, seconds=3, floor=FLOOR)
    assert (price.reward, price.fee, price.total) == (450_000, 45_000, 495_000)
    assert price.passes_floor


@pytest.mark.parametrize("seconds", [2.5, 3.3, 33.3, 61])
def test_pay_for_floor_passes_a_floor_finer_than_a_cent(seconds: float):
    floor = Millionths(13_125_000)
    needed = pay_for_floor(floor, seconds)
    assert make_quote(1, 0, 1, needed, 0, seconds, floor).passes_floor
    assert not make_quote(1, 0, 1, needed - 1_000, 0, seconds, floor).passes_floor
