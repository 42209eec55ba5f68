"""A bank's statement: what came in is read, and nothing hostile is."""

from dataclasses import replace
from io import BytesIO
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iso11649

from formats.bank.camt import MAX_MESSAGE_BYTES, read_bank_message
from formats.bank.iban import requester_reference
from formats.bank.statements import MAX_ENTRIES, Credit, StatementFlaw, find_payer
from tests.statements import IBAN, Came, statement

OWN = requester_reference(7)


def read(file: bytes) -> list[Credit]:
    return read_bank_message(BytesIO(file)).credits


def one(came: Came) -> Credit:
    (found,) = read(statement([came]))
    return found


@pytest.mark.parametrize("kind", ["053", "054"])
def test_a_credit_is_read_alike_from_a_statement_and_an_advice(kind: str):
    came = Came("B-1", "12.50", OWN, payer="Rosa & Co")
    [credit] = read(statement([came], kind))
    assert replace(credit, line=None) == Credit(IBAN, "B-1", 12_500_000, "EUR", "Rosa & Co", OWN, 7, "")


def test_an_older_version_with_prefixes_is_read():
    file = statement([Came("B-1", "12.50", OWN, status="BOOK")], version="02").decode()
    prefixed = file.replace("</", "</n:").replace("<", "<n:").replace("<n:/n:", "</n:").replace("<n:?", "<?")
    assert read(prefixed.replace("xmlns=", "xmlns:n=").encode()) == read(file.encode())
    assert len(read(file.encode())) == 1


def test_debits_and_pending_entries_bring_nothing():
    assert read(statement([Came("1", "5.00", OWN, sign="DBIT"), Came("2", "5.00", OWN, status="<Cd>PDNG</Cd>")])) == []


@pytest.mark.parametrize(
    ("came", "flaw"),
    [
        (Came("", "5.00", OWN), "number"),
        (Came("1", "5.001", OWN), "amount"),
        (Came("1", "0.00", OWN), "amount"),
        (Came("1", "-5.00", OWN), "amount"),
        (Came("1", "1e3", OWN), "amount"),
        (Came("1", "٥.00", OWN), "amount"),
        (Came("1", "9" * 400, OWN), "amount"),
        (Came("1", "5.00", "rent"), "reference"),
        (Came("1", "5.00", OWN.replace("7", "8")), "reference"),
        (Came("1", "5.00", f"{OWN} {requester_reference(8)}", structured=False), "reference"),
        (Came("1", "5.00", OWN, more="<RvslInd>true</RvslInd>"), "reversal"),
    ],
)
def test_what_cannot_be_booked_says_why(came: Came, flaw: str):
    assert one(came).flaw == flaw


def test_two_credits_under_one_number_cannot_be_told_apart():
    assert [each.flaw for each in read(statement([Came("1", "5.00", OWN)] * 2))] == ["number", "number"]


def batch(*parts: tuple[str, str], total: str) -> bytes:
    told = "".join(
        f"<TxDtls><Refs><AcctSvcrRef>{number}</AcctSvcrRef></Refs><Amt Ccy='EUR'>{amount}</Amt>"
        f"<RmtInf><Ustrd>{OWN}</Ustrd></RmtInf></TxDtls>"
        for number, amount in parts
    )
    entry = (
        f"<Ntry><Amt Ccy='EUR'>{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
        f"<AcctSvcrRef>B</AcctSvcrRef><NtryDtls>{told}</NtryDtls></Ntry>"
    )
    return statement([], entries=entry)


def test_a_batch_is_its_parts_where_they_add_up():
    found = read(batch(("P1", "1.00"), ("P2", "2.50"), total="3.50"))
    assert [(each.number, each.amount, each.flaw) for each in found] == [("P1", 1_000_000, ""), ("P2", 2_500_000, "")]
    assert {each.flaw for each in read(batch(("P1", "1.00"), ("P2", "2.50"), total="9.99"))} == {"amount"}
    assert {each.flaw for each in read(batch(("P", "1.00"), ("P", "2.50"), total="3.50"))} == {"number"}
    assert {each.flaw for each in read(batch(("", "1.00"), ("", "2.50"), total="3.50"))} == {"number"}


