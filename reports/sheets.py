"""Pages as fpdf2 draws them; it is loaded with the first document (`statement_pdf`, `record_pdf`,
`data_sheet_pdf`)."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

import matplotlib
from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from fpdf.enums import TableBordersLayout, TextDirection
from fpdf.fonts import FontFace, TTFFont

from reports.data_sheet import DataSheet, DataSheetPart
from reports.statement import Document, Section, draw_qr_code

LAM, ALEFS, TATWEEL = "\u0644", "\u0622\u0623\u0625\u0627", "\u0640"
PRESENTATION_BLOCKS = (range(0xFB50, 0xFBB2), range(0xFE70, 0xFEFD))  # Arabic presentation forms
ISOLATED, FINAL, INITIAL, MEDIAL = "<isolated>", "<final>", "<initial>", "<medial>"


def is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)


def to_visual_order(text: str) -> str:
    """Return one line in the order in which it is drawn, in a paragraph that is written from left to right."""
    return BidiParagraph(_shape_letters(text), TextDirection.LTR).get_reordered_string()


def _shape_letters(text: str) -> str:
    """Return letters in the form that their neighbours ask for; marks above and below do not part them."""
    letters = _split_letters(text)
    bases = [index for index, sign in enumerate(letters) if not unicodedata.combining(sign[0])]
    for position, index in enumerate(bases):
        before = letters[bases[position - 1]] if position else ""
        after = letters[bases[position + 1]] if position + 1 < len(bases) else ""
        joins = (
            _joins_next(before) and _joins_previous(letters[index]),
            _joins_next(letters[index]) and _joins_previous(after),
        )
        form = {(True, True): MEDIAL, (True, False): FINAL, (False, True): INITIAL}.get(joins, ISOLATED)
        letters[index] = _ShapedLetter(
            letters[index], _presentation_forms().get((letters[index], form), letters[index])
        )
    return "".join(sign.drawn if isinstance(sign, _ShapedLetter) else sign for sign in letters)


class _ShapedLetter(str):
    """A letter that still knows itself, and the form it is drawn in."""

    drawn: str

    def __new__(cls, letter: str, drawn: str) -> "_ShapedLetter":
        shaped = super().__new__(cls, letter)
        shaped.drawn = drawn
        return shaped


def _split_letters(text: str) -> list[str]:
    """Return a text sign by sign; lam and alef are one."""
    letters: list[str] = []
    for sign in text:
        if letters and letters[-1] == LAM and sign in ALEFS:
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


def _joins_next(letter: str) -> bool:
    """Return whether a letter joins the one after it."""
    return letter == TATWEEL or (letter, INITIAL) in _presentation_forms()


def _joins_previous(letter: str) -> bool:
    return letter == TATWEEL or (letter, FINAL) in _presentation_forms()


@cache
def _presentation_forms() -> dict[tuple[str, str], str]:
    forms = {}
    for sign in (chr(code) for block in PRESENTATION_BLOCKS for code in block):
        kind, *letters = unicodedata.decomposition(sign).split() or [""]
        base = "".join(chr(int(letter, 16)) for letter in letters)
        if kind in (ISOLATED, FINAL, INITIAL, MEDIAL) and (len(base) == 1 or base in {LAM + alef for alef in ALEFS}):
            forms[base, kind] = sign
    return forms


FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # DejaVu: Latin with all accents, Cyrillic, Greek, €
INK, GREY, BLUE, PALE = (34, 34, 34), (110, 110, 110), (0, 114, 178), (238, 244, 248)
MARGIN_MM, LINE_MM = 18, 5.2  # millimetres
QR_SIDE_MM = 92  # millimetres of a record's QR code: it holds some 900 characters
LABEL_WIDTH_MM = 52  # millimetres of the names in a statement's head
CELL_PADDING_MM = 2  # millimetres that a cell keeps around its text
MISSING_GLYPH = "\u25a1"  # a letter of a script that the font lacks
SHEET_LINE_MM, SHEET_LABEL_MM = 4.5, 44  # millimetres, of a data sheet: of a line, and the width of what is named


class Sheet(FPDF):
    """A4, one column, one face in two weights."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.add_font("sans", "", FONTS / "DejaVuSans.ttf")
        self.add_font("sans", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_margin(MARGIN_MM)

    def pen(self, size: float, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.set_font("sans", "B" if bold else "", size)
        self.set_text_color(*colour)

    def drawable(self, text: str, width: float = 0) -> str:
        """Return a text as it can be drawn in so many millimetres: no emoji, and a box for a letter that the font
        lacks.

        Text from right to left is broken into lines here, before it is turned round."""
        if is_right_to_left(text):
            text = "\n".join(self._break_right_to_left(text, width or self.epw))
        drawn = cast(TTFFont, self.fonts["sans"]).cmap
        signs = (
            sign if ord(sign) in drawn or sign == "\n" else MISSING_GLYPH if sign.isalpha() else "" for sign in text
        )
        return "".join(signs)

    def _break_right_to_left(self, text: str, width: float) -> Iterator[str]:
        """Yield the lines of a text from right to left, each in the order in which it is drawn."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.get_string_width(longer) > width - CELL_PADDING_MM:
                yield to_visual_order(line)
                longer = word
            line = longer
        yield to_visual_order(line)


class StatementSheet(Sheet):
    """A4, one column, a head on the first page and a foot on each."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.set_title(f"{document.platform}: {document.title}, {document.period}")
        self.set_auto_page_break(True, MARGIN_MM + 6)
        self.alias_nb_pages("{pages}")

    def header(self) -> None:
        """The first page has the full heading; the others repeat it small."""
        is_first_page = self.page_no() == 1
        self.pen(18 if is_first_page else 9, bold=True, colour=BLUE)
        self.cell(80, 9 if is_first_page else 5, self.document.platform)
        self.pen(9, colour=GREY)
        self.cell(
            0,
            9 if is_first_page else 5,
            "" if is_first_page else f"{self.document.title} · {self.document.period}",
            align="R",
        )
        self.ln(10 if is_first_page else 6)
        self.set_draw_color(*BLUE)
        self.set_line_width(0.5 if is_first_page else 0.2)
        self.line(MARGIN_MM, self.y, self.w - MARGIN_MM, self.y)
        self.ln(6 if is_first_page else 4)

    def footer(self) -> None:
        self.set_y(-MARGIN_MM)
        self.pen(7, colour=GREY)
        self.cell(60, 4, self.document.page.format(page=self.page_no(), pages="{pages}"))
        self.cell(0, 4, self.document.footer, align="R")

    def draw_facts(self) -> None:
        self.pen(15, bold=True)
        self.cell(0, 8, self.document.title, new_x="LMARGIN", new_y="NEXT")
        self.pen(11)
        self.cell(0, 7, self.document.period, new_x="LMARGIN", new_y="NEXT")
        self.ln(3)
        for what, value in self.document.facts:
            self.pen(9, colour=GREY)
            self.cell(LABEL_WIDTH_MM, LINE_MM, what)
            self.pen(9)
            self.multi_cell(
                0, LINE_MM, self.drawable(value, self.epw - LABEL_WIDTH_MM), new_x="LMARGIN", new_y="NEXT", align="L"
            )
        self.ln(5)

    def section(self, section: Section) -> None:
        self._heading(section.title)
        for what, amount, is_balance in section.summary:
            self.pen(10, bold=is_balance)
            self.set_fill_color(*PALE)
            self.cell(110, 6.4, what, fill=is_balance)
            self.cell(0, 6.4, amount, fill=is_balance, align="R", new_x="LMARGIN", new_y="NEXT")
        self.ln(5)
        self.pen(8.5)
        if not section.rows:
            self.cell(0, LINE_MM, section.nothing, new_x="LMARGIN", new_y="NEXT")
        else:
            self._lines(section)
        self.ln(6)

    def _lines(self, section: Section) -> None:
        self.set_draw_color(200, 200, 200)
        self.set_line_width(0.1)
        self.set_fill_color(255, 255, 255)
        heading = FontFace(emphasis="BOLD", color=INK, fill_color=PALE)
        widths, sides = section.widths, ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT")
        style = {"col_widths": widths, "text_align": sides, "headings_style": heading, "line_height": LINE_MM}
        with self.table(borders_layout=TableBordersLayout.HORIZONTAL_LINES, padding=0.7, **style) as table:
            for cells in (section.headings, *section.rows):
                table.row([self.drawable(cell, width) for cell, width in zip(cells, widths, strict=True)])

    def notes(self) -> None:
        if self.will_page_break(40):
            self.add_page()
        self._heading(self.document.notes_title)
        self.pen(8.5)
        for note in self.document.notes:
            self.multi_cell(0, 4.6, self.drawable(note), new_x="LMARGIN", new_y="NEXT", align="L")
            self.ln(1.5)

    def _heading(self, text: str) -> None:
        self.pen(11, bold=True, colour=BLUE)
        self.cell(0, 8, text, new_x="LMARGIN", new_y="NEXT")


class RecordSheet(Sheet):
    """A4, all on one page."""

    def heading(self, title: str) -> None:
        self.pen(18, bold=True, colour=BLUE)
        self.cell(0, 10, self.drawable(title), new_x="LMARGIN", new_y="NEXT")
        self.set_draw_color(*BLUE)
        self.set_line_width(0.5)
        self.line(MARGIN_MM, self.y + 1, self.w - MARGIN_MM, self.y + 1)
        self.ln(5)

    def figures(self, lines: Sequence[Sequence[str]]) -> None:
        for what, value in lines:
            self.pen(9.5, colour=GREY)
            self.cell(62, 6, self.drawable(what))
            self.pen(10)
            self.multi_cell(0, 6, self.drawable(value), new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(3)

    def code(self, text: str) -> None:
        self.image(BytesIO(draw_qr_code(text)), x=(self.w - QR_SIDE_MM) / 2, y=self.y, w=QR_SIDE_MM)
        self.set_y(self.y + QR_SIDE_MM + 3)

    def notes(self, notes: Sequence[str], footer: str) -> None:
        self.pen(8.5)
        for note in notes:
            self.multi_cell(0, LINE_MM - 0.6, self.drawable(note), new_x="LMARGIN", new_y="NEXT", align="L")
            self.ln(1)
        self.set_y(-MARGIN_MM)
        self.pen(7, colour=GREY)
        self.cell(0, 4, self.drawable(footer), align="R")


class DataSheetPage(Sheet):
    """A4, all on one page."""

    def head(self, sheet: DataSheet) -> None:
        self.pen(9, colour=GREY)
        self.cell(0, 4, sheet.title, new_x="LMARGIN", new_y="NEXT")
        self.pen(15, bold=True, colour=BLUE)
        self.multi_cell(0, 7, self.drawable(sheet.project), new_x="LMARGIN", new_y="NEXT", align="L")
        self.set_draw_color(*BLUE)
        self.set_line_width(0.5)
        self.line(MARGIN_MM, self.y + 1, self.w - MARGIN_MM, self.y + 1)
        self.ln(3)

    def part(self, part: DataSheetPart) -> None:
        self._heading(part.title)
        for what, value in part.lines:
            self.pen(8.5, colour=GREY)
            self.cell(SHEET_LABEL_MM, SHEET_LINE_MM, what)
            self.pen(8.5)
            self.multi_cell(0, SHEET_LINE_MM, self.drawable(value), new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(1.5)

    def notes(self, sheet: DataSheet) -> None:
        self._heading(sheet.notes_title)
        self.pen(8)
        for note in sheet.notes:
            self.multi_cell(0, 4.1, self.drawable(f"• {note}"), new_x="LMARGIN", new_y="NEXT", align="L")
        self.set_y(-11)
        self.pen(7, colour=GREY)
        self.cell(0, 4, sheet.footer, align="R")

    def _heading(self, text: str) -> None:
        self.pen(9.5, bold=True, colour=BLUE)
        self.cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
