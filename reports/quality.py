"""The picture of a project's quality: figures and words in, PNG out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.pictures import BLUE, INK, ORANGE, empty, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREY = "#D9D9D9"
SIZE = (6.4, 5.0)  # inches
LARGE, SMALL = 14, 11  # points: read on a phone


@dataclass(frozen=True, slots=True)
class Share:
    """A bar: `label` names it, `value` is 0…1 or None where nothing is known, `text` stands at its end."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts` of tasks under `labels`, each with its `text` above it; a title and the words of both axes."""

    title: str
    labels: Sequence[str]
    counts: Sequence[int]
    texts: Sequence[str]
    across: str
    up: str


def quality_picture(title: str, shares: Sequence[Share], histogram: Histogram) -> bytes:
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # here: matplotlib is loaded with the first picture

    figure = empty(SIZE, layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.12, hspace=0.06))
    figure.suptitle(title, color=INK, fontsize=LARGE, fontweight="bold", parse_math=False)
    above, below = figure.subplots(2, 1, height_ratios=(1, 2.4))
    _draw_shares(above, shares)
    _draw_histogram(below, histogram)
    return png(figure)


def _draw_shares(axes: Axes, shares: Sequence[Share]) -> None:
    rows = range(len(shares))
    for row, share, colour in zip(rows, shares, (BLUE, ORANGE), strict=False):
        axes.barh(row, 1, color=GREY, height=0.5)
        axes.barh(row, share.value or 0, color=colour, height=0.5)
        axes.text(1.02, row, share.text, va="center", color=INK, fontsize=SMALL, parse_math=False)
    axes.set_yticks(list(rows), [share.label for share in shares], color=INK, fontsize=SMALL)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.45)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _draw_histogram(axes: Axes, of: Histogram) -> None:
    bars = axes.bar(range(len(of.counts)), of.counts, color=BLUE, width=0.85)
    axes.bar_label(bars, of.texts, color=INK, fontsize=SMALL, padding=2)
    axes.set_ylim(0, max(1.0, 1.12 * max(of.counts, default=0)))
    axes.set_xticks(range(len(of.labels)), of.labels, color=INK, fontsize=SMALL)
    axes.set_title(of.title, color=INK, fontsize=SMALL + 1, pad=10)
    axes.set_xlabel(of.across, color=INK, fontsize=SMALL)
    axes.set_ylabel(of.up, color=INK, fontsize=SMALL)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
