"""The types of a result's cell, and what the columns of results and submissions hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.answers import AnswerType, ExportType
from domain.handing_in import FormType
from formats.shapes import AI, VOTES, content_in

NUMERIC = (AnswerType.NUMBER, AnswerType.STEP)
MEANINGS = {
    **dict.fromkeys(("confidence", "live_confidence", "low", "high", "margin", "seconds"), "float"),
    "submissions": "integer",
    "cant_tell": "integer",
    "submitted_at": "time",
    "ai_confidence": "float",
    "ai_agrees": "truth",
}
STRENGTH = "strength: "

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


def meanings(columns: Sequence[str], answer_type: ExportType) -> list[str]:
    """Of each column "float", "integer", "time", "truth" or "text", which all of a task's own columns are."""
    content = content_in(columns)
    return ["text" if at in content else _meaning(name, answer_type) for at, name in enumerate(columns)]


def as_number(value: Value) -> float | None:
    try:
        return None if value is None or isinstance(value, datetime) else float(value)
    except ValueError:
        return None  # an answer that is no number, as "can't tell"


def _meaning(column: str, answer_type: ExportType) -> str:
    if column in ("consensus", "answer", "live"):
        return "float" if answer_type in NUMERIC else "text"
    first, _, name = column.partition(":")
    if isinstance(answer_type, FormType) and name in answer_type.of and first in ("consensus", "answer", "confidence"):
        return "float" if first == "confidence" or answer_type.of[name] in NUMERIC else "text"
    if column.startswith(STRENGTH):
        return "float"
    return "integer" if column.startswith(VOTES) else MEANINGS.get(first if first in AI else column, "text")
