"""Options laid out as buttons: two beside each other where all are short."""

from collections.abc import Callable, Sequence

from handlers.payloads.payload import Payload
from handlers.screens.screen import Button

SHORT = 18  # characters of a button that still fits beside another on a small phone


def laid(
    options: Sequence[str], payload: Callable[[int], Payload], chosen: Sequence[int] = ()
) -> list[tuple[Button, ...]]:
    """Each option with its own words; those chosen are marked by their colour, their words stay."""
    buttons = [
        Button(option, payload(at).pack(), style="primary" if at in chosen else "") for at, option in enumerate(options)
    ]
    wide = max(map(len, options), default=0) > SHORT
    return [tuple(buttons[at : at + (1 if wide else 2)]) for at in range(0, len(buttons), 1 if wide else 2)]
