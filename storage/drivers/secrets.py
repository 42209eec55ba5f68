"""Secrets of this installation: generated, stored in the database, never shown."""

from secrets import token_bytes

from domain.moments import MINUTE, Moment
from storage.drivers.connection import Connection
from storage.drivers.records import first

CHOICES = "choices"  # keys every draw that must not be predictable; may be replaced at any time
CONTROL = "control"  # draws the tasks that people answer although models could decide them; never replaced

GET = "SELECT value FROM secrets WHERE name = :name"
MAKE = """
INSERT INTO secrets (name, value, made_at) VALUES (:name, :value, :now) ON CONFLICT (name) DO NOTHING"""
RENEW = "UPDATE secrets SET value = :value, made_at = :now WHERE name = :name AND made_at < :before"
LENGTH = 32
STALE = 1 * MINUTE  # so long at most others go on with a secret that was replaced


class Secrets:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def is_made(self, name: str) -> bool:
        return self._db.one(GET, name=name) is not None

    def get(self, name: str) -> bytes:
        """Made at its first use."""
        found = first(self._db.one(GET, name=name))
        if found is None:
            self._db.changed(MAKE, name=name, value=token_bytes(LENGTH).hex(), now=self._now)
            found = first(self._db.one(GET, name=name))
        return bytes.fromhex(found)

    def recent(self, name: str) -> bytes:
        """The same for a hot path, from memory: for draws alone, which may go by one that was replaced just now."""
        value, read_at = self._db.remembered.get((Secrets, name), (b"", self._now))
        if not value or not 0 <= self._now - read_at < STALE:
            value = self.get(name)
            self._db.remembered[Secrets, name] = (value, self._now)
        return bytes(value)

    def renew(self, name: str, before: Moment) -> None:
        """A new one in place of one that was made before."""
        if self._db.changed(RENEW, name=name, value=token_bytes(LENGTH).hex(), now=self._now, before=before):
            self._db.remembered.pop((Secrets, name), None)
