"""Yearly and monthly sums for tax authorities and requesters' accountants. Quarters are 1 to 4. An erased requester has
no Telegram id, and another name in the ledger."""

from collections.abc import Sequence

from domain.moments import Moment
from storage.drivers.connection import Connection, Row

QUARTER = "CASE WHEN {at} < :second THEN 1 WHEN {at} < :third THEN 2 WHEN {at} < :fourth THEN 3 ELSE 4 END"
WITHIN = "{at} >= :first AND {at} < :end"
# What became a worker's own: (worker, currency, quarter, amount, answers). What left for their bank, or was given up,
# was income before.
CONSIDERATION = f"""
SELECT w.id, a.currency, {QUARTER.format(at="t.made_at")} AS quarter, sum(e.amount),
  count(DISTINCT t.submission) + count(*) FILTER (WHERE t.key LIKE 'bonus:test:%')
FROM people w JOIN accounts a
  ON a.name = 'worker:' || coalesce(CAST(w.telegram_id AS TEXT), 'erased-' || w.id) || ':available'
JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE {WITHIN.format(at="t.made_at")} AND t.kind NOT IN ('payout', 'withhold', 'unpaid', 'unwithhold', 'waived')
GROUP BY w.id, a.currency, quarter"""
# The platform's fees on a worker's answers, paid by requesters on top: (worker, currency, quarter, amount).
FEES = f"""
SELECT s.worker, t.currency, {QUARTER.format(at="t.made_at")} AS quarter,
  sum(CASE WHEN t.kind = 'fee' THEN t.amount ELSE -t.amount END)
FROM transfers t JOIN submissions s ON s.id = t.submission
WHERE {WITHIN.format(at="t.made_at")} AND t.kind IN ('fee', 'feeback') GROUP BY s.worker, t.currency, quarter"""
# Kept for the authorities: (worker, currency, quarter, amount).
WITHHELD = f"""
SELECT worker, currency, {QUARTER.format(at="requested_at")} AS quarter, sum(withheld)
FROM payouts WHERE {WITHIN.format(at="requested_at")} AND state <> 'failed' AND withheld > 0
GROUP BY worker, currency, quarter"""
# Whom it is about: (worker, Telegram id, name, holder, IBAN) with the account given last.
SELLERS = """
SELECT w.id, w.telegram_id, w.name, e.holder, CASE WHEN e.channel = 'sepa' THEN e.iban ELSE '' END FROM people w
LEFT JOIN payees e ON e.id = (SELECT max(x.id) FROM payees x WHERE x.person = w.id AND x.replaced_at IS NULL)
WHERE w.consented_at IS NOT NULL OR w.erased_at IS NOT NULL ORDER BY w.id"""
# What projects cost in a time: (requester's Telegram id, project, title, currency, kind, amount, movements).
BY_PROJECT = f"""
SELECT r.telegram_id, p.id, p.title, t.currency, t.kind, sum(t.amount), count(*)
FROM transfers t JOIN projects p ON p.id = t.project JOIN people r ON r.id = p.requester
WHERE {WITHIN.format(at="t.made_at")} AND t.kind IN (
    'reward', 'redo', 'fee', 'topup', 'forfeit', 'feeback', 'waived', 'stake', 'unstake', 'costs')
  AND (:requester = 0 OR p.requester = :requester)
GROUP BY r.telegram_id, p.id, p.title, t.currency, t.kind ORDER BY r.telegram_id, p.id, t.currency"""
# Bonuses are the requester's own: (requester's Telegram id, currency, amount, movements).
BONUSES = f"""
SELECT r.telegram_id, t.currency, sum(t.amount), count(*)
FROM people r JOIN accounts a
  ON a.name = 'requester:' || coalesce(CAST(r.telegram_id AS TEXT), 'erased-' || r.id) || ':available'
JOIN transfers t ON t.debit = a.id
WHERE {WITHIN.format(at="t.made_at")} AND t.kind = 'bonus' AND (:requester = 0 OR r.id = :requester)
GROUP BY r.telegram_id, t.currency ORDER BY r.telegram_id"""

# Bonuses that came back, as their worker gave them up to leave: the same.
GIVEN_BACK = f"""
SELECT r.telegram_id, t.currency, sum(t.amount), count(*)
FROM people r JOIN accounts a
  ON a.name = 'requester:' || coalesce(CAST(r.telegram_id AS TEXT), 'erased-' || r.id) || ':available'
JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE {WITHIN.format(at="t.made_at")} AND t.kind = 'waived' AND t.project IS NULL
  AND (:requester = 0 OR r.id = :requester)
GROUP BY r.telegram_id, t.currency ORDER BY r.telegram_id"""


class TaxReports:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def consideration(self, bounds: Sequence[Moment]) -> list[Row]:
        return self._db.all(CONSIDERATION, **_quarters(bounds))

    def fees(self, bounds: Sequence[Moment]) -> list[Row]:
        return self._db.all(FEES, **_quarters(bounds))

    def withheld(self, bounds: Sequence[Moment]) -> list[Row]:
        return self._db.all(WITHHELD, **_quarters(bounds))

    def sellers(self) -> list[Row]:
        return self._db.all(SELLERS)

    def by_project(self, first: Moment, end: Moment, requester: int) -> list[Row]:
        """`requester` 0 is all of them."""
        return self._db.all(BY_PROJECT, first=first, end=end, requester=requester)

    def bonuses(self, first: Moment, end: Moment, requester: int) -> list[Row]:
        return self._db.all(BONUSES, first=first, end=end, requester=requester)

    def bonuses_given_back(self, first: Moment, end: Moment, requester: int) -> list[Row]:
        return self._db.all(GIVEN_BACK, first=first, end=end, requester=requester)


def _quarters(bounds: Sequence[Moment]) -> dict[str, Moment]:
    """The four beginnings and the end."""
    return dict(zip(("first", "second", "third", "fourth", "end"), bounds, strict=True))
