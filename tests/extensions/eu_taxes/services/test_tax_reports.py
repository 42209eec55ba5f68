"""Figures for those outside add up to the book's, quarter by quarter and project by project."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot import clock
from bot.settings import Settings
from domain.moments import Moment
from domain.money.amounts import as_decimal
from domain.people.settings import Preferences
from extensions.eu_taxes.cli.invoices import invoices
from extensions.eu_taxes.cli.taxes import dac7
from handlers.money.funds import funds_screen as show_funds
from handlers.money.statements import GetLines, costs_statement
from jobs import statements as statement_files
from locales import translator
from services.money import funds, statements
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.flows import a_day, turn
from tests.invariants.unpaid import after_paying

MIDNIGHT = Moment(int(datetime(2027, 3, 31, 22, 30, tzinfo=UTC).timestamp() * 1000))  # April in Paris
APRIL = Moment(int(datetime(2027, 4, 2, tzinfo=UTC).timestamp() * 1000))


@pytest.fixture(autouse=True)
def late_in_2027(monkeypatch: pytest.MonkeyPatch) -> None:
    """Returns are of years that have begun."""
    monkeypatch.setattr(clock, "wall_clock", lambda: Moment(1_830_200_000_000))


def half_a_year(url: str, now: Moment) -> House:
    """A day in January, payouts, and one more answer in April."""
    house = a_day(url, now)
    with one_transaction(url, now) as unit:
        after_paying()(unit, house)
    with one_transaction(url, APRIL) as unit:
        assert turn(unit, house.workers[1])
    return house


def total(unit: UnitOfWork, sql: str) -> Decimal:
    return as_decimal(int(unit.connection.all(sql)[0][0]))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_figures_sum_to_the_ledger(database_url: str, now: Moment, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    half_a_year(database_url, now)
    settings = Settings(_env_file=None, database_url=database_url)
    assert dac7(settings, "2027", str(tmp_path / "dac7.csv")) == 0
    assert [invoices(settings, f"2027-{month}", str(tmp_path / f"{month}.csv")) for month in ("01", "04")] == [0, 0]
    sellers, lines = rows_of(tmp_path / "dac7.csv"), [*rows_of(tmp_path / "01.csv"), *rows_of(tmp_path / "04.csv")]
    paid = next(row for row in sellers if row["iban"])
    assert (paid["account_holder"], paid["iban"]) == ("Ann Doe", "FR7630006000011234567890189")
    assert (paid["q1_withheld"], paid["q2_consideration"], paid["q2_activities"]) == ("0.01", "0.05", "1")
    with one_transaction(database_url, now, read_only=True) as unit:
        earned = total(unit, "SELECT sum(amount) FROM transfers WHERE kind IN ('reward', 'release')")
        pending = total(unit, "SELECT sum(amount) FROM transfers WHERE kind = 'release'")
        waits = total(unit, "SELECT sum(balance) FROM accounts WHERE name LIKE '%:pending'")
        fees = total(unit, "SELECT sum(amount) FROM transfers WHERE kind = 'fee'")
        spent = total(unit, "SELECT sum(amount) FROM transfers WHERE kind IN ('reward', 'fee')")
    quarters = [f"q{quarter}_consideration" for quarter in range(1, 5)]
    assert sum(Decimal(row[quarter]) for row in sellers for quarter in quarters) == earned - pending - waits
    assert sum(Decimal(row["q1_fees"]) + Decimal(row["q2_fees"]) for row in sellers) == fees
    assert sum(Decimal(row["total"]) for row in lines) == spent
    assert dac7(settings, "27", str(tmp_path / "x")) == invoices(settings, "2027-13", str(tmp_path / "x")) == 1
    assert "YEAR: expected" in capsys.readouterr().err


async def test_costs_go_by_the_requesters_own_clock(database: Database, database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, MIDNIGHT) as unit:
        assert turn(unit, house.workers[1])
        unit.preferences.store(house.requester, Preferences(zone="Europe/Paris"))
        rosa = act_of(unit, house.requester)
        ready = statements.order_lines(rosa, 2027, 4)
        assert ready.zone == funds.read_funds(rosa).zone == "Europe/Paris"
        order = costs_statement(ready, translator("en")).file
        buttons = [button for [button] in show_funds(funds.read_funds(rosa), translator("en")).keyboard]
        months = [button.data for button in buttons if button.data]
    assert order is not None
    assert months[-2:] == [GetLines(year=2027, month=month).pack() for month in (4, 3)]
    made = await statement_files.make_invoice_lines(database, order.facts, MIDNIGHT)
    assert made.name == "costs-2027-04.csv"  # it is no invoice, and must not be filed as one
    [line] = rows_of(made.path)
    assert (line["month"], line["answers"]) == ("2027-04", "1")
    utc = await statement_files.make_invoice_lines(database, {**order.facts, "zone": "UTC"}, MIDNIGHT)
    assert rows_of(utc.path) == []
