"""What a project shows comes to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from domain.projects.projects import ContentChoice
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on


def test_projects_of_the_version_before_show_nothing_to_be_warned_of(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    versions = migrate.versions()
    name = next(version for version in versions if version.endswith("_content"))
    at = versions.index(name)
    connection = dialect.open()
    connection.script("DROP TABLE content_choices;\nDROP INDEX projects_content_running;")
    connection.script("ALTER TABLE projects DROP COLUMN content;")
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [name]
    after = everything(database_url)
    same = before.keys() - {"settings", "projects"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        worker = house.workers[0]
        assert unit.projects.get(house.project).content == ()
        assert unit.projects.warned(10) == []
        for choice in (ContentChoice.SHOWN, ContentChoice.REFUSED):
            unit.content_choices.keep(worker, house.project, choice)
        assert unit.content_choices.of(worker, house.project) is ContentChoice.REFUSED
        goes_on(unit, house)
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.connection.changed("UPDATE content_choices SET choice = 'perhaps'")
