"""Keys of requesters' programs, by their hash; and the requests that they have done."""

from domain.moments import MINUTE, Moment, later
from domain.people.accounts import ApiKey, KeyInUse, PersonId, Scope
from storage.drivers.connection import Connection, Row

INSERT_KEY = """
INSERT INTO api_keys (person, number, hash, hint, made_at, scope, budget, access_id, sealed, member)
SELECT CAST(:person AS BIGINT), coalesce(max(number), 0) + 1, :hash, :hint, CAST(:now AS BIGINT), :scope,
  CAST(:budget AS BIGINT), CAST(:access_id AS TEXT), CAST(:sealed AS TEXT),
  CAST(:member AS BIGINT)
FROM api_keys WHERE person = :person"""
_KEY = "person, number, hint, made_at, scope, budget, spent, used_at, member FROM api_keys"
SELECT_BY_HASH = f"SELECT {_KEY} WHERE hash = :hash AND revoked_at IS NULL"
SELECT_BY_ACCESS_ID = (
    f"SELECT {_KEY.replace(' FROM', ', sealed FROM')} WHERE access_id = :access_id AND revoked_at IS NULL"
)
SELECT_SEALED = """
SELECT sealed FROM api_keys WHERE sealed IS NOT NULL AND revoked_at IS NULL
ORDER BY person DESC, number DESC LIMIT :limit"""
SELECT_OF_PERSON = f"SELECT {_KEY} WHERE person = :person AND revoked_at IS NULL ORDER BY number"
REVOKE_KEY = """
UPDATE api_keys SET revoked_at = :now WHERE person = :person AND number = :number AND revoked_at IS NULL"""
SET_USED_AT = """
UPDATE api_keys SET used_at = :now
WHERE person = :person AND number = :number AND (used_at IS NULL OR used_at < :before)"""
ADD_SPENT = """
UPDATE api_keys SET spent = spent + :amount WHERE person = :person AND number = :number AND revoked_at IS NULL
AND (budget IS NULL OR spent + :amount <= budget)"""
SELECT_REQUEST = "SELECT fingerprint, status, answer FROM api_requests WHERE person = :person AND name = :name"
INSERT_REQUEST = """
INSERT INTO api_requests (person, name, fingerprint, status, answer, at)
VALUES (:person, :name, :fingerprint, :status, :answer, :now)"""


class ApiKeyRecords:
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
        """Store a key by its hash. `pair` is the id of its Amazon pair and the encrypted secret; `member` made it for
        the team `person`."""
        access_id, sealed = pair or (None, None)
        self._db.changed(
            INSERT_KEY,
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

    def find_in_use(self, hash_: str) -> KeyInUse | None:
        """Return a working key with its owner; None if it is unknown or revoked."""
        row = self._db.one(SELECT_BY_HASH, hash=hash_)
        return KeyInUse(PersonId(row[0]), _to_key(row), row[8]) if row else None

    def find_pair(self, access_id: str) -> tuple[KeyInUse, str] | None:
        """Return the key of this Amazon pair and the encrypted secret; None if it is unknown or revoked."""
        row = self._db.one(SELECT_BY_ACCESS_ID, access_id=access_id)
        return (KeyInUse(PersonId(row[0]), _to_key(row[:-1]), row[8]), row[-1]) if row else None

    def list_sealed(self, limit: int) -> list[str]:
        """Return the encrypted secrets of working pairs, newest people first."""
        return [row[0] for row in self._db.all(SELECT_SEALED, limit=limit)]

    def list_keys(self, person: PersonId) -> list[ApiKey]:
        """Return the person's working keys, oldest first."""
        return [_to_key(row) for row in self._db.all(SELECT_OF_PERSON, person=person)]

    def revoke(self, person: PersonId, number: int) -> bool:
        """Revoke a key. Return False if the person has no such working key."""
        return bool(self._db.changed(REVOKE_KEY, person=person, number=number, now=self._now))

    def note_use(self, person: PersonId, number: int) -> None:
        """Store when the key was last used, to the minute."""
        before = later(self._now, -MINUTE)
        self._db.changed(SET_USED_AT, person=person, number=number, now=self._now, before=before)

    def spend_budget(self, person: PersonId, number: int, amount: int) -> bool:
        """Count the amount against the key's budget. Return False, and count nothing, if it is too much."""
        return bool(self._db.changed(ADD_SPENT, person=person, number=number, amount=amount))

    def find_request(self, person: PersonId, name: str) -> tuple[str, int, str] | None:
        """Return fingerprint, status and answer of the request of this name; None if there was none."""
        row = self._db.one(SELECT_REQUEST, person=person, name=name)
        return (row[0], row[1], row[2]) if row else None

    def add_request(self, person: PersonId, name: str, fingerprint: str, status: int, answer: str) -> None:
        """Store a request with its answer, which is given again if the program repeats it."""
        values = {"person": person, "name": name, "fingerprint": fingerprint, "status": status, "answer": answer}
        self._db.changed(INSERT_REQUEST, **values, now=self._now)


def _to_key(row: Row) -> ApiKey:
    _, number, hint, made_at, scope, budget, spent, used_at, _ = row
    used = None if used_at is None else Moment(used_at)
    return ApiKey(
        number=number, hint=hint, made_at=Moment(made_at), scope=Scope(scope), budget=budget, spent=spent, used_at=used
    )
