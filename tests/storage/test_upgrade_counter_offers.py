"""Counter-offers come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else


def test_workers_of_the_version_before_may_say_what_they_ask(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    drop = "DROP TABLE counter_offers;\nDROP INDEX enrolments_declined;"
    new_tables_change_nothing_else(database_url, "counter_offers", drop)
    with one_transaction(database_url, now) as unit:
        for asked in (60_000, 80_000):
            unit.counter_offers.store_offer(house.project, house.workers[0], Millionths(asked))
        assert [each.asked for each in unit.counter_offers.list_offers(house.project)] == [80_000]
        goes_on(unit, house)
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.connection.changed("UPDATE counter_offers SET asked = 0")
