"""Urssaf's file of rates: all of it is read, or nothing, and what is wrong is named by line without its value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extensions.eu_taxes.domain.contributions import ContributionRate
from extensions.eu_taxes.formats.dpi import MAX_RATES_BYTES, RatesRefused, read_rates

SIRET, OTHER = "73282932000074", "55210055400013"


def refused(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(RatesRefused) as found:
        read_rates(content)
    return [(flaw.line, flaw.column) for flaw in found.value.flaws]


@pytest.mark.parametrize(
    "text",
    [
        "siret;month;rate\n73282932000074;2027-01;21.2\n",
        "\ufeffSIRET,Month,Rate\n732 829 320 00074,2027-01,21.20 %\n",
        'rate\tsiret\tmonth\r\n"21,2"\t73282932000074\t2027-01\r\n',
    ],
)
def test_the_usual_shapes_are_read(text: str) -> None:
    assert read_rates(text.encode()) == [ContributionRate(SIRET, "2027-01", 2_120)]


def test_the_same_row_twice_is_one_and_another_rate_is_refused() -> None:
    rows = f"siret;month;rate\n{SIRET};2027-01;21.2\n{SIRET};2027-01;21,2\n"
    assert len(read_rates(rows.encode())) == 1
    assert refused(f"{rows}{SIRET};2027-01;5\n".encode()) == [(4, "rate")]


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (f"{SIRET[:-1]}5;2027-01;21.2", ["siret"]),
        ("1850339123456;2027-01;21.2", ["siret"]),  # somebody's number of social security
        (f"{SIRET};2027-13;21.2", ["month"]),
        (f"{SIRET};January;21.2", ["month"]),
        (f"{SIRET};2027-01;50.01", ["rate"]),
        (f"{SIRET};2027-01;-1", ["rate"]),
        (f"{SIRET};2027-01;21.234", ["rate"]),
        (f"{SIRET};2027-01;1e1", ["rate"]),
        (f"{SIRET};2027-01;NaN", ["rate"]),
        (f"{SIRET};2027-01", ["rate"]),
        (";;", ["siret", "month", "rate"]),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_read(row: str, columns: list[str]) -> None:
    text = f"siret;month;rate\n{OTHER};2027-01;6.1\n{row}\n"
    assert refused(text.encode()) == [(3, column) for column in columns]


def test_a_decimal_comma_between_commas_is_no_rate_without_decimals() -> None:
    assert refused(f"siret,month,rate\n{SIRET},2027-01,21,2\n".encode()) == [(2, "rate")]
    assert read_rates(f'siret,month,rate\n{SIRET},2027-01,"21,2"\n'.encode()) == [
        ContributionRate(SIRET, "2027-01", 2_120)
    ]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\0\0\0", b"\xff\xfe\x00", b"PK\x03\x04", b"siret;month\n1;2\n", b"a;b;c\n"),
        b'siret;month;rate\n"unclosed;2027-01;1\n',
        b"siret;month;rate;rate\n",
    ],
)
def test_what_is_no_such_file_is_refused_whole(content: bytes) -> None:
    assert refused(content) == [(1, "file")]


@pytest.mark.parametrize("content", [b"siret;month;rate", b"siret;month;rate\n\n"])
def test_columns_without_a_rate_are_refused(content: bytes) -> None:
    assert refused(content) == [(2, "siret")]


def test_a_file_without_end_is_not_read() -> None:
    assert refused(b"siret;month;rate\n" + b"x" * MAX_RATES_BYTES) == [(1, "file")]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        found = read_rates(b"siret;month;rate\n" + content)
    except RatesRefused as flaws:
        assert 0 < len(flaws.flaws) <= 50  # noqa: PT017 (both ends are fine)
    else:
        assert all(0 <= rate.rate <= 5_000 for rate in found)
