"""A requester's program, over a real socket."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import aiohttp

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.accounts import PersonId
from handlers.routes import find_topics
from handlers.screen import english_refusal_text
from services.act import Act, House
from services.people import api_keys
from storage.database import Database
from storage.unit import UnitOfWork
from web.api.endpoint import Pace
from web.application import serve
from web.door import HttpDoor
from web.miniapp.door import Pages

PROBLEM = "application/problem+json"
TOPICS = tuple(find_topics())  # imported, so that each refusal has its sentence


@dataclass
class Said:
    status: int
    body: Any
    headers: Any


@dataclass
class Asker:
    http: aiohttp.ClientSession
    url: str
    key: str

    def with_key(self, key: str) -> "Asker":
        return replace(self, key=key)

    async def get(self, path: str, **headers: str) -> Said:
        return await self.ask("GET", path, None, **headers)

    async def post(self, path: str, sent: Any = None, name: str = "", **headers: str) -> Said:
        return await self.ask("POST", path, sent, **({"Idempotency-Key": name} if name else {}), **headers)

    async def ask(self, method: str, path: str, sent: Any = None, **headers: str) -> Said:
        """`sent` is JSON, or a body of its own kind."""
        told = {"Authorization": f"Bearer {self.key}"} | headers
        body = {"data": sent} if isinstance(sent, bytes | aiohttp.FormData) else {"json": sent}
        if sent is None:
            body = {}
        async with self.http.request(method, self.url + path, headers=told, **body) as response:
            if response.content_type.startswith("image/"):
                return Said(response.status, await response.read(), response.headers)
            text = await response.text()
            is_json = "json" in response.content_type and "jsonl" not in response.content_type
            return Said(response.status, json.loads(text) if text and is_json else text, response.headers)


def house_of(database: Database, now: Moment, approve_first: bool = False) -> House:
    terms, url = Terms("EUR", Decimal(10), Millionths(0)), "https://pouce.example/api/v1"
    return House(database, terms, frozenset(), False, "en", lambda: now, api_url=url, approve_first=approve_first)


def key_of(unit: UnitOfWork, house: House, person: PersonId, scope: str = "spend", budget: int = 0) -> str:
    return api_keys.create_key(Act(unit, unit.people.get(person), house), scope, budget).key


@asynccontextmanager
async def asking(house: House, key: str, pace: Pace | None = None, pages: Pages | None = None) -> AsyncIterator[Asker]:
    door = HttpDoor(
        house.database, house.clock, house=house, words=english_refusal_text, pace=pace or Pace(), pages=pages
    )
    async with serve(door, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        yield Asker(http, f"http://127.0.0.1:{port}/api/v1", key)
