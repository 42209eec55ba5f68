"""A requester's key to the real API over a socket, and a crowd that answers meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import settle_requester, settle_worker
from tests.web.asker import asking, house_of, key_of

Crowd = Callable[..., Any]


def wall() -> Moment:
    return Moment(int(time.time() * 1_000))


@pytest.fixture
async def key(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The key of a requester whose service is where the environment says."""
    house = replace(house_of(database, wall()), clock=wall, page_origin="https://pouce.example")
    api_key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id), wall())
    async with asking(house, api_key) as asker:
        monkeypatch.setenv("POUCE_API_URL", asker.url.removesuffix("/api/v1"))
        monkeypatch.setenv("POUCE_API_KEY", api_key)
        yield api_key


@pytest.fixture
def crowd(database: Database) -> Crowd:
    """Return a context in which three people answer what there is: `say` a seat's answer."""

    @asynccontextmanager
    async def work(say: Callable[[int], str] = lambda seat: "0") -> AsyncIterator[None]:
        workers = await database.transact(lambda unit: [settle_worker(unit, seat).id for seat in range(3)], wall())

        async def answer_on() -> None:
            while True:
                for seat, worker in enumerate(workers):
                    await database.transact(answer_one, wall(), worker, say(seat))
                await asyncio.sleep(0.02)

        async with asyncio.TaskGroup() as group:  # a crowd that fails ends the test at once
            answering = group.create_task(answer_on())
            yield
            answering.cancel()

    return work


def answer_one(unit: UnitOfWork, worker: PersonId, answer: str = "0") -> None:
    """Answer the task that this worker has in hand or may take, if there is any."""
    person = unit.people.get(worker)
    if unit.assignments.active_for(worker) is None:
        submit.show_work(unit, person)
    in_hand = unit.assignments.active_for(worker)
    if in_hand is not None:
        submit.submit_answer(unit, person, in_hand.id, answer, None)
