"""IBANs are read as people write them; problems are named."""

import pytest

from formats.bank.iban import IbanProblem, read_iban


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" fr76 3000-6000 0112.3456 7890 189 ", "FR7630006000011234567890189"),
        ("GB29NWBK60161331926819", "GB29NWBK60161331926819"),
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84MALT011000012345MTLCAST001S"),
    ],
)
def test_however_it_is_written(typed: str, read: str):
    assert read_iban(typed) == read


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("hello", IbanProblem("characters")),
        ("", IbanProblem("characters")),
        ("FR7630006000011234567890189€", IbanProblem("characters")),
        ("XX12 3456 7890", IbanProblem("country", "XX")),
        ("DE8937040044053201300", IbanProblem("length", "DE", 22, 21)),
        ("DE89370400440532013001", IbanProblem("checksum", "DE")),
        ("FR7630006000011234567890198", IbanProblem("checksum", "FR")),
        ("BR1800360305000010009795493C1", IbanProblem("sepa", "BR")),
        ("BE41539007547035", IbanProblem("bank", "BE")),
    ],
)
def test_what_is_wrong_is_named_and_the_number_is_not_repeated(typed: str, problem: IbanProblem):
    with pytest.raises(IbanProblem) as caught:
        read_iban(typed)
    assert caught.value == problem
    assert len(typed) < 8 or typed not in repr(caught.value)
