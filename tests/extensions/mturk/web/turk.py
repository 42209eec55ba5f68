"""A requester's unmodified program: boto3 against the real door, over a real socket."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.validate import ParamValidator

from domain.moments import Moment
from domain.people.accounts import PersonId
from extensions.mturk.web.door import build_turk_pace
from handlers.screen import english_refusal_text
from services.act import Act, Encryption, House
from services.people import api_keys
from storage.database import Database
from storage.unit import UnitOfWork
from tests.web.asker import house_of
from web.api.endpoint import Pace
from web.application import serve
from web.door import HttpDoor

T = TypeVar("T")
SECRETS_KEY = "a key for tests of the door"


def present() -> Moment:
    """boto3 signs the time that it is."""
    return Moment(time.time_ns() // 1_000_000)


def turk_house(database: Database, **changes: Any) -> House:
    kept = {"encryption": Encryption((SECRETS_KEY,)), "clock": present}
    return replace(house_of(database, present()), **{**kept, **changes})


@dataclass(frozen=True, slots=True)
class Pair:
    access_id: str
    secret: str


def pair_of(unit: UnitOfWork, house: House, person: PersonId, scope: str = "spend", budget: int = 0) -> Pair:
    made = api_keys.create_key(Act(unit, unit.people.get(person), house), scope, budget)
    return Pair(made.access_id, made.secret)


def _is_of_the_model(operation_model: Any, response_dict: Any, **_: Any) -> None:
    """Each answer has the members, the types and the bounds of botocore's own model, and nothing else."""
    if response_dict["status_code"] != 200:
        return
    said, shape = json.loads(response_dict["body"]), operation_model.output_shape
    report = ParamValidator().validate(said, shape)
    assert not report.has_errors(), report.generate_report()
    assert _unknown(said, shape) == []


def _unknown(said: Any, shape: Any) -> list[str]:
    if shape.type_name == "list":
        return [name for each in said for name in _unknown(each, shape.member)]
    if shape.type_name != "structure":
        return []
    known = [name for name in said if name in shape.members]
    beyond = [name for name in said if name not in shape.members]
    return beyond + [found for name in known for found in _unknown(said[name], shape.members[name])]


@dataclass(frozen=True, slots=True)
class Turk:
    """`port` of the door; `pair` signs."""

    port: int
    pair: Pair

    def client(self, **config: Any) -> Any:
        """As a program makes it, without retries unless it asks for them."""
        made = boto3.client(
            "mturk",
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=self.pair.access_id,
            aws_secret_access_key=self.pair.secret,
            config=Config(**{"retries": {"total_max_attempts": 1}, **config}),
        )
        made.meta.events.register("before-parse.mturk.*", _is_of_the_model)
        return made

    async def do(self, program: Callable[[Any], T]) -> T:
        """Runs a synchronous program with a client of its own."""
        return await asyncio.to_thread(lambda: program(self.client()))

    async def ask(self, operation: str, /, **members: Any) -> Any:
        """One operation, by boto3's name: `get_hit`."""
        return await self.do(lambda client: getattr(client, operation)(**members))


@asynccontextmanager
async def turking(house: House, pair: Pair, pace: Pace | None = None) -> AsyncIterator[Turk]:
    door = HttpDoor(
        house.database, house.clock, house=house, words=english_refusal_text, paces={"mturk": pace or build_turk_pace()}
    )
    async with serve(door, "127.0.0.1", 0) as port:
        yield Turk(port, pair)
