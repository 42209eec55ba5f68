"""Pending rows as statements: each row by its key, each statement for all rows, and by an index."""

from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, cast

import pytest

import storage
from domain.moments import Moment
from domain.money.ledger import BANK, requester_account
from storage.boxes.outbox import MARK_SENT
from storage.database import one_transaction
from storage.drivers.connection import StaleRow
from storage.drivers.dialects import dialect_of
from storage.drivers.postgresql import REPLANNING_FACTOR, SET_PLANNER, USES_BEFORE_REPLANNING, PostgreSQLConnection
from storage.drivers.records import unpack
from storage.drivers.rows import Pending, Table, Writing
from storage.drivers.sets import ROWS_PER_STATEMENT, arrays, as_set, list_names, many_rows_by_place, writings
from storage.drivers.sqlite import SQLiteConnection
from storage.money.ledger import TRANSFER_INSERT, TRANSFERS_TABLE
from storage.projects.tasks import TASKS
from storage.work.assignments import ASSIGNMENTS, SELECT_HOLDERS
from tests.conftest import TEMPLATE
from tests.databases import Server
from tests.house import furnish
from tests.letters import say

TEXTS = ("plain", 'a "quoted" one', "back\\slash", "{braces, and commas}", "NULL", "", "line\nbreak", "\x01 é 🙂")


def tables() -> Iterator[tuple[str, Table]]:
    for module in walk_packages(storage.__path__, "storage."):
        if not module.ispkg:
            yield from ((n, v) for n, v in vars(import_module(module.name)).items() if isinstance(v, Table))


def pending(table: Table) -> Pending:
    """Something of each kind."""
    key: Any = 1 if len(table.keys) == 1 else (1,) * len(table.keys)
    changed = {} if table.insert else {key: dict.fromkeys(table.keys, 1)}
    added = dict.fromkeys(list_names(table.insert.sql(table.name)), 1) if table.insert else dict.fromkeys(table.keys, 1)
    return Pending(changed=changed, added={1: added}, removed={} if table.insert else {key: 1}, guards={key: 1})


def test_every_set_is_written_by_an_index(postgresql_server: Server) -> None:
    found = {table.name: table for _, table in tables()}
    assert len(found) >= 9
    with closing(dialect_of(postgresql_server.url_of(TEMPLATE)).open(read_only=True)) as connection:
        connection.script(SET_PLANNER)
        kinds = connection._types or connection._load_types()  # type: ignore[attr-defined]  # PostgreSQL's alone
        for table in found.values():
            for writing in writings({table: pending(table)}):
                types = tuple(_type(kinds[table.name], name) for name in list_names(writing.sql))
                sql = as_set(writing.sql, types)
                values = dict.fromkeys(list_names(sql), "{}")
                plan = "\n".join(str(row[0]) for row in connection.all(f"EXPLAIN {sql}", **values))
                assert "Seq Scan" not in plan, plan
                assert "Hash Join" not in plan, plan
                assert "Merge Join" not in plan, plan


def _type(columns: dict[str, str], name: str) -> str:
    found = columns.get(name, columns.get(name.removeprefix("was_"), "bigint"))
    return "text" if name in ("debit", "credit") else found


def test_what_is_read_for_many_is_looked_up_though_its_table_was_empty(postgresql_url: str) -> None:
    with closing(dialect_of(postgresql_url).open()) as connection:
        connection.changed("VACUUM assignments")  # known to be empty, it is walked over for all of them
        sql, values = arrays(SELECT_HOLDERS, [{"task": task} for task in range(9)], {})
        plan = "\n".join(str(row[0]) for row in connection.all(f"EXPLAIN {sql}", **values))
        assert "Index Cond: (task = given.v_task)" in plan


def test_a_statement_is_planned_anew_as_its_table_grows(postgresql_url: str) -> None:
    with closing(dialect_of(postgresql_url).open()) as connection:
        asked, uses = (
            "SELECT value AS planned FROM settings WHERE name =",
            USES_BEFORE_REPLANNING * REPLANNING_FACTOR + 1,
        )  # by nobody else
        for number in range(uses):
            connection.one(f"{asked} :name", name=str(number))
        known = "SELECT name FROM pg_prepared_statements WHERE statement = :statement"
        found = connection.all(known, statement=f"{asked} $1")
        made = cast(PostgreSQLConnection, connection).pipeline.prepared
        (last,) = [each for (sql, _), each in made.items() if sql.startswith(asked)]
        assert (last.uses, last.until) == (uses, USES_BEFORE_REPLANNING * REPLANNING_FACTOR**2)
        assert found == [(last.name.decode(),)]


