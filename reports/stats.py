"""The picture of /stats: number of workers, and a month's earnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.pictures import BLUE, INK, ORANGE, empty, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
