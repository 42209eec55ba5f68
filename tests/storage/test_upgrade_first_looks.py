"""Launches that wait for a look are those of people, where the version before did not tell."""

from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, upgraded_from

BEFORE = """
ALTER TABLE first_looks DROP COLUMN api_key;
ALTER TABLE first_looks DROP COLUMN price;
"""


def test_a_look_that_waits_goes_on(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        unit.first_looks.request_look(house.project, "seen")
    upgraded_from(database_url, "looks_at_programs", BEFORE)
    with one_transaction(database_url, now) as unit:
        look = unit.first_looks.find(house.project)
        assert look is not None
        assert (look.seen, look.version, look.api_key, look.price) == ("seen", 1, None, None)
        unit.first_looks.store_asker(house.project, 3, 40)
        goes_on(unit, house)
