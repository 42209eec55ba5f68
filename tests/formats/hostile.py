"""Workbooks and texts made to hurt: small on the wire, large in memory or time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row>'
TYPES = f"""<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
</Types>"""  # noqa: E501


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def book(
    rows: str | Iterable[str] = "", strings: str = "", styles: str = "", names: str = "", header: str = HEADER
) -> bytes:
    """A workbook of one sheet from the XML inside its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", _relations(("officeDocument", "xl/workbook.xml")))
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(*PARTS))
        sheets = '<sheets><sheet name="Tasks" sheetId="1" r:id="rId1"/></sheets>'
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{sheets}{names}</workbook>'
        )
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData>{header}'.encode())
            for row in [rows] if isinstance(rows, str) else rows:
                part.write(row.encode())
            part.write(b"</sheetData></worksheet>")
    return file.getvalue()


PARTS = (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"))


def _relations(*parts: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def far_row() -> bytes:
    """A cell in row 10^12."""
    return book(f'<row r="1000000000000">{inline("A1000000000000", "far")}</row>')


def far_corner() -> bytes:
    """A cell in the last row and the last column there can be."""
    return book(f'<row r="1048576">{inline("XFD1048576", "far")}</row>')


def many_strings() -> bytes:
    """400,000 shared strings, each another one."""
    strings = "".join(f"<si><t>{number:x}</t></si>" for number in range(400_000))
    return book('<row r="2"><c r="A2" t="s"><v>7</v></c></row>', strings=strings)


def many_styles() -> bytes:
    """200,000 cell formats: 113 kB."""
    formats = "".join(f'<xf numFmtId="{n % 50}" fontId="{n % 7}"><alignment/></xf>' for n in range(200_000))
    return book(f'<row r="2">{inline("A2", "a")}</row>', styles=f"<cellXfs>{formats}</cellXfs>")


def many_names() -> bytes:
    """15 MB of defined names."""
    names = "".join(f'<definedName name="n{number}">Tasks!$A${number}</definedName>' for number in range(300_000))
    return book(f'<row r="2">{inline("A2", "a")}</row>', names=f"<definedNames>{names}</definedNames>")


def wide_row() -> bytes:
    """One row of 200,000 cells."""
    return book(f'<row r="2">{"".join(f"<c><v>{number}</v></c>" for number in range(200_000))}</row>')


def long_attribute() -> bytes:
    """A tag of 4 MB: a parser has to keep it whole."""
    return book(("<row r='2' x='", *(f"{number:09x}" for number in range(500_000)), "'/>"))


def repeated_string() -> bytes:
    """A shared string of 32,000 characters, in 20,000 cells: 640 MB of text."""
    rows = "".join(f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>' for number in range(2, 20_002))
    return book(rows, strings=f"<si><t>{'x' * 32_000}</t></si>")


def many_cells() -> bytes:
    """A line of 19 million empty cells."""
    return b"text\n" + b"," * 19_000_000


def deep_json() -> bytes:
    """A million brackets, none of which is closed."""
    return b'{"text": "a"}\n' + b"[" * 1_000_000


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def open_document(rows: str, manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet of one sheet, from the XML inside it."""
    names = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        table = f'<table:table table:name="Tasks">{rows}</table:table>'
        body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return file.getvalue()


def ods_row(*texts: str, rows: int = 1, columns: int = 1) -> str:
    repeated = f' table:number-columns-repeated="{columns}"'
    cells = "".join(f"<table:table-cell{repeated}><text:p>{text}</text:p></table:table-cell>" for text in texts)
    return f'<table:table-row table:number-rows-repeated="{rows}">{cells}</table:table-row>'


def repeated_rows() -> bytes:
    """One row that occurs 10^12 times."""
    return open_document(ods_row("text") + ods_row("a", rows=10**12))


def repeated_cells() -> bytes:
    """One cell that occurs 10^12 times, in a million rows."""
    return open_document(ods_row("text") + ods_row("a", rows=1_000_000, columns=10**12))


def long_paragraph() -> bytes:
    """A cell with a billion spaces, and 300,000 paragraphs."""
    paragraphs = "".join(f"<text:p>{number:x}</text:p>" for number in range(300_000))
    cell = f'<table:table-cell><text:p><text:s text:c="1000000000"/></text:p>{paragraphs}</table:table-cell>'
    return open_document(f"{ods_row('text')}<table:table-row>{cell}</table:table-row>")


def parquet_of_one_text() -> bytes:
    """A text of 1 MB, kept once, in 20,000 rows: 20 GB."""
    import pyarrow as pa
    from pyarrow import parquet

    column = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * (1 << 20)]))
    file = io.BytesIO()
    parquet.write_table(pa.table({"text": column}), file, compression="zstd")
    return file.getvalue()


def parquet_of_many_rows() -> bytes:
    """Two million equal numbers."""
    import pyarrow as pa
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(pa.table({"text": pa.array([7]).take(pa.array([0] * 2_000_000))}), file, compression="zstd")
    return file.getvalue()
