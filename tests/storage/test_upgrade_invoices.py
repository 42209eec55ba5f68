"""Invoices come to a database with data in it, on both databases."""

from domain.moments import Moment
from domain.money.invoices import Buyer
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else

DROP = "DROP TABLE invoices;\nDROP TABLE buyers;\n"
FUNCTIONS = "DROP FUNCTION invoices_new();\nDROP FUNCTION invoices_keep();\n"


def test_fees_of_the_version_before_invoices_can_be_invoiced(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    drop = DROP + (FUNCTIONS if database_url.startswith("postgresql") else "")
    new_tables_change_nothing_else(database_url, "invoices", drop, "triggers")
    with one_transaction(database_url, now) as unit:
        assert unit.invoices.list_unasked(9) == [house.requester]
        unit.invoices.set_buyer(house.requester, Buyer("Anna", "1 rue A", "75001 Paris", "FR"))
        assert [each.person for each in unit.invoices.list_due(now, 9)] == [house.requester]
        goes_on(unit, house)
