"""Counts in the lines that commands print."""


def counted(count: int, one: str, many: str = "") -> str:
    """`1 worker`, `2 workers`; `many` where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
