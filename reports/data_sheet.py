"""A project's data sheet: one page for those who use its results and know nothing of the bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from fpdf import FPDF
from fpdf.fonts import TTFFont

from reports.statement import BLUE, FONTS, GREY, INK, MARGIN

LINE, NAMES = 4.5, 44  # millimetres: of a line, and the width of what is named


@dataclass(frozen=True, slots=True)
class Part:
    """(what, value) pairs under a title."""

    title: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DataSheet:
    """`notes` are what the figures do not say; `footer` says who made the page and when."""

    title: str
    project: str
    parts: Sequence[Part]
    notes_title: str
    notes: Sequence[str]
    footer: str


def data_sheet_pdf(of: DataSheet) -> bytes:
    page = _Page(format="A4")
    page.set_title(f"{of.title}: {of.project}")
    page.add_font("sans", "", FONTS / "DejaVuSans.ttf")
    page.add_font("sans", "B", FONTS / "DejaVuSans-Bold.ttf")
    page.set_margin(MARGIN)
    page.set_auto_page_break(False)
    page.add_page()
    page.head(of)
    for part in of.parts:
        page.part(part)
    page.notes(of)
    return bytes(page.output())


class _Page(FPDF):
    """A4, all on one page."""

    def head(self, of: DataSheet) -> None:
        self._pen(9, colour=GREY)
        self.cell(0, 4, of.title, new_x="LMARGIN", new_y="NEXT")
        self._pen(15, bold=True, colour=BLUE)
        self.multi_cell(0, 7, self._known(of.project), new_x="LMARGIN", new_y="NEXT", align="L")
        self.set_draw_color(*BLUE)
        self.set_line_width(0.5)
        self.line(MARGIN, self.y + 1, self.w - MARGIN, self.y + 1)
        self.ln(3)

    def part(self, of: Part) -> None:
        self._heading(of.title)
        for what, value in of.lines:
            self._pen(8.5, colour=GREY)
            self.cell(NAMES, LINE, what)
            self._pen(8.5)
            self.multi_cell(0, LINE, self._known(value), new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(1.5)

    def notes(self, of: DataSheet) -> None:
        self._heading(of.notes_title)
        self._pen(8)
        for note in of.notes:
            self.multi_cell(0, 4.1, self._known(f"• {note}"), new_x="LMARGIN", new_y="NEXT", align="L")
        self.set_y(-11)
        self._pen(7, colour=GREY)
        self.cell(0, 4, of.footer, align="R")

    def _heading(self, text: str) -> None:
        self._pen(9.5, bold=True, colour=BLUE)
        self.cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")

    def _pen(self, size: float, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.set_font("sans", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _known(self, text: str) -> str:
        """Text without characters the font lacks, such as emoji in a title."""
        drawn = cast(TTFFont, self.fonts["sans"]).cmap
        return "".join(sign for sign in text if ord(sign) in drawn)
