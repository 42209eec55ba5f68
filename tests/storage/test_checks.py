"""The schema's lists of words: written for SQLite as alternatives, and still refused."""

import re
import sqlite3

import psycopg
import pytest

from domain.moments import Moment
from storage.database import one_transaction
from tests.house import furnish

WRONG = (
    *(("tasks", "state", "new"), ("people", "idle", 3), ("projects", "state", "new"), ("enrolments", "later", 3)),
    *(("outbox", "lane", 4), ("outbox", "class", "new"), ("outbox", "state", "new")),
)


@pytest.mark.parametrize(("table", "column", "value"), WRONG)
def test_a_word_that_is_not_of_its_list_is_refused(
    database_url: str, now: Moment, table: str, column: str, value: str | int
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit)
        unit.enrolments.enrol(house.workers[0], house.project)
        unit.connection.changed(
            "INSERT INTO outbox (person, lane, class, screen, facts, due_at, written_at) "
            "VALUES (:person, 0, 'sure', 'a', '{}', 1, 1)",
            person=house.workers[0],
        )
    with (
        pytest.raises((sqlite3.IntegrityError, psycopg.errors.CheckViolation)),
        one_transaction(database_url, now) as unit,
    ):
        unit.connection.changed(f"UPDATE {table} SET {column} = :value", value=value)


def test_sqlite_makes_no_table_of_a_list_for_each_row(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now, read_only=True) as unit:
        tables = unit.connection.all("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    lists = [name for name, sql in tables if re.search(r"CHECK \(\w+ IN \([^()]*,[^()]*,", sql)]
    assert len(tables) > 40
    assert lists == []


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 200])
def test_any_number_of_rows_is_written_once_and_in_its_order(database_url: str, now: Moment, rows: int) -> None:
    sql = "INSERT INTO settings (name, value) VALUES (:name, 'is ' || :value) ON CONFLICT (name) DO NOTHING"
    given = [{"name": f"many{at:03}", "value": str(at)} for at in range(rows)]
    with one_transaction(database_url, now) as unit:
        unit.connection.many(sql, iter([*given, *given[:1]]))
        found = unit.connection.all("SELECT name, value FROM settings WHERE name LIKE 'many%' ORDER BY name")
    assert [tuple(row) for row in found] == [(row["name"], f"is {row['value']}") for row in given]
