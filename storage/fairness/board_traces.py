"""Traces of who was on the board, and their deletion: drafts, letters, and a transaction that a post shares."""

from domain.moments import HOUR, MINUTE, Moment
from storage.drivers.connection import Connection

# Rewritten together: what was written in one transaction with a person's update is so no longer.
SETTLE = "UPDATE board_posts SET settled = 1 WHERE settled = 0"
SETTLE_VOICES = "UPDATE board_signatures SET settled = 1 WHERE settled = 0"
DRAFTS = "DELETE FROM drafts WHERE journey = 'board' AND updated_at < :before"
LETTERS = """
DELETE FROM outbox WHERE state <> 'waiting' AND screen >= 'fairness.Board' AND screen < 'fairness.Boare'
  AND ended_at < :before AND key IS NULL"""

WRITING = HOUR  # a text that is not sent is kept so long
ENDED = 2 * MINUTE  # a letter that has ended


class BoardTraces:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def settle(self) -> None:
        self._db.changed(SETTLE)
        self._db.changed(SETTLE_VOICES)

    def delete(self) -> None:
        """Drafts nobody finished, and letters that have ended."""
        self._db.changed(DRAFTS, before=self._now - WRITING)
        self._db.changed(LETTERS, before=self._now - ENDED)
