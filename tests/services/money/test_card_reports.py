"""A card provider's report books fees, records refunds and matches payouts, each line once."""

from dataclasses import replace
from io import BytesIO

import pytest

from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.money.card_payments import MadePayment
from domain.money.card_reports import CardReportBooked, CardReportRead
from domain.money.ledger import CARD_FEES, CARDS, Transfer, requester_account
from domain.refusals import NotAllowed, StatementRefused
from formats.bank.card_reports import read_card_report
from handlers.money.card_payments import RecordCardFee, RecordCardPayout, RefundCardPayment
from handlers.money.card_reports import BookCardReport, TurnCardReport
from services.act import Act
from services.money import card_payments, card_reports
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import press
from tests.formats.test_card_reports import report, row
from tests.house import settle_requester
from tests.letters import due_letters
from tests.services.money.test_card_payments import admin_of, ask, by_card, check, free, in_order

CHARGE, REFUND = row("txn_1", "charge", "25.00", "0.63", "ch_1"), row("txn_2", "refund", "-10.00", charge="ch_1")
DISPUTE = row("txn_3", "dispute", "-15.00", "20.00", "ch_1")
PAYOUT = row("txn_4", "payout", "-14.37")


def pay(unit: UnitOfWork) -> Act:
    """Let Rosa pay 25 euros by card, which the provider knows as ch_1; return an act of hers."""
    rosa = by_card(unit, settle_requester(unit).id)
    number = ask(rosa).number
    assert check(rosa, number) == ""
    card_payments.book_payment(rosa, MadePayment("charge", "ch_1", str(number), 2_500, "EUR"))
    return rosa


def read(unit: UnitOfWork, *rows: str, number: int = 1) -> CardReportRead:
    """Send a report as an admin and return what is shown."""
    lines = read_card_report(BytesIO(report(*rows)))
    return card_reports.preview_report(by_card(unit, admin_of(unit), key=f"report {number}"), number, lines)


def book(unit: UnitOfWork, *rows: str, number: int = 1) -> CardReportBooked:
    read(unit, *rows, number=number)
    booked = press(by_card(unit, admin_of(unit), key=f"book {number}"), BookCardReport(report=number))
    assert isinstance(booked, CardReportBooked)
    return booked


def reasons(shown: CardReportRead) -> list[tuple[str, str]]:
    return [(misfit.line.number, misfit.why) for misfit in shown.misfits]


