"""Traces of who was on the board, and their deletion: drafts, letters, and a transaction that a post shares."""

from domain.fairness.board import day_of
from domain.moments import DAY, HOUR, SECOND, Moment
from storage.drivers.connection import Connection
from storage.drivers.records import each

# Rewritten together: what was written in one transaction with a person's update is so no longer.
SETTLE = "UPDATE board_posts SET settled = 1 WHERE settled = 0"
# All voices of a petition, in the order of their hashes: that of signing would tell who is which.
UNSETTLED = "SELECT DISTINCT post FROM board_signatures WHERE settled = 0"
TAKE_OUT = "DELETE FROM board_signatures WHERE post = :post RETURNING signer, month"
PUT_BACK = "INSERT INTO board_signatures (post, signer, month, settled) VALUES (:post, :signer, :month, 1)"
SETTLE_CONTESTS = "UPDATE board_contests SET settled = 1 WHERE settled = 0"
SETTLE_REPORTS = "UPDATE board_reports SET settled = 1 WHERE settled = 0"
# Without pen, text and hour: words that come late are not the answer to a task.
LAPSE = """
UPDATE drafts SET journey = 'board lapsed', data = '{}', updated_at = :today
WHERE journey IN ('board', 'board contest') AND updated_at < :before"""
LAPSED = "DELETE FROM drafts WHERE journey = 'board lapsed' AND updated_at < :before"
OPENED = "DELETE FROM drafts WHERE journey = 'board open' AND updated_at < :before"
# Refusals of the board, too: only who is about to write hears that a pen is over, or a text too long.
LETTERS = """
DELETE FROM outbox WHERE state <> 'waiting' AND ended_at < :before AND coalesce(key, '') = ''
  AND ((screen >= 'fairness.Board' AND screen < 'fairness.Boare')
    OR (screen >= 'refusals.Board' AND screen < 'refusals.Boare'))"""

WRITING = HOUR  # a text that is not sent is kept so long
LATE = 2 * DAY  # that somebody began to write and sent nothing
ENDED = 20 * SECOND  # a letter that has ended: with the sweep of 20 seconds it is gone within a minute


class BoardTraces:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def settle(self) -> None:
        self._db.changed(SETTLE)
        self._db.changed(SETTLE_CONTESTS)
        self._db.changed(SETTLE_REPORTS)
        for post in each(self._db.all(UNSETTLED)):
            taken = sorted(tuple(row) for row in self._db.all(TAKE_OUT, post=post))
            self._db.many(PUT_BACK, [{"post": post, "signer": signer, "month": month} for signer, month in taken])

    def delete(self) -> None:
        """Drafts nobody finished, and letters that have ended."""
        self._db.changed(LAPSE, before=self._now - WRITING, today=day_of(self._now))
        self._db.changed(LAPSED, before=self._now - LATE)
        self._db.changed(OPENED, before=self._now - WRITING)
        self._db.changed(LETTERS, before=self._now - ENDED)
