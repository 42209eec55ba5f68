"""Amounts as Mechanical Turk writes them: text with two decimals."""

import re

from domain.money.amounts import CENT, LARGEST, UNIT, Millionths

_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{0,2}))?")


def written(amount: int) -> str:
    """Cut to the cent, never rounded up."""
    cents = max(0, amount) // CENT
    return f"{cents // 100}.{cents % 100:02}"


def read(text: str) -> Millionths | None:
    """`1`, `1.`, `0.5`, `0.05`; None for anything else."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    amount = int(match[1]) * UNIT + int((match[2] or "").ljust(2, "0")) * CENT
    return Millionths(amount) if amount <= LARGEST else None
