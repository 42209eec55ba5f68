"""Keys of requesters' programs, by their hash; and the requests that they have done."""

from domain.moments import MINUTE, Moment, later
from domain.people.accounts import (
    ApiKey,
    KeyInUse,
    PersonId,
    Scope,
)
from storage.drivers.connection import Connection, Row

ADD = """
INSERT INTO api_keys (person, number, hash, hint, made_at, scope, budget, access_id, sealed, member)
SELECT CAST(:person AS BIGINT), coalesce(max(number), 0) + 1, :hash, :hint, CAST(:now AS BIGINT), :scope,
  CAST(:budget AS BIGINT), CAST(:access_id AS TEXT), CAST(:sealed AS TEXT),
  CAST(:member AS BIGINT)
FROM api_keys WHERE person = :person"""
_KEY = "person, number, hint, made_at, scope, budget, spent, used_at, member FROM api_keys"
IN_USE = f"SELECT {_KEY} WHERE hash = :hash AND revoked_at IS NULL"
PAIR = f"SELECT {_KEY.replace(' FROM', ', sealed FROM')} WHERE access_id = :access_id AND revoked_at IS NULL"
SEALED = """
SELECT sealed FROM api_keys WHERE sealed IS NOT NULL AND revoked_at IS NULL
ORDER BY person DESC, number DESC LIMIT :limit"""
OF_PERSON = f"SELECT {_KEY} WHERE person = :person AND revoked_at IS NULL ORDER BY number"
REVOKE = """
UPDATE api_keys SET revoked_at = :now WHERE person = :person AND number = :number AND revoked_at IS NULL"""
USED = """
UPDATE api_keys SET used_at = :now
WHERE person = :person AND number = :number AND (used_at IS NULL OR used_at < :before)"""
SPEND = """
UPDATE api_keys SET spent = spent + :amount WHERE person = :person AND number = :number AND revoked_at IS NULL
AND (budget IS NULL OR spent + :amount <= budget)"""
DONE = "SELECT fingerprint, status, answer FROM api_requests WHERE person = :person AND name = :name"
NOTE = """
INSERT INTO api_requests (person, name, fingerprint, status, answer, at)
VALUES (:person, :name, :fingerprint, :status, :answer, :now)"""


class ApiKeys:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now
        self.awaited = 0  # millionths that will leave the owner's account once an admin agrees to what was asked for

    def add(
        self,
        person: PersonId,
        hash_: str,
        hint: str,
        scope: Scope = Scope.SPEND,
        budget: int | None = None,
        pair: tuple[str, str] | None = None,
        member: PersonId | None = None,
    ) -> None:
        """`pair` is the id of its Amazon pair, and the encrypted secret; a `member` made it for the team `person`."""
        access_id, sealed = pair or (None, None)
        self._db.changed(
            ADD,
            person=person,
            hash=hash_,
            hint=hint,
            now=self._now,
            scope=scope.value,
            budget=budget,
            access_id=access_id,
            sealed=sealed,
            member=member,
        )

    def in_use(self, hash_: str) -> KeyInUse | None:
        """None for an unknown or revoked key."""
        row = self._db.one(IN_USE, hash=hash_)
        return KeyInUse(PersonId(row[0]), _key(row), row[8]) if row else None

    def pair(self, access_id: str) -> tuple[KeyInUse, str] | None:
        """The key of this Amazon pair, and the encrypted secret; None for an unknown or revoked one."""
        row = self._db.one(PAIR, access_id=access_id)
        return (KeyInUse(PersonId(row[0]), _key(row[:-1]), row[8]), row[-1]) if row else None

    def sealed(self, limit: int) -> list[str]:
        """The encrypted secrets of pairs that work, of those who came last first."""
        return [row[0] for row in self._db.all(SEALED, limit=limit)]

    def of(self, person: PersonId) -> list[ApiKey]:
        """Those that work, oldest first."""
        return [_key(row) for row in self._db.all(OF_PERSON, person=person)]

    def revoke(self, person: PersonId, number: int) -> bool:
        """False where this person has no such key that works."""
        return bool(self._db.changed(REVOKE, person=person, number=number, now=self._now))

    def note_use(self, person: PersonId, number: int) -> None:
        """To the minute."""
        before = later(self._now, -MINUTE)
        self._db.changed(USED, person=person, number=number, now=self._now, before=before)

    def spend(self, person: PersonId, number: int, amount: int) -> bool:
        """Counts it against the key's budget; False, and nothing counted, where it is too much."""
        return bool(self._db.changed(SPEND, person=person, number=number, amount=amount))

    def done(self, person: PersonId, name: str) -> tuple[str, int, str] | None:
        """The fingerprint, status and answer of the request of this name."""
        row = self._db.one(DONE, person=person, name=name)
        return (row[0], row[1], row[2]) if row else None

    def note_done(self, person: PersonId, name: str, fingerprint: str, status: int, answer: str) -> None:
        values = {"person": person, "name": name, "fingerprint": fingerprint, "status": status, "answer": answer}
        self._db.changed(NOTE, **values, now=self._now)


def _key(row: Row) -> ApiKey:
    _, number, hint, made_at, scope, budget, spent, used_at, _ = row
    used = None if used_at is None else Moment(used_at)
    return ApiKey(number, hint, Moment(made_at), Scope(scope), budget, spent, used)