@pytest.mark.parametrize("texts", [TEXTS, (*TEXTS, None)])
def test_any_text_comes_back(postgresql_url: str, now: Moment, texts: tuple[str | None, ...]) -> None:
    rows = [{"text": text, "number": at} for at, text in enumerate(texts)]
    with one_transaction(postgresql_url, now) as unit:
        (found,) = unit.connection.foresee([("SELECT :text, CAST(:number AS BIGINT)", rows)])
    assert [row[0][0] for row in found] == list(texts)


def test_no_text_holds_a_nul() -> None:
    with pytest.raises(ValueError, match="NUL"):
        arrays("SELECT :text", [{"text": "a\0b"}, {"text": "c"}], {})


def test_a_row_that_is_not_what_it_was_is_not_written(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit)
        number = unit.assignments.add(house.project, house.tasks[0], house.workers[0], now, Moment(now + 1))
    with pytest.raises(StaleRow, match="assignments"), one_transaction(database_url, now) as unit:
        unit.connection.change(ASSIGNMENTS, number, None, guard="expired", state="submitted")
    with one_transaction(database_url, now) as unit:
        assert unit.connection.all("SELECT state FROM assignments")[0][0] == "active"


def test_what_is_pending_is_seen_by_every_other_statement(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        task = furnish(unit).tasks[0]
        unit.tasks.receive(task)
        assert unit.connection.pending(TASKS)
        assert unit.connection.all("SELECT name FROM settings WHERE name = 'nothing'") == []
        assert unit.connection.pending(TASKS)
        assert unit.connection.all("SELECT received FROM tasks WHERE id = :id", id=task)[0][0] == 1
        assert not unit.connection.pending(TASKS)
        unit.connection.changed("UPDATE tasks SET received = 7 WHERE id = :id", id=task)
        assert unit.tasks.receive(task).received == 8


def test_many_rows_are_added_in_their_order_and_changed_at_once(database_url: str, now: Moment) -> None:
    many, new = 2 * sum(ROWS_PER_STATEMENT) + 1, 7_000
    with one_transaction(database_url, now) as unit:
        worker = furnish(unit, workers=1).workers[0]
        unit.connection.changed("DELETE FROM outbox")
        unit.outbox.answers = worker
        for number in range(many):  # every other one could be one that waits already, word for word
            say(unit, worker, "s", edits=number if number % 2 else None, number=number)
        found = unit.connection.all("SELECT id, facts FROM outbox ORDER BY id")
        assert [unpack(facts)["number"] for _, facts in found] == list(range(many))
        marks = [{"id": row[0], "message_id": new + row[0], "now": now} for row in found]
        assert len(unit.connection.returned(MARK_SENT, marks[:1])) == 1
        assert len(unit.connection.returned(MARK_SENT, marks)) == many - 1
        assert unit.connection.returned(MARK_SENT, marks) == unit.connection.returned(MARK_SENT, []) == []
        assert all(row[0] == new + row[1] for row in unit.connection.all("SELECT message_id, id FROM outbox"))


def test_rows_that_are_added_at_once_are_counted(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        account = requester_account(unit.people.get(furnish(unit).requester))
        values = {"kind": "deposit", "debit": BANK, "credit": account, "amount": 5, "currency": "EUR", "memo": ""}
        rest = {"project": None, "submission": None, "reverses": None, "digest": "", "now": now}
        rows = [{**values, **rest, "key": f"at once:{number}"} for number in range(sum(ROWS_PER_STATEMENT) + 1)]
        before = unit.ledger.balance(account, "EUR")
        writing = Writing(TRANSFERS_TABLE, TRANSFER_INSERT.sql("transfers"), rows, adds=True)
        assert cast(SQLiteConnection, unit.connection)._write([writing, writing])() == [len(rows), 0]
        entries = unit.ledger.entries(account, len(rows), "EUR")
        assert [entry.key for entry in reversed(entries)] == [row["key"] for row in rows]
        assert [entry.balance for entry in reversed(entries)] == [before + 5 * nth for nth in range(1, len(rows) + 1)]


def test_a_set_of_marks_is_looked_up_by_key_whatever_is_known_of_the_table(sqlite_url: str) -> None:
    with closing(dialect_of(sqlite_url).open()) as connection:
        connection.script("ANALYZE")  # of an empty outbox: all that wait seem to be few
    with closing(dialect_of(sqlite_url).open(read_only=True)) as connection:
        driver = cast(SQLiteConnection, connection).driver
        for rows, sql in many_rows_by_place(MARK_SENT).many:
            plan = [
                row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}", [1] * rows * len(list_names(MARK_SENT)))
            ]
            assert [line for line in plan if "outbox" in line] == ["SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)"]
