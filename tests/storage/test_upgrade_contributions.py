"""Social contributions come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from domain.money.contributions import ContributionRate
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else

TABLES = ("contribution_lines", "contribution_declarations", "contributions", "contribution_rates", "contributors")
SIRET = "73282932000074"


def test_workers_of_the_version_before_contributions_may_give_a_siret(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    drop = "".join(f"DROP TABLE {table};\n" for table in TABLES)
    new_tables_change_nothing_else(database_url, "contributions", drop)
    with one_transaction(database_url, now) as unit:
        assert unit.contributions.find_siret(house.workers[0]) is None
        unit.contributions.set_siret(house.workers[0], SIRET)
        unit.contributions.store_rates([ContributionRate(SIRET, "2027-01", 2_120)])
        assert unit.contributions.list_due() == []
        goes_on(unit, house)
    for change in ("contribution_rates SET rate = 5001", "contributors SET siret = '1'"):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
            unit.connection.changed(f"UPDATE {change}")
