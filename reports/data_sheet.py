"""A project's data sheet: one page for those who use its results and know nothing of the bot."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.pictures import (
    BLUE,
    INK,
    ORANGE,
    empty,
    png,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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


SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
MARKS = re.compile(r"([\\`*_{}\[\]<>|#~])")


def dataset_card(of: DataSheet, languages: Sequence[str], rows: int, files: Sequence[tuple[str, str]]) -> str:
    """`files` are the names of the tables and their paths; the first one is what opens by itself. No licence: that is
    its owner's to say."""
    return "\n".join(["---", *_head(of, languages, rows, files), "---", "", *_body(of)]) + "\n"


def _head(of: DataSheet, languages: Sequence[str], rows: int, files: Sequence[tuple[str, str]]) -> list[str]:
    """JSON's texts are YAML's."""
    size = next((name for most, name in SIZES if rows < most), "1M<n<10M")
    told = [f"pretty_name: {json.dumps(of.project, ensure_ascii=False)}"]
    if languages:
        told += ["language:", *(f"- {json.dumps(each)}" for each in languages)]
    told += ["tags:", "- crowdsourcing", "- human-annotated", "size_categories:", f"- {size}", "configs:"]
    for at, (name, path) in enumerate(files):
        told += [f"- config_name: {name}", *(["  default: true"] if at == 0 else [])]
        told += ["  data_files:", "  - split: train", f"    path: {path}"]
    return told


def _body(of: DataSheet) -> list[str]:
    found = [f"# {_plain(of.project)}", ""]
    for part in of.parts:
        lines = [f"- **{_plain(what)}**: {_plain(value)}" for what, value in part.lines]
        found += [f"## {_plain(part.title)}", "", *lines, ""]
    notes = [f"- {_plain(each)}" for each in of.notes]
    return [*found, f"## {_plain(of.notes_title)}", "", *notes, "", _plain(of.footer)]


def _plain(text: str) -> str:
    """One line in which nothing is markup: titles and instructions are strangers' words."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))


SIZE = (5.2, 6.2)  # inches: upright, as phones are held


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


def house_picture(title: str, here: Sequence[Bar], paid: Sequence[Bar], month: ColumnChart) -> bytes:
    """Active workers and paid workers on one scale; below them the month's earnings."""
    figure = empty(SIZE, layout="constrained")
    figure.suptitle(title, color=INK, fontsize=14, parse_math=False)
    above, below = figure.subplots(2, 1, height_ratios=(1.5, 1))
    _draw_bars(above, here, paid)
    _draw_month(below, month)
    return png(figure)


def _draw_bars(axes: Axes, here: Sequence[Bar], paid: Sequence[Bar]) -> None:
    rows = [*range(len(here)), *(at + len(here) + 0.5 for at in range(len(paid)))]
    bars = [*here, *paid]
    most = max(1, *(bar.value for bar in bars))
    axes.barh(rows, [bar.value for bar in bars], color=[BLUE] * len(here) + [ORANGE] * len(paid), height=0.7)
    for row, bar in zip(rows, bars, strict=True):
        axes.text(bar.value + most * 0.02, row, bar.text, va="center", color=INK, fontsize=12, parse_math=False)
    axes.set_yticks(rows, [bar.label for bar in bars], color=INK, fontsize=12)
    axes.invert_yaxis()
    axes.set_xlim(0, most * 1.18)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _draw_month(axes: Axes, of: ColumnChart) -> None:
    bars = axes.bar(range(len(of.counts)), of.counts, color=BLUE, width=0.85)
    axes.bar_label(bars, color=INK, fontsize=11)
    axes.set_xticks(range(len(of.labels)), of.labels, color=INK, fontsize=10.5)
    axes.set_title(of.title, color=INK, fontsize=12, parse_math=False)
    axes.set_xlabel(of.across, color=INK, fontsize=11, parse_math=False)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.set_ylim(0, max(1, *of.counts) * 1.15)
    axes.spines[["top", "right", "left"]].set_visible(False)