@pytest.mark.parametrize("first", [0, 1])
def test_a_deposit_beside_a_payout_that_came_back_is_left_for_a_persons_eyes(first: int):
    """In whatever order the bank names them."""
    back = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    parts = [
        f"<TxDtls><Refs><AcctSvcrRef>P{amount}</AcctSvcrRef><EndToEndId>{said}</EndToEndId></Refs>"
        f"<Amt Ccy='EUR'>{amount}</Amt>{more}<RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls>"
        for amount, said, more, words in (
            ("10.00", "NOTPROVIDED", "", OWN),
            ("5.00", "PAYOUT-1", back, "Pouce PAYOUT-1"),
        )
    ]
    entry = (
        "<Ntry><Amt Ccy='EUR'>15.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
        f"<NtryDtls>{parts[first]}{parts[1 - first]}</NtryDtls></Ntry>"
    )
    found = read_bank_message(BytesIO(statement([], entries=entry)))
    assert [(each.payout, each.amount) for each in found.answers] == [(1, 5_000_000)]
    assert [(each.amount, each.person, each.flaw) for each in found.credits] == [(10_000_000, 7, "amount")]


@given(st.integers(1, 10**12), st.text("abcXYZ .-/", max_size=12), st.text("abcXYZ .-/", max_size=12))
def test_a_reference_is_found_however_it_is_written(number: int, before: str, after: str):
    for written in (requester_reference(number), requester_reference(number).lower()):
        assert find_payer([f"{before} {written} {after}"]) == number
    spaced = iso11649.format(requester_reference(number))
    assert find_payer([spaced]) == number
    assert find_payer([f"{before} {spaced} {after}"]) in (
        number,
        None,
    )  # a part of it may be valid


def test_a_spaced_reference_among_words_is_found():
    assert find_payer([f"For my project, {iso11649.format(OWN)}, thanks"]) == 7
    assert find_payer(["Rechnung RF81 POUC ET5 danke"]) == -5


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_other_words_are_nobodys(words: str):
    assert find_payer([words]) is None


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
GOOD = statement([Came("B-1", "12.50", OWN)]).decode()
BODY = GOOD.split("?>")[1]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (f"<!DOCTYPE d [<!ENTITY l0 'ha'>{LAUGHS}]>{BODY.replace('B-1', '&l11;')}", "xml"),
        (f"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{BODY.replace('B-1', '&x;')}", "xml"),
        (f"<!DOCTYPE d SYSTEM 'http://127.0.0.1:1/d.dtd'>{BODY}", "xml"),
        (BODY.replace("B-1", "&unknown;"), "xml"),
        (BODY[:-20], "xml"),
        (BODY.replace("<Ntry>", "<a>" * 100_000), "xml"),
        (BODY.replace("B-1", "\x00"), "xml"),
        ("<?xml version='1.0' encoding='nonsense'?>" + BODY, "xml"),
        ("", "xml"),
        ("not xml", "xml"),
        ("<Document/>", "kind"),
        ("<html xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'/>", "kind"),
        (BODY.replace("camt.053", "camt.052"), "kind"),
        (BODY.replace("camt.053", "pain.001"), "kind"),
        (BODY.replace("BkToCstmrStmt", "CstmrCdtTrfInitn"), "kind"),
        (statement([Came(str(n), "1.00", "x") for n in range(MAX_ENTRIES + 1)]).decode(), "many"),
        (BODY + " " * MAX_MESSAGE_BYTES, "size"),
        ("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08' " + "a" * (MAX_MESSAGE_BYTES - 99), "xml"),
    ],
)
def test_a_hostile_or_foreign_file_is_refused_at_once(file: str, why: str):
    began = process_time()
    with pytest.raises(StatementFlaw) as refused:
        read(file.encode())
    assert refused.value.why == why
    assert process_time() - began < 5


@settings(max_examples=100)
@given(st.integers(0, len(GOOD.encode()) - 1), st.binary(max_size=8), st.integers(0, 8))
def test_any_damage_is_refused_or_read(at: int, put: bytes, gone: int):
    file = GOOD.encode()
    try:
        found = read(file[:at] + put + file[at + gone :])
    except StatementFlaw:
        return
    assert all(each.amount >= 0 and each.amount % 10_000 == 0 for each in found)
