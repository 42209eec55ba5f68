"""What the chat offers a requester, a program can ask for."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from domain.moments import Moment, later
from services.act import Encryption, House
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import settle_requester, settle_worker
from tests.invariants.flows import turn
from tests.web.asker import Asker, asking, house_of, key_of
from tests.web.test_api_projects import FORM, PROJECT

MANY = {**PROJECT, "accept": "auto", "tasks": [{"text": f"review {n}", "id": f"r{n}"} for n in range(1, 13)]}


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    encryption = Encryption([Fernet.generate_key().decode()])
    return replace(house_of(database, now), encryption=encryption, hub="https://hub.example")


@pytest.fixture
async def anna(database: Database, house: House, now: Moment) -> AsyncIterator[Asker]:
    key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id), now)
    async with asking(house, key) as asker:
        yield asker


async def test_a_program_begins_with_a_pilot_of_ten_tasks(anna: Asker):
    await anna.post("/projects", MANY)
    refused = await anna.post("/projects/1/pilot?most=1")
    assert (refused.status, refused.body["code"], refused.body["facts"]["needed"]) == (409, "price", 550_000)
    assert (await anna.post("/projects/1/pilot", None, "once")).body["held"] == 550_000
    assert (await anna.post("/projects/1/pilot", None, "once")).body["held"] == 550_000
    assert (await anna.post("/projects/1/pilot")).body["code"] == "WrongState"
    assert (await anna.get("/projects/1")).body["waiting"] == 2


async def test_a_program_chooses_who_is_asked_and_how_often(anna: Asker):
    await anna.post("/projects", {**MANY, "overlap": 3})
    asked = await anna.ask("PUT", "/projects/1/audience", {"who": ["country=FR", "at most=5"]})
    assert [condition["name"] for condition in asked.body["who"]] == ["country", "at most"]
    for wrong in ("country=ZZ", "in=7", "nobody knows"):
        assert (await anna.ask("PUT", "/projects/1/audience", {"who": wrong})).status in (409, 422)
    assert (await anna.ask("PUT", "/projects/1/audience", {"who": []})).body["who"] == []
    ways = (await anna.get("/projects/1/preflight")).body["outlook"]["ways"]
    way = next(way for way in ways if not way["own"])
    chosen = await anna.post("/projects/1/way", {"overlap": way["overlap"], "confidence": way["confidence"]})
    assert (chosen.status, chosen.body["overlap"]) == (200, way["overlap"])
    assert (await anna.post("/projects/1/way", {"overlap": 999})).status == 409
    await anna.post("/projects/1/launch")
    assert (await anna.ask("PUT", "/projects/1/audience", {"who": []})).body["code"] == "WrongState"


async def test_a_program_asks_for_more_answers(anna: Asker):
    await anna.post("/projects", MANY)
    await anna.post("/projects/1/launch")
    offer = (await anna.get("/projects/1/more")).body
    assert (offer["overlap"], [step["overlap"] for step in offer["offered"]]) == (1, [2, 3, 5])
    some = await anna.post("/projects/1/tasks/more", {"tasks": ["r1", "r2", "r1"], "extra": 2}, "two")
    assert (some.body["tasks"], some.body["total"]) == (2, 4 * 55_000)
    assert (await anna.post("/projects/1/tasks/more", {"tasks": ["r1", "none"], "extra": 2})).status == 404
    every = await anna.post("/projects/1/more", {"overlap": 2})
    assert (every.body["overlap"], every.body["held"]) == (2, offer["offered"][0]["cost"])
    assert (await anna.post("/projects/1/more", {"overlap": 2})).body["code"] == "UnknownChoice"


async def test_a_program_reads_figures_versions_and_offers(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", {**MANY, "overlap": 3})
    await anna.post("/projects/1/gold", {"task": "r12", "answers": ["positive"]})
    assert [step["pay"] > 50_000 for step in (await anna.get("/projects/1/raise")).body["offered"]]
    await anna.post("/projects/1/launch")
    assert (await anna.ask("PATCH", "/projects/1", {"title": "Is she pleased?"})).body["edition"] == 2

    def answer(unit: UnitOfWork) -> None:
        for number, answers in ((1, 12), (2, 12), (3, 11)):
            worker = settle_worker(unit, number).id
            for _ in range(answers):
                turn(unit, worker)
        unit.connection.changed("UPDATE tasks SET confidence = 0.99")

    await database.transact(answer, later(now, 60_000))
    page = (await anna.get("/projects/1/quality")).body
    assert page["figures"]["agreement"]["same"] == 1.0
    assert len(page["workers"]) == 3
    overview = (await anna.get("/projects/1/overview")).body
    assert (overview["kind"], overview["progress"]["submissions"]) == ("choice", 35)
    versions = (await anna.get("/projects/1/versions")).body["versions"]
    assert [version["wording"]["title"] for version in versions] == [FORM["title"], "Is she pleased?"]
    suggested = (await anna.get("/projects/1/gold/suggested?limit=1")).body
    assert (suggested["suggestions"][0]["answers"], bool(suggested["next_after"])) == (3, True)
    task = suggested["suggestions"][0]["task"]
    assert (await anna.post("/projects/1/gold/refused", {"task": task})).body == {"task": task}
    again = (await anna.get("/projects/1/gold/suggested")).body["suggestions"]
    assert task not in [suggestion["task"] for suggestion in again]


async def test_a_program_ends_an_invitation(anna: Asker, database: Database, now: Moment):
    await database.transact(lambda unit: unit.bots.note_accepted(1, "pouce_bot"), now)
    await anna.post("/projects", MANY)
    first = (await anna.post("/projects/1/invitation")).body["link"]
    assert (await anna.ask("DELETE", "/projects/1/invitation")).status == 200
    assert (await anna.post("/projects/1/invitation")).body["link"] != first


async def test_a_program_accepts_the_rest_as_far_as_it_has_read(anna: Asker, database: Database, now: Moment):
    await anna.post("/projects", {**MANY, "accept": "review"})
    await anna.post("/projects/1/launch")

    def answer(unit: UnitOfWork) -> None:
        worker = settle_worker(unit, 1).id
        for _ in range(3):
            turn(unit, worker)

    await database.transact(answer, later(now, 60_000))
    waiting = [item["answer"]["submission"] for item in (await anna.get("/projects/1/review")).body["answers"]]
    accepted = (await anna.post("/projects/1/review/accept", {"last": sorted(waiting)[1]})).body
    assert (accepted["count"], accepted["left"]) == (2, 1)


async def test_a_push_to_the_hub_keeps_its_token_encrypted(anna: Asker, database: Database, house: House, now: Moment):
    await anna.post("/projects", MANY)
    token = "hf_0123456789abcdef"
    begun = await anna.post("/projects/1/push", {"name": "anna/reviews", "token": token}, "push")
    assert (begun.status, begun.body["name"]) == (200, "anna/reviews")
    (push,) = await database.transact(lambda unit: unit.hub_pushes.due(9), now)
    assert (push.name, push.public, house.encryption.decrypt(push.token)) == ("anna/reviews", False, token)
    requests = await database.transact(lambda unit: unit.connection.all("SELECT answer FROM api_requests"), now)
    assert token not in str(requests)
    assert (await anna.post("/projects/1/push", {"name": "a--b/c", "token": token})).status == 422
