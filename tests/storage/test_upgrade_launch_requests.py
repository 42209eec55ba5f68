"""Launches asked for by programs come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else


def test_programs_of_the_version_before_may_ask_for_a_launch(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "launch_requests", "DROP TABLE launch_requests;")
    with one_transaction(database_url, now) as unit:
        unit.api_keys.add(house.requester, "hash", "hint")
        number = unit.launch_requests.add(house.requester, 1, house.project, Millionths(5))
        found = unit.launch_requests.waiting(house.project)
        assert found is not None
        assert (found.id, found.price) == (number, 5)
        goes_on(unit, house)
    with pytest.raises(Exception, match=r"(?i)unique"), one_transaction(database_url, now) as unit:
        unit.launch_requests.add(house.requester, 1, house.project, Millionths(5))
