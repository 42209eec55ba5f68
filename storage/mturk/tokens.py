"""UniqueRequestTokens: what was made under one, for ever."""

from domain.moments import Moment
from domain.people.people import PersonId
from storage.drivers.connection import Connection

FIND = "SELECT made FROM turk_tokens WHERE requester = :requester AND operation = :operation AND token = :token"
KEEP = """
INSERT INTO turk_tokens (requester, operation, token, made, at) VALUES (:requester, :operation, :token, :made, :now)"""


class Tokens:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def find(self, requester: PersonId, operation: str, token: str) -> int | None:
        row = self._db.one(FIND, requester=requester, operation=operation, token=token)
        return None if row is None else int(row[0])

    def keep(self, requester: PersonId, operation: str, token: str, made: int) -> None:
        about = {"requester": requester, "operation": operation, "token": token, "made": made}
        self._db.changed(KEEP, **about, now=self._now)
