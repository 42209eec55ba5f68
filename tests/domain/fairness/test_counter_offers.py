"""What a requester may know of the pay that workers ask: never of fewer than five, never of one more."""

import pytest

from domain.fairness.counter_offers import (
    MIN_VOICES,
    CounterOffer,
    PayVoices,
    is_counter_offer,
    offered_amounts,
    summarize_offers,
)
from domain.money.amounts import Millionths

PAY = 50_000


def offers(*asked: int, declined: bool = True) -> list[CounterOffer]:
    return [CounterOffer(Millionths(each), declined) for each in asked]


FIVE = offers(60_000, 70_000, 80_000, 90_000, 100_000)


def test_nothing_is_said_before_five_have_spoken() -> None:
    assert summarize_offers(FIVE[:4], 20, PAY) is None
    assert summarize_offers(FIVE, 8, PAY) == PayVoices(Millionths(80_000), 5, 0.625)


@pytest.mark.parametrize("more", range(MIN_VOICES))
def test_figures_move_by_five_voices_only(more: int) -> None:
    assert summarize_offers([*FIVE, *offers(*[400_000] * more)], 8, PAY) == summarize_offers(FIVE, 8, PAY)
    assert summarize_offers([*FIVE, *offers(*[400_000] * MIN_VOICES)], 16, PAY) == PayVoices(
        Millionths(250_000), 10, 0.625
    )


def test_the_share_is_of_those_who_declined_and_left_out_while_they_are_few() -> None:
    staying = offers(60_000, 60_000, 60_000, 60_000, 60_000, declined=False)
    assert summarize_offers(staying, 4, PAY) == PayVoices(Millionths(60_000), 5, None)
    assert summarize_offers(staying, 5, PAY) == PayVoices(Millionths(60_000), 5, 0.0)


def test_what_a_raise_has_reached_is_no_complaint_any_more() -> None:
    assert summarize_offers(FIVE, 8, 60_000) is None
    assert summarize_offers([*FIVE, *offers(110_000)], 8, 60_000) == PayVoices(Millionths(90_000), 5, 0.625)


def test_the_median_is_payable() -> None:
    found = summarize_offers(offers(60_001, 60_001, 60_001, 60_001, 60_001), 0, PAY)
    assert found is not None
    assert found.asked == 61_000


def test_offered_amounts_are_above_the_pay_and_taken() -> None:
    for pay in (1, 999, 1_000, PAY, 12_345_678):
        assert offered_amounts(pay)
        assert all(step > pay and is_counter_offer(step, pay) for step in offered_amounts(pay))
    assert offered_amounts(PAY) == (70_000, 80_000, 100_000)  # whole cents: nobody is offered €0.125
    assert offered_amounts(10_000) == (20_000, 30_000, 40_000)
    assert offered_amounts(4_000) == (5_000, 6_000, 8_000)
    assert all(is_counter_offer(asked, PAY) for asked in (PAY + 1, 100 * PAY))
    assert not any(is_counter_offer(asked, PAY) for asked in (0, PAY, 100 * PAY + 1))
