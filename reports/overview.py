"""The picture of /admin: tiles, a day's answers, a day's money, verification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reports.pictures import BLUE, INK, ORANGE, empty, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (5.4, 7.6)  # inches: upright, as phones are held
PALE, WARM, GREY, RED = "#EEF4F8", "#FDF1DC", "#6E6E6E", "#B34700"
ACROSS = 3  # tiles a row


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
    first: str
    last: str
    most: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A bar of money: `value` is its length."""

    label: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line with a check mark or an alarm."""

    text: str
    alarm: bool = False


def overview_picture(
    title: str, tiles: Sequence[Tile], day: Day, money: str, sums: Sequence[Sum], notes: Sequence[Note]
) -> bytes:
    figure = empty(SIZE, facecolor="white")
    figure.text(0.05, 0.965, title, color=INK, fontsize=16, fontweight="bold", va="center", parse_math=False)
    _draw_tiles(_place(figure, 0.625, 0.315), tiles)
    _draw_day(_place(figure, 0.41, 0.145), day)
    _draw_sums(_place(figure, 0.175, 0.145), money, sums)
    for row, note in enumerate(notes):
        colour = RED if note.alarm else INK
        figure.text(0.05, 0.115 - 0.037 * row, note.text, color=colour, fontsize=11.5, va="center", parse_math=False)
    return png(figure)


def _place(figure: Figure, bottom: float, height: float) -> Axes:
    return figure.add_axes((0.05, bottom, 0.9, height))


def _draw_tiles(axes: Axes, tiles: Sequence[Tile]) -> None:
    from matplotlib.patches import FancyBboxPatch  # here: matplotlib is loaded with the first picture

    axes.set_xlim(0, ACROSS)
    axes.set_ylim(-(-len(tiles) // ACROSS), 0)
    axes.axis("off")
    for at, tile in enumerate(tiles):
        left, top = at % ACROSS, at // ACROSS
        colour = WARM if tile.alarm else PALE
        box = FancyBboxPatch((left + 0.05, top + 0.08), 0.9, 0.84, "round,pad=0,rounding_size=0.06", fc=colour, lw=0)
        axes.add_patch(box)
        words: Any = {"ha": "center", "va": "center", "parse_math": False}
        axes.text(left + 0.5, top + 0.25, tile.name, color=INK, fontsize=10.5, **words)
        figure_colour = RED if tile.alarm else BLUE
        axes.text(left + 0.5, top + 0.52, tile.figure, color=figure_colour, fontsize=20, fontweight="bold", **words)
        axes.text(left + 0.5, top + 0.79, tile.note, color=GREY, fontsize=9.5, **words)


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, color=INK, fontsize=12, fontweight="bold", loc="left", pad=6, parse_math=False)


def _draw_day(axes: Axes, day: Day) -> None:
    _title(axes, day.title)
    most = max(1, *day.counts)
    bars = axes.bar(range(len(day.counts)), day.counts, color=BLUE, width=0.8)
    bars[-1].set_alpha(0.45)  # the hour that is not over
    highest = max(range(len(day.counts)), key=day.counts.__getitem__) if any(day.counts) else len(day.counts) // 2
    above = day.counts[highest] + most * 0.05 if any(day.counts) else most / 2
    axes.text(highest, above, day.most, ha="center", color=INK, fontsize=10.5, parse_math=False)
    axes.set_xlim(-0.6, len(day.counts) - 0.4)
    axes.set_ylim(0, most * 1.3)
    axes.set_xticks([0, len(day.counts) - 1], [day.first, day.last], color=GREY, fontsize=10.5)
    sides: tuple[Literal["left", "right"], ...] = ("left", "right")
    for label, side in zip(axes.get_xticklabels(), sides, strict=True):
        label.set_horizontalalignment(side)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color("#BBBBBB")


def _draw_sums(axes: Axes, title: str, sums: Sequence[Sum]) -> None:
    _title(axes, title)
    most = max(1, *(each.value for each in sums))
    for row, each in enumerate(sums):
        axes.text(0, row, each.label, va="center", color=INK, fontsize=11, parse_math=False)
        axes.barh(row, 0.36 * each.value / most, left=0.34, color=ORANGE, height=0.55)
        end = 0.36 + 0.36 * each.value / most
        axes.text(end, row, each.text, va="center", color=INK, fontsize=11, fontweight="bold", parse_math=False)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(sums) - 0.45, -0.55)
    axes.axis("off")
