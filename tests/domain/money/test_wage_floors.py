"""The dated table of wage floors."""

from decimal import Decimal

import pytest
from babel.numbers import get_territory_currencies

from domain.money.wage_floors import COUNTRIES


@pytest.mark.parametrize("code", COUNTRIES)
def test_rows_are_in_order_and_in_the_countrys_money(code: str):
    country = COUNTRIES[code]
    days = [row.since for row in country.rows]
    assert days == sorted(set(days))
    assert country.currency in get_territory_currencies(code)
    assert all(row.wage > 0 and 0 <= row.contributions < 1 and row.source for row in country.rows)


def test_what_is_left_of_the_newest_floor_is_the_minimum_wage():
    france = COUNTRIES["FR"]
    assert [row.floor for row in france.rows] == [Decimal("12.84"), Decimal("13.13")]
    assert france.floor == Decimal("13.13")
    assert all(row.floor * (1 - row.contributions) >= row.wage for c in COUNTRIES.values() for row in c.rows)
    assert COUNTRIES["DE"].floor == Decimal("13.90")
