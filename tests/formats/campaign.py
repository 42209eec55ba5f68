"""Three hundred malformed and hostile files, made anew from a seed: each must be refused, clearly, and cost little.

`small()` are read in this process by a test; `large()` are made to hurt, and are read as uploads are, by
`python -m benchmarks hostile_files`, which reads all of them so.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tests.formats import hostile
from tests.formats.given import workbook
from tests.formats.test_media import packed
from tests.simulator.test_files import png

FILES = Path(__file__).parent / "files"
SEED = 15
Case = tuple[str, str, Callable[[], bytes]]
"""What it is, the name it comes under, and the bytes."""

ROWS = [{"id": f"t{number}", "text": f"Review {number}, good", "gold": "yes"} for number in range(40)]
HEAD = "id,text,gold,overlap,reason\n"


def _parquet(**columns: list[object]) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


def _whole() -> dict[str, bytes]:
    """A good file of each format that has an end to lose."""
    rows = [list(row.values()) for row in ROWS]
    return {
        "a.xlsx": workbook(list(ROWS[0]), *rows),
        "a.xls": (FILES / "reviews.xls").read_bytes(),
        "a.ods": (FILES / "reviews.ods").read_bytes(),
        "a.parquet": _parquet(text=[row["text"] for row in ROWS], gold=["yes"] * 40),
        "a.zip": packed({"t.csv": b"image\ncat.png\n", "cat.png": png(30, 20)}),
        "a.json": json.dumps(ROWS, indent=1).encode(),
    }


def small() -> Iterator[Case]:
    """Malformed in every way a file comes to be."""
    yield from _cut()
    yield from _rows()
    yield from _headers()
    yield from _texts()
    yield from _jsons()
    yield from _others()
    yield from _zips()
    yield from _entities()
    yield from _schemas()
    yield from _sizes()


def _cut() -> Iterator[Case]:
    for name, whole in _whole().items():
        for part in range(1, 21):
            end = len(whole) * part // 21
            yield f"{name} cut at {end}", name, lambda whole=whole, end=end: whole[:end]


def _rows() -> Iterator[Case]:
    """One bad cell among good rows, in each of four formats."""
    bad = {
        "gold of no option": {"gold": "maybe"},
        "empty text": {"text": ""},
        "blank text": {"text": " \t "},
        "overlap of words": {"overlap": "three"},
        "overlap of 0": {"overlap": "0"},
        "overlap below 0": {"overlap": "-3"},
        "overlap of a million": {"overlap": "1000000"},
        "overlap 2.5": {"overlap": "2.5"},
        "long text": {"text": "x" * 4_000},
        "long id": {"id": "x" * 101},
        "long reason": {"reason": "x" * 1_001},
        "the same id twice": {"id": "t3"},
        "a NUL": {"text": "a\0b"},
    }
    for what, cell in bad.items():
        rows = [dict(row, overlap="", reason="") for row in ROWS]
        rows[20] |= cell
        lines = [",".join(f'"{row[key]}"' for key in HEAD.strip().split(",")) for row in rows]
        yield f"csv: {what}", "a.csv", lambda lines=lines: (HEAD + "\n".join(lines)).encode()
        yield f"jsonl: {what}", "a.jsonl", lambda rows=rows: "\n".join(map(json.dumps, rows)).encode()
        yield f"json: {what}", "a.json", lambda rows=rows: json.dumps(rows).encode()
        columns = {key: [row[key] for row in rows] for key in rows[0]}
        yield f"parquet: {what}", "a.parquet", lambda columns=columns: _parquet(**columns)


def _headers() -> Iterator[Case]:
    headers = {
        "no column of content": "id,gold",
        "a name twice": "text,Text",
        "two columns of gold": "INPUT:text,gold,GOLDEN:x",
        "an empty name": "text,",
        "braces in a name": "text,{a}",
        "a long name": "text," + "x" * 65,
        "a hundred and one columns": ",".join(f"c{number}" for number in range(101)),
        "a confidence of no model": "text,ai_confidence:m",
        "eleven models": "text," + ",".join(f"ai:m{number}" for number in range(11)),
    }
    for what, header in headers.items():
        for separator, ending in ((",", "csv"), ("\t", "tsv"), (";", "csv")):
            data = f"{header}\n{'a,' * header.count(',')}a\n".replace(",", separator).encode()
            yield f"{ending} with {separator!r}: {what}", f"a.{ending}", lambda data=data: data


def _texts() -> Iterator[Case]:
    texts = {
        "nothing": b"",
        "spaces": b" \n\t\n",
        "a mark of UTF-8 alone": b"\xef\xbb\xbf",
        "a header alone": b"text,gold\n",
        "an open quote": b'text\n"a\nb\n',
        "an open quote of many lines": b'text\n"' + b"a\n" * 5_000,
        "words behind a quote": b'text\n"a"b\n',
        "too few cells": b"text,note\na\n",
        "too many cells": b"text,note\na,b\na,b,c\n",
        "broken UTF-8": "text\né\nà\nü\n".encode() + b"\xe9 caf\n" + "è\n".encode(),
        "half of UTF-16": b"\xff\xfe" + "text\na\n".encode("utf-16-le")[:-1],
        "bytes of control": bytes(range(1, 32)) * 50,
        "a picture that is no file of ours": png(3, 2),
        "a page": b"<!doctype html><table><tr><td>text</td></tr></table>",
        "XML of 2003": b'<?xml version="1.0"?><Workbook/>',
    }
    for what, data in texts.items():
        for name in ("a.csv", "a.xlsx"):
            yield f"{name}: {what}", name, lambda data=data: data


def _jsons() -> Iterator[Case]:
    jsons = {
        "no object": b"[1, 2]",
        "a word": b'"text"',
        "an open array": b'[{"text": "a"}',
        "an open object": b'{"text": "a"}\n{"text": "b"',
        "an object in a cell": b'{"text": {"a": 1}}',
        "an array in a cell": b'{"text": ["a"]}',
        "brackets": b"[" * 100_000,
        "words behind an array": b'[{"text": "a"}] and more',
        "a second array": b'[{"text": "a"}]\n[{"text": "b"}]',
        "an empty array": b"[]",
        "an empty object": b"{}",
        "no number": b'{"text": NaN}',
        "Label Studio without content": b'[{"id": 1, "data": {}}]',
    }
    for what, data in jsons.items():
        yield f"json: {what}", "a.json", lambda data=data: data


def _others() -> Iterator[Case]:
    """Other formats under our names, and noise."""
    chance = random.Random(SEED)
    beginnings = {"pdf": b"%PDF-1.7", "gzip": b"\x1f\x8b", "7z": b"7z\xbc\xaf", "rar": b"Rar!", "ogg": b"OggS"}
    for what, beginning in beginnings.items():
        data = beginning + chance.randbytes(500)
        yield f"{what} named csv", "a.csv", lambda data=data: data
    magic = {"xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "parquet": b"PAR1", "zip": b"PK\x03\x04"}
    for what, beginning in magic.items():
        for number in range(12):
            data = beginning + chance.randbytes(200 * number)
            yield f"{what}: noise {number}", f"a.{what}", lambda data=data: data
    for part in ("word/document.xml", "ppt/presentation.xml", "xl/workbook.bin", "xl/workbook.xml"):
        yield f"zip with {part}", "a.xlsx", lambda part=part: packed({part: b"<x/>"})


def _zips() -> Iterator[Case]:
    table, cat = b"image\ncat.png\n", png(3, 2)
    inside: dict[str, dict[str, bytes]] = {
        "no table": {"cat.png": cat},
        "two tables": {"a.csv": table, "b.csv": table},
        "a way out": {"a.csv": table, "../cat.png": cat},
        "a way out with \\": {"a.csv": table, "..\\cat.png": cat},
        "an absolute path": {"a.csv": table, "/cat.png": cat},
        "a drive": {"a.csv": table, "C:/cat.png": cat},
        "a missing picture": {"a.csv": table},
        "an empty picture": {"a.csv": table, "cat.png": b""},
        "words for a picture": {"a.csv": table, "cat.png": b"words"},
        "sound for a picture": {"a.csv": table, "cat.png": b"ID3"},
        "half a picture": {"a.csv": table, "cat.png": cat[:20]},
        "a picture too wide": {"a.csv": table, "cat.png": png(2_100, 100)},
        "a ZIP for a picture": {"a.csv": table, "cat.png": packed({"cat.png": cat})},
        "a bomb for a picture": {"a.csv": table, "cat.png": b"\0" * (8 << 20)},
        "a broken table": {"a.xlsx": b"PK\x03\x04", "cat.png": cat},
    }
    for what, files in inside.items():
        yield f"zip: {what}", "a.zip", lambda files=files: packed(files)
    yield "zip: LZMA", "a.zip", lambda: packed({"a.csv": table, "cat.png": cat}, compress_type=zipfile.ZIP_LZMA)


def _entities() -> Iterator[Case]:
    """Entities that grow, and one that reads a file of ours."""
    names = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    laughs = f'<!DOCTYPE x [<!ENTITY e0 "ha">{"".join(names)}]>'
    outside = '<!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>'
    rows = f'<row r="2">{hostile.inline("A2", "&e9;")}</row>'
    document = hostile.open_document(hostile.ods_row("text") + hostile.ods_row("&e9;"))
    wholes = {"a.xlsx": (hostile.book(rows), "xl/worksheets/sheet1.xml"), "a.ods": (document, "content.xml")}
    for what, declared in {"entities that grow": laughs, "an entity from outside": outside}.items():
        for name, (whole, part) in wholes.items():
            made = partial(_declared, whole, part, declared)
            yield f"{name}: {what}", name, made


def _declared(whole: bytes, part: str, declared: str) -> bytes:
    """The same archive; this part begins with a declaration."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(parts | {part: declared.encode() + parts[part]})


