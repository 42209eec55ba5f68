"""Filed returns come to a database with data in it, on both databases."""

import pytest

from domain.moments import Moment
from domain.money.declarations import Document, Figures, Indicator, Kind
from storage.database import one_transaction
from storage.money.tax_returns import Sealed
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else

TABLES = "DROP TABLE tax_documents;\nDROP TABLE tax_messages;"
NOTHING = (0, 0, 0, 0)


def test_years_of_the_version_before_returns_may_be_filed(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "tax_returns", TABLES)
    with one_transaction(database_url, now) as unit:
        message = unit.tax_returns.add(2020, "fr", "m1", Kind.NEW, (Moment(1), Moment(2)), Moment(3))
        figures = Figures(house.workers[0], "EUR", NOTHING, NOTHING, NOTHING, NOTHING)
        unit.tax_returns.add_document(message, Document(Indicator.NEW, "d1"), "x", figures, Sealed("s", "k"))
        goes_on(unit, house)
    for wrong in (Document(Indicator.CORRECTED, "d2"), Document(Indicator.NEW, "d2", "d1")):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
            unit.tax_returns.add_document(message, wrong, "x", None, Sealed())
