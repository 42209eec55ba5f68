"""A project's data sheet: one page for those who use its results and know nothing of the bot."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.pictures import BLUE, INK, ORANGE, draw_png, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class DataSheetPart:
    """Pairs of a name and a value under a title."""

    title: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DataSheet:
    """A project's data sheet. `notes` are limits of the figures; `footer` names who made the page and when."""

    title: str
    project: str
    parts: Sequence[DataSheetPart]
    notes_title: str
    notes: Sequence[str]
    footer: str


def data_sheet_pdf(sheet: DataSheet) -> bytes:
    """Return the data sheet as a PDF of one page."""
    from reports.sheets import DataSheetPage  # here: the bot starts without fpdf2

    page = DataSheetPage()
    page.set_title(f"{sheet.title}: {sheet.project}")
    page.set_auto_page_break(False)
    page.add_page()
    page.head(sheet)
    for part in sheet.parts:
        page.part(part)
    page.notes(sheet)
    return bytes(page.output())


SIZE_CLASSES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
MARKDOWN_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~])")


def dataset_card(sheet: DataSheet, languages: Sequence[str], rows: int, files: Sequence[tuple[str, str]]) -> str:
    """Return the README of a data set as Hugging Face reads it: metadata, then the data sheet in Markdown.

    `files` are the names of the tables and their paths; the first one opens by itself. The card names no licence: its
    owner chooses it."""
    return "\n".join(["---", *_card_metadata(sheet, languages, rows, files), "---", "", *_card_text(sheet)]) + "\n"


def _card_metadata(
    sheet: DataSheet, languages: Sequence[str], rows: int, files: Sequence[tuple[str, str]]
) -> list[str]:
    """Return the card's metadata as YAML, whose texts are JSON's."""
    size = next((name for limit, name in SIZE_CLASSES if rows < limit), "1M<n<10M")
    lines = [f"pretty_name: {json.dumps(sheet.project, ensure_ascii=False)}"]
    if languages:
        lines += ["language:", *(f"- {json.dumps(language)}" for language in languages)]
    lines += ["tags:", "- crowdsourcing", "- human-annotated", "size_categories:", f"- {size}", "configs:"]
    for position, (name, path) in enumerate(files):
        lines += [f"- config_name: {name}", *(["  default: true"] if position == 0 else [])]
        lines += ["  data_files:", "  - split: train", f"    path: {path}"]
    return lines


def _card_text(sheet: DataSheet) -> list[str]:
    lines = [f"# {_escape_markdown(sheet.project)}", ""]
    for part in sheet.parts:
        pairs = [f"- **{_escape_markdown(what)}**: {_escape_markdown(value)}" for what, value in part.lines]
        lines += [f"## {_escape_markdown(part.title)}", "", *pairs, ""]
    notes = [f"- {_escape_markdown(note)}" for note in sheet.notes]
    return [*lines, f"## {_escape_markdown(sheet.notes_title)}", "", *notes, "", _escape_markdown(sheet.footer)]


def _escape_markdown(text: str) -> str:
    """Return one line in which nothing is markup: titles and instructions are strangers' words."""
    return MARKDOWN_MARKS.sub(r"\\\1", " ".join(text.split()))


PICTURE_INCHES = (5.2, 6.2)  # inches: upright, as phones are held


@dataclass(frozen=True, slots=True)
class Bar:
    """`label` names it, `value` is its length, `text` stands at its end."""

    label: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """`counts` of people under `labels`, with a title and the words of the axis."""

    title: str
    labels: Sequence[str]
    counts: Sequence[int]
    across: str


def house_picture(title: str, active: Sequence[Bar], paid: Sequence[Bar], chart: ColumnChart) -> bytes:
    """Return a picture of active and paid workers on one scale; below them the month's earnings."""
    figure = new_figure(PICTURE_INCHES, layout="constrained")
    figure.suptitle(title, color=INK, fontsize=14, parse_math=False)
    above, below = figure.subplots(2, 1, height_ratios=(1.5, 1))
    _draw_bars(above, active, paid)
    _draw_month(below, chart)
    return draw_png(figure)


def _draw_bars(axes: Axes, active: Sequence[Bar], paid: Sequence[Bar]) -> None:
    rows = [*range(len(active)), *(index + len(active) + 0.5 for index in range(len(paid)))]
    bars = [*active, *paid]
    longest = max(1, *(bar.value for bar in bars))
    axes.barh(rows, [bar.value for bar in bars], color=[BLUE] * len(active) + [ORANGE] * len(paid), height=0.7)
    for row, bar in zip(rows, bars, strict=True):
        axes.text(bar.value + longest * 0.02, row, bar.text, va="center", color=INK, fontsize=12, parse_math=False)
    axes.set_yticks(rows, [bar.label for bar in bars], color=INK, fontsize=12)
    axes.invert_yaxis()
    axes.set_xlim(0, longest * 1.18)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _draw_month(axes: Axes, chart: ColumnChart) -> None:
    bars = axes.bar(range(len(chart.counts)), chart.counts, color=BLUE, width=0.85)
    axes.bar_label(bars, color=INK, fontsize=11)
    axes.set_xticks(range(len(chart.labels)), chart.labels, color=INK, fontsize=10.5)
    axes.set_title(chart.title, color=INK, fontsize=12, parse_math=False)
    axes.set_xlabel(chart.across, color=INK, fontsize=11, parse_math=False)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.set_ylim(0, max(1, *chart.counts) * 1.15)
    axes.spines[["top", "right", "left"]].set_visible(False)
