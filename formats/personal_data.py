"""What is kept about a person, so that they can read it: fields by name, moments as dates, money as amounts."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

import orjson

from domain.money.amounts import UNIT

MONEY = frozenset({"amount", "balance", "gross", "withheld", "fee", "net", "goal_money"})
DECISIONS = frozenset({"qualified", "declined"})
NESTED = frozenset({"task", "model", "unwanted", "languages"})
_SELECTED = re.compile(r"SELECT (.*?)\sFROM\s", re.DOTALL)


def fields_of(statement: str) -> tuple[str, ...]:
    """The names of what a statement selects: plain columns, or what they are called `AS`."""
    found = _SELECTED.search(statement)
    columns = found[1].split(",") if found else []
    return tuple(column.split()[-1].rpartition(".")[2] for column in columns)


def record(fields: Sequence[str], row: Sequence[Any], zone: tzinfo) -> dict[str, Any]:
    return {name: readable(name, value, zone) for name, value in zip(fields, row, strict=True)}


def readable(name: str, value: Any, zone: tzinfo) -> Any:
    """A moment in the person's own time zone, an amount in units of its currency; what was never is null."""
    if value is None:
        return None
    if name.endswith(("_at", "_on")):
        return datetime.fromtimestamp(value / 1000, zone).isoformat(timespec="seconds") if value else None
    if name in MONEY:
        return f"{Decimal(value) / UNIT:.6f}".rstrip("0").rstrip(".")
    if name == "seconds":
        return value / 1000
    if name in DECISIONS:
        return bool(value)
    return _nested(value) if name in NESTED else value


def _nested(value: Any) -> Any:
    try:
        return orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return value
