"""The base of all pictures: colours, an empty figure, and its PNG.

matplotlib is loaded with the first picture: its import takes as long as a third of the bot's start."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from segno.helpers import make_epc_qr

from domain.money.amounts import as_decimal

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# Blue and orange of Okabe and Ito, distinguishable by colour-blind readers (https://jfly.uni-koeln.de/color/).
BLUE, ORANGE, INK = "#0072B2", "#E69F00", "#222222"
DOTS_AN_INCH = 150  # an inch


def new_figure(size: tuple[float, float], **look: Any) -> Figure:
    """Return an empty figure: `size` in inches, `look` as matplotlib's Figure takes it."""
    from matplotlib.figure import Figure

    return Figure(figsize=size, dpi=DOTS_AN_INCH, **look)


def draw_png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    picture = BytesIO()
    FigureCanvasAgg(figure).print_png(picture)  # type: ignore[no-untyped-call] # it ships no types
    return picture.getvalue()


@dataclass(frozen=True, slots=True)
class TransferOrder:
    """Euros to an account; `amount` is whole cents in millionths, `reference` a structured creditor reference."""

    name: str
    iban: str
    bic: str
    amount: int
    reference: str


def draw_transfer_code(transfer: TransferOrder) -> bytes:
    """Return a transfer's QR code (EPC) as PNG, in UTF-8, which every app reads."""
    code = make_epc_qr(
        transfer.name,
        transfer.iban,
        as_decimal(transfer.amount),
        reference=transfer.reference,
        bic=transfer.bic or None,
        encoding="utf-8",
    )
    picture = BytesIO()
    code.save(picture, kind="png", scale=10, border=4)
    return picture.getvalue()
