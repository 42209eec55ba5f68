"""Models' answers are shown to no worker: every button and command a worker has, and every file, is looked through."""

import orjson
import pytest
from pydantic import ValidationError

from domain.moments import Moment
from domain.people.accounts import EVERYBODY, WORKER
from domain.projects.tasks import content_of
from domain.quality.machine import MachineAnswer
from domain.refusals import Refusal
from handlers.payload import Payload
from handlers.routes import TABLE
from handlers.routing import Route
from jobs import personal_data
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish

SECRET = "quagga"
TOLD = "SELECT * FROM outbox"
HAD = "SELECT id FROM submissions WHERE worker = :worker UNION SELECT id FROM assignments WHERE worker = :worker"
OFFERED = [route for route in TABLE.routes if route.role in (WORKER, EVERYBODY)]


class Undone(Exception):
    """Ends a transaction that was only looked at."""


async def a_worker(database: Database, now: Moment) -> House:
    """Who has missed gold, answered, and has a task in hand: all of them with a model's answer."""
    told = {n: (MachineAnswer("", SECRET, 0.987654),) for n in range(1, 9)}

    def furnished(unit: UnitOfWork) -> House:
        return furnish(unit, tasks=4, gold=4, ai=told, models=("",), kind="text", options=(), overlap=3)

    house = await database.transact(furnished, now)
    for number in range(6):
        await database.transact(lambda unit, number=number: turn(unit, house, str(number)), now)  # type: ignore[misc]
    return house


def turn(unit: UnitOfWork, house: House, said: str) -> None:
    person = unit.people.get(house.workers[0])
    if unit.assignments.active_for(person.id) is None:
        submit.show_work(unit, person)
    in_hand = unit.assignments.active_for(person.id)
    if in_hand is not None and unit.assignments.find(in_hand.id) is not None:
        submit.submit_answer(unit, person, in_hand.id, said, None)


def payloads(route: Route, numbers: list[int]) -> list[Payload]:
    """As a client could send them: each number it could know, in each place that takes one."""
    found = []
    for number in numbers:
        fields = {
            name: number if field.annotation is int else "1" for name, field in route.payload.model_fields.items()
        }
        try:
            found.append(route.payload(**fields))
        except ValidationError:
            continue
    return found


def told(unit: UnitOfWork) -> str:
    return repr(unit.connection.all(TOLD))


async def test_no_button_and_no_command_shows_them(sqlite_url: str, now: Moment) -> None:
    """On SQLite alone: every route a worker has, with every number they could know."""
    database = Database(sqlite_url)
    house = await a_worker(database, now)
    worker = house.workers[0]

    def look(unit: UnitOfWork, payload: Payload) -> None:
        result: object
        try:
            result = press(act_of(unit, worker, message=1), payload)
        except (Refusal, ValueError) as refused:
            result = refused
        raise Undone(repr(result) + told(unit))

    def had(unit: UnitOfWork) -> list[int]:
        return [house.project, house.tasks[0], *(row[0] for row in unit.connection.all(HAD, worker=worker))]

    numbers = await database.transact(had, now)
    asked = [payload for route in OFFERED for payload in payloads(route, sorted({*numbers, 0}))]
    shown, texts = [], []
    for payload in asked:
        with pytest.raises(Undone) as seen:
            await database.transact(look, now, payload)
        texts.append(str(seen.value))
        shown += [type(payload).__name__ for word in (SECRET, "0.98765") if word in str(seen.value)]
    assert shown == []
    assert any("review 3" in text for text in texts)  # what workers see is in what was looked through
    assert {"SubmitAnswer", "GetMyData", "ListContestable"} <= {type(payload).__name__ for payload in asked}
    await database.close()


async def test_what_is_kept_about_a_worker_has_none_of_them(database: Database, now: Moment) -> None:
    house = await a_worker(database, now)
    facts = {"person": house.workers[0], "telegram_id": 2_000}
    made = await personal_data.make_mydata_file(database, facts, now)
    found = made.path.read_bytes()
    assert len(orjson.loads(found)["answers"]) >= 4
    assert SECRET.encode() not in found
    assert b"0.98765" not in found


async def test_no_template_can_name_them(database: Database, now: Moment) -> None:
    """Not even one that came past the reader of files."""
    house = await a_worker(database, now)

    def look(unit: UnitOfWork) -> str:
        project = unit.projects.get(house.project)
        unit.connection.changed(
            "UPDATE projects SET template = '{text} {ai} {ai_confidence}' WHERE id = :id", id=project.id
        )
        return content_of(unit.projects.get(project.id), unit.tasks.get(house.tasks[0])).text

    assert SECRET not in await database.transact(look, now)
