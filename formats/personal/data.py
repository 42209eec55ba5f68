"""Personal data as fields: by name, moments as dates, money as amounts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

import orjson

from domain.money.amounts import UNIT

MONEY = frozenset(
    {"amount", "asked", "balance", "consideration", "fee", "fees", "goal_money", "gross", "net", "pay", "withheld"}
)
DECISIONS = frozenset(
    {"barred_from_asking", "by_you", "called", "contacts", "declined", "elected", "in_place", "paused", "pushed"}
    | {"qualified", "reachable", "requester", "right_answer", "suspended", "taken_back"}
)
OURS = frozenset({"evidence", "facts"})  # nested, and written by the house: its fields are named like columns
NESTED = frozenset(
    {"data", "instructions", "languages", "model", "options", "payload", "pressed_so_far", "task", "tax_answers"}
    | {"unwanted"}
    | OURS
)


def fields_of(statement: str) -> tuple[str, ...]:
    """The names of what a statement selects: plain columns, or what they are called `AS`."""
    return tuple(column.split()[-1].rpartition(".")[2] for column in _columns(statement))


def _columns(statement: str) -> Iterator[str]:
    """What stands between SELECT and FROM, outside of brackets, comma by comma."""
    depth, column = 0, ""
    for word in statement.split()[1:]:
        if word == "FROM" and depth == 0:
            break
        for sign in f"{word} ":
            depth += (sign == "(") - (sign == ")")
            if sign == "," and depth == 0:
                yield column
                column = ""
            else:
                column += sign
    yield column


def is_moment(name: str) -> bool:
    return name.endswith(("_at", "_on"))


def record(fields: Sequence[str], row: Sequence[Any], zone: tzinfo) -> dict[str, Any]:
    return {name: readable(name, value, zone) for name, value in zip(fields, row, strict=True)}


def readable(name: str, value: Any, zone: tzinfo) -> Any:
    """A moment in the person's own time zone, an amount in units of its currency; what was never is null."""
    if value is None:
        return None
    if is_moment(name):
        return datetime.fromtimestamp(value / 1000, zone).isoformat(timespec="seconds") if value else None
    if name in MONEY:
        return f"{Decimal(value) / UNIT:.6f}".rstrip("0").rstrip(".")
    if name == "seconds":
        return value / 1000
    if name in DECISIONS:
        return bool(value)
    if name in OURS:
        return _told(nested(value), lambda field, number: readable(field, number, zone))
    return nested(value) if name in NESTED else value


def with_moments(value: Any, shown: Callable[[int], str]) -> Any:
    """A nested value with its moments as they are shown."""
    return _told(value, lambda field, number: shown(number) if number and is_moment(field) else number)


def _told(value: Any, told: Callable[[str, int], Any], field: str = "") -> Any:
    """With moments and amounts as `told` has them, however deep they lie."""
    if isinstance(value, dict):
        return {name: _told(each, told, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_told(each, told, field) for each in value]
    whole = isinstance(value, int) and not isinstance(value, bool)
    return told(field, value) if whole and (is_moment(field) or field in MONEY) else value


def nested(value: Any) -> Any:
    try:
        return orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return value
