"""A bot without the pauses that only a real Telegram and real machines need."""

from functools import partial

from bot import running
from bot.cluster import election
from storage.drivers import postgresql


def is_quick() -> None:
    """No rate limit; a silent process is replaced after a second and a half."""
    running.run = partial(running.run, per_second=0, rest=0)
    election.SILENCE = 1.5
    election.RENEWED, election.MARGIN, election.BEAT, postgresql.IDLE_TRANSACTION_MS = 0.4, 0.5, 0.3, 1_000
