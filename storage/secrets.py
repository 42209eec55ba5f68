"""Secrets that the database keeps: random keys, made at their first use."""

from secrets import token_bytes

from domain.moments import MINUTE, Moment
from storage.drivers.connection import Connection
from storage.drivers.records import single_value

CHOICES = "choices"  # keys every draw that must not be predictable; may be replaced at any time
CONTROL = "control"  # draws the tasks that people answer although models could decide them; never replaced

SELECT_VALUE = "SELECT value FROM secrets WHERE name = :name"
INSERT_VALUE = """
INSERT INTO secrets (name, value, made_at) VALUES (:name, :value, :now) ON CONFLICT (name) DO NOTHING"""
REPLACE_VALUE = "UPDATE secrets SET value = :value, made_at = :now WHERE name = :name AND made_at < :before"
VALUE_BYTES = 32
STALE_AFTER_MS = 1 * MINUTE  # how long other processes may go on with a secret that was replaced


class Secrets:
    """Random secrets of this database, by their purpose."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def is_made(self, name: str) -> bool:
        """Return whether the secret of this name was made."""
        return self._db.one(SELECT_VALUE, name=name) is not None

    def get(self, name: str) -> bytes:
        """Return the secret of this name, made and stored at its first use."""
        value = single_value(self._db.one(SELECT_VALUE, name=name))
        if value is None:
            self._db.changed(INSERT_VALUE, name=name, value=token_bytes(VALUE_BYTES).hex(), now=self._now)
            value = single_value(self._db.one(SELECT_VALUE, name=name))
        return bytes.fromhex(value)

    def recent(self, name: str) -> bytes:
        """Return the secret from memory if it was read less than STALE_AFTER_MS ago.

        For draws on a hot path only: it may be one that was replaced since.
        """
        value, read_at = self._db.remembered.get((Secrets, name), (b"", self._now))
        if not value or not 0 <= self._now - read_at < STALE_AFTER_MS:
            value = self.get(name)
            self._db.remembered[Secrets, name] = (value, self._now)
        return bytes(value)

    def renew(self, name: str, before: Moment) -> None:
        """Replace the secret if it was made before the moment `before`."""
        if self._db.changed(
            REPLACE_VALUE, name=name, value=token_bytes(VALUE_BYTES).hex(), now=self._now, before=before
        ):
            self._db.remembered.pop((Secrets, name), None)
