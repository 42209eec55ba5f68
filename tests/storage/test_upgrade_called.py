"""Invitations that call with the next answer come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.house import a_project, launch, settle_tasks
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on


def test_who_was_invited_before_and_has_not_begun_is_called(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    begun, other = house.workers[:2]
    with one_transaction(database_url, now) as unit:
        drafted, running = (unit.projects.add(a_project(house.requester, now)) for _ in range(2))
        settle_tasks(unit, running, house.requester, 2, 0)
        launch(unit, house.requester, running)
        for project in (house.project, drafted, running):
            unit.invitations.add(project, f"link {project}")
        unit.invitations.invite(begun, house.project, f"link {house.project}")
        for project in (house.project, drafted, running):
            unit.invitations.invite(other, project, f"link {project}")
    versions = migrate.versions()
    name = next(version for version in versions if version.endswith("_called_to"))
    at = versions.index(name)
    connection = dialect.open()
    connection.script("ALTER TABLE people DROP COLUMN called_to;")
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [name]
    after = everything(database_url)
    same = before.keys() - {"settings", "people"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        assert [unit.people.get(each).called_to for each in (begun, other)] == [None, running]
        goes_on(unit, house)
