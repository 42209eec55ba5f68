"""Each format of tables, as the tool of its field writes it."""

import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from formats.errors import FileErrors
from formats.tables.reading import TaskFile, read_tasks
from tests.formats import hostile
from tests.formats.given import OPTIONS, found, problems

FILES = Path(__file__).parent / "files"
"""Written by xlwt 1.3 and odfpy 1.4: two sheets, dates, a line break, an empty row, a comment."""


def read(data: bytes, name: str) -> TaskFile:
    return read_tasks(data, name, OPTIONS, template="{text}")


@pytest.mark.parametrize("name", ["reviews.xls", "reviews.ods"])
def test_spreadsheets_of_other_programs_read_as_people_see_them(name: str) -> None:
    file = read((FILES / name).read_bytes(), name)
    rows = [(row.line, row.key, row.content, row.gold) for row in file.rows]
    between = " " if name.endswith("xls") else "  "
    assert rows == [
        (2, "a1", {"text": "Überraschend gut – 好", "price": "3", "day": "2026-02-28"}, ("positive",)),
        (3, "a2", {"text": "Awful\nreally", "price": "2.5", "day": "2026-03-01"}, ("negative",)),
        (4, "a3", {"text": "Fine", "price": "12345678901", "day": "2026-03-02"}, ()),
        (6, "a5", {"text": f"gap{between}before", "price": "true", "day": "2026-03-04T05:06:00"}, ()),
    ]
    assert [warning.facts for warning in file.warnings] == [{"sheets": ("Notes",)}]


def test_cells_and_rows_that_an_open_document_repeats_are_all_there() -> None:
    rows = hostile.ods_row("text", "note") + hostile.ods_row("a", rows=2, columns=2)
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    file = read(hostile.open_document(rows + empty), "a.ods")
    assert [(row.line, row.content) for row in file.rows] == [
        (2, {"text": "a", "note": "a"}),
        (3, {"text": "a", "note": "a"}),
    ]


def test_a_spreadsheet_with_a_password_says_so() -> None:
    locked = hostile.open_document("", manifest="<encryption-data/>")
    assert found(problems(locked, "a.ods")) == [(1, "", "", "no_password")]
    whole = io.BytesIO()  # of LibreOffice 25.2
    with zipfile.ZipFile(whole, "w") as archive:
        for name in ("mimetype", "encrypted-package", "META-INF/manifest.xml"):
            archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet")
    assert found(problems(whole.getvalue(), "a.ods")) == [(1, "", "", "no_password")]
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert found(problems(container, "a.xlsx")) == [(1, "", "", "no_password")]


def written(table: pa.Table) -> bytes:
    file = io.BytesIO()
    parquet.write_table(table, file)
    return file.getvalue()


def test_numbers_have_the_digits_that_a_sheet_shows() -> None:
    """Programs that calculate keep 434.99999999999994 of 4.35 × 100."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("text", "price"), ("a", 434.99999999999994), ("b", 1.1 * 3), ("c", 1e-7), ("d", 12345678901234.5)):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    read_ = read_tasks(file.getvalue(), "a.xlsx", OPTIONS, template="{price}", leave_out=True)
    assert [row.content["price"] for row in read_.rows] == ["435", "3.3", "0.0000001", "12345678901234.5"]
    single = written(pa.table({"text": ["a", "b"], "price": pa.array([0.3, None], pa.float32())}))
    read_ = read_tasks(single, "a.parquet", OPTIONS, template="{price}", leave_out=True)
    assert [row.content["price"] for row in read_.rows] == ["0.3"]


def test_parquet_reads_its_types_as_people_write_them() -> None:
    values = {
        "text": ["a", "b", None],
        "gold": [["positive", "negative"], ["positive"], None],
        "price": [3.0, 2.5, float("nan")],
        "cost": [Decimal("1.50"), Decimal("100"), None],
        "at": [datetime(2026, 2, 28), datetime(2026, 2, 28, 13, 5), None],
        "day": [date(2026, 2, 28), None, None],
        "sure": [True, False, None],
    }
    read_ = read_tasks(written(pa.table(values)), "a.parquet", OPTIONS, template="{price}", leave_out=True)
    first, second = read_.rows
    assert list(first.content.values()) == ["a", "3", "1.5", "2026-02-28", "2026-02-28", "true"]
    assert list(second.content.values()) == ["b", "2.5", "100", "2026-02-28T13:05:00", "", "false"]
    assert (first.line, first.gold) == (1, ("positive", "negative"))


def test_bytes_in_parquet_are_text_or_a_bad_row_that_is_named() -> None:
    texts = {"text": ["café".encode(), b"So so"], "gold": [[b"positive", b"negative"], None]}
    first, second = read(written(pa.table(texts)), "a.parquet").rows
    assert (first.content, first.gold) == ({"text": "café"}, ("positive", "negative"))
    assert second.content == {"text": "So so"}
    pictures = {"text": ["a", "b"], "picture": [b"fine", b"\xff\xd8\xff" + bytes(40)]}
    (refused,) = problems(written(pa.table(pictures)), "a.parquet", template="{text}")
    assert found([refused]) == [(2, "picture", "ff d8 ff" + " 00" * 13, "utf8_bytes")]


def test_parquet_of_pandas_has_no_column_for_its_index() -> None:
    import pandas as pd  # half a second that other processes save

    file = io.BytesIO()
    pd.DataFrame({"text": ["a", "b"]}, index=[3, 9]).to_parquet(file)
    assert read(file.getvalue(), "a.parquet").columns == ("text",)


def test_broken_and_nested_parquet_is_refused() -> None:
    whole = written(pa.table({"text": ["a"] * 9, "more": [{"x": 1}] * 9}))
    assert found(problems(whole, template="{text}"))[0] == (1, "more", '{"x":1}', "flat_value")
    assert found(problems(whole[:40])) == [(1, "", "", "file_readable")]
    assert found(problems(hostile.parquet_of_many_rows())) == [(1_000_001, "", "", "rows_at_most")]
    broken = bytearray(whole)
    broken[20:60] = bytes(40)
    assert {error.expected for error in problems(bytes(broken))} <= {"file_readable", "flat_value"}


def test_an_array_of_objects_is_read_with_the_lines_of_its_objects() -> None:
    rows = [{"text": "a", "gold": ["positive", "negative"], "n": 3}, {"text": "b", "n": None}]
    for indent, lines in ((None, [1, 1]), (2, [2, 10])):
        file = read(json.dumps(rows, indent=indent).encode(), "a.json")
        assert [(row.line, row.content["text"]) for row in file.rows] == list(zip(lines, "ab", strict=True))
        assert file.rows[0].gold == ("positive", "negative")


@pytest.mark.parametrize("first", [(), ("Read me",)])
def test_where_the_first_sheet_has_no_rows_the_others_are_named(first: tuple[str, ...]) -> None:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(first)
    book.create_sheet("Data").append(("text",))
    book.save(content)
    with pytest.raises(FileErrors) as found:
        read_tasks(content.getvalue(), "a.xlsx", ("yes", "no"))
    assert [(each.expected, each.facts["sheets"]) for each in found.value.errors] == [("rows_first_sheet", ("Data",))]
