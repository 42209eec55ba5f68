"""A statement as a PDF, for readers who know nothing of the bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import segno


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`lines` are (what, value) pairs, `notes` say how it is checked; `text` is the signed record."""

    title: str
    lines: Sequence[Sequence[str]]
    notes: Sequence[str]
    text: str
    footer: str


def draw_qr_code(text: str) -> bytes:
    """Return a QR code as PNG, with the least correction, so that its squares are as large as they can be."""
    drawn = BytesIO()
    segno.make(text, error="l", micro=False).save(drawn, kind="png", scale=6, border=4)
    return drawn.getvalue()


def record_pdf(page: RecordPage) -> bytes:
    from reports.sheets import RecordSheet  # here: the bot starts without fpdf2

    sheet = RecordSheet()
    sheet.set_title(page.title)
    sheet.set_auto_page_break(False)
    sheet.add_page()
    sheet.heading(page.title)
    sheet.figures(page.lines)
    sheet.code(page.text)
    sheet.notes(page.notes, page.footer)
    return bytes(sheet.output())


@dataclass(frozen=True, slots=True)
class Section:
    """One currency: sums that make the closing balance of the opening one, then the lines they come from."""

    title: str
    summary: Sequence[tuple[str, str, bool]]  # (what, amount, whether it is a balance)
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    nothing: str
    widths: Sequence[int] = (24, 76, 22, 26, 26)  # of the five columns, in millimetres: 174 in all


@dataclass(frozen=True, slots=True)
class Document:
    """`about` are (what, value) pairs; `notes` say what this is; `page` has {page} and {pages}."""

    platform: str
    title: str
    period: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    notes_title: str
    notes: Sequence[str]
    page: str
    footer: str


def shorten(title: str, max_chars: int = 60) -> str:
    """Return a title of at most `max_chars`, cut behind a word where there is one in its second half."""
    if len(title) <= max_chars:
        return title
    begin = title[: max_chars - 1]
    return f"{begin[: end if (end := begin.rfind(' ')) > max_chars // 2 else None].rstrip()}…"


def statement_pdf(document: Document) -> bytes:
    from reports.sheets import StatementSheet  # here: the bot starts without fpdf2

    sheet = StatementSheet(document)
    sheet.add_page()
    sheet.draw_facts()
    for section in document.sections:
        sheet.section(section)
    sheet.notes()
    return bytes(sheet.output())
