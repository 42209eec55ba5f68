"""Answers as objects, for formats that have them: a form's by question in place of a column for each, and shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from domain.handing_in import FormType
from domain.shapes.kind import SURE
from formats.shapes import content_in, set_apart
from formats.values import Value

ANSWERS = ("consensus", "answer", "gold", "live", "crowd")  # columns that hold an answer
APART = tuple(f"{name}:" for name in (*ANSWERS, "confidence"))
CONFIDENCES = "confidences"


def nested(
    columns: Sequence[str], rows: Iterable[Sequence[Value]], form: FormType
) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """The columns without those of single questions, `confidences` in their place, and the rows to them."""
    content = content_in(columns)
    ours = {name: at for at, name in enumerate(columns) if at not in content}
    sure = {name: ours[f"confidence:{name}"] for name in form.of if f"confidence:{name}" in ours}
    apart = {at for name, at in ours.items() if name.startswith(APART) and name.partition(":")[2] in form.of}
    kept = [at for at in range(len(columns)) if at not in apart]
    objects = {ours[name] for name in ANSWERS if name in ours}

    def shaped() -> Iterator[Sequence[Any]]:
        for row in rows:
            found = [_object(row[at]) if at in objects else row[at] for at in kept]
            yield [*found, {name: row[at] for name, at in sure.items()}] if sure else found

    if not sure:
        return [columns[at] for at in kept], shaped()
    names = [set_apart(columns[at]) if columns[at].casefold() == CONFIDENCES else columns[at] for at in kept]
    return [*names, CONFIDENCES], shaped()


def drawn(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Any]]:
    """The rows with each drawing as a list of its shapes, and the confidences of these as one of numbers."""
    content = content_in(columns)
    ours = [(at, name) for at, name in enumerate(columns) if at not in content]
    drawings = {at for at, name in ours if name in (*ANSWERS, SURE) or name.partition(":")[0] == "ai"}
    return ([_object(cell) if at in drawings else cell for at, cell in enumerate(row)] for row in rows)


def _object(cell: Value) -> Any:
    return orjson.loads(cell) if isinstance(cell, str) and cell else cell
