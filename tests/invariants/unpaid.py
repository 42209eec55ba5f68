"""Violations of payouts, to be planted: a worker has given an account and asked for a cent first."""

from collections.abc import Callable

from domain.money.amounts import Millionths
from domain.money.bank_statements import UNEXPLAINED, BankLine
from domain.money.card_payments import MadePayment
from domain.money.card_reports import ReportLine
from domain.money.ledger import BANK, CARDS, WITHHELD, Transfer
from domain.money.payouts import Payer
from services.money import bank_lines, card_reports, payouts, settlement, transfers
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.plants import Plant, run

IBAN = "FR7630006000011234567890189"
PAYER = Payer("Pouce", "FR1420041010050500013M02606", "AGRIFRPP")
CENTS = 20_000


def give_account(unit: UnitOfWork, house: House, number: int) -> None:
    person = unit.people.get(house.workers[number])
    payouts.ask_for_holder(unit, person)
    payouts.take_account_answer(unit, person, "Ann Doe")
    payouts.take_account_answer(unit, person, IBAN)


def after_paying(*statements: str) -> Callable[[UnitOfWork, House], None]:
    """Two cents are asked for, one is withheld; the bank has paid; then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        worker = unit.people.get(house.workers[1])
        unit.payouts.set_rate(worker.id, 5_000)
        give_account(unit, house, 1)
        payouts.request_payout(unit, worker, "EUR", CENTS)
        settlement.make_bank_file(act_of(unit, worker.id, payer=PAYER), 0, "EUR")
        settlement.confirm_file(act_of(unit, worker.id), 1)
        for statement in statements:
            assert unit.connection.changed(statement), statement

    return breaks


def moved(key: str, kind: str, debit: str, credit: str) -> str:
    return f"""
INSERT INTO transfers (id, key, kind, debit, credit, amount, currency, made_at)
SELECT 100000 + max(t.id), '{key}', '{kind}', d.id, c.id, 10000, 'EUR', 1
FROM transfers t, accounts d, accounts c WHERE d.name LIKE '{debit}' AND c.name LIKE '{credit}'
  AND d.id = (SELECT min(id) FROM accounts WHERE name LIKE '{debit}' AND balance <> 0) GROUP BY d.id, c.id"""


def share(unit: UnitOfWork, house: House) -> None:
    """Both had a task when nobody knew; they are moved behind that."""
    give_account(unit, house, 1)
    give_account(unit, house, 2)
    assert unit.connection.changed("UPDATE payee_mates SET after_assignment = 0")


def unexplained(unit: UnitOfWork, house: House) -> None:
    """Money leaves, and no line of the bank says so."""
    unit.ledger.open((UNEXPLAINED, BANK), "EUR")
    unit.ledger.post(Transfer("lost", "unexplained", UNEXPLAINED, BANK, Millionths(10_000), "EUR"))


def waiting(*statements: str) -> Callable[[UnitOfWork, House], None]:
    """A debit of a cent waits; then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        line = BankLine("key", "statement", "", True, 10_000, "EUR", "0.01", "2027-01-15", "B-1", "", "")
        assert bank_lines.keep_waiting(unit, line, "debit")
        for statement in statements:
            assert unit.connection.changed(statement), statement

    return breaks


def paid_by_card(*statements: str) -> Callable[[UnitOfWork, House], None]:
    """A requester has paid ten euros by card, of which one went back; then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        rosa = unit.people.get(house.requester)
        payment = unit.card_payments.ask(rosa.id, rosa.id, 10_000_000, "EUR")
        unit.card_payments.set_checked(payment.id)
        amount = Millionths(10_000_000)
        transfer = transfers.post_deposit(unit, rosa, amount, "EUR", key="card:charge", memo="", source=CARDS)
        assert transfer is not None
        unit.card_payments.set_paid(payment.id, MadePayment("charge", "", str(payment.id), 1_000, "EUR"), transfer)
        key = f"card:{payment.id}:1"
        transfers.post_refund(unit, rosa, Millionths(1_000_000), "EUR", key=key, memo="", target=CARDS)
        unit.card_payments.add_refunded(payment.id, 1_000_000)
        for statement in statements:
            assert unit.connection.changed(statement), statement

    return breaks


def reported(*statements: str) -> Callable[[UnitOfWork, House], None]:
    """The provider's report has the payment with its fee, and the euro that went back; then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        paid_by_card("UPDATE card_payments SET provider_charge = 'ch_1'")(unit, house)
        admin = act_of(unit, house.workers[1], frozenset({unit.people.get(house.workers[1]).telegram_id or 0}))
        lines = [
            ReportLine("txn_1", "charge", "EUR", 10_000_000, 250_000, ("ch_1",), "2027-01-15"),
            ReportLine("txn_2", "refund", "EUR", -1_000_000, 0, ("ch_1",), "2027-01-15"),
            ReportLine("txn_3", "refund", "EUR", -2_000_000, 0, ("ch_1",), "2027-01-15"),
        ]
        card_reports.preview_report(admin, 1, lines)
        assert card_reports.book_report(admin, 1).lines == 3
        for statement in statements:
            assert unit.connection.changed(statement), statement

    return breaks


