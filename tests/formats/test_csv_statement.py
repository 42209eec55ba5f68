"""A bank's table: its columns are named by who sends it, and every amount is read as it was meant, or not at all."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.bank.csv_statement import read_csv_statement, read_mapping
from formats.bank.iban import requester_reference
from formats.bank.statements import Credit, StatementFlaw

OWN = requester_reference(7)
CAPTION = "/deposit\namount: Betrag\ndetails: Zweck\npayer: Name"


def read(table: str, caption: str = CAPTION) -> list[Credit]:
    return read_csv_statement(BytesIO(table.encode()), read_mapping(caption), "FR1", "EUR")


def test_credits_are_read_and_debits_left():
    table = f'Datum;Name;Zweck;Betrag\n27.11.2026;Rosa;"Ref {OWN}";"1.012,50"\n27.11.2026;Shop;x;-3,00\n27.11.2026;;;\n'
    (found,) = read(table)
    assert (found.amount, found.currency, found.payer, found.person, found.flaw) == (
        1_012_500_000,
        "EUR",
        "Rosa",
        7,
        "",
    )


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("12,50", 1250),
        ("12.50", 1250),
        ("+12.5", 1250),
        ("1,234.56", 123456),
        ("1.234,56 €", 123456),
        ("1 234 567,89", 123456789),
        ("1'234.50", 123450),
        ("12", 1200),
        ("1.234", 0),
        ("1,2,3", 0),
        ("1e3", 0),
        ("12.345,6.7", 0),
        ("٥,00", 0),
    ],
)
def test_an_amount_is_what_it_says_or_nothing(written: str, cents: int):
    (found,) = read(f"Name\tZweck\tBetrag\nRosa\t{OWN}\t{written}\n")
    assert (found.amount, found.flaw) == (cents * 10_000, "" if cents else "amount")


@given(st.integers(100, 10**9), st.sampled_from([(".", ","), (",", "."), (" ", ","), ("", "."), ("'", ".")]))
def test_every_amount_of_every_fashion(cents: int, signs: tuple[str, str]):
    thousands, decimal = signs
    written = f"{cents // 100:,}".replace(",", thousands) + decimal + f"{cents % 100:02}"
    assert read(f"Name\tZweck\tBetrag\nR\t{OWN}\t{written}\n")[0].amount == cents * 10_000


def test_equal_rows_are_two_credits_and_the_same_file_has_the_same_numbers():
    row = f"Rosa\t{OWN}\t5,00\n"
    once, twice = (read("Name\tZweck\tBetrag\n" + row * times) for times in (1, 2))
    assert len({each.number for each in twice}) == 2
    assert once[0].number == twice[0].number
    assert {each.flaw for each in twice} == {""}
    numbered = read("Name\tZweck\tBetrag\tNr\n" + f"Rosa\t{OWN}\t5,00\tB1\n" * 2, CAPTION + "\nreference: Nr")
    assert [each.flaw for each in numbered] == ["number"] * 2


@pytest.mark.parametrize(
    ("table", "caption", "why", "what"),
    [
        ("Name;Zweck\na;b\n", CAPTION, "column", "Betrag"),
        ("Name;Zweck;Betrag;betrag\na;b;1;2\n", CAPTION, "column", "Betrag"),
        ("Name;Zweck;Betrag\na;b\n", CAPTION, "csv", "2"),
        ("", CAPTION, "csv", ""),
        ("Name;Zweck;Betrag\n" + "a;b;1,00\n" * 501, CAPTION, "many", ""),
        ("x;y\n", "/deposit\namount: x", "mapping", "details"),
        ("x;y\n", "/deposit\namount: x\nfoo: y", "mapping", "foo"),
        ("x;y\n", "/deposit\namount:\ndetails: y", "mapping", "amount"),
    ],
)
def test_what_cannot_be_read_says_where(table: str, caption: str, why: str, what: str):
    with pytest.raises(StatementFlaw) as flaw:
        read(table, caption)
    assert (flaw.value.why, flaw.value.what) == (why, what)
