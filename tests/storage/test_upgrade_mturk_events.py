"""Notifications and review policies come to a database with data in it, on both databases."""

from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else

TABLES = ("review_results", "review_actions", "reviewable", "events", "notifications")


def test_hits_of_the_version_before_have_no_events(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    drop = "".join(f"DROP TABLE turk_{name};\n" for name in TABLES)
    new_tables_change_nothing_else(database_url, "mturk_events", drop)
    with one_transaction(database_url, now) as unit:
        assert unit.turk_notifications.next(10) == []
        assert unit.review_results.intended(10) == []
        goes_on(unit, house)


def test_nothing_was_brought_from_amazon_before(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    drop = "".join(f"DROP TABLE turk_{name};\n" for name in ("former_values", "known_types", "layouts"))
    new_tables_change_nothing_else(database_url, "mturk_imports", drop)
    with one_transaction(database_url, now) as unit:
        assert unit.turk_imports.layout(house.requester, 1, "3X") is None
        assert unit.turk_imports.keep_layout(house.requester, "3X", "<p/>") > 0
        goes_on(unit, house)
