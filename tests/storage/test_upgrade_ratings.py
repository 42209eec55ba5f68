"""Ratings come to a database with data in it, on both databases."""

import pytest

from domain.fairness.ratings import RequesterRating
from domain.moments import Moment
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.dialects import dialect_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import everything, goes_on

GONE = ";\n".join(f"DROP TABLE {table}" for table in ("ratings", "rating_sums", "rating_asks", "rating_rounds"))


def test_workers_of_the_version_before_rate_whom_they_worked_for(database_url: str, now: Moment) -> None:
    house, dialect = a_day(database_url, now), dialect_of(database_url)
    versions = migrate.versions()
    name = next(version for version in versions if version.endswith("_ratings"))
    at = versions.index(name)
    connection = dialect.open()
    connection.script(f"{GONE};")
    connection.script(f"UPDATE settings SET value = '{versions[at - 1]}' WHERE name = 'schema';")
    connection.close()
    before = everything(database_url)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(migrate, "versions", lambda: versions[: at + 1])
        assert migrate.migrate(dialect) == [name]
    after = everything(database_url)
    same = before.keys() - {"settings"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        worker = house.workers[0]
        unit.ratings.store_marks(house.requester, worker, (5, 4, 3, 2))
        assert unit.ratings.find_public_figures(house.requester) is None
        unit.connection.changed("UPDATE rating_sums SET shown = 5, shown_pay = 25, ratings = 5")
        assert unit.ratings.find_public_figures(house.requester) == RequesterRating(5, (5.0, 0.0, 0.0, 0.0))
        unit.connection.changed("DELETE FROM rating_sums")
        unit.connection.changed("DELETE FROM ratings")
        goes_on(unit, house)
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.ratings.store_marks(house.requester, house.workers[0], (6, 1, 1, 1))
    with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
        unit.ratings.store_marks(house.requester, house.requester, (5, 5, 5, 5))