def _schemas() -> Iterator[Case]:
    """Parquet whose columns are no plain values."""
    columns: dict[str, list[object]] = {
        "objects": [{"a": 1}, {"a": 2}],
        "lists of objects": [[{"a": 1}], []],
        "lists of lists": [[["a"]], [["b"]]],
        "bytes that are no text": [b"\xff\xfe\x00", b"\x80"],
        "nothing at all": [None, None],
    }
    for what, values in columns.items():
        yield f"parquet: {what}", "a.parquet", partial(_parquet, text=values)
    yield "parquet: no column", "a.parquet", _parquet
    yield "parquet: a name twice but for case", "a.parquet", lambda: _parquet(text=["a"], Text=["b"])


def _sizes() -> Iterator[Case]:
    yield "csv: a cell of 5 MB", "a.csv", lambda: b"text\n" + b"x" * (5 << 20) + b"\n"
    yield "jsonl: a key of 5 MB", "a.jsonl", lambda: b'{"' + b"x" * (5 << 20) + b'": "a"}'
    yield "json: a number of a million digits", "a.json", lambda: b'[{"text": ' + b"9" * 10**6 + b"}]"
    yield "zip: in ten zips", "a.zip", lambda: _nested(10)
    yield "zip: its table a bomb", "a.zip", lambda: packed({"a.csv": b"text\n" + b"a" * (64 << 20)})


def _nested(depth: int) -> bytes:
    inner = packed({"a.csv": b"text\na\n"})
    for _ in range(depth):
        inner = packed({"a.zip": inner})
    return inner


HURTFUL = (
    *("far_row", "far_corner", "wide_row", "long_attribute", "repeated_string", "many_cells", "deep_json"),
    *("repeated_rows", "repeated_cells", "long_paragraph", "parquet_of_one_text", "parquet_of_many_rows"),
)


def large() -> Iterator[Case]:
    """Small on the wire, large in memory or time."""
    for name in HURTFUL:
        yield name.replace("_", " "), "a", getattr(hostile, name)
    yield "csv: a million columns", "a.csv", _wide
    yield (
        "a ZIP of many files",
        "a.zip",
        lambda: packed({"a.csv": b"image\n", **{f"{n}.png": b"" for n in range(20_000)}}),
    )


def _wide() -> bytes:
    return ",".join(f"c{number}" for number in range(10**6)).encode() + b"\n1\n"


def bearable() -> Iterator[Case]:
    """Odd, and yet a row of text: they are taken, and cost no more than others."""
    for name in ("many_strings", "many_styles", "many_names"):
        yield name.replace("_", " "), "a", getattr(hostile, name)
