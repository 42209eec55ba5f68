"""Wishes to exchange contacts with the author of a post. The author is not named; an answered wish is deleted."""

from domain.fairness.board import PostId, day_of
from domain.moments import DAY, Moment
from domain.people.people import PersonId
from storage.drivers.connection import Connection
from storage.drivers.records import first

ADD = """
INSERT INTO board_wishes (post, person, day) VALUES (:post, :person, :day) ON CONFLICT (post, person) DO NOTHING"""
COUNT_OF = "SELECT count(*) FROM board_wishes WHERE person = :person"
COUNT = "SELECT count(*) FROM board_wishes WHERE post = :post"
TAKE = """
DELETE FROM board_wishes WHERE post = :post AND person = (
  SELECT min(person) FROM board_wishes WHERE post = :post) RETURNING person"""
LAPSED = "DELETE FROM board_wishes WHERE day < :before"

KEPT = 14  # days


class BoardWishes:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._today = day_of(now)

    def add(self, post: PostId, person: PersonId) -> None:
        self._db.changed(ADD, post=post, person=person, day=self._today)

    def count_of(self, person: PersonId) -> int:
        return int(first(self._db.one(COUNT_OF, person=person), 0))

    def count(self, post: PostId) -> int:
        return int(first(self._db.one(COUNT, post=post), 0))

    def take(self, post: PostId) -> PersonId | None:
        """One who wishes it, no longer kept."""
        found = first(self._db.one(TAKE, post=post))
        return None if found is None else PersonId(found)

    def lapse(self) -> None:
        self._db.changed(LAPSED, before=self._today - KEPT * DAY)
