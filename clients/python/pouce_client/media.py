"""Files of tasks: tables, and the local pictures, sounds, videos and documents that their cells name, in ZIPs beside
them."""

from __future__ import annotations

import csv
import io
import json
import mimetypes
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Folder = str | Path | None  # of media: "" is where the tasks are, None is none
File = tuple[str, bytes]  # name, content
Row = Mapping[str, Any]

MAX_FILE_BYTES = 18 << 20  # of a file that is sent: the service takes 20 MiB
MAX_KEY_CHARS = 100  # of a task's id
_COLUMN = re.compile(
    r"\s*(?:images?|pictures?|photos?|audio|sound|voice|videos?|documents?|files?)(?:[ _-]?(?:\d{1,2}|[a-z]))?\s*",
    re.IGNORECASE,
)  # the names of columns that hold media, as the service reads them
_SEPARATOR = re.compile(r"[\r\n|]+")
_BY_LINES, _DELIMITERS = (".jsonl", ".ndjson"), {".csv": ",;\t|", ".tsv": "\t"}
_COLUMN_BY_TYPE = {"image": "image", "audio": "audio", "video": "video", "application/pdf": "document"}


def make_files(tasks: Any, folder: Folder) -> list[File]:
    """Return the files to send for tasks: a data frame, mappings, the path of a file, or of a folder of media.

    Media that cells name come from `folder`: "" is that of the tasks' file, or of rows the working directory; None
    sends none. There are several files where one would be too large; the first makes the project, the others add to
    it. A name that leads out of the folder is no file of it."""
    if isinstance(tasks, str | Path) and Path(tasks).is_dir():
        tasks, folder = list_media(Path(tasks)), tasks
    name, table = make_table(tasks)
    if folder is None:
        return [(name, table)]
    tasks_folder = Path(tasks).parent if isinstance(tasks, str | Path) else Path()
    rows = read_rows(name, table)
    parts = list(_split_rows(rows, Path(folder or tasks_folder)))
    if len(parts) == 1:
        return [_pack(name, table, parts[0][1])]
    return [_pack(*make_table(part_rows), files) for part_rows, files in parts] or [(name, table)]


def list_media(folder: Path) -> list[dict[str, str]]:
    """Return a row for each picture, sound, video and PDF in a folder and its subfolders, by name. Raise ValueError if
    there is none."""
    rows = []
    for file in sorted(folder.rglob("*")):
        media_type = mimetypes.guess_type(file.name, strict=False)[0] or ""
        column = _COLUMN_BY_TYPE.get(media_type) or _COLUMN_BY_TYPE.get(media_type.partition("/")[0])
        name = file.relative_to(folder).as_posix()
        if column and file.is_file() and not any(part.startswith(".") for part in Path(name).parts):
            rows.append({"id": name, column: name} if len(name) <= MAX_KEY_CHARS else {column: name})
    if not rows:
        raise ValueError(f"{folder}: there is no picture, sound, video or PDF in it")
    return rows


def make_table(tasks: Any) -> File:
    """Return the name and content of a table of tasks: a file as it is, rows as JSON Lines."""
    if isinstance(tasks, str | Path):
        path = Path(tasks)
        return path.name, path.read_bytes()
    if hasattr(tasks, "to_json"):
        return "tasks.jsonl", tasks.to_json(orient="records", lines=True, date_format="iso").encode()
    return "tasks.jsonl", "".join(f"{json.dumps(dict(row))}\n" for row in tasks).encode()


def read_rows(name: str, table: bytes) -> list[dict[str, Any]]:
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


def _split_rows(rows: Iterable[Row], folder: Path) -> Iterator[tuple[list[Row], dict[str, Path]]]:
    """Yield rows with the files that they name, in parts small enough to be sent."""
    part: list[Row] = []
    part_files: dict[str, Path] = {}
    size = 0
    for row in rows:
        files = {cell: file for cell in _list_cells(row) if (file := _find_file(folder, cell)) is not None}
        row_size = sum(file.stat().st_size for cell, file in files.items() if cell not in part_files)
        if part_files and size + row_size > MAX_FILE_BYTES:
            yield part, part_files
            part, part_files, size = [], {}, 0
            row_size = sum(file.stat().st_size for file in files.values())
        part.append(row)
        part_files |= files
        size += row_size
    if part:
        yield part, part_files


def _pack(name: str, table: bytes, files: Mapping[str, Path]) -> File:
    """Return a ZIP with a table and the files that its cells name; the table as it is where they name none."""
    if not files:
        return name, table
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), table)  # without the time of day: a request sent again is the same
        for cell, file in files.items():
            archive.write(file, cell.removeprefix("./"))
    return f"{Path(name).stem}.zip", packed.getvalue()


def _list_cells(row: Row) -> Iterator[str]:
    """Yield what a row's media columns name, part by part."""
    for column, cell in row.items():
        if isinstance(column, str) and isinstance(cell, str) and _COLUMN.fullmatch(column):
            yield from filter(None, map(str.strip, _SEPARATOR.split(cell)))


def _find_file(folder: Path, name: str) -> Path | None:
    if name.lower().startswith(("http://", "https://")) or "\0" in name or len(name) > 255:
        return None
    file = (folder / name).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
