"""Violations of invoices, to be planted: the fees so far are invoiced first."""

from collections.abc import Callable
from dataclasses import replace

from domain.moments import Moment, as_datetime
from domain.money.operator import Operator
from extensions.eu_taxes.domain.contributions import ContributionRate, month_in_france
from extensions.eu_taxes.domain.invoices import Buyer
from extensions.eu_taxes.services import contributions, invoices, tax_forms, tax_returns
from extensions.eu_taxes.services.tax_returns import ReturnOrder
from extensions.eu_taxes.storage.contributions import Contributions
from extensions.eu_taxes.storage.invoices import Invoices
from services.act import Encryption
from services.money import payouts, settlement
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.plants import Plant
from tests.invariants.unpaid import CENTS, PAYER, give_account, moved

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


SIRET = "73282932000074"
ANSWERS = {
    "country": "FR",
    "kind": "person",
    "first_names": "Awa",
    "last_name": "Diallo",
    "street": "3 rue de la Paix",
    "postcode": "75002",
    "town": "Paris",
    "tax_number": "3023217600053",
    "born": "1988-03-20",
}


def filed(*statements: str) -> Callable[[UnitOfWork, House], None]:
    """A return of the year so far tells of two workers; then the statements, and what was told becomes old."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        encryption, operator = Encryption(("a key of at least 16 signs",)), Operator("Pouce", "FR", "732829320")
        order = ReturnOrder(as_datetime(unit.now).year, "fr", operator)
        for person in house.workers[:2]:
            tax_forms.store_answers(unit, encryption, person, ANSWERS)
        drawn = tax_returns.draft_return(unit, encryption, order)
        assert drawn is not None
        tax_returns.record_return(unit, encryption, order, drawn)
        unit.connection.changed("UPDATE tax_messages SET ends = made_at")
        for statement in statements:
            assert unit.connection.changed(statement), statement

    return breaks


def contributed(*statements: str) -> Callable[[UnitOfWork, House], None]:
    """A contribution of a cent was withheld, declared and paid over; then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        worker = unit.people.get(house.workers[1])
        month = month_in_france(unit.now)
        contributions.store_rates(unit, [ContributionRate(SIRET, month, 5_000)])
        unit.records(Contributions).set_siret(worker.id, SIRET)
        give_account(unit, house, 1)
        payouts.request_payout(unit, worker, "EUR", CENTS, country="FR")
        settlement.make_bank_file(act_of(unit, worker.id, payer=PAYER), 0, "EUR")
        settlement.confirm_file(act_of(unit, worker.id), 1)
        number = contributions.declare(unit)
        assert number is not None
        assert contributions.book_declaration_payment(unit, number, "URSSAF")
        for statement in statements:
            assert unit.connection.changed(statement), statement

    return breaks


PLANTS = (
    Plant(
        "what a declaration nets is given back in money, too",
        *(14, "nothing withheld comes back from the authority twice", "currency EUR, by hand"),
        contributed(moved("handedback:9", "handed back", "external:bank", "platform:withheld")),
    ),
    Plant(
        "a contribution is another sum than was withheld",
        *(14, "a contribution is its payout's withheld share", "payout 1"),
        contributed(
            "UPDATE contributions SET rate = 1000",
            "INSERT INTO contribution_rates SELECT siret, month, 1000, 1 FROM contribution_rates",
        ),
    ),
    Plant(
        "a contribution is withheld by a rate that nobody read in",
        *(14, "a contribution's rate was read in before it was used", "payout 1"),
        contributed("UPDATE contribution_rates SET read_at = read_at + 1"),
    ),
    Plant(
        "a contribution is declared twice",
        *(14, "a contribution is declared once, of a payout that was paid", "payout 1"),
        contributed(
            "INSERT INTO contribution_declarations (made_at, total) VALUES (1, 10000)",
            "INSERT INTO contribution_lines SELECT max(id), 1, 10000 FROM contribution_declarations",
        ),
    ),
    Plant(
        "a declaration is another sum than was paid over",
        *(14, "a declaration is the sum of its lines, and paid as such", "declaration 1"),
        contributed("UPDATE contribution_declarations SET total = 20000"),
    ),
    Plant(
        "a return tells of more than a worker earned",
        *(14, "a return under DAC7 tells what the ledger says", "document OP_"),
        filed("UPDATE tax_documents SET consideration = consideration + 1 WHERE person IS NOT NULL"),
    ),
    Plant(
        "a correction takes the place of another worker's document",
        *(14, "a correction is of its own seller's newest document", "document OP_"),
        filed(
            "UPDATE tax_documents SET indicator = 'OECD2', corrects = ("
            " SELECT min(reference) FROM tax_documents d WHERE d.person IS NOT NULL)"
            " WHERE reference = (SELECT max(reference) FROM tax_documents)"
        ),
    ),
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
