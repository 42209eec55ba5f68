"""A record of work on one page: figures for people's eyes, and a QR code that holds the signed record."""

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


def qr_png(text: str) -> bytes:
    """The code as a picture; the least correction, so that its squares are as large as they can be."""
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
