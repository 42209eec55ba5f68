"""Keys of requesters' programs, by their hash."""

from domain.moments import Moment
from domain.people.api_keys import ApiKey
from domain.people.people import PersonId
from storage.drivers.connection import Connection

ADD = """
INSERT INTO api_keys (person, number, hash, hint, made_at)
SELECT CAST(:person AS BIGINT), coalesce(max(number), 0) + 1, :hash, :hint, CAST(:now AS BIGINT)
FROM api_keys WHERE person = :person"""
OWNER = "SELECT person FROM api_keys WHERE hash = :hash AND revoked_at IS NULL"
OF_PERSON = "SELECT number, hint, made_at FROM api_keys WHERE person = :person AND revoked_at IS NULL ORDER BY number"
REVOKE = """
UPDATE api_keys SET revoked_at = :now WHERE person = :person AND number = :number AND revoked_at IS NULL"""
FIND = "SELECT number FROM api_keys WHERE person = :person AND hash = :hash AND revoked_at IS NULL"


class ApiKeys:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, person: PersonId, hash_: str, hint: str) -> None:
        self._db.changed(ADD, person=person, hash=hash_, hint=hint, now=self._now)

    def owner(self, hash_: str) -> PersonId | None:
        """The key's owner; None for an unknown or revoked key."""
        row = self._db.one(OWNER, hash=hash_)
        return PersonId(row[0]) if row else None

    def of(self, person: PersonId) -> list[ApiKey]:
        """Those that work, oldest first."""
        return [ApiKey(row[0], row[1], Moment(row[2])) for row in self._db.all(OF_PERSON, person=person)]

    def number_of(self, person: PersonId, hash_: str) -> int | None:
        row = self._db.one(FIND, person=person, hash=hash_)
        return int(row[0]) if row else None

    def revoke(self, person: PersonId, number: int) -> bool:
        """False where this person has no such key that works."""
        return bool(self._db.changed(REVOKE, person=person, number=number, now=self._now))
