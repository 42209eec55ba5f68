"""Stated costs and working times come to a database with data in it, on both databases."""

from domain.moments import Moment
from storage.database import one_transaction
from storage.invariants import check
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else, upgraded_from

WORKED = """
ALTER TABLE assignments DROP COLUMN begun_at;
ALTER TABLE submissions DROP COLUMN worked;
ALTER TABLE submissions DROP COLUMN standing;"""
TIMES = "SELECT a.pushed, s.milliseconds, s.worked FROM submissions s JOIN assignments a ON a.id = s.assignment"


def test_what_was_held_before_had_been_stated(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "stated_costs", "DROP TABLE stated_costs;")
    with one_transaction(database_url, now) as unit:
        assert unit.spending.stated.of(house.project) > 0
        assert check(unit) == []
        goes_on(unit, house)


def test_answers_of_the_version_before_have_the_working_time_that_is_known(database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    upgraded_from(database_url, "working_time", WORKED)
    with one_transaction(database_url, now) as unit:
        rows = unit.connection.all(TIMES)
        assert rows
        assert all(worked == (0 if pushed else milliseconds) for pushed, milliseconds, worked in rows)
        assert check(unit) == []
