"""Leases: one holder at a time, with take-over when a lease lapses, so that a crash keeps no lock."""

from dataclasses import dataclass

from domain.moments import Moment, later
from storage.drivers.connection import Connection
from storage.drivers.records import single_value
from storage.drivers.rows import ABSENT, Holding

LEASE_HOLDERS = Holding(("leases",), lasts=True)  # by name

# Renewing moves `until`; a value that does not change means a silent holder, independent of clocks.
SELECT_LEASE = "SELECT holder, until FROM leases WHERE name = :name"
TAKE_OVER_LEASE = """
UPDATE leases SET holder = :holder, until = :until WHERE name = :name AND holder = :silent AND until = :stood"""
INSERT_LEASE = """
INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until) ON CONFLICT (name) DO NOTHING"""
RENEW_LEASE = "UPDATE leases SET until = :until WHERE name = :name AND holder = :holder"
DELETE_OWN_LEASE = "DELETE FROM leases WHERE name = :name AND holder = :holder"
# Locks the lease until this transaction ends.
LOCK_OWN_LEASE = "UPDATE leases SET holder = :holder WHERE name = :name AND holder = :holder"
SELECT_LEASES = "SELECT name, holder, until FROM leases WHERE name LIKE :prefix || '%' ORDER BY name"
DELETE_SILENT_LEASE = "DELETE FROM leases WHERE name = :name AND holder = :silent AND until = :stood"


class LeaseLost(Exception):
    """Another process has the role now; the transaction is rolled back."""


@dataclass(frozen=True, slots=True)
class Lease:
    holder: str
    until: Moment


class Leases:
    def __init__(self, connection: Connection, now: Moment) -> None:
        self._db = connection
        self._now = now

    def begin(self, name: str, holder: str, milliseconds: int) -> Lease:
        """Take a free lease or renew one's own; return the lease as it stands, which may be another holder's."""
        until = later(self._now, milliseconds)
        if not self._db.changed(RENEW_LEASE, name=name, holder=holder, until=until):
            self._db.changed(INSERT_LEASE, name=name, holder=holder, until=until)
        return Lease(*self._db.all(SELECT_LEASE, name=name)[0])

    def seize(self, name: str, holder: str, milliseconds: int, silent: Lease) -> bool:
        """Take over a lease from a silent holder; return False if the holder has renewed it since."""
        until = later(self._now, milliseconds)
        return (
            self._db.changed(
                TAKE_OVER_LEASE, name=name, holder=holder, until=until, silent=silent.holder, stood=silent.until
            )
            == 1
        )

    def holds(self, name: str, holder: str) -> bool:
        """Return whether the holder still has the lease; if so, it stays so until this transaction ends.

        On SQLite a transaction excludes other writers anyway: the lease is read once, without a savepoint."""
        if self._db.dialect == "sqlite":
            return self._holder(name) == holder
        return self._db.changed(LOCK_OWN_LEASE, name=name, holder=holder) == 1

    def _holder(self, name: str) -> str | None:
        holder = self._db.get(LEASE_HOLDERS, name)
        if holder is ABSENT:
            holder = self._db.keep(LEASE_HOLDERS, name, single_value(self._db.one(SELECT_LEASE, name=name)))
        return str(holder) if holder else None

    def all(self, prefix: str) -> dict[str, Lease]:
        """Return the leases whose names have this prefix, by name."""
        return {row[0]: Lease(row[1], row[2]) for row in self._db.all(SELECT_LEASES, prefix=prefix)}

    def end(self, name: str, silent: Lease) -> bool:
        """Delete a silent holder's lease; return False if the holder has renewed it since."""
        return self._db.changed(DELETE_SILENT_LEASE, name=name, silent=silent.holder, stood=silent.until) == 1

    def give_up(self, name: str, holder: str) -> None:
        self._db.changed(DELETE_OWN_LEASE, name=name, holder=holder)
