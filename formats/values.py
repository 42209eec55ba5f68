"""The types of a result's cell."""

from __future__ import annotations

from datetime import datetime

Value = str | int | float | bool | datetime | None


def as_text(value: Value) -> str | int | float:
    """A value for formats that only know text and numbers: nothing is "", times are ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return value
