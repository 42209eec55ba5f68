"""Pilots come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on


def test_projects_of_the_version_before_had_no_pilot(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    versions = migrate.versions()
    name = next(version for version in versions if version.endswith("_pilots"))
    at = versions.index(name)
    connection = dialect.open()
    connection.script(f"DROP TABLE pilots;\nUPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [name]
    after = everything(database_url)
    same = before.keys() - {"settings"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        assert unit.pilots.found(house.project) is None
        assert unit.pilots.due(10) == []
        goes_on(unit, house)
