"""A worker's money over a period: the balance before it, and every movement that changed it. Sums of what requesters
paid."""

from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from domain.moments import DAY, MINUTE, Moment, day_of, later
from domain.money.ledger import available_account, payout_account, pending_account
from domain.people.accounts import Person
from storage.drivers.connection import Connection, Row
from storage.money.explanations import MOVEMENT

# Entries have the order of their versions. Their moments may differ from it where a transaction waited for another that
# began later, or a clock was set back: by no more than this, or such entries would be in no statement.
MAX_DISORDER = DAY
# A worker's money is in three accounts; transfers between them are no line.
SELECT_WORKER_CURRENCIES = """
SELECT DISTINCT currency FROM accounts WHERE name IN (:pending, :available, :payout) AND version > 0
ORDER BY currency"""
# For each account the version of the last entry before a moment, found by halving: a history of any length costs some
# twenty looks. Entries that are not quite in the order of their moments: see MAX_DISORDER.
SELECT_VERSIONS_BEFORE = """
WITH RECURSIVE halves (account, name, low, high) AS (
  SELECT id, name, CAST(0 AS BIGINT), version FROM accounts
  WHERE name IN (:pending, :available, :payout) AND currency = :currency
  UNION ALL
  SELECT halves.account, halves.name, CASE WHEN t.made_at < :moment THEN e.version ELSE low END,
    CASE WHEN t.made_at < :moment THEN high ELSE e.version - 1 END
  FROM halves JOIN entries e ON e.account = halves.account AND e.version = (low + high + 1) / 2
  JOIN transfers t ON t.id = e.transfer
  WHERE low < high
)
SELECT name, account, low FROM halves WHERE low = high"""
WORKER_ACCOUNTS = ("pending", "available", "payout")


def _balance_column(account: str) -> str:
    """SQL of an account's balance before a moment: after the entry `…_after`, and what came until `…_last`."""
    return f"""coalesce((SELECT balance FROM entries WHERE account = :{account} AND version = :{account}_after), 0)
  + coalesce((SELECT CAST(sum(e.amount) AS BIGINT) FROM entries e JOIN transfers t ON t.id = e.transfer
    WHERE e.account = :{account} AND e.version > :{account}_after AND e.version <= :{account}_last
      AND t.made_at < :moment), 0)"""


SELECT_HOLDINGS = f"SELECT {', '.join(map(_balance_column, WORKER_ACCOUNTS))}"
# The entries of a worker between two versions of each account.
ENTRIES_BETWEEN = " UNION ALL ".join(
    f"""SELECT transfer, amount FROM entries
    WHERE account = :{account} AND version > :{account}_after AND version <= :{account}_last"""
    for account in WORKER_ACCOUNTS
)
# A payout is a line of its own, named as it stands on the bank's statement: of `paid:12`, and `paid:12:2`.
PAYOUT_KINDS = "('paid', 'bounced', 'withhold', 'unwithhold')"
LINE_TITLE = f"""CASE WHEN t.kind IN {PAYOUT_KINDS} THEN 'PAYOUT-' || CASE WHEN t.key LIKE t.kind || ':%:_'
  THEN substr(t.key, length(t.kind) + 2, length(t.key) - length(t.kind) - 3)
  ELSE substr(t.key, length(t.kind) + 2) END ELSE p.title END"""
