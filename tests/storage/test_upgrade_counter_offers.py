"""Counter-offers come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on


def test_workers_of_the_version_before_may_say_what_they_ask(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    versions = migrate.versions()
    name = next(version for version in versions if version.endswith("_counter_offers"))
    at = versions.index(name)
    connection = dialect.open()
    connection.script("DROP TABLE counter_offers;\nDROP INDEX enrolments_declined;")
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [name]
    after = everything(database_url)
    same = before.keys() - {"settings"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        for asked in (60_000, 80_000):
            unit.counter_offers.keep(house.project, house.workers[0], Millionths(asked))
        assert [each.asked for each in unit.counter_offers.of(house.project)] == [80_000]
        goes_on(unit, house)
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.connection.changed("UPDATE counter_offers SET asked = 0")
