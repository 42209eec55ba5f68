from domain.moments import Moment
from storage.database import Database
from storage import invariants
from tests.house import furnish

async def test_a_furnished_house_breaks_no_rule(database: Database, now: Moment) -> None:
    await database.transact(furnish, now, workers=3, tasks=4, gold=1)
    assert await database.transact(invariants.check, now) == []
