"""What requesters began, and their daily digest, come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else

OFF = "SELECT off FROM requester_digests WHERE person = :person"


@pytest.mark.parametrize("table", ["project_forms", "requester_digests", "hub_pushes", "awaited_names"])
def test_requesters_of_the_version_before_had_none(database_url: str, now: Moment, table: str) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, table, f"DROP TABLE {table};")
    with one_transaction(database_url, now) as unit:
        requester = unit.projects.get(house.project).requester
        assert unit.drafts.forms.of(requester) == {}
        assert not any(off for (off,) in unit.connection.all(OFF, person=requester))
        unit.hub_pushes.add(house.project, requester, "anna/reviews", False, "sealed")
        assert [each.tries for each in unit.hub_pushes.due(9)] == [0]
        goes_on(unit, house)


def test_projects_of_the_version_before_look_for_everything(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "checks", "ALTER TABLE projects DROP COLUMN checks;", "projects")
    with one_transaction(database_url, now) as unit:
        assert unit.projects.get(house.project).checks == ()
        goes_on(unit, house)
