"""Stripe's itemized reports, by the columns of its documentation."""

from io import BytesIO

import pytest

from formats.bank.card_reports import MAX_LINES, is_card_report, read_card_report
from formats.bank.statements import StatementFlaw

NAMES = (
    "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,"
    "description,customer_email,charge_id,payment_intent_id"
)


def row(number: str, category: str, gross: str, fee: str = "0.00", charge: str = "", currency: str = "eur") -> str:
    """Return a row as Stripe writes it, with a customer's address in it."""
    return (
        f'{number},2027-01-15 10:00:00,2027-01-20,{currency},{gross},{fee},,{category},,"a, b",a@example.org,{charge},'
    )


def report(*rows: str, names: str = NAMES) -> bytes:
    return "\n".join((names, *rows, "")).encode()


def test_a_report_is_read_without_its_customers():
    content = report(row("txn_1", "charge", "25.00", "0.63", "ch_1"), row("txn_2", "fee", "-1.20"))
    charge, fee = read_card_report(BytesIO(content))
    assert (charge.number, charge.category, charge.currency, charge.day) == ("txn_1", "charge", "EUR", "2027-01-15")
    assert (charge.gross, charge.fee, charge.charges) == (25_000_000, 630_000, ("ch_1",))
    assert (fee.gross, fee.fee, fee.charges) == (-1_200_000, 0, ())
    assert "example" not in str(charge)


def test_payouts_have_a_report_of_their_own():
    names = "payout_id,effective_at_utc,currency,gross,fee,net,reporting_category,balance_transaction_id,payout_status"
    content = report("po_1,2027-01-20 00:00:00,eur,-24.37,0,-24.37,payout,txn_3,paid", names=names)
    (payout,) = read_card_report(BytesIO(content))
    assert (payout.number, payout.category, payout.gross) == ("txn_3", "payout", -24_370_000)


def test_a_comma_may_be_the_decimal_sign():
    content = report(row("txn_1", "charge", "25,5", "0,63")).replace(b",", b";").replace(b"25;5;0;63", b"25,5;0,63")
    (charge,) = read_card_report(BytesIO(content))
    assert (charge.gross, charge.fee) == (25_500_000, 630_000)


@pytest.mark.parametrize(
    ("content", "why", "what"),
    [
        (b"", "csv", ""),
        (report(names="id,amount"), "column", "balance_transaction_id"),
        (report(names=NAMES.replace("created_utc", "x")), "column", "created_utc"),
        (report(names=NAMES + ",fee"), "column", "fee"),
        (report(row("txn_1", "charge", "a lot")), "csv", "2"),
        (report(row("txn_1", "charge", "1", "1e9")), "csv", "2"),
        (report(row("txn 1", "charge", "1")), "csv", "2"),
        (report(row("txn_1", "charge", "1", currency="euro")), "csv", "2"),
        (report(row("txn_1", "=1+1", "1")), "csv", "2"),
        (report(row("txn_1", "charge", "1").replace("2027-01-15", "15.01.27")), "csv", "2"),
        (report(*[row(f"txn_{n}", "charge", "1") for n in range(MAX_LINES + 1)]), "lines", str(MAX_LINES)),
    ],
)
def test_what_is_no_report_is_refused_with_its_place(content: bytes, why: str, what: str):
    with pytest.raises(StatementFlaw) as flaw:
        read_card_report(BytesIO(content))
    assert (flaw.value.why, flaw.value.what) == (why, what)


def test_a_report_is_known_by_its_columns():
    assert is_card_report(report())
    assert not is_card_report(b"id,text\nbalance_transaction_id,reporting_category\n")
    assert not is_card_report(b"\x00\xff" * 2_048)
