"""Media that came in a ZIP are kept until no project shows them."""

from domain.moments import DAY, Moment, later
from storage.database import Database
from storage.projects.tasks import PIECE
from storage.unit import UnitOfWork
from tests.house import furnish, settle_plans

BODY = bytes(range(256)) * (PIECE // 128)  # two pieces


async def test_media_go_once_no_project_shows_them(database: Database, now: Moment) -> None:
    house = await database.transact(furnish, now)

    def put(unit: UnitOfWork) -> None:
        for name in ("kept.png", "unused.png"):
            for part in (1, 0):
                unit.media_files.store_piece(name, part, BODY[part * PIECE : (part + 1) * PIECE])
        unit.media_files.link(house.project, [("kept.png", len(BODY))])
        unit.media_files.link(house.project, [("kept.png", len(BODY))])

    await database.transact(put, now)
    assert await database.transact(lambda unit: unit.media_files.body("kept.png"), now) == BODY
    await database.transact(lambda unit: unit.media_files.prune(9), later(now, 2 * DAY))

    def left(unit: UnitOfWork) -> list[bool]:
        return [unit.media_files.is_known(name) for name in ("kept.png", "unused.png", "none.png")]

    assert await database.transact(left, later(now, 2 * DAY)) == [True, False, False]
    await database.transact(lambda unit: unit.connection.changed("UPDATE projects SET ended_at = :at", at=now), now)
    await database.transact(lambda unit: unit.media_files.prune(9), later(now, 32 * DAY))
    await database.transact(lambda unit: unit.media_files.prune(9), later(now, 40 * DAY))
    assert await database.transact(lambda unit: unit.media_files.body("kept.png"), now) is None


async def test_a_clone_keeps_the_media_of_what_it_was_made_of(database: Database, now: Moment) -> None:
    house = await database.transact(furnish, now)

    def copied(unit: UnitOfWork) -> list[tuple[object, ...]]:
        [other] = settle_plans(unit, house.requester, 1)
        unit.media_files.link(house.project, [("cat.png", 7)])
        unit.media_files.copy(house.project, other)
        unit.media_files.copy(house.project, other)
        found = [tuple(row) for row in unit.connection.all("SELECT project, content, size FROM project_media")]
        assert unit.media_files.waiting(house.requester) == 7
        return [row[1:] for row in found]

    rows = await database.transact(copied, now)
    assert rows == [("cat.png", 7)] * 2
