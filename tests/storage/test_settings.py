"""The few values the database itself knows."""

from domain.moments import Moment
from storage.database import Database


async def test_a_setting_is_kept_and_replaced(database: Database, now: Moment) -> None:
    await database.transact(lambda unit: unit.settings.store("motto", "first"), now)
    await database.transact(lambda unit: unit.settings.store("motto", "second"), now)
    assert await database.transact(lambda unit: unit.settings.get("motto"), now) == "second"


async def test_an_unknown_setting_is_none(database: Database, now: Moment) -> None:
    assert await database.transact(lambda unit: unit.settings.get("motto"), now) is None


async def test_each_database_has_a_secret_of_its_own(database: Database, now: Moment) -> None:
    secret = await database.transact(lambda unit: unit.settings.secret, now)
    assert len(secret) == 32
