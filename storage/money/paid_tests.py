"""Tests whose attempt is paid, and who began one."""

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.people.qualifications import PaidTest, TypeId
from storage.drivers.connection import Connection

ADD = "INSERT INTO paid_tests (type, pay, currency, places) VALUES (:type, :pay, :currency, :places)"
FIND = """
SELECT p.type, p.pay, p.currency, p.places, p.ended_at, count(a.worker), count(a.paid_at)
FROM paid_tests p LEFT JOIN test_attempts a ON a.type = p.type WHERE p.type = :type
GROUP BY p.type, p.pay, p.currency, p.places, p.ended_at"""
END = "UPDATE paid_tests SET ended_at = :now WHERE type = :type AND ended_at IS NULL"
BEGIN = "INSERT INTO test_attempts (type, worker, begun_at) VALUES (:type, :worker, :now)"
# Also under another account: who shares a bank account with them, or who they were before they were erased.
BEGAN = """
SELECT 1 FROM test_attempts WHERE type = :type AND (
  worker = :worker OR worker IN (SELECT mate FROM payee_mates WHERE person = :worker))"""
PAY = "UPDATE test_attempts SET paid_at = :now WHERE type = :type AND worker = :worker AND paid_at IS NULL"
FREE = "DELETE FROM test_attempts WHERE type = :type AND worker = :worker AND paid_at IS NULL"
UNPAID = "SELECT worker, begun_at FROM test_attempts WHERE type = :type AND paid_at IS NULL ORDER BY worker"


class PaidTests:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def add(self, type_: TypeId, pay: Millionths, currency: str, places: int) -> None:
        self._db.changed(ADD, type=type_, pay=pay, currency=currency, places=places)

    def find(self, type_: TypeId) -> PaidTest | None:
        row = self._db.one(FIND, type=type_)
        return PaidTest(*row) if row else None

    def end(self, type_: TypeId) -> bool:
        return self._db.changed(END, type=type_, now=self._now) == 1

    def begin(self, type_: TypeId, worker: PersonId) -> None:
        self._db.changed(BEGIN, type=type_, worker=worker, now=self._now)

    def began(self, type_: TypeId, worker: PersonId) -> bool:
        """Also one that was paid."""
        return self._db.one(BEGAN, type=type_, worker=worker) is not None

    def pay(self, type_: TypeId, worker: PersonId) -> bool:
        """False: they have not begun, or were paid."""
        return self._db.changed(PAY, type=type_, worker=worker, now=self._now) == 1

    def free(self, type_: TypeId, worker: PersonId) -> None:
        """Somebody else may take the place."""
        self._db.changed(FREE, type=type_, worker=worker)

    def unpaid(self, type_: TypeId) -> list[tuple[PersonId, Moment]]:
        """Who has begun, and when."""
        return [(PersonId(worker), Moment(begun)) for worker, begun in self._db.all(UNPAID, type=type_)]