# By quarter of an hour, project and kind, in the order they happened: every zone's days begin at one.
QUARTER_HOUR = 15 * MINUTE
SELECT_LINES = f"""
SELECT t.made_at / {QUARTER_HOUR} AS quarter, {MOVEMENT} AS movement, t.project, {LINE_TITLE} AS title, count(*),
  sum(m.amount), min(t.id), max(t.id)
FROM (
  SELECT transfer, sum(amount) AS amount FROM ({ENTRIES_BETWEEN}) AS period GROUP BY transfer HAVING sum(amount) <> 0
) AS m JOIN transfers t ON t.id = m.transfer LEFT JOIN projects p ON p.id = t.project
WHERE t.made_at >= :since AND t.made_at < :until
GROUP BY 1, 2, t.project, 4 ORDER BY 1, 7"""
# The answers whose rewards are among these entries: an answer and its reward have one moment.
SELECT_ANSWERS_BETWEEN = f"""
SELECT coalesce(min(t.submission), 0), coalesce(max(t.submission), 0)
FROM ({ENTRIES_BETWEEN}) AS period JOIN transfers t ON t.id = period.transfer WHERE t.kind = 'reward'"""
# Working time, pauses excluded (domain/work/assignments.py); what is not known of old answers has none.
SELECT_WORKED_PROJECTS = """
SELECT s.project, p.title, count(*), sum(s.worked),
  coalesce(sum(CASE WHEN s.worked > 0 OR s.milliseconds = 0 THEN s.pay END), 0)
FROM submissions s JOIN projects p ON p.id = s.project
WHERE s.worker = :worker AND s.id BETWEEN :first AND :last AND p.currency = :currency AND s.state <> 'rejected'
  AND s.submitted_at >= :since AND s.submitted_at < :until
GROUP BY s.project, p.title ORDER BY s.project"""
# What projects cost in a time: (requester's Telegram id, project, title, currency, kind, amount, movements).
SUM_BY_PROJECT = """
SELECT r.telegram_id, p.id, p.title, t.currency, t.kind, sum(t.amount), count(*)
FROM transfers t JOIN projects p ON p.id = t.project JOIN people r ON r.id = p.requester
WHERE t.made_at >= :first AND t.made_at < :end AND t.kind IN (
    'reward', 'redo', 'fee', 'topup', 'forfeit', 'feeback', 'waived', 'stake', 'unstake', 'costs')
  AND (:requester = 0 OR p.requester = :requester)
GROUP BY r.telegram_id, p.id, p.title, t.currency, t.kind ORDER BY r.telegram_id, p.id, t.currency"""
# Bonuses are the requester's own: (requester's Telegram id, currency, amount, movements).
SUM_BONUSES = """
SELECT r.telegram_id, t.currency, sum(t.amount), count(*)
FROM people r JOIN accounts a
  ON a.name = 'requester:' || coalesce(CAST(r.telegram_id AS TEXT), 'erased-' || r.id) || ':available'
JOIN transfers t ON t.debit = a.id
WHERE t.made_at >= :first AND t.made_at < :end AND t.kind = 'bonus' AND (:requester = 0 OR r.id = :requester)
GROUP BY r.telegram_id, t.currency ORDER BY r.telegram_id"""

# Bonuses that came back, as their worker gave them up to leave: the same.
SUM_BONUSES_GIVEN_BACK = """
SELECT r.telegram_id, t.currency, sum(t.amount), count(*)
FROM people r JOIN accounts a
  ON a.name = 'requester:' || coalesce(CAST(r.telegram_id AS TEXT), 'erased-' || r.id) || ':available'
JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE t.made_at >= :first AND t.made_at < :end AND t.kind = 'waived' AND t.project IS NULL
  AND (:requester = 0 OR r.id = :requester)
GROUP BY r.telegram_id, t.currency ORDER BY r.telegram_id"""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """Movements of one kind, project and day (`2026-11-27`): `first` and `last` are the numbers of their operations.
    `title` is the project's, or the payout's name at the bank."""

    day: str
    kind: str
    project: int | None
    title: str | None
    count: int
    amount: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WorkedProject:
    """Answers to a project in a period that were not rejected: their number, and working time and pay of those whose
    time is known."""

    project: int
    title: str
    answers: int
    milliseconds: int
    pay: int


@dataclass(frozen=True, slots=True)
class WorkerHoldings:
    """A worker's money at a moment: available, pending, and on its way to the bank."""

    available: int
    pending: int
    payout: int

    @property
    def total(self) -> int:
        return self.available + self.pending + self.payout


