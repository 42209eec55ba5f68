"""A migration that is made here, over a database with data in it: applied whole, or not at all, on both databases."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer
from domain.people.settings import Preferences
from storage.backups import back_up, restore
from storage.database import one_transaction
from storage.drivers import migrate
from storage.drivers.connection import ForeignKeysBroken, UnknownSchema
from storage.drivers.dialects import dialect_of
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.flows import a_day, turn
from tests.sqlite_files import SQLiteFiles

Write = Callable[..., None]

COMMON = """
ALTER TABLE people ADD COLUMN nickname TEXT NOT NULL DEFAULT '';
UPDATE people SET nickname = lower(name);
CREATE TABLE stars (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5)
);
INSERT INTO stars (person, stars) SELECT id, 5 FROM people;
"""
# A table that others refer to, and that triggers stand on, gets one rule more and one guard less.
ON_POSTGRESQL = """
ALTER TABLE accounts ADD CHECK (length(name) < 99);
DROP TRIGGER projects_only_up ON projects;
"""
ON_SQLITE = """
CREATE TABLE accounts_anew (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  balance INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0,
  overdraft INTEGER NOT NULL DEFAULT 0 CHECK (overdraft IN (0, 1)),
  CHECK (balance >= 0 OR overdraft = 1),
  CHECK (overdraft = 0 OR name LIKE 'external:%'),
  CHECK (length(name) < 99),
  UNIQUE (name, currency),
  UNIQUE (id, currency)
) STRICT;
INSERT INTO accounts_anew SELECT id, name, currency, balance, version, overdraft FROM accounts;
DROP TABLE accounts;
ALTER TABLE accounts_anew RENAME TO accounts;
DROP TRIGGER projects_only_up;
"""
# The triggers went with the table; so says the schema of the version that makes it anew.
ACCOUNTS = [text for name, text in migrate.expected_triggers("sqlite").items() if name.startswith("accounts_")]
ON_SQLITE += "".join(f"{text};\n" for text in ACCOUNTS)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Adds a migration to those of the tree: `write("9998_example", COMMON, sqlite=…, postgresql=…)`."""
    folder = Path(shutil.copytree(str(migrate.MIGRATIONS), tmp_path / "migrations"))

    def add(name: str, common: str, **procedures: str) -> None:
        monkeypatch.setattr(migrate, "MIGRATIONS", folder)
        (folder / f"{name}.sql").write_text(common)
        for dialect, text in procedures.items():
            (folder / f"{name}.{dialect}.sql").write_text(text)
        migrate.expected_triggers.cache_clear()

    yield add
    migrate.expected_triggers.cache_clear()


COLUMNS = {
    "sqlite": "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' "
    "AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
}


def everything(url: str) -> dict[str, list[Any]]:
    """Every table with its columns and rows, and every trigger."""
    connection = dialect_of(url).open()
    columns: dict[str, list[str]] = {}
    for table, column in connection.all(COLUMNS[connection.dialect]):
        columns.setdefault(table, []).append(column)
    found: dict[str, list[Any]] = {
        "triggers": sorted(map(tuple, connection.all(migrate.SELECT_TRIGGERS[connection.dialect])))
    }
    for table, names in columns.items():
        rows = connection.all(f"SELECT {', '.join(names)} FROM {table}")
        found[table] = [tuple(names), *sorted(map(repr, map(tuple, rows)))]
    connection.close()
    return found


def goes_on(unit: UnitOfWork, house: House) -> None:
    """Money moves, work goes on, and no rule is broken."""
    unit.ledger.post(Transfer("late", "deposit", BANK, FEES, Millionths(7), "EUR"))
    moved = [turn(unit, worker) for worker in house.workers]
    assert any(moved)
    assert find_violations(unit) == []


