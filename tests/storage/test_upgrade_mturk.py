"""HITs come to a database with data in it, on both databases."""

from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else

TABLES = ("bonuses", "decisions", "tokens", "tasks", "hits", "hit_types")
UNDONE = "DROP INDEX submissions_by_task;\n" + "".join(f"DROP TABLE turk_{name};\n" for name in TABLES)


def test_a_database_of_the_version_before_has_no_hits_and_goes_on(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "mturk", UNDONE)
    with one_transaction(database_url, now) as unit:
        goes_on(unit, house)
        assert unit.hits.page(house.requester, 1 << 62, 10) == []