REPORTED = "a line of the card provider's report is what was booked"
BOOKED_CARD = "a card payment is booked once, as it was asked for"
UNPAID = (
    Plant(
        "a card paid another amount than was booked",
        *(14, BOOKED_CARD, "card payment 1"),
        paid_by_card("UPDATE card_payments SET amount = amount + 1"),
    ),
    Plant(
        "a card payment is booked for somebody else",
        *(14, BOOKED_CARD, "card payment 1"),
        paid_by_card("UPDATE card_payments SET account = (SELECT min(id) FROM people WHERE telegram_id <> 1000)"),
    ),
    Plant(
        "a deposit came from the provider of cards, and no payment explains it",
        *(14, BOOKED_CARD, "transfer"),
        paid_by_card(moved("deposit:card:forged", "deposit", "external:cards", "requester:1000:available")),
    ),
    Plant(
        "more went back to a card than was booked",
        *(14, "what went back to a card is what was booked", "card payment 1"),
        paid_by_card("UPDATE card_payments SET refunded = refunded + 1"),
    ),
    Plant(
        "a report's line has another fee than was booked",
        *(14, REPORTED, "report line txn_1"),
        reported("UPDATE card_report_lines SET fee = fee + 1 WHERE number = 'txn_1'"),
    ),
    Plant(
        "a report's refund is of another amount",
        *(14, REPORTED, "report line txn_3"),
        reported("UPDATE card_report_lines SET gross = gross + 1 WHERE number = 'txn_3'"),
    ),
    Plant(
        "reports explain more than went back to a card",
        *(14, REPORTED, "card payment 1"),
        reported("UPDATE card_report_lines SET gross = gross - 1 WHERE number = 'txn_2'"),
    ),
    Plant(
        "a fee of a report that no line explains",
        *(14, REPORTED, "transfer"),
        reported("DELETE FROM card_report_lines WHERE number = 'txn_1'"),
    ),
    Plant(
        "money left that no line of the bank tells of",
        *(14, "what is unexplained is the bank's lines that wait", "account external:unexplained"),
        unexplained,
    ),
    Plant(
        "a line of the bank is of another amount than was moved",
        *(14, "a bank's line moves its own amount once", "bank line 1"),
        waiting("UPDATE bank_lines SET amount = 20000"),
    ),
    Plant(
        "a payout's amounts do not add up",
        *(14, "a payout's gross is net, withheld and fee", "payout 1"),
        run(
            "INSERT INTO payouts (id, worker, number, payee, currency, gross, withheld, fee, net, state, reason,"
            " requested_at) SELECT 1, max(id), 1, 1, 'EUR', 20000, 0, 1, 20000, 'requested', '', 1 FROM people"
        ),
        stripped=("payouts",),
    ),
    Plant(
        "a payout is called failed and its money is with the bank",
        *(14, "a payout's money is where its state says", "payout 1"),
        after_paying("UPDATE payouts SET state = 'failed', reason = 'x'"),
    ),
    Plant(
        "a payout is paid a second time under a new key",
        *(14, "every movement of a payout has its payout", "transfer 1"),
        after_paying(moved("paid:1b", "paid", "worker:%:available", "external:bank")),
    ),
    Plant(
        "money is reserved for nobody's payout",
        *(14, "what is reserved is on its way", "account worker:"),
        after_paying(moved("again", "gift", "worker:2001:available", "worker:2001:payout")),
    ),
    Plant(
        "withheld money is moved elsewhere",
        *(14, "what is withheld waits or was handed on", f"account {WITHHELD}"),
        after_paying(moved("mine", "gift", WITHHELD, "worker:2001:available")),
    ),
    Plant(
        "a changed account is paid to at once",
        *(14, "a payout goes to its worker's rested account", "payout 1"),
        after_paying("UPDATE payees SET usable_at = usable_at + 1000000"),
    ),
    Plant(
        "a deposit of a statement is booked for another requester than its reference names",
        *(14, "a deposit from a statement is its reference's", "transfer 1"),
        run(
            "INSERT INTO transfers (id, key, kind, debit, credit, amount, currency, memo, made_at)"
            " SELECT 100001 + max(t.id), 'deposit:bank:00', 'deposit', d.id, c.id, 10000, 'EUR', 'RF49POUCE0 B1', 1"
            " FROM transfers t, accounts d, accounts c WHERE d.name = 'external:bank'"
            " AND c.name LIKE 'requester:%:available' GROUP BY d.id, c.id"
        ),
    ),
    Plant(
        "two who share an account answer the same task",
        *(7, "no task is answered twice to one bank account", "task "),
        share,
    ),
)
