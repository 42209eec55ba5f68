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


@dataclass(frozen=True, slots=True)
class Transfer:
    """Euros to an account; `amount` is whole cents in millionths, `reference` a structured creditor reference."""

    name: str
    iban: str
    bic: str
    amount: int
    reference: str


def transfer_code(transfer: Transfer) -> bytes:
    """A picture, PNG. UTF-8, which every app reads; the standard asks for correction level M."""
    code = make_epc_qr(
        transfer.name,
        transfer.iban,
        as_decimal(transfer.amount),
        reference=transfer.reference,
        bic=transfer.bic or None,
        encoding="utf-8",
    )
    drawn = BytesIO()
    code.save(drawn, kind="png", scale=10, border=4)
    return drawn.getvalue()