def test_a_migration_is_applied_to_a_database_with_data_in_it(database_url: str, now: Moment, write: Write) -> None:
    house, before = a_day(database_url, now), everything(database_url)
    write("9998_example", COMMON, sqlite=ON_SQLITE, postgresql=ON_POSTGRESQL)
    assert not migrate.is_current(dialect_of(database_url))
    assert migrate.migrate(dialect_of(database_url)) == ["9998_example"]
    assert migrate.migrate(dialect_of(database_url)) == []
    assert migrate.is_current(dialect_of(database_url))
    after = everything(database_url)
    same = before.keys() - {"people", "settings", "triggers"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert {row[0] for row in before["triggers"]} - {row[0] for row in after["triggers"]} == {"projects_only_up"}
    with one_transaction(database_url, now) as unit:
        people = unit.connection.all("SELECT name, nickname, stars FROM people JOIN stars ON person = id")
        assert len(people) == len(before["people"]) - 1
        assert {(name.lower(), 5) for name, _, _ in people} == {(nickname, stars) for _, nickname, stars in people}
        goes_on(unit, house)
    for refused in (
        f"INSERT INTO accounts (name, currency) VALUES ('{'x' * 99}', 'EUR')",
        "INSERT INTO entries (account, version, transfer, amount, balance) VALUES (99, 1, 1, 1, 1)",
        "DELETE FROM accounts",
    ):
        with (
            pytest.raises(Exception, match=r"(?i)check|belongs|never|append"),
            one_transaction(database_url, now) as unit,
        ):
            unit.connection.changed(refused)


def test_a_migration_waits_for_whoever_writes(database_url: str, now: Moment, write: Write) -> None:
    """What it copies has all that is there when it is done."""
    write("9998_example", "INSERT INTO settings (name, value) SELECT 'copied', CAST(count(*) AS TEXT) FROM people;")
    with ThreadPoolExecutor(1) as pool:
        with one_transaction(database_url, now) as unit:
            unit.people.upsert(1, "ann", "Ann", "en", now)
            unit.connection.flush()
            found = pool.submit(migrate.migrate, dialect_of(database_url))
            with pytest.raises(TimeoutError):
                found.result(0.5)
        assert found.result(20) == ["9998_example"]
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.settings.get("copied") == "1"


@pytest.mark.parametrize("where", ["common", "procedures", "the next one"])
def test_a_migration_that_fails_half_way_leaves_nothing(
    database_url: str, now: Moment, write: Write, where: str
) -> None:
    house, before, released = a_day(database_url, now), everything(database_url), migrate.versions()
    wrong = "INSERT INTO stars (person, stars) VALUES (999, 6);\n"
    common, procedures = COMMON, {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRESQL}
    if where == "common":
        common += wrong
    elif where == "procedures":
        procedures = {name: text + wrong for name, text in procedures.items()}
    else:
        write("9999_next", wrong)
    write("9998_example", common, **procedures)
    with pytest.raises(Exception, match=r"(?i)check"):
        migrate.migrate(dialect_of(database_url))
    assert everything(database_url) == before
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(migrate, "versions", lambda: released)
        migrate.expected_triggers.cache_clear()
        with one_transaction(database_url, now) as unit:
            goes_on(unit, house)


def test_a_table_made_anew_without_rows_others_refer_to_is_not_kept(sqlite_url: str, now: Moment, write: Write) -> None:
    a_day(sqlite_url, now)
    before = everything(sqlite_url)
    write("9998_example", "", sqlite=ON_SQLITE.replace("FROM accounts;", "FROM accounts WHERE id > 1;"))
    with pytest.raises(ForeignKeysBroken):
        migrate.migrate(dialect_of(sqlite_url))
    assert everything(sqlite_url) == before


def test_a_backup_of_the_version_before_is_brought_up(
    database_url: str, now: Moment, write: Write, tmp_path: Path, sqlite_files: SQLiteFiles
) -> None:
    """Numbers of places that come back go on behind those in the backup, on PostgreSQL's sequence, too."""
    house, copy = a_day(database_url, now), tmp_path / "copy.db"

    def given_back(unit: UnitOfWork) -> int:
        unit.openings.give_back(house.project, False, house.tasks[0])
        return int(unit.connection.all("SELECT max(back) FROM openings")[0][0])

    with one_transaction(database_url, now) as unit:
        number = given_back(unit)
        unit.openings.take(house.tasks[0])
        assert find_violations(unit) == []
    back_up(database_url, copy)
    write("9998_example", COMMON, sqlite=ON_SQLITE, postgresql=ON_POSTGRESQL)
    sqlite_files.rest()
    restore(database_url, copy, now)
    assert migrate.is_current(dialect_of(database_url))
    with one_transaction(database_url, now) as unit:
        assert unit.connection.all("SELECT count(*) FROM stars WHERE stars = 5")[0][0] > 0
        goes_on(unit, house)
        assert given_back(unit) > number


def test_a_database_of_a_development_version_is_refused(database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    dialect = dialect_of(database_url)
    with one_transaction(database_url, now) as unit:
        unit.connection.changed("UPDATE settings SET value = '0026_api_keys' WHERE name = 'schema'")
    before = everything(database_url)
    for ask in (migrate.migrate, migrate.is_current):
        with pytest.raises(UnknownSchema, match=r"^its schema 0026_api_keys was made by a development version before"):
            ask(dialect)
    assert everything(database_url) == before


CARD_TABLES = ("card_report_lines", "card_payments", "stray_card_payments")


def test_later_tables_come_to_a_database_with_data_in_it(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        _undo_changes(unit)
        for table in ("role_requests", "role_invitations", "web_sessions", *CARD_TABLES):
            unit.connection.changed(f"DROP TABLE {table}")
        unit.connection.changed("UPDATE settings SET value = '0001_baseline' WHERE name = 'schema'")
    before = everything(database_url)
    migrated = migrate.migrate(dialect_of(database_url))
    later = {"0002_role_requests", "0004_web_sessions", "0007_card_payments", "0008_held_by_worker"}
    later.add("0009_card_report_lines")
    assert later <= set(migrated)
    after = everything(database_url)
    changed = {"settings", "people", "outbox"}
    assert {name: after[name] for name in before.keys() - changed} == {
        name: rows for name, rows in before.items() if name not in changed
    }
    for table in ("people", "outbox"):
        assert len(after[table]) == len(before[table])
        assert all(row.endswith(", 1)") for row in after[table][1:])
    with one_transaction(database_url, now) as unit:
        unit.role_requests.invite("@rosa", unit.role_requests.add(house.requester, "Anna: anna@example.org").person, 1)
        assert unit.role_requests.use_invitation("@rosa") == house.requester
        assert unit.card_payments.ask(house.requester, house.requester, 1, "EUR").id == 1
        assert not unit.card_payments.is_reported("txn_1")
        unit.web_sessions.add_session(house.requester, "hash")
        assert unit.web_sessions.find_person("hash") == house.requester
        assert [(bot.name, bot.username) for bot in unit.bots.list()] == [("first", "pouce_bot")]
        assert unit.settings.get("bot") is None
        goes_on(unit, house)


def _undo_changes(unit: UnitOfWork) -> None:
    """Take back what 0005, 0006 and 0008 make; the bot's name is where it was kept before."""
    for statement in (
        "DROP TABLE bots",
        "DROP INDEX submissions_held_by_worker",
        "DROP INDEX outbox_waiting",
        "DROP INDEX people_waiting",
        "ALTER TABLE people DROP COLUMN bot",
        "ALTER TABLE outbox DROP COLUMN bot",
        "CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state = 'waiting'",
        "CREATE INDEX people_waiting ON people (served_at, id) WHERE idle = 1",
        "INSERT INTO settings (name, value) VALUES ('bot', 'pouce_bot')",
    ):
        unit.connection.changed(statement)


def test_tasks_in_place_become_everybodys_default(database_url: str, now: Moment) -> None:
    """A worker who had chosen hours had kept a message a task with them."""
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        chosen = Preferences(begin_hour=6, in_place=False)
        unit.preferences.store(house.workers[0], chosen)
        _undo_changes(unit)
        for table in ("web_sessions", *CARD_TABLES):
            unit.connection.changed(f"DROP TABLE {table}")
        unit.connection.changed("UPDATE settings SET value = '0002_role_requests' WHERE name = 'schema'")
    assert "0003_tasks_in_place" in migrate.migrate(dialect_of(database_url))
    with one_transaction(database_url, now) as unit:
        assert unit.preferences.get(house.workers[0]) == replace(chosen, in_place=True)
        goes_on(unit, house)
