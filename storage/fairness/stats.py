"""Public figures: statements for a reading connection, and the cached results."""

from dataclasses import dataclass
from typing import Any

from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from storage.drivers.connection import Connection
from storage.drivers.records import pack, single_value, unpack

# Balances by owner and currency.
SUM_BALANCES = """
SELECT currency, CASE WHEN name LIKE 'worker:%' OR name = 'platform:judges' THEN 'workers'
  WHEN name LIKE 'requester:%' THEN 'requesters'
  WHEN name LIKE 'project:%' THEN 'projects' WHEN name = 'platform:withheld' THEN 'withheld'
  WHEN name = 'external:unexplained' THEN 'unexplained'
  WHEN name = 'external:cards' THEN 'cards'
  WHEN name LIKE 'platform:%' OR name = 'external:card-fees' THEN 'fees' ELSE 'bank' END AS whose, sum(balance)
FROM accounts GROUP BY 1, 2"""
COUNT_REGISTERED = "SELECT count(*) FROM people WHERE consented_at IS NOT NULL"
# Each worker of the last days: when they last answered, what these answers pay, what time they took.
SELECT_RECENT_WORK = """
SELECT s.worker, max(s.submitted_at), sum(CASE WHEN p.currency <> :currency THEN 0 WHEN s.state = 'rejected' THEN 0
    ELSE s.pay END + CASE WHEN p.currency = :currency THEN coalesce(u.each_paid, 0) ELSE 0 END),
  sum(CASE WHEN p.currency = :currency THEN s.worked ELSE 0 END)
FROM submissions s JOIN projects p ON p.id = s.project
LEFT JOIN topups u ON u.project = s.project AND u.number = s.measured_in
WHERE s.submitted_at > :since GROUP BY s.worker"""
# Each worker's earnings, ever and in the last days.
SELECT_EARNINGS = """
SELECT a.name, sum(e.amount), sum(CASE WHEN t.made_at > :since THEN e.amount ELSE 0 END)
FROM transfers t JOIN entries e ON e.transfer = t.id JOIN accounts a ON a.id = e.account
WHERE t.kind IN ('reward', 'redo', 'release', 'topup', 'bonus', 'appeal', 'judge') AND a.currency = :currency
  AND a.name LIKE 'worker:%:available' GROUP BY a.name"""
# Transfers between two positions of the chain, by kind.
SELECT_FLOWS = """
SELECT t.kind, t.currency, count(*), sum(t.amount) FROM hash_chain s JOIN transfers t ON t.id = s.transfer
WHERE s.position > :after AND s.position <= :upto GROUP BY t.kind, t.currency"""
# Answers by the hour they came in.
COUNT_ANSWERS_BY_HOUR = "SELECT submitted_at / :hour, count(*) FROM submissions WHERE submitted_at >= :since GROUP BY 1"
# Recent transfers by kind.
SUM_TRANSFERS_BY_KIND = """
SELECT kind, sum(amount) FROM transfers WHERE made_at >= :since AND currency = :currency GROUP BY kind"""
COUNT_ANSWERS = "SELECT count(*) FROM submissions"
# Withdrawn complaints needed no answer.
SELECT_COMPLAINTS = "SELECT made_at, due_at, answered_at FROM complaints WHERE state <> 'withdrawn'"
SELECT_CACHED = "SELECT facts, made_at, took FROM figures WHERE name = :name"
UPSERT_CACHED = """
INSERT INTO figures (name, facts, made_at, took) VALUES (:name, :facts, :now, :took)
ON CONFLICT (name) DO UPDATE SET facts = excluded.facts, made_at = excluded.made_at, took = excluded.took"""


@dataclass(frozen=True, slots=True)
class RecentWork:
    """One worker's last days: moment of the last answer, pay of the answers, time that they took."""

    last: Moment
    pay: Millionths
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Earned:
    """A worker's earnings, ever and in the last days."""

    ever: Millionths
    lately: Millionths


class Stats:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def sum_balances(self) -> list[tuple[str, str, int]]:
        """(currency, owner, sum of balances)."""
        return [(row[0], row[1], int(row[2])) for row in self._db.all(SUM_BALANCES)]

    def count_registered(self) -> int:
        return int(single_value(self._db.one(COUNT_REGISTERED)))

    def recent_work(self, since: Moment, currency: str) -> list[RecentWork]:
        rows = self._db.all(SELECT_RECENT_WORK, since=since, currency=currency)
        return [RecentWork(Moment(row[1]), Millionths(int(row[2])), int(row[3])) for row in rows]

    def earnings(self, since: Moment, currency: str) -> list[Earned]:
        rows = self._db.all(SELECT_EARNINGS, since=since, currency=currency)
        return [Earned(Millionths(int(row[1])), Millionths(int(row[2]))) for row in rows]

    def flows(self, after: int, upto: int) -> list[tuple[str, str, int, int]]:
        """Return (kind, currency, number of transfers, sum) of transfers sealed behind `after` up to `upto`."""
        return [
            (row[0], row[1], int(row[2]), int(row[3])) for row in self._db.all(SELECT_FLOWS, after=after, upto=upto)
        ]

    def complaints(self) -> list[tuple[Moment, Moment, Moment | None]]:
        """(made, to be answered by, answered) of each."""
        return [(row[0], row[1], row[2]) for row in self._db.all(SELECT_COMPLAINTS)]

    def count_answers(self) -> int:
        """Return the number of all answers ever sent in."""
        return int(self._db.all(COUNT_ANSWERS)[0][0])

    def count_answers_by_hour(self, since: Moment) -> dict[int, int]:
        """hour since 1970 → how many were sent in."""
        return {int(row[0]): int(row[1]) for row in self._db.all(COUNT_ANSWERS_BY_HOUR, since=since, hour=HOUR)}

    def moved_since(self, since: Moment, currency: str) -> dict[str, int]:
        """kind of transfer → sum."""
        return {row[0]: int(row[1]) for row in self._db.all(SUM_TRANSFERS_BY_KIND, since=since, currency=currency)}

    def find_cached(self, name: str) -> tuple[dict[str, Any], Moment, int] | None:
        """Return (figures, when they were computed, milliseconds of the computation), or None."""
        row = self._db.one(SELECT_CACHED, name=name)
        return (unpack(row[0]), row[1], row[2]) if row else None

    def store_cached(self, name: str, facts: dict[str, Any], took: int) -> None:
        self._db.changed(UPSERT_CACHED, name=name, facts=pack(facts), now=self._now, took=took)