async def test_fees_and_refunds_are_booked_once_however_often_the_report_is_sent(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa = pay(unit)
        shown = read(unit, CHARGE, REFUND, row("txn_9", "fee", "-1.20"))
        assert (shown.payments, shown.fees, shown.refund_count, shown.misfits) == (1, 1_830_000, 1, ())
        assert shown.refunds[0].amount == 10_000_000
        assert free(rosa) == 25_000_000
        booked = book(unit, CHARGE, REFUND, row("txn_9", "fee", "-1.20"))
        assert (booked.lines, booked.refunds, booked.held) == (3, 1, 13_170_000)
        assert (free(rosa), unit.ledger.balance(CARD_FEES)) == (15_000_000, -1_830_000)
        assert [letter.screen.split(".")[-1] for letter in due_letters(unit, 9)].count("FundsRefunded") == 1
        again = book(unit, CHARGE, REFUND, REFUND, row("txn_9", "fee", "-1.20"), number=2)
        assert (again.lines, again.known, again.held) == (0, 4, 13_170_000)

    await in_order(database, now, story)


async def test_a_refund_that_was_typed_is_not_recorded_again(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa, ada = pay(unit), admin_of(unit)
        press(by_card(unit, ada, "typed"), RefundCardPayment(number=1, amount="10"))
        shown = read(unit, REFUND, REFUND.replace("txn_2", "txn_5"))
        assert (shown.recorded, shown.refund_count) == (1, 1)
        assert book(unit, REFUND).refunds == 0
        assert free(rosa) == 15_000_000
        assert book(unit, REFUND.replace("txn_2", "txn_5"), number=2).refunds == 1
        assert free(rosa) == 5_000_000
        press(by_card(unit, ada, "typed again"), RefundCardPayment(number=1, amount="2"))
        assert reasons(read(unit, row("txn_6", "refund", "-3.00", charge="ch_1"), number=3)) == [("txn_6", "typed")]

    await in_order(database, now, story)


async def test_a_dispute_waits_until_an_admin_says_who_bears_it(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa, ada = pay(unit), admin_of(unit)
        assert reasons(read(unit, DISPUTE)) == [("txn_3", "dispute")]
        assert free(rosa) == 25_000_000
        press(by_card(unit, ada, "typed"), RefundCardPayment(number=1, amount="15"))
        assert reasons(read(unit, DISPUTE)) == [("txn_3", "balance")]  # its fee is more than is left there
        booked = book(unit, DISPUTE.replace("20.00", "7.50"))
        assert (booked.fees, free(rosa)) == (7_500_000, 10_000_000)

    await in_order(database, now, story)


async def test_a_payout_is_matched_once_with_what_reached_the_bank(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        pay(unit)
        assert reasons(read(unit, PAYOUT)) == [("txn_4", "payout")]
        press(by_card(unit, admin_of(unit), "typed"), RecordCardPayout(amount="14.37", reason="January"))
        twin = PAYOUT.replace("txn_4", "txn_7").replace("-14.37", "14.37")  # some reports write payouts without a minus
        shown = read(unit, PAYOUT, twin)
        assert (shown.payouts, reasons(shown)) == (1, [("txn_7", "payout")])
        assert book(unit, PAYOUT, twin).misfits == 1
        assert reasons(read(unit, PAYOUT, twin, number=2)) == [("txn_7", "payout")]

    await in_order(database, now, story)


async def test_a_payout_of_long_before_is_another_one(database: Database, now: Moment):
    def begin(unit: UnitOfWork) -> None:
        pay(unit)
        press(by_card(unit, admin_of(unit), "typed"), RecordCardPayout(amount="14.37", reason="January"))

    def story(unit: UnitOfWork) -> None:
        assert reasons(read(unit, PAYOUT)) == [("txn_4", "payout")]

    await database.transact(begin, later(now, -30 * DAY))
    await in_order(database, now, story)


async def test_what_fits_nothing_books_nothing(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa = pay(unit)
        card_payments.book_payment(rosa, MadePayment("stray", "ch_2", "0", 900, "EUR"))
        shown = read(
            unit,
            row("txn_a", "charge", "9.00", "0.30", "ch_2"),
            row("txn_b", "charge", "9.00", "0.30", "ch_unheard"),
            row("txn_c", "charge", "24.00", "0.63", "ch_1"),
            row("txn_d", "charge", "25.00", "0.63", "ch_1", currency="usd"),
            row("txn_e", "refund", "-25.01", charge="ch_1"),
            row("txn_f", "refund_failure", "10.00", charge="ch_1"),
            row("txn_g", "fee", "-25.01"),
            row("txn_h", "refund", "10.00", charge="ch_1"),
        )
        assert reasons(shown) == [
            *(("txn_a", "stray"), ("txn_b", "unknown"), ("txn_c", "amount"), ("txn_d", "currency"), ("txn_e", "more")),
            *(("txn_f", "category"), ("txn_g", "balance"), ("txn_h", "category")),
        ]
        assert (shown.new, unit.ledger.balance(CARDS)) == (0, -25_000_000)

    await in_order(database, now, story)


async def test_a_refund_of_spent_money_waits(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa = pay(unit)
        account, held = requester_account(rosa.person), "project:9:budget"
        unit.ledger.open((held,), "EUR")
        unit.ledger.post(Transfer("spent", "launch", account, held, Millionths(110_000_000), "EUR"))
        twin = REFUND.replace("txn_2", "txn_5")
        assert reasons(read(unit, REFUND, twin)) == [("txn_5", "spent")]

    await database.transact(story, now)


async def test_fees_that_were_typed_are_named_before_they_are_booked_twice(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        pay(unit)
        press(by_card(unit, admin_of(unit), "typed"), RecordCardFee(amount="0.63", reason="January"))
        assert read(unit, CHARGE).typed_fees == 630_000
        press(by_card(unit, admin_of(unit), "back"), RecordCardFee(amount="-0.63", reason="in the report"))
        assert read(unit, CHARGE).typed_fees == 0
        book(unit, CHARGE)
        assert read(unit, row("txn_9", "fee", "-1.20"), number=2).typed_fees == 0

    await in_order(database, now, story)


async def test_only_an_admin_reads_a_report_and_only_the_newest_is_booked(database: Database, now: Moment):
    def story(unit: UnitOfWork) -> None:
        rosa = pay(unit)
        with pytest.raises(NotAllowed):
            card_reports.preview_report(rosa, 1, [])
        read(unit, CHARGE, number=1)
        many = [row(f"txn_{n}", "topup", "1.00") for n in range(20)]
        assert [read(unit, *many, number=2).pages, read(unit, *many, number=2).misfit_count] == [3, 20]
        ada = by_card(unit, admin_of(unit), "3")
        last = press(ada, TurnCardReport(report=2, page=9))
        assert isinstance(last, CardReportRead)
        assert (last.page, len(last.misfits)) == (2, 4)
        for payload in (BookCardReport(report=1), TurnCardReport(report=1, page=0)):
            with pytest.raises(StatementRefused):
                press(ada, payload)
        dollars = replace(ada, house=replace(ada.house, terms=replace(ada.house.terms, currency="USD")))
        with pytest.raises(StatementRefused):
            press(dollars, BookCardReport(report=2))

    await in_order(database, now, story)
