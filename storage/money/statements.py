"""A worker's money over a period: the balance before it, and every movement that changed it."""

from dataclasses import dataclass

from domain.moments import DAY, Moment
from domain.money.ledger import available_account, payout_account, pending_account
from domain.people.people import Person
from storage.drivers.connection import Connection
from storage.drivers.records import first

# A worker's money is in three accounts; transfers between them are no line.
CURRENCIES = """
SELECT DISTINCT currency FROM accounts WHERE name IN (:pending, :available, :payout) AND version > 0
ORDER BY currency"""
BEFORE = """
SELECT coalesce(sum(e.amount), 0) FROM entries e JOIN accounts a ON a.id = e.account
JOIN transfers t ON t.id = e.transfer
WHERE a.name IN (:pending, :available, :payout) AND a.currency = :currency AND t.made_at < :moment"""
# By day, project and kind, in the order they happened.
LINES = f"""
SELECT t.made_at / {DAY} AS day, t.kind, t.project, p.title, count(*), sum(m.amount), min(t.id), max(t.id) FROM (
  SELECT e.transfer, sum(e.amount) AS amount FROM entries e JOIN accounts a ON a.id = e.account
  WHERE a.name IN (:pending, :available, :payout) AND a.currency = :currency
  GROUP BY e.transfer HAVING sum(e.amount) <> 0
) AS m JOIN transfers t ON t.id = m.transfer LEFT JOIN projects p ON p.id = t.project
WHERE t.made_at >= :since AND t.made_at < :until
GROUP BY t.made_at / {DAY}, t.kind, t.project, p.title ORDER BY 1, 7"""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """Movements of one kind, project and day: `first` and `last` are the numbers of their operations."""

    day: int
    kind: str
    project: int | None
    title: str | None
    count: int
    amount: int
    first: int
    last: int


class Statements:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def currencies(self, worker: Person) -> list[str]:
        return [row[0] for row in self._db.all(CURRENCIES, **_accounts(worker))]

    def before(self, worker: Person, currency: str, moment: Moment) -> int:
        """Their balance just before this moment."""
        return int(first(self._db.one(BEFORE, **_accounts(worker), currency=currency, moment=moment), 0))

    def lines(self, worker: Person, currency: str, since: Moment, until: Moment) -> list[StatementLine]:
        rows = self._db.all(LINES, **_accounts(worker), currency=currency, since=since, until=until)
        return [StatementLine(int(r[0]), r[1], r[2], r[3], int(r[4]), int(r[5]), r[6], r[7]) for r in rows]


def _accounts(worker: Person) -> dict[str, str]:
    named = (pending_account(worker), available_account(worker), payout_account(worker))
    return dict(zip(("pending", "available", "payout"), named, strict=True))
