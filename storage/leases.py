"""One holder at a time, with take-over when the holder falls silent: no lock that a crash could keep."""

from domain.moments import Moment, later
from storage.connection import Connection

TAKE = """
INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE leases.holder = excluded.holder OR leases.until < :now
RETURNING holder"""
GIVE_UP = "DELETE FROM leases WHERE name = :name AND holder = :holder"


class Leases:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def take(self, name: str, holder: str, milliseconds: int) -> bool:
        """Takes or renews; False while somebody else holds it."""
        until = later(self._now, milliseconds)
        return self._db.one(TAKE, name=name, holder=holder, until=until, now=self._now) is not None

    def give_up(self, name: str, holder: str) -> None:
        self._db.changed(GIVE_UP, name=name, holder=holder)
