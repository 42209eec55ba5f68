"""Values of the database itself: schema version, secret."""

from storage.drivers.connection import Connection
from storage.drivers.records import first

GET = "SELECT value FROM settings WHERE name = :name"
PUT = """
INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"""


class DatabaseSettings:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, name: str) -> str | None:
        found: str | None = first(self._db.one(GET, name=name))
        return found

    def put(self, name: str, value: str) -> None:
        self._db.changed(PUT, name=name, value=value)

    @property
    def secret(self) -> bytes:
        """Made once per database; pseudonyms and signatures hang on it."""
        return bytes.fromhex(self.get("secret") or "")
