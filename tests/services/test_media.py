"""Which answers leave as files, on both databases."""

import csv
import io
import zipfile
from typing import Any, BinaryIO

import pytest

from domain.handing_in import Wants
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.results import AnswersShown
from domain.refusals import BadInput, NotFound
from domain.work.assignments import SubmissionId
from handlers.projects.results import ShowAnswers
from jobs import exports
from services.projects import results
from services.work import inputs, submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import a_project, furnish


async def fetch(file_id: str, into: BinaryIO) -> str | None:
    into.write(file_id.encode())
    return "photos/file_1.jpg"


def send(unit: UnitOfWork, worker: PersonId, file: str) -> None:
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    inputs.take_attachment(act_of(unit, worker), Wants.PHOTO, f"{file} unique-{file}", "")


async def files(database: Database, now: Moment, project: int) -> list[bytes]:
    facts: dict[str, Any] = {"number": project, "format": "zip", "what": "results"}
    made = await exports.make_answer_files_zip(fetch, database, facts, now)
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


async def test_a_requester_sees_what_counts_ten_at_a_time(database: Database, now: Moment) -> None:
    house = await database.transact(
        lambda unit: furnish(unit, 12, 1, kind="photo", options=(), overlap=12, max_overlap=12), now
    )
    for at, worker in enumerate(house.workers):
        await database.transact(send, now, worker, f"p{at}")

    def lose(unit: UnitOfWork) -> None:
        unit.connection.changed("UPDATE submissions SET state = 'rejected' WHERE worker = :id", id=house.workers[0])

    await database.transact(lose, now)

    def page(unit: UnitOfWork, after: int = 0) -> AnswersShown:
        shown = press(act_of(unit, house.requester), ShowAnswers(number=house.project, after=after))
        assert isinstance(shown, AnswersShown)
        return shown

    first = await database.transact(page, now)
    assert [each.file for each in first.answers] == [f"p{at}" for at in range(1, 11)]
    assert first.after is not None
    last = await database.transact(page, now, first.after)
    assert ([each.file for each in last.answers], last.after) == (["p11"], None)
    assert len({each.worker for each in (*first.answers, *last.answers)}) == 11


async def test_others_and_other_kinds_show_nothing(database: Database, now: Moment) -> None:
    photos = await database.transact(lambda unit: furnish(unit, tasks=1, kind="photo", options=()), now)
    words = await database.transact(lambda unit: unit.projects.add(a_project(photos.requester, now)), now)

    def show(unit: UnitOfWork, person: PersonId, number: ProjectId) -> None:
        results.show_answers(act_of(unit, person), number, SubmissionId(0))

    for person, number in ((photos.workers[0], photos.project), (photos.requester, words)):
        with pytest.raises(NotFound):
            await database.transact(show, now, person, number)
    with pytest.raises(BadInput) as refused:
        await database.transact(lambda unit: results.order_results(act_of(unit, photos.requester), words, "raw"), now)
    assert "zip" not in refused.value.expected
