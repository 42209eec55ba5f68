"""Streams read one snapshot; concurrent migrations run once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.moments import Moment
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import is_current, migrate, versions
from storage.unit import UnitOfWork

MANY = 5_000


def fill(unit: UnitOfWork, count: int) -> None:
    unit.connection.many(
        "INSERT INTO settings (name, value) VALUES (:name, 'old')", ({"name": f"n{n:05}"} for n in range(count))
    )


async def test_a_stream_sees_one_moment_while_writes_go_on(database: Database, now: Moment) -> None:
    await database.transact(fill, now, MANY)
    seen: list[tuple[str, str]] = []
    async for name, value in database.rows("SELECT name, value FROM settings WHERE name LIKE 'n%' ORDER BY name"):
        if not seen:
            changed = await database.transact(
                lambda unit: unit.connection.changed("UPDATE settings SET value = 'new' WHERE name LIKE 'n%'"), now
            )
            assert changed == MANY
        seen.append((name, value))
    assert seen == [(f"n{n:05}", "old") for n in range(MANY)]


async def test_a_stream_that_is_left_early_hurts_nobody(database: Database, now: Moment) -> None:
    await database.transact(fill, now, MANY)
    async for _ in database.rows("SELECT name FROM settings WHERE name LIKE :like", like="n%"):
        break
    await database.transact(lambda unit: unit.settings.store("after", "wards"), now)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/pouce.db", "postgresql://nobody@127.0.0.1:1/pouce"])
async def test_readings_of_a_database_that_is_away_say_so_as_the_writer_does(url: str, now: Moment) -> None:
    away = Database.__new__(Database)
    away.dialect = dialect_of(url)
    with pytest.raises(Unavailable):
        async for _ in away.rows("SELECT 1"):
            pass
    with pytest.raises(Unavailable):
        await away.aside(lambda unit: unit.settings.get("x"), now)


async def test_a_statement_that_is_wrong_is_a_bug(database: Database) -> None:
    with pytest.raises(Exception, match="nowhere") as raised:
        async for _ in database.rows("SELECT 1 FROM nowhere"):
            pass
    assert not isinstance(raised.value, Unavailable)


def test_a_second_migration_finds_nothing_to_do(empty_database_url: str) -> None:
    dialect = dialect_of(empty_database_url)
    assert migrate(dialect) == versions()
    assert migrate(dialect) == []
    assert is_current(dialect)


def test_four_who_migrate_at_once_make_one_house(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrate(dialect_of(empty_database_url)), range(4)))
    assert sorted(len(names) for names in done) == [0, 0, 0, len(versions())]
