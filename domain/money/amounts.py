"""Amounts: whole millionths of the currency unit. Never a float."""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NewType

Millionths = NewType("Millionths", int)

UNIT = 1_000_000
CENT = 10_000  # what a bank can carry
LARGEST = 10**15  # a thousand million units: more than this is a typing error

_AMOUNT = re.compile(r"([0-9]{1,10})(?:[.,]([0-9]{1,6})0*)?")


def parse_amount(text: str) -> Millionths | None:
    """`12`, `12.50`, `0,05` → millionths; None for what is no amount, is negative, too large or too fine."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or (int(match[1]) and len(match[2] or "") == 3):  # 1,000 and 1.000 are a thousand to many
        return None
    amount = int(match[1]) * UNIT + int((match[2] or "").ljust(6, "0"))
    return Millionths(amount) if amount <= LARGEST else None


def from_decimal(value: Decimal) -> Millionths:
    return Millionths(int((value * UNIT).to_integral_value(ROUND_HALF_EVEN)))


def as_decimal(amount: int) -> Decimal:
    return Decimal(amount) / UNIT


def fee_on(reward: Millionths, percent: Decimal) -> Millionths:
    """The platform's fee on one reward, rounded half-even to the millionth."""
    return Millionths(int((Decimal(reward) * percent / 100).to_integral_value(ROUND_HALF_EVEN)))
