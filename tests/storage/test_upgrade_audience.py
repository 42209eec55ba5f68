"""Conditions of who is asked come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on

OLDER = """DROP TABLE invited;
DROP TABLE invitations;
DROP INDEX projects_who_running;
ALTER TABLE projects DROP COLUMN who;
ALTER TABLE preferences DROP COLUMN country;"""


def test_projects_of_the_version_before_ask_everybody(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    versions = migrate.versions()
    name = next(version for version in versions if version.endswith("_audience"))
    at = versions.index(name)
    connection = dialect.open()
    connection.script(OLDER)
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [name]
    after = everything(database_url)
    same = before.keys() - {"settings", "projects", "preferences"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        assert unit.projects.get(house.project).who == ()
        assert unit.preferences.of(house.workers[0]).country == ""
        goes_on(unit, house)
