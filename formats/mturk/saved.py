"""A directory with what a requester saved from Amazon: layouts/, qualification-types.json and workers.csv."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

LARGEST = 10_000_000  # bytes of a file
LONGEST_LAYOUT = 128 << 10  # bytes
LAYOUTS, TYPES, WORKERS = "layouts", "qualification-types.json", "workers.csv"
WORKER = ("WorkerId", "Worker ID")
CURRENT = "CURRENT-"  # begins the columns of values in the list of Amazon's site


class Unreadable(ValueError):
    """Which file, and what was expected."""


@dataclass(frozen=True, slots=True)
class Value:
    """`type` is the id or the name of a qualification type."""

    worker: str
    type: str
    value: int


@dataclass(frozen=True, slots=True)
class Saved:
    """Layouts by their files' names, types as Amazon's API has them, and values of workers."""

    layouts: Mapping[str, str]
    types: tuple[Mapping[str, Any], ...]
    values: tuple[Value, ...]


def read(place: Path) -> Saved:
    """Raises Unreadable."""
    if not place.is_dir():
        raise Unreadable(f"{place}: expected a directory with {LAYOUTS}/, {TYPES} or {WORKERS}")
    found = Saved(dict(_layouts(place / LAYOUTS)), tuple(_types(place / TYPES)), tuple(_values(place / WORKERS)))
    if not (found.layouts or found.types or found.values):
        raise Unreadable(f"{place}: expected {LAYOUTS}/ID.html, {TYPES} or {WORKERS}")
    return found


def _layouts(place: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(place.glob("*")) if place.is_dir() else ():
        if file.suffix.lower() in (".html", ".htm", ".xml"):
            text = _text(file)
            if len(text.encode()) > LONGEST_LAYOUT:
                raise Unreadable(f"{file}: a layout has at most {LONGEST_LAYOUT} bytes")
            yield file.stem, text


def _types(file: Path) -> Iterator[Mapping[str, Any]]:
    if not file.is_file():
        return
    try:
        said = json.loads(_text(file))
    except ValueError as error:
        raise Unreadable(f"{file}: {error}") from None
    listed = said.get("QualificationTypes") if isinstance(said, dict) else said
    if not isinstance(listed, list) or not all(isinstance(each, dict) and each.get("Name") for each in listed):
        raise Unreadable(f"{file}: expected what `aws mturk list-qualification-types` prints")
    yield from listed


def _values(file: Path) -> Iterator[Value]:
    if not file.is_file():
        return
    rows = csv.DictReader(StringIO(_text(file), newline=""))
    names = rows.fieldnames or ()
    who = next((name for name in WORKER if name in names), None)
    columns = {name: name.removeprefix(CURRENT) for name in names if name.startswith(CURRENT)}
    if who is None or not (columns or "QualificationTypeId" in names):
        raise Unreadable(f"{file}: expected WorkerId,QualificationTypeId,IntegerValue or Amazon's list of workers")
    for number, row in enumerate(rows, 2):
        of = columns.items() if columns else [("IntegerValue", row["QualificationTypeId"] or "")]
        for column, type_ in of:
            said = (row.get(column) or ("" if columns else "1")).strip()
            if said and row[who]:
                yield Value(row[who].strip(), type_, _whole(said, f"{file}, line {number}"))


def _whole(said: str, where: str) -> int:
    if not said.removeprefix("-").isdecimal() or len(said) > 10:
        raise Unreadable(f"{where}: expected a whole number, not {said[:40]}")
    return int(said)


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST:
        raise Unreadable(f"{file}: expected at most {LARGEST} bytes")
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{file}: expected UTF-8") from None
