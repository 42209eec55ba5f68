"""Violations of invoices, to be planted: the fees so far are invoiced first."""

from collections.abc import Callable
from dataclasses import replace

from domain.moments import Moment
from domain.money.operator import Operator
from extensions.eu_taxes.domain.invoices import Buyer
from extensions.eu_taxes.services import invoices
from extensions.eu_taxes.storage.invoices import Invoices
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.plants import Plant

OPERATOR = Operator("Pouce SAS", "FR", "732829320", "", "3 rue de la Paix", "75002", "Paris", "Europe/Paris")
BUYER = Buyer("Atelier Martin", "12 rue des Lilas", "75011 Paris", "FR")
ANOTHER = """
INSERT INTO invoices (series, year, number, person, corrects, currency, begins, ends, rule, rate, fees, net, vat,
  gross, seller, buyer, lines, issued_at)
SELECT series, year, 2, person, {corrects}, currency, begins, ends + 1, rule, rate, 5000, 10000, 0, 10000, seller,
  buyer, lines, issued_at FROM invoices"""


def invoiced(statement: str) -> Callable[[UnitOfWork, House], None]:
    def breaks(unit: UnitOfWork, house: House) -> None:
        later = UnitOfWork(unit.connection, Moment(unit.now + 10_000))
        act = act_of(later, house.requester)
        unit.records(Invoices).set_buyer(house.requester, BUYER)
        invoices.issue_last_invoice(replace(act, house=replace(act.house, vat_rule="293B", operator=OPERATOR)))
        assert unit.connection.changed(statement), statement

    return breaks


PLANTS = (
    Plant(
        "an invoice tells a fee too many",
        *(14, "an invoice tells the fees that the ledger says", "invoice 2027-1"),
        invoiced("UPDATE invoices SET fees = fees + 1"),
        asleep=True,
    ),
    Plant(
        "a credit note gives back what never came back",
        *(14, "credit notes tell what came back of an invoice's fees", "invoice 2027-2"),
        invoiced(ANOTHER.format(corrects="id")),
        asleep=True,
    ),
    Plant(
        "an invoice is missing among its numbers",
        *(14, "invoices are numbered without a gap, in their order", "invoice 2027-3"),
        invoiced("UPDATE invoices SET number = 3"),
        asleep=True,
    ),
    Plant(
        "fees between two invoices are on none",
        *(14, "a fee is on one invoice", "invoice 2027-1"),
        invoiced("UPDATE invoices SET begins = 1"),
        asleep=True,
    ),
)
