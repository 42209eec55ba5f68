"""Paid tests come to a database with data in it, on both databases."""

from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else


def test_tests_of_the_version_before_are_not_paid(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "paid_tests", "DROP TABLE test_attempts;\nDROP TABLE paid_tests;")
    with one_transaction(database_url, now) as unit:
        assert unit.paid_tests.find(1) is None
        goes_on(unit, house)
