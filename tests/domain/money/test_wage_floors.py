"""The dated table of wage floors."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import get_territory_currencies

from domain.money.pricing import COUNTRIES, is_floor_outdated


@pytest.mark.parametrize("code", COUNTRIES)
def test_rows_are_in_order_and_in_the_countrys_money(code: str):
    country = COUNTRIES[code]
    days = [row.since for row in country.rows]
    assert days == sorted(set(days))
    assert country.currency in get_territory_currencies(code)
    assert all(0 < row.wage_to_keep <= row.gross and 0 <= row.contributions < 1 for row in country.rows)
    assert all(row.source and re.match(r"20\d\d-\d\d: .", row.reading) for row in country.rows)


def test_newest_floor_leaves_the_minimum_wage():
    france = COUNTRIES["FR"]
    assert [row.floor for row in france.rows] == [Decimal("12.84"), Decimal("13.13")]
    assert france.floor == Decimal("13.13")
    assert all(row.floor * (1 - row.contributions) >= row.wage_to_keep for c in COUNTRIES.values() for row in c.rows)
    assert COUNTRIES["DE"].floor == Decimal("13.90")
    assert [round(row.gross * Decimal("0.7916"), 2) for row in france.rows] == [row.net for row in france.rows]


def test_a_floor_is_outdated_after_six_months():
    assert [is_floor_outdated(date(2026, 6, 1), day) for day in (date(2026, 11, 30), date(2026, 12, 2))] == [
        False,
        True,
    ]
    assert not is_floor_outdated(None, date(2030, 1, 1))  # the operator's own amount


def test_manual_lists_every_legal_minimum():
    manual = Path("docs/reference/wage-floors.md").read_text()
    for code, country in COUNTRIES.items():
        for row in country.rows:
            line = next(line for line in manual.splitlines() if line.startswith(f"| `{code}` | {row.since} |"))
            assert [str(each) in line for each in (row.gross, row.wage_to_keep, row.floor)] == [True] * 3
