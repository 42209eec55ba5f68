"""Amounts: whole millionths of the currency unit. Never a float."""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import NewType

Millionths = NewType("Millionths", int)

UNIT = 1_000_000
LARGEST = 10**15  # a thousand million units: more than this is a typing error


def parse_amount(text: str) -> Millionths | None:
    """`12`, `12.50`, `0,05` → millionths; None for what is no amount, is negative, too large or too fine."""
    try:
        value = Decimal(text.strip().replace(",", "."))
        scaled = value * UNIT if value.is_finite() else Decimal(-1)
    except InvalidOperation:
        return None
    if scaled != scaled.to_integral_value() or not 0 <= scaled <= LARGEST:
        return None
    return Millionths(int(scaled))


def from_decimal(value: Decimal) -> Millionths:
    return Millionths(int((value * UNIT).to_integral_value(ROUND_HALF_EVEN)))


def as_decimal(amount: int) -> Decimal:
    return Decimal(amount) / UNIT


def fee_on(reward: Millionths, percent: Decimal) -> Millionths:
    """The platform's fee on one reward, rounded half-even to the millionth."""
    return Millionths(int((Decimal(reward) * percent / 100).to_integral_value(ROUND_HALF_EVEN)))
