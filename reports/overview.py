"""The picture of /admin: tiles, a day's answers, a day's money, verification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reports.pictures import BLUE, INK, ORANGE, draw_png, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


OVERVIEW_INCHES = (5.4, 7.6)  # inches: upright, as phones are held
PALE, WARM, GREY, RED = "#EEF4F8", "#FDF1DC", "#6E6E6E", "#B34700"
TILES_A_ROW = 3  # tiles a row


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its name above and its meaning below; `alarm` where an admin should look."""

    name: str
    figure: str
    note: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """`counts` by hour, the newest last; the words under both ends and over the highest, which stand alone for none."""

    title: str
    counts: Sequence[int]
    first_label: str
    last_label: str
    highest_label: str


@dataclass(frozen=True, slots=True)
class SumBar:
    """A bar of money: `value` is its length."""

    label: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class PictureNote:
    """A line with a check mark or an alarm."""

    text: str
    alarm: bool = False


def overview_picture(
    title: str, tiles: Sequence[Tile], day: Day, money: str, sums: Sequence[SumBar], notes: Sequence[PictureNote]
) -> bytes:
    """Return the picture of /admin."""
    figure = new_figure(OVERVIEW_INCHES, facecolor="white")
    figure.text(0.05, 0.965, title, color=INK, fontsize=16, fontweight="bold", va="center", parse_math=False)
    _draw_tiles(_add_axes(figure, 0.625, 0.315), tiles)
    _draw_day(_add_axes(figure, 0.41, 0.145), day)
    _draw_sums(_add_axes(figure, 0.175, 0.145), money, sums)
    for row, note in enumerate(notes):
        colour = RED if note.alarm else INK
        figure.text(0.05, 0.115 - 0.037 * row, note.text, color=colour, fontsize=11.5, va="center", parse_math=False)
    return draw_png(figure)


def _add_axes(figure: Figure, bottom: float, height: float) -> Axes:
    return figure.add_axes((0.05, bottom, 0.9, height))


def _draw_tiles(axes: Axes, tiles: Sequence[Tile]) -> None:
    from matplotlib.patches import FancyBboxPatch  # here: matplotlib is loaded with the first picture

    axes.set_xlim(0, TILES_A_ROW)
    axes.set_ylim(-(-len(tiles) // TILES_A_ROW), 0)
    axes.axis("off")
    for position, tile in enumerate(tiles):
        column, row = position % TILES_A_ROW, position // TILES_A_ROW
        colour = WARM if tile.alarm else PALE
        box = FancyBboxPatch((column + 0.05, row + 0.08), 0.9, 0.84, "round,pad=0,rounding_size=0.06", fc=colour, lw=0)
        axes.add_patch(box)
        words: Any = {"ha": "center", "va": "center", "parse_math": False}
        axes.text(column + 0.5, row + 0.25, tile.name, color=INK, fontsize=10.5, **words)
        figure_colour = RED if tile.alarm else BLUE
        axes.text(column + 0.5, row + 0.52, tile.figure, color=figure_colour, fontsize=20, fontweight="bold", **words)
        axes.text(column + 0.5, row + 0.79, tile.note, color=GREY, fontsize=9.5, **words)


def _set_title(axes: Axes, text: str) -> None:
    axes.set_title(text, color=INK, fontsize=12, fontweight="bold", loc="left", pad=6, parse_math=False)


def _draw_day(axes: Axes, day: Day) -> None:
    _set_title(axes, day.title)
    highest_count = max(1, *day.counts)
    bars = axes.bar(range(len(day.counts)), day.counts, color=BLUE, width=0.8)
    bars[-1].set_alpha(0.45)  # the hour that is not over
    highest = max(range(len(day.counts)), key=day.counts.__getitem__) if any(day.counts) else len(day.counts) // 2
    above = day.counts[highest] + highest_count * 0.05 if any(day.counts) else highest_count / 2
    axes.text(highest, above, day.highest_label, ha="center", color=INK, fontsize=10.5, parse_math=False)
    axes.set_xlim(-0.6, len(day.counts) - 0.4)
    axes.set_ylim(0, highest_count * 1.3)
    axes.set_xticks([0, len(day.counts) - 1], [day.first_label, day.last_label], color=GREY, fontsize=10.5)
    sides: tuple[Literal["left", "right"], ...] = ("left", "right")
    for label, side in zip(axes.get_xticklabels(), sides, strict=True):
        label.set_horizontalalignment(side)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color("#BBBBBB")


def _draw_sums(axes: Axes, title: str, sums: Sequence[SumBar]) -> None:
    _set_title(axes, title)
    longest = max(1, *(bar.value for bar in sums))
    for row, bar in enumerate(sums):
        axes.text(0, row, bar.label, va="center", color=INK, fontsize=11, parse_math=False)
        axes.barh(row, 0.36 * bar.value / longest, left=0.34, color=ORANGE, height=0.55)
        end = 0.36 + 0.36 * bar.value / longest
        axes.text(end, row, bar.text, va="center", color=INK, fontsize=11, fontweight="bold", parse_math=False)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(sums) - 0.45, -0.55)
    axes.axis("off")


CHART_GREY = "#D9D9D9"
CHART_INCHES = (6.4, 5.0)  # inches
LARGE_POINTS, SMALL_POINTS = 14, 11  # points: read on a phone


@dataclass(frozen=True, slots=True)
class ShareBar:
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


def quality_picture(title: str, shares: Sequence[ShareBar], histogram: Histogram) -> bytes:
    """Return the picture of a project's quality: shares above, a histogram of tasks below."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # here: matplotlib is loaded with the first picture

    figure = new_figure(CHART_INCHES, layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.12, hspace=0.06))
    figure.suptitle(title, color=INK, fontsize=LARGE_POINTS, fontweight="bold", parse_math=False)
    above, below = figure.subplots(2, 1, height_ratios=(1, 2.4))
    _draw_shares(above, shares)
    _draw_histogram(below, histogram)
    return draw_png(figure)


def _draw_shares(axes: Axes, shares: Sequence[ShareBar]) -> None:
    rows = range(len(shares))
    for row, share, colour in zip(rows, shares, (BLUE, ORANGE), strict=False):
        axes.barh(row, 1, color=CHART_GREY, height=0.5)
        axes.barh(row, share.value or 0, color=colour, height=0.5)
        axes.text(1.02, row, share.text, va="center", color=INK, fontsize=SMALL_POINTS, parse_math=False)
    axes.set_yticks(list(rows), [share.label for share in shares], color=INK, fontsize=SMALL_POINTS)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.45)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _draw_histogram(axes: Axes, histogram: Histogram) -> None:
    bars = axes.bar(range(len(histogram.counts)), histogram.counts, color=BLUE, width=0.85)
    axes.bar_label(bars, histogram.texts, color=INK, fontsize=SMALL_POINTS, padding=2)
    axes.set_ylim(0, max(1.0, 1.12 * max(histogram.counts, default=0)))
    axes.set_xticks(range(len(histogram.labels)), histogram.labels, color=INK, fontsize=SMALL_POINTS)
    axes.set_title(histogram.title, color=INK, fontsize=SMALL_POINTS + 1, pad=10)
    axes.set_xlabel(histogram.across, color=INK, fontsize=SMALL_POINTS)
    axes.set_ylabel(histogram.up, color=INK, fontsize=SMALL_POINTS)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
