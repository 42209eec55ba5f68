"""The API over a real socket: who asks is known by a key, and each refusal is what the web expects."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.accounts import PersonId
from domain.refusals import NotFound
from handlers.screen import english_refusal_text
from services.act import Act, House
from services.people import api_keys
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import furnish
from web.application import serve
from web.door import HttpDoor

PROBLEM = "application/problem+json"


@dataclass
class Asker:
    """A requester's program."""

    http: aiohttp.ClientSession
    url: str
    key: str

    async def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Any, Any]:
        told = {"Authorization": f"Bearer {self.key}"} | headers
        async with self.http.request(method, self.url + path, headers=told) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None, response.headers


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    terms = Terms("EUR", Decimal(10), Millionths(0))
    return House(database, terms, frozenset(), False, "en", lambda: now, api_url="https://pouce.example/api/v1")


def act(unit: UnitOfWork, house: House, person: PersonId) -> Act:
    return Act(unit, unit.people.get(person), house)


@pytest.fixture
async def anna(database: Database, house: House, now: Moment) -> AsyncIterator[Asker]:
    def settle(unit: UnitOfWork) -> str:
        return api_keys.create_key(act(unit, house, furnish(unit, tasks=3, gold=1).requester), "spend", 0).key

    key = await database.transact(settle, now)
    async with (
        serve(HttpDoor(database, lambda: now, house=house, words=english_refusal_text), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as http,
    ):
        yield Asker(http, f"http://127.0.0.1:{port}/api/v1", key)


async def test_a_program_reads_a_project(anna: Asker):
    status, body, headers = await anna.ask("/projects/1")
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "application/json", "no-store")
    assert {name: body[name] for name in ("number", "state", "currency", "tasks", "gold", "submissions", "left")} == {
        "number": 1, "state": "running", "currency": "EUR", "tasks": 3, "gold": 1, "submissions": 0, "left": None,
    }  # fmt: skip
    assert body["held"] > 0


async def test_a_program_reads_the_balance(anna: Asker):
    status, body, _ = await anna.ask("/balance")
    (free,), (project,) = body["free"], body["projects"]
    assert (status, free["currency"]) == (200, "EUR")
    assert free["amount"] + project["given"] == 100_000_000
    assert project["given"] == project["held"] + project["reserve"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer pouce_" + "A" * 43, "Bearer é"])
async def test_without_a_key_nothing_is_told(anna: Asker, header: str):
    status, body, headers = await anna.ask("/balance", Authorization=header)
    assert (status, headers["Content-Type"], headers["WWW-Authenticate"]) == (401, PROBLEM, "Bearer")
    assert (body["status"], body["title"]) == (401, "Unauthorized")


async def test_a_key_ends_at_once(anna: Asker, database: Database, house: House, now: Moment):
    def end(unit: UnitOfWork) -> None:
        api_keys.revoke_typed_key(act(unit, house, PersonId(1)), "revoke", anna.key)

    assert (await anna.ask("/balance"))[0] == 200
    await database.transact(end, now)
    assert (await anna.ask("/balance"))[0] == 401
    with pytest.raises(NotFound):
        await database.transact(end, now)


async def test_who_is_no_requester_any_more_is_refused(anna: Asker, database: Database, now: Moment):
    await database.transact(lambda unit: unit.people.make_requester(PersonId(1), False), now)
    status, body, headers = await anna.ask("/projects/1")
    assert (status, body["title"], headers["Content-Type"]) == (403, "Forbidden", PROBLEM)


@pytest.mark.parametrize("path", ["/projects/2", "/projects/999999999999999", "/projects/x", "/projects/", "/nothing"])
async def test_what_is_not_there_is_not_found(anna: Asker, path: str):
    status, body, headers = await anna.ask(path)
    assert (status, body["status"], headers["Content-Type"]) == (404, 404, PROBLEM)


async def test_anothers_project_is_not_there_either(anna: Asker, database: Database, house: House, now: Moment):
    def key_of_another(unit: UnitOfWork) -> str:
        other = unit.people.upsert(77, "bob", "Bob", "en", unit.now)
        unit.people.make_requester(other.id, True)
        return api_keys.create_key(act(unit, house, other.id), "spend", 0).key

    mine = await anna.ask("/projects/1")
    anna.key = await database.transact(key_of_another, now)
    status, body, _ = await anna.ask("/projects/1")
    assert (mine[0], status, body["detail"]) == (200, 404, "You have no project 1. /projects lists yours.")


async def test_what_is_read_cannot_be_written(anna: Asker):
    status, body, headers = await anna.ask("/balance", "POST")
    assert (status, body["status"], headers["Allow"]) == (405, 405, "GET, HEAD")
    assert (await anna.ask("/balance", "HEAD"))[:2] == (200, None)
