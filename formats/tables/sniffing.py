"""The format of a file, by its content; its name only breaks ties."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath

import orjson

from formats import delimited
from formats.bank.mt940_head import is_mt940
from formats.errors import refused
from formats.spreadsheets import packed
from formats.tables.source import Source
from formats.tables.table import FileWarning, Table

FOREIGN = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"SQLite format 3", "sqlite"),
    (b"OggS", "ogg"),
    (b"{\\rtf", "rtf"),
    (b"RIFF", "riff"),
)
BINARY = ((b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\xd0\xcf\x11\xe0", "xls"), (b"PAR1", "parquet"))
# A page or a document that many a program names .xls.
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|table|head|meta)\b", re.IGNORECASE)
# Module and function: only the reader that a file needs is loaded, because each file is read in a new process.
READS: Mapping[str, tuple[str, str]] = {
    "xlsx": ("formats.xlsx", "read"),
    "xls": ("formats.spreadsheets.xls", "read"),
    "ods": ("formats.spreadsheets.ods", "read"),
    "parquet": ("formats.parquet", "read"),
    "jsonl": ("formats.jsonl", "read"),
    "json": ("formats.jsonl", "read_document"),
}
JSON = frozenset({"json", "jsonl"})
_ARRAY = re.compile(rb"\[\s*\{")
TABLES = ("xlsx", "xls", "ods", "parquet")
NAMED = {
    "csv": "csv",
    "txt": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "xlsx": "xlsx",
    "xls": "xls",
    "ods": "ods",
    "parquet": "parquet",
}


def table(source: Source, filename: str) -> Table:
    """Raises FileErrors for a file that no reader knows."""
    head = source.head(1 << 16)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise refused(1, "", "", "file_not_empty")
    for magic, name in FOREIGN:
        if head.startswith(magic):
            raise refused(1, "", "", "file_kind", found=name)
    if is_mt940(head):
        raise refused(1, "", "", "file_kind", found="MT940")
    named = NAMED.get(PurePath(filename).suffix.lstrip(".").casefold(), "csv")
    found = _format(head, named)
    if found == "zip" and (found := packed.format_of(source, filename)) not in READS:
        raise refused(1, "", "", "file_kind", found=found)
    return _warned(_read(source, found, named), named, found)


def _read(source: Source, found: str, named: str) -> Table:
    if found not in READS:
        return delimited.read(source, named)
    module, name = READS[found]
    read: Callable[[Source], Table] = getattr(import_module(module), name)
    return read(source)


def _format(head: bytes, named: str) -> str:
    for magic, name in BINARY:
        if head.startswith(magic):
            return name
    if MARKUP.match(head):
        raise refused(1, "", "", "file_kind", found="html/xml")
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    first = start.split(b"\n", 1)[0].strip()
    if _ARRAY.match(start):
        return "json"
    if _is_json(first) and (first[:1] == b"{" or named in JSON):
        return "json" if named == "json" and first[:1] == b"[" else "jsonl"
    if named in JSON and start[:1] in (b"{", b"["):
        return named
    return "csv" if named in (*JSON, *TABLES) else named


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _warned(read: Table, named: str, found: str) -> Table:
    if found == named or {found, named} <= JSON:
        return read
    warning = FileWarning("other_format", {"named": named, "found": found})
    return replace(read, warnings=(*read.warnings, warning))
