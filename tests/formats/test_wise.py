"""Wise's batch by e-mail is written, and its list of transfers read back; whatever else is in it changes nothing."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money.amounts import CENT
from formats.bank.sepa import BankFileHeading, Payment, read_email, read_wise_answers, write_wise_batch
from formats.bank.statements import PaymentAnswer, StatementFlaw

HEAD = BankFileHeading(
    "FILE-3", datetime(2026, 11, 27, tzinfo=UTC), "EUR", "Pouce", "FR1420041010050500013M02606", "AGRIFRPP"
)
NAMES = (
    "ID,Status,Direction,Created on,Finished on,Source fee amount,Source fee currency,Target fee amount,"
    "Target fee currency,Source name,Source amount (after fees),Source currency,Target name,"
    "Target amount (after fees),Target currency,Exchange rate,Reference,Batch,Created by,Category,Note"
)


def row(reference: str, status: str = "COMPLETED", sent: str = "11.41", fee: str = "0.93", way: str = "OUT") -> str:
    return f"T-1,{status},{way},2026-11-27,,{fee},EUR,,,Pouce,{sent},EUR,Awa,7480,XOF,655.957,{reference},B1,Me,,"


def read(*rows: str) -> list[PaymentAnswer]:
    return read_wise_answers(BytesIO("\n".join((NAMES, *rows)).encode()))


def test_a_batch_has_wises_columns_and_the_same_bytes_each_time() -> None:
    told = [
        Payment("PAYOUT-12", "=Awa Diallo", "awa@example.sn", 1_234 * CENT, "", "XOF"),
        Payment("PAYOUT-13", "O'Neill, Bé", "be@example.ke", CENT, "", "KES"),
    ]
    assert write_wise_batch(HEAD, told) == write_wise_batch(HEAD, told)
    assert write_wise_batch(HEAD, told).decode().split("\r\n") == [
        "name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,targetCurrency",
        "Awa Diallo,awa@example.sn,PAYOUT-12,PERSON,source,12.34,EUR,XOF",
        '"O\'Neill, Be",be@example.ke,PAYOUT-13,PERSON,source,0.01,EUR,KES',
        "",
    ]


@pytest.mark.parametrize("name", ["+-=+1", "=@-+A1", " - +A1", "+ -"])
def test_no_name_begins_like_a_formula(name: str) -> None:
    line = write_wise_batch(HEAD, [Payment("PAYOUT-1", name, "a@b.sn", CENT, "", "XOF")]).decode().split("\r\n")[1]
    assert line[0].isalnum()


def test_what_was_sent_is_the_sum_with_the_fee() -> None:
    paid, back = read(row("PAYOUT-12"), row("PAYOUT-13", "REFUNDED", "0.01", "0"))
    assert (paid.payout, paid.paid, paid.amount, paid.channel) == (12, True, 1_234 * CENT, "wise")
    assert (back.payout, back.paid, back.amount, back.code) == (13, False, CENT, "REFUNDED")


def test_what_is_no_answer_is_left_out() -> None:
    others = (row("Rent"), row("PAYOUT-12", "PROCESSING"), row("PAYOUT-12", way="IN"), row("PAYOUT-012"))
    assert read(*others) == []


@pytest.mark.parametrize("content", [b"", b"\0", b"a,b\n1,2\n", b"PK\x03\x04"])
def test_what_is_no_such_list_is_refused(content: bytes) -> None:
    with pytest.raises(StatementFlaw):
        read_wise_answers(BytesIO(content))


@given(st.text(max_size=120))
def test_whatever_is_typed_an_address_is_plain(text: str) -> None:
    found = read_email(text)
    assert found is None or (found.isascii() and found[0].isalnum() and found.count("@") == 1 and len(found) <= 100)


@pytest.mark.parametrize(
    "text", ["a@b", "=1@b.cd", "a b@c.de", "a@b..cd", "@b.cd", "a@b.cd,c@d.ef", "a" * 100 + "@b.cd"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert read_email(text) is None
    assert read_email(" Awa.Diallo@Example.SN ") == "awa.diallo@example.sn"
