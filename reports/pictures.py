"""The base of all pictures: colours, an empty figure, and its PNG.

matplotlib is loaded with the first picture: its import takes as long as a third of the bot's start."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Blue and orange of Okabe and Ito, distinguishable by colour-blind readers (https://jfly.uni-koeln.de/color/).
BLUE, ORANGE, INK = "#0072B2", "#E69F00", "#222222"
DOTS = 150  # an inch


def empty(size: tuple[float, float], **look: Any) -> Figure:
    """`size` in inches; `look` as matplotlib's Figure has it."""
    from matplotlib.figure import Figure

    return Figure(figsize=size, dpi=DOTS, **look)


def png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    made = BytesIO()
    FigureCanvasAgg(figure).print_png(made)  # type: ignore[no-untyped-call] # it ships no types
    return made.getvalue()
