"""ZIP archives that hold a spreadsheet: which one, and that it unpacks to a bounded size."""

from __future__ import annotations

import zipfile

from formats.errors import refused
from formats.tables.source import Source

UNPACKED_LIMIT = 256 << 20  # bytes of all parts
RATIO_LIMIT = 200
SMALL = 4 << 20  # bytes: a part of so few may be packed as tightly as it likes
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may want gigabytes to unpack
# A part that only this format has.
SIGNS = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("Index/Document.iwa", "numbers"),
    ("META-INF/manifest.xml", "ods"),
)
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
SHEETS = (b"spreadsheet", b"spreadsheet-template")


def format_of(source: Source, filename: str) -> str:
    """xlsx, ods, another format that is a ZIP inside, or zip. One that is cut short is called what its name says."""
    try:
        with zipfile.ZipFile(source.open()) as archive:
            names = frozenset(archive.namelist())
            found = next((name for part, name in SIGNS if part in names), "zip")
            return _open_document(archive, names) if found == "ods" else found
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refused(1, "", "", "file_readable", kind=_named(filename)) from error


def _named(filename: str) -> str:
    ending = filename.rpartition(".")[2].casefold()
    return ending if ending in ("xlsx", "ods") else "zip"


def _open_document(archive: zipfile.ZipFile, names: frozenset[str]) -> str:
    if "encrypted-package" in names:  # with a password, LibreOffice packs the whole document once more
        raise refused(1, "", "", "no_password")
    if "mimetype" not in names or "content.xml" not in names:
        return "zip"
    with archive.open("mimetype") as part:
        said = part.read(100).strip()
    if not said.startswith(OPEN_DOCUMENT):
        return "zip"
    return "ods" if said.removeprefix(OPEN_DOCUMENT) in SHEETS else "odt"


def refuse_bombs(source: Source, kind: str) -> None:
    """Refuses by the declared sizes; zipfile never unpacks more of a part than it declares."""
    try:
        with zipfile.ZipFile(source.open()) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise refused(1, "", "", "file_readable", kind=kind) from error
    if any(part.compress_type not in PLAIN for part in parts):
        raise refused(1, "", "", "file_readable", kind=kind)
    packed_too_well = any(part.file_size > max(SMALL, RATIO_LIMIT * part.compress_size) for part in parts)
    if packed_too_well or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise refused(1, "", "", "file_size", limit=UNPACKED_LIMIT >> 20)
