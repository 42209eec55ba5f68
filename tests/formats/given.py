"""Shared helpers of the tests of formats/."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from formats.tables.reading import FileErrors, RowError, TaskFile, read_tasks

OPTIONS = ("positive", "negative")


def read(text: str, name: str = "tasks.csv", options: tuple[str, ...] | None = OPTIONS, **more: Any) -> TaskFile:
    return read_tasks(text.encode(), name, options, **more)


def problems(data: str | bytes, name: str = "tasks.csv", options: Any = OPTIONS, **more: Any) -> tuple[RowError, ...]:
    """The problems of a file that must be refused; each has English words."""
    with pytest.raises(FileErrors) as refusal:
        read_tasks(data.encode() if isinstance(data, str) else data, name, options, **more)
    assert str(refusal.value)
    return refusal.value.errors


def found(errors: Iterable[RowError]) -> list[tuple[int, str, str, str]]:
    return [(error.line, error.column, error.value, error.expected) for error in errors]


def workbook(*rows: Sequence[Any], more_sheets: Sequence[str] = ()) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name in more_sheets:
        book.create_sheet(name)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
