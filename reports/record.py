"""A record of work on one page: figures for people's eyes, and a QR code that holds the signed record."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import cast

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from reports.statement import BLUE, FONTS, GREY, INK, LINE, MARGIN

SIDE = 92  # millimetres of the QR code: it holds some 900 characters


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
    sheet = _Sheet(format="A4")
    sheet.set_title(page.title)
    sheet.add_font("sans", "", FONTS / "DejaVuSans.ttf")
    sheet.add_font("sans", "B", FONTS / "DejaVuSans-Bold.ttf")
    sheet.set_margin(MARGIN)
    sheet.set_auto_page_break(False)
    sheet.add_page()
    sheet.heading(page.title)
    sheet.figures(page.lines)
    sheet.code(page.text)
    sheet.notes(page.notes, page.footer)
    return bytes(sheet.output())


class _Sheet(FPDF):
    """A4, all on one page."""

    def heading(self, title: str) -> None:
        self._pen(18, bold=True, colour=BLUE)
        self.cell(0, 10, self._known(title), new_x="LMARGIN", new_y="NEXT")
        self.set_draw_color(*BLUE)
        self.set_line_width(0.5)
        self.line(MARGIN, self.y + 1, self.w - MARGIN, self.y + 1)
        self.ln(5)

    def figures(self, lines: Sequence[Sequence[str]]) -> None:
        for what, value in lines:
            self._pen(9.5, colour=GREY)
            self.cell(62, 6, self._known(what))
            self._pen(10)
            self.multi_cell(0, 6, self._known(value), new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(3)

    def code(self, text: str) -> None:
        self.image(BytesIO(qr_png(text)), x=(self.w - SIDE) / 2, y=self.y, w=SIDE)
        self.set_y(self.y + SIDE + 3)

    def notes(self, notes: Sequence[str], footer: str) -> None:
        self._pen(8.5)
        for note in notes:
            self.multi_cell(0, LINE - 0.6, self._known(note), new_x="LMARGIN", new_y="NEXT", align="L")
            self.ln(1)
        self.set_y(-MARGIN)
        self._pen(7, colour=GREY)
        self.cell(0, 4, self._known(footer), align="R")

    def _pen(self, size: float, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.set_font("sans", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _known(self, text: str) -> str:
        """Text without characters the font lacks, such as emoji in a name."""
        drawn = cast(TTFFont, self.fonts["sans"]).cmap
        return "".join(sign for sign in text if ord(sign) in drawn)
