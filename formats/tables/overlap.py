"""A cell of the column `overlap`: how many answers a task wants."""

from __future__ import annotations

OVERLAP_LIMIT = 1000


def overlap_of(written: str) -> int | None:
    """None where it is none. Also 3.0, as table programs write whole numbers of a column with gaps."""
    whole = written.strip().removesuffix(".0")
    fits = whole.isascii() and whole.isdigit() and len(whole) <= 4 and 1 <= int(whole) <= OVERLAP_LIMIT
    return int(whole) if fits else None
