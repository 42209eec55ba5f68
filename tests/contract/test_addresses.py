"""The HTTP doors: their addresses, and how they refuse."""

import aiohttp
import pytest

from domain.moments import Moment
from handlers.screen import english_refusal_text
from storage.database import Database
from tests.house import settle_requester
from tests.web.asker import house_of, key_of
from web.api.endpoint import Pace
from web.application import serve
from web.door import HttpDoor

SENT = {
    "title": "Is it pleased?",
    "instructions": ["Read it."],
    "options": ["positive", "negative"],
    "pay": "0.05",
    "tasks": [{"id": "r1", "text": "I came back twice."}],
}


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return Database(sqlite_url)


async def test_every_address_answers_under_its_name(database: Database, now: Moment):
    house = house_of(database, now)
    key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id), now)
    door = HttpDoor(database, lambda: now, is_local=True, house=house, words=english_refusal_text, pace=Pace())
    async with serve(door, "127.0.0.1", 0) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        for path in ("/healthz", "/metrics", "/api/v1/openapi.json", "/api/v1/docs"):
            async with http.get(path) as found:
                assert found.status == 200, path
        async with http.get("/api/v1/projects") as refused:
            assert (refused.status, refused.content_type) == (401, "application/problem+json")
        told = {"Authorization": f"Bearer {key}", "Idempotency-Key": "once"}
        numbers = []
        for _ in range(2):
            async with http.post("/api/v1/projects", json=SENT, headers=told) as made:
                assert made.status == 201
                numbers.append((await made.json())["number"])
        assert numbers == [1, 1]
        async with http.get("/api/v1/projects/9", headers=told) as missing:
            assert (missing.status, missing.content_type) == (404, "application/problem+json")
