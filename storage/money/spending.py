"""The use of a project's money: transfers between owners, by kind."""

from dataclasses import dataclass
from typing import Any

from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import first
from storage.money.stated_costs import StatedCosts

MOVED = """
SELECT t.kind, CASE WHEN d.name LIKE 'project:%' THEN 'project' WHEN d.name LIKE 'worker:%' THEN 'worker'
    WHEN d.name LIKE 'requester:%' THEN 'requester' ELSE 'platform' END AS source,
  CASE WHEN c.name LIKE 'project:%' THEN 'project' WHEN c.name LIKE 'worker:%' THEN 'worker'
    WHEN c.name LIKE 'requester:%' THEN 'requester' ELSE 'platform' END AS target, sum(t.amount)
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
WHERE t.project = :project GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

# Deposits and bonuses, which belong to no project, and when the account's first money moved. A bonus that its worker
# gave up to leave came back.
BESIDES = """
SELECT coalesce(sum(e.amount) FILTER (WHERE t.kind = 'deposit'), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind = 'bonus' OR (t.kind = 'waived' AND t.project IS NULL)), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind = 'refund'), 0),
  coalesce(-sum(e.amount) FILTER (WHERE t.kind IN ('stake', 'unstake', 'costs')), 0),
  min(t.made_at)
FROM entries e JOIN transfers t ON t.id = e.transfer JOIN accounts a ON a.id = e.account
WHERE a.name = :account AND a.currency = :currency"""

HELD = """
SELECT sum(a.balance) FROM projects p JOIN accounts a ON a.currency = :currency AND a.name IN (
  'project:' || p.id || ':budget', 'project:' || p.id || ':topup', 'project:' || p.id || ':extra')
WHERE p.requester = :requester"""


@dataclass(frozen=True, slots=True)
class MovedAmount:
    """All movements of one kind between two sorts of accounts: project, worker, requester, platform."""

    kind: str
    source: str
    target: str
    amount: int


class Spending:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.stated = StatedCosts(connection)

    def besides(self, account: str, currency: str) -> dict[str, Any]:
        """A requester's deposits, bonuses, refunds, judges' pay held for rejections, and since when any of it moved."""
        *sums, since = self._db.all(BESIDES, account=account, currency=currency)[0]
        named = zip(("deposited", "bonuses", "refunded", "judges"), map(int, sums), strict=True)
        return {**dict(named), "since": since}

    def of(self, project: ProjectId) -> list[MovedAmount]:
        return [MovedAmount(row[0], row[1], row[2], int(row[3])) for row in self._db.all(MOVED, project=project)]

    def held(self, requester: PersonId, currency: str) -> int:
        """Budgets and reserves of all their projects."""
        return int(first(self._db.one(HELD, requester=requester, currency=currency), 0))