class StatementRecords:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def list_currencies(self, worker: Person) -> list[str]:
        return [row[0] for row in self._db.all(SELECT_WORKER_CURRENCIES, **_account_names(worker))]

    def get_holdings(self, worker: Person, currency: str, moment: Moment) -> WorkerHoldings:
        """Return a worker's money just before this moment."""
        versions = self._find_versions(worker, currency, moment, moment)
        ((pending, available, payout),) = self._db.all(SELECT_HOLDINGS, **versions, moment=moment)
        return WorkerHoldings(available=int(available), pending=int(pending), payout=int(payout))

    def list_lines(
        self, worker: Person, currency: str, since: Moment, until: Moment, zone: tzinfo = UTC
    ) -> list[StatementLine]:
        """Return the movements of a period, merged by kind, project and day of `zone`."""
        lines_by_key: dict[tuple[object, ...], StatementLine] = {}
        versions = self._find_versions(worker, currency, since, until)
        for row in self._db.all(SELECT_LINES, **versions, since=since, until=until):
            day = day_of(Moment(int(row[0]) * QUARTER_HOUR), zone)
            line = StatementLine(
                day=day,
                kind=row[1],
                project=row[2],
                title=row[3],
                count=int(row[4]),
                amount=int(row[5]),
                first=row[6],
                last=row[7],
            )
            earlier_line = lines_by_key.get((day, *row[1:4]))
            lines_by_key[day, *row[1:4]] = line if earlier_line is None else _merge_lines(earlier_line, line)
        return list(lines_by_key.values())

    def list_worked_projects(self, worker: Person, currency: str, since: Moment, until: Moment) -> list[WorkedProject]:
        versions = self._find_versions(worker, currency, since, until)
        ((first, last),) = self._db.all(SELECT_ANSWERS_BETWEEN, **versions)
        period = {"since": since, "until": until, "first": first, "last": last}
        rows = self._db.all(SELECT_WORKED_PROJECTS, worker=worker.id, currency=currency, **period)
        return [WorkedProject(row[0], row[1], *map(int, row[2:])) for row in rows]

    def _find_versions(self, worker: Person, currency: str, since: Moment, until: Moment) -> dict[str, int]:
        """Return the number of each account, and the versions after which and up to which all its entries of the period
        lie, with up to MAX_DISORDER of others around them; zeros for an account that was never opened."""
        names, versions = _account_names(worker), dict[str, int]()
        for account in WORKER_ACCOUNTS:
            versions |= {account: 0, f"{account}_after": 0, f"{account}_last": 0}
        accounts_by_name = {name: account for account, name in names.items()}
        for bound, moment in (("after", later(since, -MAX_DISORDER)), ("last", later(until, MAX_DISORDER))):
            for name, number, version in self._db.all(
                SELECT_VERSIONS_BEFORE, **names, currency=currency, moment=moment
            ):
                account = accounts_by_name[name]
                versions |= {account: number, f"{account}_{bound}": version}
        return versions

    def sum_by_project(self, begins: Moment, end: Moment, requester: int) -> list[Row]:
        """Return sums by project and kind of movement; `requester` 0 means all."""
        return self._db.all(SUM_BY_PROJECT, first=begins, end=end, requester=requester)

    def sum_bonuses(self, begins: Moment, end: Moment, requester: int) -> list[Row]:
        return self._db.all(SUM_BONUSES, first=begins, end=end, requester=requester)

    def sum_bonuses_given_back(self, begins: Moment, end: Moment, requester: int) -> list[Row]:
        return self._db.all(SUM_BONUSES_GIVEN_BACK, first=begins, end=end, requester=requester)


def _merge_lines(line: StatementLine, later_line: StatementLine) -> StatementLine:
    return replace(
        line,
        count=line.count + later_line.count,
        amount=line.amount + later_line.amount,
        first=min(line.first, later_line.first),
        last=max(line.last, later_line.last),
    )


def _account_names(worker: Person) -> dict[str, str]:
    names = (pending_account(worker), available_account(worker), payout_account(worker))
    return dict(zip(WORKER_ACCOUNTS, names, strict=True))
