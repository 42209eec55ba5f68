"""A requester's reference: its check digits are those of ISO 11649, and a mistyped one is nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from formats.bank.iban import MAX_REFERENCE_CHARS, creditor_reference, find_requester, requester_reference

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("body", "reference"),
    [
        ("539007547034", "RF18539007547034"),  # the standard's own example
        ("5390075470Y", "RF185390075470Y"),
        ("0539007547034", "RF180539007547034"),
        ("2348231", "RF712348231"),
        ("A", "RF25A"),
    ],
)
def test_check_digits_are_those_of_the_standard(body: str, reference: str):
    assert creditor_reference(body) == reference


@given(st.integers(1, 10**12))
def test_every_requester_has_one_and_is_found_by_it(number: int):
    reference = requester_reference(number)
    assert iso11649.is_valid(reference)
    assert len(reference) <= MAX_REFERENCE_CHARS
    assert find_requester(reference) == find_requester(f" {iso11649.format(reference).lower()} ") == number


@given(st.integers(1, 10**9), st.data())
def test_one_wrong_or_two_swapped_signs_are_nobodys(number: int, data: st.DataObject):
    reference = requester_reference(number)
    at = data.draw(st.integers(2, len(reference) - 1))
    wrong = reference[:at] + data.draw(st.sampled_from(SIGNS)) + reference[at + 1 :]
    assert wrong == reference or find_requester(wrong) is None
    swapped = reference[: at - 1] + reference[at] + reference[at - 1] + reference[at + 1 :]
    assert swapped == reference or find_requester(swapped) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RF",
        "7",
        "ada",
        "RF18539007547034",
        "RF00POUCE7",
        "RF\0",
        "é" * 9,
        "RF١٢POUCE7",
        creditor_reference("POUCE07"),
    ],
)
def test_others_references_and_other_words_are_nobodys(text: str):
    assert find_requester(text) is None


def test_a_teams_reference_is_its_own() -> None:
    """A team's number is below zero; the person of the same number has another reference."""
    assert find_requester(requester_reference(-7)) == -7
    assert requester_reference(-7) != requester_reference(7)
    assert find_requester(creditor_reference("POUCETT7")) is None
    assert find_requester(creditor_reference("POUCET")) is None
