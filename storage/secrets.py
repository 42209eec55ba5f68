"""What this installation alone knows, by name: made at first use, kept in the database."""

from secrets import token_bytes

from domain.moments import Moment
from storage.connection import Connection
from storage.records import first

GET = "SELECT value FROM secrets WHERE name = :name"
MAKE = "INSERT INTO secrets (name, value, made_at) VALUES (:name, :value, :now) ON CONFLICT (name) DO NOTHING"


class Secrets:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def get(self, name: str) -> bytes:
        """The same for whoever asks first and whoever asks at the same time."""
        value = first(self._db.one(GET, name=name))
        if value is None:
            self._db.changed(MAKE, name=name, value=token_bytes(32).hex(), now=self._now)
            value = first(self._db.one(GET, name=name))
        return bytes.fromhex(value)
