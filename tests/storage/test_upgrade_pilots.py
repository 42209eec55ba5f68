"""Pilots come to a database with data in it, on both databases."""

from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else


def test_projects_of_the_version_before_had_no_pilot(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "pilots", "DROP TABLE pilots;")
    with one_transaction(database_url, now) as unit:
        assert unit.pilots.found(house.project) is None
        assert unit.pilots.due(10) == []
        goes_on(unit, house)
