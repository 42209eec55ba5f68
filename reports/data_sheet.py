"""A project's data sheet: one page for those who use its results and know nothing of the bot."""

from collections.abc import Sequence
from dataclasses import dataclass


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
    from reports.sheets import DataSheetPage  # here: the bot starts without fpdf2

    page = DataSheetPage()
    page.set_title(f"{of.title}: {of.project}")
    page.set_auto_page_break(False)
    page.add_page()
    page.head(of)
    for part in of.parts:
        page.part(part)
    page.notes(of)
    return bytes(page.output())
