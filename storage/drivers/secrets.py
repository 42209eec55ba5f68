"""What the house alone knows: a secret for each use, made when it is first asked for."""

import secrets

from domain.moments import Moment
from storage.drivers.connection import Connection
from storage.drivers.records import first

GET = "SELECT value FROM secrets WHERE name = :name"
# Two may ask first at once: the one that is kept is everybody's.
MAKE = """
INSERT INTO secrets (name, value, made_at) VALUES (:name, :value, :now)
ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING value"""
BYTES = 32


class Secrets:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def get(self, name: str) -> bytes:
        """Which nobody outside can know."""
        known = first(self._db.one(GET, name=name))
        if known is None:
            made = secrets.token_bytes(BYTES).hex()
            known = first(self._db.one(MAKE, name=name, value=made, now=self._now))
        return bytes.fromhex(known)
