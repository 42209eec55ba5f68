"""Leases: one holder at a time, with take-over when a lease lapses, so that a crash keeps no lock."""

from dataclasses import dataclass

from domain.moments import Moment, later
from storage.drivers.connection import Connection
from storage.drivers.records import single_value
from storage.drivers.rows import ABSENT, Holding

HOLDERS = Holding(("leases",), lasts=True)  # by name

# Renewing moves `until`; a value that does not change means a silent holder, independent of clocks.
SEEN = "SELECT holder, until FROM leases WHERE name = :name"
SEIZE = """
UPDATE leases SET holder = :holder, until = :until WHERE name = :name AND holder = :silent AND until = :stood"""
FREE = """
INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until) ON CONFLICT (name) DO NOTHING"""
RENEW = "UPDATE leases SET until = :until WHERE name = :name AND holder = :holder"
GIVE_UP = "DELETE FROM leases WHERE name = :name AND holder = :holder"
# Locks the lease until this transaction ends.
HELD = "UPDATE leases SET holder = :holder WHERE name = :name AND holder = :holder"
LIKE = "SELECT name, holder, until FROM leases WHERE name LIKE :prefix || '%' ORDER BY name"
END = "DELETE FROM leases WHERE name = :name AND holder = :silent AND until = :stood"


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
        """Takes a free lease or renews one's own; returns the holder."""
        until = later(self._now, milliseconds)
        if not self._db.changed(RENEW, name=name, holder=holder, until=until):
            self._db.changed(FREE, name=name, holder=holder, until=until)
        return Lease(*self._db.all(SEEN, name=name)[0])

    def seize(self, name: str, holder: str, milliseconds: int, silent: Lease) -> bool:
        """Takes over from a holder that was seen to be silent; False if it has spoken since."""
        until = later(self._now, milliseconds)
        return (
            self._db.changed(SEIZE, name=name, holder=holder, until=until, silent=silent.holder, stood=silent.until)
            == 1
        )

    def holds(self, name: str, holder: str) -> bool:
        """Whether it is still theirs; then it stays so until this transaction ends. On SQLite it does so anyway: it
        is read once, and whoever only asks needs no savepoint."""
        if self._db.dialect == "sqlite":
            return self._holder(name) == holder
        return self._db.changed(HELD, name=name, holder=holder) == 1

    def _holder(self, name: str) -> str | None:
        found = self._db.get(HOLDERS, name)
        if found is ABSENT:
            found = self._db.keep(HOLDERS, name, single_value(self._db.one(SEEN, name=name)))
        return str(found) if found else None

    def all(self, prefix: str) -> dict[str, Lease]:
        """Leases by name, of those whose name has this prefix."""
        return {row[0]: Lease(row[1], row[2]) for row in self._db.all(LIKE, prefix=prefix)}

    def end(self, name: str, silent: Lease) -> bool:
        """Takes it from a holder that was seen to be silent; False if it has spoken since."""
        return self._db.changed(END, name=name, silent=silent.holder, stood=silent.until) == 1

    def give_up(self, name: str, holder: str) -> None:
        self._db.changed(GIVE_UP, name=name, holder=holder)
