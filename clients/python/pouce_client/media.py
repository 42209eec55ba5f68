"""Local pictures, sounds, videos and documents that cells name: they are sent in a ZIP with the table."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_COLUMN = re.compile(
    r"\s*(?:images?|pictures?|photos?|audio|sound|voice|videos?|documents?|files?)(?:[ _-]?(?:\d{1,2}|[a-z]))?\s*",
    re.IGNORECASE,
)  # the names of columns that hold media, as the service reads them
_SEPARATOR = re.compile(r"[\r\n|]+")
_BY_LINES, _DELIMITERS = (".jsonl", ".ndjson"), {".csv": ",;\t|", ".tsv": "\t"}


def with_media(name: str, table: bytes, rows: Iterable[Mapping[str, Any]], folder: Path) -> tuple[str, bytes]:
    """Return the name and content of a ZIP with the table and the files of `folder` that media columns of the rows
    name; the table as it is where they name none. A name that leads out of the folder is no file of it."""
    files = {cell: file for cell in _cells(rows) if (file := _file_in(folder, cell)) is not None}
    if not files:
        return name, table
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, table)
        for cell, file in files.items():
            archive.write(file, cell.removeprefix("./"))
    return f"{Path(name).stem}.zip", packed.getvalue()


def rows_of(name: str, table: bytes) -> list[dict[str, Any]]:
    """Return the rows of a table in CSV, TSV or JSON; none where it is another format or cannot be read here: the
    service reads it and says what is wrong."""
    ending = Path(name).suffix.lower()
    try:
        if ending in _DELIMITERS:
            text = table.decode("utf-8-sig")
            dialect = csv.Sniffer().sniff(text.partition("\n")[0], _DELIMITERS[ending]) if "\n" in text else "excel"
            return list(csv.DictReader(io.StringIO(text, newline=""), dialect=dialect))
        rows = [*map(json.loads, table.splitlines())] if ending in _BY_LINES else json.loads(table)
    except csv.Error:
        return list(csv.DictReader(io.StringIO(text, newline="")))  # one column, without a delimiter
    except ValueError:
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _cells(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what media columns name, part by part."""
    for row in rows:
        for column, cell in row.items():
            if isinstance(column, str) and isinstance(cell, str) and _COLUMN.fullmatch(column):
                yield from filter(None, map(str.strip, _SEPARATOR.split(cell)))


def _file_in(folder: Path, name: str) -> Path | None:
    if name.lower().startswith(("http://", "https://")) or "\0" in name or len(name) > 255:
        return None
    file = (folder / name).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
