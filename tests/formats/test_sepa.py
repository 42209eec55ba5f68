"""A bank file is valid by its schema whatever names are in it, adds up to the cent, and is the same file each time."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money.amounts import CENT
from formats.bank.sepa import BankFileHeading, NotABankFile, Payment, write_bank_file

HEAD = BankFileHeading(
    "FILE-1", datetime(2027, 1, 15, 8, tzinfo=UTC), "EUR", "Pouce & Cie", "FR7630006000011234567890189", "AGRIFRPP"
)
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
CARRIED = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")


@settings(max_examples=8)
@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8"), max_size=90), st.integers(1, 10**9)), min_size=1))
def test_every_name_can_be_carried_and_every_cent_is_there(payments: list[tuple[str, int]]):
    told = [
        Payment(f"PAYOUT-{number}", name, "DE89370400440532013000", cents * CENT, "Pouce")
        for number, (name, cents) in enumerate(payments)
    ]
    file = write_bank_file(HEAD, told)
    assert file == write_bank_file(HEAD, told)
    document = ET.fromstring(file)
    amounts = [Decimal(found.text or "") for found in document.iterfind(".//p:InstdAmt", NAMES)]
    assert sum(amounts) * 100 == sum(cents for _, cents in payments)
    assert {Decimal(found.text or "") for found in document.iterfind(".//p:CtrlSum", NAMES)} == {sum(amounts)}
    names = [found.text or "" for found in document.iterfind(".//p:Cdtr/p:Nm", NAMES)]
    assert len(names) == len(payments)
    assert all(set(name) <= CARRIED and 1 <= len(name) <= 70 for name in names)


def test_an_instant_file_asks_for_it_and_is_else_the_same():
    payments = [Payment("PAYOUT-1", "Awa", "DE89370400440532013000", CENT, "Pouce")]
    asked = write_bank_file(replace(HEAD, instant=True), payments).decode()
    assert "".join(asked.split()).count("<LclInstrm><Cd>INST</Cd></LclInstrm>") == 1
    plain = re.sub(r"\s*<LclInstrm>.*?</LclInstrm>", "", asked, flags=re.DOTALL)
    assert plain.encode() == write_bank_file(HEAD, payments)


def test_a_file_asks_for_the_day_that_it_is_given():
    payments = [Payment("PAYOUT-1", "Awa", "DE89370400440532013000", CENT, "Pouce")]
    asked = [write_bank_file(replace(HEAD, day=day), payments).decode() for day in (None, date(2027, 1, 16))]
    days = [re.findall(r"<ReqdExctnDt>\s*<Dt>([^<]*)", text) for text in asked]
    assert days == [["2027-01-15"], ["2027-01-16"]]
    assert re.sub("2027-01-16", "2027-01-15", asked[1]) == asked[0]


def test_what_its_schema_forbids_is_no_bank_file():
    with pytest.raises(NotABankFile):
        write_bank_file(HEAD, [Payment("P" * 36, "Awa", "DE89370400440532013000", CENT, "Pouce")])
