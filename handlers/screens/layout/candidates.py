"""An album in place of the addresses of compared or ranked pictures."""

from collections.abc import Sequence
from html import escape

from domain.projects import candidates
from handlers.screens.screen import Picture


def pictured(text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
    """The rest of the text, and each picture under its option."""
    rest, found = candidates.pictured(text, options)
    return rest, tuple(Picture(address, f"<b>{escape(option, quote=False)}</b>") for option, address in found)
