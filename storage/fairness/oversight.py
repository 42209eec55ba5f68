"""Decisions of machines and what humans made of them: for one person, and for the evaluation of everything."""

from collections.abc import Sequence
from typing import Any

from domain.moments import Moment
from storage.drivers.connection import Connection

# The newest lines of one account are looked at: of a worker with very many answers, those of the last days.
TOPUPS_OF = """
SELECT t.id, coalesce(t.project, 0), coalesce(p.title, ''), e.amount, t.currency, t.made_at
FROM accounts a JOIN entries e ON e.account = a.id AND e.version > a.version - 3000
JOIN transfers t ON t.id = e.transfer LEFT JOIN projects p ON p.id = t.project
WHERE a.name = :account AND t.kind = 'topup' AND t.made_at > :since ORDER BY t.id DESC LIMIT :limit"""


class Oversight:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def topups_of(self, account: str, since: Moment, limit: int) -> Sequence[Sequence[Any]]:
        """(operation, project, title, millionths, currency, moment), the newest first."""
        return self._db.all(TOPUPS_OF, account=account, since=since, limit=limit)
