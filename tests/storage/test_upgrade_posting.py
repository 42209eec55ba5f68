"""Entries that are written by values come to a database with a ledger in it: the same ones, refused as before."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from storage.invariants import permanence
from tests.invariants.flows import a_day
from tests.invariants.test_append_only import TRANSFER
from tests.storage.test_upgrade import everything, goes_on

POST = permanence.ON_SQLITE.findall(migrate.procedures("sqlite", "0001_schema"))
BEFORE = next(text for text, name, _ in POST if name == "transfers_post")
TO_NOBODY = "'x', 'x', 1, 99, 1, 'EUR', 1"


def test_a_ledger_whose_entries_were_selected_goes_on(database_url: str, now: Moment) -> None:
    """On SQLite; nothing changes on PostgreSQL."""
    house, dialect, versions = a_day(database_url, now), dialect_of(database_url), migrate.versions()
    at = next(number for number, version in enumerate(versions) if version.endswith("_posting_by_values"))
    connection = dialect.open()
    if connection.dialect == "sqlite":
        connection.script(f"DROP TRIGGER transfers_post;\n{BEFORE};")
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    selected, before = moved(database_url, now, "before"), everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [versions[at]]
    after = everything(database_url)
    same = before.keys() - {"settings", "triggers"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert moved(database_url, now, "after") == selected
    with pytest.raises(Exception, match=r"(?i)foreign key|belongs"), one_transaction(database_url, now) as unit:
        unit.connection.changed(f"{TRANSFER} VALUES ({TO_NOBODY})")
    with one_transaction(database_url, now) as unit:
        goes_on(unit, house)


def moved(url: str, now: Moment, name: str) -> list[tuple[int, int, int]]:
    """How transfers of one statement move their accounts: entry by entry, version, balance and amount."""
    moves = [Transfer(f"{name}:{number}", "deposit", BANK, FEES, Millionths(number), "EUR") for number in range(1, 30)]
    with one_transaction(url, now) as unit:
        began = unit.ledger.find(FEES)
        assert began is not None
        unit.ledger.post_later(moves)
        return [
            (entry.version - began.version, entry.balance - began.balance, entry.amount)
            for entry in unit.ledger.iterate_entries(FEES)
            if entry.version > began.version
        ]
