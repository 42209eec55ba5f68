"""Time-stamps of heads come to a database with data in it, on both databases."""

import pytest

from domain.moments import DAY, Moment, later
from services.money import ledger
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on


def test_heads_of_the_version_before_wait_for_their_stamp(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    for at in (now, later(now, DAY)):
        with one_transaction(database_url, at) as unit:
            ledger.seal_recent(unit)
    versions = migrate.versions()
    name = next(version for version in versions if version.endswith("_head_timestamps"))
    at = versions.index(name)
    connection = dialect.open()
    connection.script("DROP TABLE head_timestamps;")
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [name]
    after = everything(database_url)
    same = before.keys() - {"settings"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, later(now, DAY)) as unit:
        waiting = unit.head_timestamps.find_waiting()
        assert waiting is not None
        assert (waiting[1], waiting[2]) == (unit.hash_chain.list_day_heads(1)[0][1], 0)
        goes_on(unit, house)
