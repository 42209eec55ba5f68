"""A house whose dashboard is served: a requester with answers of all sorts, a worker, an admin, and somebody else."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import aiohttp

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from handlers import cards
from handlers.routes import COMMANDS
from handlers.screen import refusal_text
from jobs.fetching import Fetcher
from services.act import Act, House
from services.people import web_sessions
from simulator.phones import init_data
from simulator.running import TOKEN
from simulator.values import PhoneOwner
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import FIRST_WORKER, REQUESTER, furnish
from tests.house import House as Furnished
from tests.invariants.flows import turn
from tests.web.test_miniapp import kept
from web.application import serve
from web.dashboard.cards import Cards
from web.door import HttpDoor
from web.miniapp.door import Pages
from web.miniapp.media import Sources

ADMIN, BOB, ANN = 9, 77, FIRST_WORKER
SCRIPT = "<img src=x onerror=alert(1)><script>alert(1)</script>"


@dataclass
class Look:
    """Somebody at the dashboard: through Telegram, or with the cookie of a browser."""

    http: aiohttp.ClientSession
    url: str
    now: Moment
    person: int = REQUESTER
    cookie: str = ""

    def of(self, person: int) -> "Look":
        return Look(self.http, self.url, self.now, person)

    def signed(self, token: str = TOKEN) -> str:
        return init_data(token, PhoneOwner(self.person, "Person"), "AAq", self.now // 1000)

    async def ask(self, path: str, sent: Any = None, method: str = "", **headers: str) -> tuple[int, Any]:
        by = {"Cookie": f"pouce_dashboard={self.cookie}"} if self.cookie else {"Authorization": f"tma {self.signed()}"}
        how: dict[str, Any] = {} if sent is None else {"data": sent} if isinstance(sent, bytes) else {"json": sent}
        method = method or ("GET" if sent is None else "POST")
        async with self.http.request(method, self.url + "/api" + path, headers=by | headers, **how) as answer:
            body = await answer.read()
            return answer.status, json.loads(body) if answer.content_type.endswith("json") else body


def house_of(database: Database, now: Moment, origin: str = "https://p") -> House:
    terms = Terms("EUR", Decimal(10), Millionths(12_000_000))
    return House(database, terms, frozenset({ADMIN}), False, "en", lambda: now, commands=COMMANDS, page_origin=origin)


def settle(unit: UnitOfWork, tasks: int = 6, gold: int = 2, **project: Any) -> Furnished:
    """Anna's project with answers; Bob, who asks for work of his own, and an admin."""
    made = furnish(unit, 3, tasks, gold, **{"accept": "review", "overlap": 3, "max_overlap": 3, **project})
    bob = unit.people.upsert(BOB, "bob", "Bob", "en", unit.now)
    unit.people.make_requester(bob.id, True)
    unit.people.upsert(ADMIN, "ada", "Ada", "en", unit.now)
    return made


def answer_all(unit: UnitOfWork, made: Furnished, rounds: int = 8) -> None:
    for _ in range(rounds):
        for worker in made.workers:
            turn(unit, worker)


def make_link(unit: UnitOfWork, house: House, person: int = REQUESTER) -> str:
    """Return the token of a link that /web gives."""
    visitor = unit.people.find_by_telegram_id(person)
    assert visitor is not None
    return web_sessions.make_link(Act(unit, visitor, house)).url.partition("#")[2]


@asynccontextmanager
async def a_dashboard(database: Database, now: Moment, house: House | None = None) -> AsyncIterator[Look]:
    house = house or house_of(database, now)
    sources = Sources(database, house.clock, kept, Fetcher())
    pages = Pages(TOKEN, ("https://web.telegram.org",), refusal_text, sources)
    door = HttpDoor(
        database,
        house.clock,
        house=house,
        pages=pages,
        cards=Cards(cards.list_cases, cards.press, cards.write),
    )
    async with serve(door, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        yield Look(http, f"http://127.0.0.1:{port}/app/dashboard", now)
