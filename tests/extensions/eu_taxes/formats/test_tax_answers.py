"""Answers of the tax form: read into one form, or refused with what is wrong and without the words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extensions.eu_taxes.domain.tax_forms import EU, MAX_ANSWER_CHARS, NO_TAX_NUMBER, list_steps
from extensions.eu_taxes.formats.tax_answers import (
    COMPANY_NUMBER_RULES,
    PERSON_NUMBER_RULES,
    AnswerFlaw,
    TaxNumberProblem,
    read_answer,
    read_siret,
    read_tax_number,
)
from locales.countries import COUNTRY_BY_NICKNAME, country_codes, find_country, normalise_name

TODAY = date(2026, 11, 27)
FRENCH = {"country": "FR", "kind": "person"}
# One of each country, as python-stdnum's own documentation or the country's publishes them.
VALID = {
    "AT": ("59-119/9013", "591199013"),
    "BE": ("85 07 30 033 28", "85073003328"),
    "BG": ("752316 926 3", "7523169263"),
    "CY": ("10259033P", "10259033P"),
    "CZ": ("710319/2745", "7103192745"),
    "DE": ("36 574 261 809", "36574261809"),
    "DK": ("211062-5629", "2110625629"),
    "EE": ("36805280109", "36805280109"),
    "ES": ("54362315-K", "54362315K"),
    "FI": ("131052-308T", "131052-308T"),
    "FR": ("30 23 217 600 053", "3023217600053"),
    "GR": ("094259216", "094259216"),
    "HR": ("33392005961", "33392005961"),
    "HU": ("8071592153", "8071592153"),
    "IE": ("6433435F", "6433435F"),
    "IT": ("RCCMNL83S18D969H", "RCCMNL83S18D969H"),
    "LT": ("33309240064", "33309240064"),
    "LU": ("1893120105732", "1893120105732"),
    "LV": ("161175-19997", "16117519997"),
    "MT": ("1234567M", "1234567M"),
    "NL": ("1112.22.333", "111222333"),
    "PL": ("44051401359", "44051401359"),
    "PT": ("PT 501 964 843", "501964843"),
    "RO": ("1630615123457", "1630615123457"),
    "SE": ("880320-0016", "880320-0016"),
    "SI": ("50223054", "50223054"),
    "SK": ("710319/2745", "7103192745"),
}


def test_every_country_of_the_union_has_rules_for_people_and_companies() -> None:
    assert set(PERSON_NUMBER_RULES) == set(COMPANY_NUMBER_RULES) == set(VALID) == EU


@pytest.mark.parametrize("country", sorted(VALID))
def test_numbers_are_compacted_and_one_wrong_digit_is_found(country: str) -> None:
    typed, compact = VALID[country]
    assert read_tax_number(country, typed, company=False) == compact
    assert read_tax_number(country, compact.lower(), company=False) == compact
    with pytest.raises(TaxNumberProblem):
        read_tax_number(country, compact[:-1], company=False)


def test_a_company_has_numbers_of_its_own() -> None:
    assert read_tax_number("FR", "732 829 320", company=True) == "732829320"
    assert read_siret("732 829 320 00074") == "73282932000074"
    for wrong in ("732 829 321", "3023217600053"):
        with pytest.raises(TaxNumberProblem):
            read_tax_number("FR", wrong, company=True)
    with pytest.raises(TaxNumberProblem):
        read_siret("73282932000075")


@pytest.mark.parametrize(
    ("step", "words", "flaw"),
    [
        ("country", "Atlantis", "country"),
        ("country", "", "country"),
        ("kind", "both", "kind"),
        ("first_names", "?!", "words"),
        ("town", "\0\n", "words"),
        ("street", "x" * (MAX_ANSWER_CHARS + 1), "long"),
        ("tax_number", "30 23 217 600 054", "number"),
        ("tax_number", "-", "number"),
        ("register", "none", "words"),
        ("born", "31/02/1988", "date"),
        ("born", "1988", "date"),
        ("born", "20/03/2025", "age"),
        ("born", "20/03/1888", "age"),
        ("birth_country", "Xx", "country"),
    ],
)
def test_what_cannot_be_is_named(step: str, words: str, flaw: str) -> None:
    with pytest.raises(AnswerFlaw) as found:
        read_answer(step, words, FRENCH, TODAY)
    assert found.value.what == flaw


@pytest.mark.parametrize(
    ("step", "words", "read"),
    [
        ("country", "  ALLEMAGNE ", "DE"),
        ("country", "La Réunion", "FR"),
        ("country", "gr", "GR"),
        ("birth_country", "La Réunion", "RE"),
        ("last_name", " N’Diaye\n\0 Sow ", "N’Diaye Sow"),
        ("born", "1988-03-20", "1988-03-20"),
        ("born", "5.1.1990", "1990-01-05"),
    ],
)
def test_what_is_meant_is_understood(step: str, words: str, read: str) -> None:
    assert read_answer(step, words, FRENCH, TODAY) == read


OF_A_PERSON = list_steps({"country": "FR", "kind": "person", "tax_number": NO_TAX_NUMBER})
OF_A_COMPANY = list_steps({"country": "FR", "kind": "business"})


@given(st.sampled_from(sorted({*OF_A_PERSON, *OF_A_COMPANY})), st.text(max_size=200), st.sampled_from(sorted(EU)))
def test_any_words_are_read_or_refused_and_never_repeated(step: str, words: str, country: str) -> None:
    try:
        read = read_answer(step, words, {"country": country, "kind": "person"}, TODAY)
    except AnswerFlaw as flaw:
        told = str(flaw)
    else:
        assert 0 < len(read) <= MAX_ANSWER_CHARS
        assert read.isprintable()
        return
    assert told in ("country", "kind", "words", "long", "number", "date", "age")


def test_countries_are_known_by_what_people_call_them() -> None:
    called = {
        "NL": ("Hollande", "Holland", "les Pays-Bas"),
        "CZ": ("République tchèque", "Czech Republic"),
        "MC": ("Principauté de Monaco",),
        "GB": ("UK", "u.k.", "Angleterre", "Royaume-Uni", "Great Britain"),
        "GF": ("Guyane", "French Guiana", "Guyane française"),
        "RE": ("La Réunion", "Île de La Réunion", "reunion", "RE"),
        "GP": ("Guadeloupe", "la Guadeloupe"),
        "BL": ("St. Barth", "Saint-Barthélemy"),
        "MF": ("Saint-Martin", "St Martin"),
        "WF": ("Wallis-et-Futuna", "Wallis & Futuna"),
        "PF": ("Tahiti", "French Polynesia"),
        "NC": ("Nouvelle-Calédonie", "New Caledonia"),
        "TF": ("TAAF", "Terres australes et antarctiques françaises"),
        "PM": ("Saint-Pierre-et-Miquelon", "Saint Pierre and Miquelon"),
    }
    assert {said: find_country(said) for names in called.values() for said in names} == {
        said: code for code, names in called.items() for said in names
    }
    assert [
        name
        for name in COUNTRY_BY_NICKNAME
        if normalise_name(name) != name or COUNTRY_BY_NICKNAME[name] not in country_codes()
    ] == []
