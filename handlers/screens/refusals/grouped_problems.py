"""Problems of a file in groups: what was expected is told once, above the rows it was expected of."""

from collections.abc import Iterator, Sequence
from typing import Any

from handlers.screens.layout.fitting import clipped
from handlers.screens.refusals.row_words import column_of, wording
from handlers.screens.screen import lines
from locales import Html, Translator

Problem = dict[str, Any]
OF_ROW = ("found", "first", "number")  # facts that differ from row to row
NARROWEST = 12  # characters of a column's name


def grouped(errors: Sequence[Problem], t: Translator, width: int) -> Iterator[Html]:
    """A row each: groups in the order of their first rows, in each the rows as the file has them. What was expected
    stands above the first row of a group."""
    groups: dict[str, list[Problem]] = {}
    for error in errors:
        groups.setdefault(repr((error["expected"], _shared(error))), []).append(error)
    for group in groups.values():
        varying = [name for name in OF_ROW if len({str(each["facts"].get(name)) for each in group}) > 1]
        common = {**group[0]["facts"], **dict.fromkeys(varying, "…")}
        head = t("Expected {expected}:", expected=wording({**group[0], "facts": common}, t, width))
        first, *others = (_row(error, varying, t, width) for error in group)
        yield lines(head, first)
        yield from others


def _shared(error: Problem) -> list[tuple[str, Any]]:
    return sorted((name, fact) for name, fact in error["facts"].items() if name not in OF_ROW)


def _row(error: Problem, varying: list[str], t: Translator, width: int) -> Html:
    """Line, column, value, and what stands for … above."""
    place = _place(error, t, width)
    if not varying:
        return place
    own = ", ".join(str(error["facts"][name]) for name in varying if name in error["facts"])
    return t("{problem} ({detail})", problem=place, detail=own)


def _place(error: Problem, t: Translator, width: int) -> Html:
    line, value = error["line"], clipped(error["value"], width)
    column = clipped(column_of(error, t), max(width, NARROWEST))
    if column and value:
        return t("<b>line {line}, {column}</b>: “{value}”", line=line, column=column, value=value)
    if column:
        return t("<b>line {line}, {column}</b> is empty", line=line, column=column)
    if value:
        return t("<b>line {line}</b>: {value}", line=line, value=value)
    return t("<b>line {line}</b>", line=line)
