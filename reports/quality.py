"""How sure a project's results are, as a picture: figures and words in, PNG out."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Blue and orange of Okabe and Ito, told apart by everybody (https://jfly.uni-koeln.de/color/).
BLUE, ORANGE, GREY, INK = "#0072B2", "#E69F00", "#D9D9D9", "#222222"
SIZE, DOTS = (6.4, 4.4), 150  # inches, dots an inch


@dataclass(frozen=True, slots=True)
class Share:
    """A bar: `label` names it, `value` is 0…1 or None where nothing is known, `text` stands at its end."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts` of tasks under `labels`, with a title and the words of both axes."""

    title: str
    labels: Sequence[str]
    counts: Sequence[int]
    across: str
    up: str


def quality_picture(title: str, shares: Sequence[Share], histogram: Histogram) -> bytes:
    figure = Figure(figsize=SIZE, dpi=DOTS, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    figure.suptitle(title, color=INK, fontsize=13, parse_math=False)
    above, below = figure.subplots(2, 1, height_ratios=(1, 2.2))
    _draw_shares(above, shares)
    _draw_histogram(below, histogram)
    made = BytesIO()
    canvas.print_png(made)  # type: ignore[no-untyped-call] # it ships no types
    return made.getvalue()


def _draw_shares(axes: Axes, shares: Sequence[Share]) -> None:
    rows = range(len(shares))
    for row, share, colour in zip(rows, shares, (BLUE, ORANGE), strict=False):
        axes.barh(row, 1, color=GREY, height=0.6)
        axes.barh(row, share.value or 0, color=colour, height=0.6)
        axes.text(1.02, row, share.text, va="center", color=INK, fontsize=10, parse_math=False)
    axes.set_yticks(list(rows), [share.label for share in shares], color=INK, fontsize=10)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.3)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)


def _draw_histogram(axes: Axes, of: Histogram) -> None:
    bars = axes.bar(range(len(of.counts)), of.counts, color=BLUE, width=0.85)
    axes.bar_label(bars, color=INK, fontsize=9)
    axes.set_xticks(range(len(of.labels)), of.labels, color=INK, fontsize=9)
    axes.set_title(of.title, color=INK, fontsize=11)
    axes.set_xlabel(of.across, color=INK, fontsize=10)
    axes.set_ylabel(of.up, color=INK, fontsize=10)
    axes.set_yticks([])
    axes.spines[["top", "right", "left"]].set_visible(False)
