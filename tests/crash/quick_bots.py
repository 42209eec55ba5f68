"""A bot without the pauses that only a real Telegram and real machines need."""

from functools import partial

from bot import leading, presence, running
from storage import dialects


def is_quick() -> None:
    """It paces nothing, and whoever falls silent is followed after a second and a half."""
    running.run = partial(running.run, per_second=0, rest=0)
    leading.SILENCE = presence.SILENCE = 1.5
    leading.RENEWED, leading.MARGIN, presence.BEAT, dialects.FROZEN = 0.4, 0.5, 0.3, 1_000
