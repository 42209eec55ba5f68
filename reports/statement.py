"""A statement as a PDF, for readers who know nothing of the bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import matplotlib
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace, TTFFont

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # DejaVu: Latin with all accents, Cyrillic, Greek, €
INK, GREY, BLUE, PALE = (34, 34, 34), (110, 110, 110), (0, 114, 178), (238, 244, 248)
MARGIN, LINE = 18, 5.2  # millimetres


@dataclass(frozen=True, slots=True)
class Section:
    """One currency: sums that make the closing balance of the opening one, then the lines they come from."""

    title: str
    summary: Sequence[tuple[str, str, bool]]  # (what, amount, whether it is a balance)
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    nothing: str


@dataclass(frozen=True, slots=True)
class Document:
    """`about` are (what, value) pairs; `notes` say what this is; `page` has {page} and {pages}."""

    platform: str
    title: str
    period: str
    about: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    notes_title: str
    notes: Sequence[str]
    page: str
    footer: str


def statement_pdf(document: Document) -> bytes:
    sheet = _Sheet(document)
    sheet.add_page()
    sheet.about()
    for section in document.sections:
        sheet.section(section)
    sheet.notes()
    return bytes(sheet.output())


class _Sheet(FPDF):
    """A4, one column, a head on the first page and a foot on each."""

    def __init__(self, document: Document) -> None:
        super().__init__(format="A4")
        self.document = document
        self.set_title(f"{document.platform}: {document.title}, {document.period}")
        self.add_font("sans", "", FONTS / "DejaVuSans.ttf")
        self.add_font("sans", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN + 6)
        self.alias_nb_pages("{pages}")

    def header(self) -> None:
        """The first page has the full heading; the others repeat it small."""
        first = self.page_no() == 1
        self._pen(18 if first else 9, bold=True, colour=BLUE)
        self.cell(80, 9 if first else 5, self.document.platform)
        self._pen(9, colour=GREY)
        self.cell(0, 9 if first else 5, "" if first else f"{self.document.title} · {self.document.period}", align="R")
        self.ln(10 if first else 6)
        self.set_draw_color(*BLUE)
        self.set_line_width(0.5 if first else 0.2)
        self.line(MARGIN, self.y, self.w - MARGIN, self.y)
        self.ln(6 if first else 4)

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self._pen(7, colour=GREY)
        self.cell(60, 4, self.document.page.format(page=self.page_no(), pages="{pages}"))
        self.cell(0, 4, self.document.footer, align="R")

    def about(self) -> None:
        self._pen(15, bold=True)
        self.cell(0, 8, self.document.title, new_x="LMARGIN", new_y="NEXT")
        self._pen(11)
        self.cell(0, 7, self.document.period, new_x="LMARGIN", new_y="NEXT")
        self.ln(3)
        for what, value in self.document.about:
            self._pen(9, colour=GREY)
            self.cell(52, LINE, what)
            self._pen(9)
            self.multi_cell(0, LINE, self._known(value), new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(5)

    def section(self, section: Section) -> None:
        self._heading(section.title)
        for what, amount, is_balance in section.summary:
            self._pen(10, bold=is_balance)
            self.set_fill_color(*PALE)
            self.cell(110, 6.4, what, fill=is_balance)
            self.cell(0, 6.4, amount, fill=is_balance, align="R", new_x="LMARGIN", new_y="NEXT")
        self.ln(5)
        self._pen(8.5)
        if not section.rows:
            self.cell(0, LINE, section.nothing, new_x="LMARGIN", new_y="NEXT")
        else:
            self._lines(section)
        self.ln(6)

    def _lines(self, section: Section) -> None:
        self.set_draw_color(200, 200, 200)
        self.set_line_width(0.1)
        self.set_fill_color(255, 255, 255)
        heading = FontFace(emphasis="BOLD", color=INK, fill_color=PALE)
        widths, sides = (24, 76, 22, 26, 26), ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT")
        style = {"col_widths": widths, "text_align": sides, "headings_style": heading, "line_height": LINE}
        with self.table(borders_layout=TableBordersLayout.HORIZONTAL_LINES, padding=0.7, **style) as table:
            for cells in (section.headings, *section.rows):
                table.row([self._known(cell) for cell in cells])

    def notes(self) -> None:
        if self.will_page_break(40):
            self.add_page()
        self._heading(self.document.notes_title)
        self._pen(8.5)
        for note in self.document.notes:
            self.multi_cell(0, 4.6, self._known(note), new_x="LMARGIN", new_y="NEXT", align="L")
            self.ln(1.5)

    def _heading(self, text: str) -> None:
        self._pen(11, bold=True, colour=BLUE)
        self.cell(0, 8, text, new_x="LMARGIN", new_y="NEXT")

    def _pen(self, size: float, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.set_font("sans", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _known(self, text: str) -> str:
        """Text without characters the font lacks, such as emoji in a name."""
        drawn = cast(TTFFont, self.fonts["sans"]).cmap
        return "".join(sign for sign in text if ord(sign) in drawn)
