"""Versions of consent and deliveries come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from domain.people.personal_data import CARD_VERSION
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on

WITHDRAWN = "UPDATE enrolments SET consented_at = NULL, withdrawn_at = 5 WHERE worker = :worker AND project = :project"
BACK = """
DROP TABLE deliveries;
DROP INDEX enrolments_taken_back;
ALTER TABLE enrolments DROP COLUMN taken_back;
ALTER TABLE enrolments DROP COLUMN terms;
ALTER TABLE people DROP COLUMN terms;
"""


def test_answers_taken_back_in_the_version_before_leave_the_results_too(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    versions = migrate.versions()
    name = next(version for version in versions if version.endswith("_consents"))
    at = versions.index(name)
    connection = dialect.open()
    connection.script(BACK)
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    with one_transaction(database_url, now) as unit:
        worker, project = unit.connection.all(
            "SELECT worker, project FROM enrolments WHERE answered > 0 ORDER BY worker"
        )[0]
        unit.connection.changed(WITHDRAWN, worker=worker, project=project)
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [name]
    after = everything(database_url)
    same = before.keys() - {"settings", "people", "enrolments", "redraws"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        back = unit.connection.all("SELECT worker, project FROM enrolments WHERE taken_back = 1")
        assert [tuple(row) for row in back] == [(worker, project)]
        redrawn = unit.connection.all("SELECT count(*) FROM redraws")[0][0]
        given = "SELECT count(*) FROM submissions WHERE worker = :worker AND project = :project"
        assert redrawn == unit.connection.all(given, worker=worker, project=project)[0][0] > 0
        unit.consents.note_delivery(house.project, "results", "csv")
        goes_on(unit, house)
        assert unit.connection.all("SELECT count(*) FROM enrolments WHERE terms = :card", card=CARD_VERSION)[0][0] >= 0
