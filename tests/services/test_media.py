"""Which answers leave as files, on both databases."""

import csv
import io
import zipfile
from typing import Any, BinaryIO

from domain.answers import Wants
from domain.moments import Moment
from domain.people.people import PersonId
from jobs import media_exports
from services.work import inputs, submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import furnish


async def fetch(file_id: str, into: BinaryIO) -> str | None:
    into.write(file_id.encode())
    return "photos/file_1.jpg"


def send(unit: UnitOfWork, worker: PersonId, file: str) -> None:
    person = unit.people.get(worker)
    submit.work(unit, person)
    inputs.sent(act_of(unit, worker), Wants.PHOTO, f"{file} unique-{file}", "")


async def files(database: Database, now: Moment, project: int) -> list[bytes]:
    facts: dict[str, Any] = {"number": project, "format": "zip", "what": "results"}
    made = await media_exports.zipped(fetch, database, facts, now)
    with zipfile.ZipFile(made.path) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("answers.csv").decode("utf-8-sig"))))
        found = [archive.read(row["file"]) for row in rows]
        assert len(archive.namelist()) == len(rows) + 1
    made.path.unlink()
    return found


async def test_what_is_rejected_or_erased_is_not_in_it(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=1, kind="photo", options=()), now)
    for worker, file in zip(house.workers, ("ann", "ben", "cid"), strict=True):
        await database.transact(send, now, worker, file)
    assert await files(database, now, house.project) == [b"ann", b"ben", b"cid"]

    def lose(unit: UnitOfWork) -> None:
        unit.connection.changed("UPDATE submissions SET state = 'rejected' WHERE worker = :id", id=house.workers[0])
        unit.erasure.erase(unit.people.get(house.workers[1]))

    await database.transact(lose, now)
    assert await files(database, now, house.project) == [b"cid"]
