"""Where is measured: a fresh database with a project under way, on SQLite or on PostgreSQL; both wait for the disk."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.clock import wall_clock
from domain.money import Millionths
from storage.database import one_transaction
from storage.dialects import dialect_of
from storage.migrating import migrate
from tests.conftest import start_postgresql
from tests.house import House, furnish

TASKS, GOLD = 20_000, 2_000
PAY, FEE = Millionths(100), Millionths(10)


@contextmanager
def ground(database: str, people: int) -> Iterator[tuple[str, House]]:
    """(address, house): `people` workers, tasks for all of them, a tenth of them gold."""
    folder = Path(tempfile.mkdtemp(prefix="pouce-"))
    server = start_postgresql(folder) if database == "postgresql" else None
    try:
        url = server.get_uri() if server else f"sqlite:///{folder / 'pouce.db'}"
        migrate(dialect_of(url))
        with one_transaction(url, wall_clock()) as unit:
            house = furnish(unit, people, TASKS, GOLD, pay=PAY, fee=FEE)
        yield url, house
    finally:
        if server:
            server.cleanup()
        shutil.rmtree(folder)
