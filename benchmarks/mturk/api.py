"""The Mechanical Turk door: HITs created and read a second, and all assignments of a large HIT listed.

The door runs in this process on one database; the program in another one, with its own signer and 16 connections, so
that what is measured is the door's. boto3 itself takes some 2 ms of processor time for a call.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp

from benchmarks.databases import fresh
from benchmarks.tables import WRITE, keep
from domain.people.accounts import PersonId
from extensions.mturk.storage.hits import Hits
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.turk import Pair, pair_of, present, turk_house, turking
from tests.house import settle_requester

AT_ONCE = 16
TYPE = {"Title": "Which animal?", "Description": "Name it.", "Reward": "0.01", "AssignmentDurationInSeconds": 600,
        "LifetimeInSeconds": 86400}  # fmt: skip
PERSON = """
INSERT INTO people (telegram_id, name, language, joined_at, consented_at)
WITH RECURSIVE n (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < :count)
SELECT 1000000 + at, 'Worker ' || at, 'en', :now, :now FROM n"""
ASSIGNED = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT t.project, t.id, p.id, 'submitted', :now, :now + 1000 FROM people p, tasks t
WHERE p.telegram_id > 1000000 AND t.id = :task"""
ANSWERED = """
INSERT INTO submissions (assignment, project, task, worker, answer, milliseconds, state, submitted_at)
SELECT a.id, a.project, a.task, a.worker, :answer, 1000, 'accepted', :now FROM assignments a WHERE a.task = :task"""


@dataclass
class Program:
    """Signs as boto3 does, and asks over kept connections."""

    http: aiohttp.ClientSession
    port: int
    pair: Pair

    async def ask(self, operation: str, **members: Any) -> Any:
        """Waits and asks again where the key's pace is passed, as boto3 does by itself."""
        body = json.dumps(members).encode()
        while True:
            headers = self._signed(operation, body)
            async with self.http.post(f"http://127.0.0.1:{self.port}/", data=body, headers=headers) as said:
                answer = json.loads(await said.read())
            if said.status == 200:
                return answer
            assert answer["__type"] == "ThrottlingException", answer
            await asyncio.sleep(0.05)

    def _signed(self, operation: str, body: bytes) -> dict[str, str]:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        told = {"content-type": "application/x-amz-json-1.1", "host": f"127.0.0.1:{self.port}", "x-amz-date": stamp,
                "x-amz-target": f"MTurkRequesterServiceV20170117.{operation}"}  # fmt: skip
        lines, names = "".join(f"{name}:{value}\n" for name, value in told.items()), ";".join(told)
        canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{stamp[:8]}/us-east-1/mturk-requester/aws4_request"
        to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{self.pair.secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
        credential = f"Credential={self.pair.access_id}/{scope}, SignedHeaders={names}, Signature={signature}"
        return told | {"authorization": f"AWS4-HMAC-SHA256 {credential}"}


async def _rate(count: int, once: Callable[[int], Awaitable[Any]]) -> tuple[float, list[Any]]:
    """A second, with so many at once."""
    numbers, found = iter(range(count)), list[Any]()

    async def one() -> None:
        for number in numbers:
            found.append(await once(number))

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - begun), found


async def _program(port: int, pair: Pair, count: int, big: str) -> dict[str, float]:
    """What the other process measures."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as http:
        program = Program(http, port, pair)
        created, made = await _rate(count, lambda n: program.ask("CreateHIT", **TYPE, Question=form(f"sentence {n}")))
        ids = [each["HIT"]["HITId"] for each in made]
        read, _ = await _rate(2 * count, lambda n: program.ask("GetHIT", HITId=ids[n % count]))
        begun, rows, token = time.perf_counter(), 0, {}
        while True:
            page = await program.ask("ListAssignmentsForHIT", HITId=big, MaxResults=100, **token)
            if not page["NumResults"]:
                break
            rows, token = rows + page["NumResults"], {"NextToken": page["NextToken"]}
    return {"created": created, "read": read, "rows": rows, "listed": time.perf_counter() - begun}


def _fill(url: str, count: int) -> None:
    """The first HIT's answers; their money is not what is measured."""
    with one_transaction(url, present()) as unit:
        task = unit.records(Hits).get(1).task  # type: ignore[arg-type]
        unit.connection.changed(PERSON, count=count, now=unit.now)
        unit.connection.changed(ASSIGNED, task=task, now=unit.now)
        answer = json.dumps({"animal": "A cat", "why": "it purrs"})
        unit.connection.changed(ANSWERED, task=task, now=unit.now, answer=answer)


async def _measured(url: str, count: int, assignments: int) -> list[str]:
    database = Database(url)
    house = turk_house(database)
    try:
        pair = await database.transact(lambda unit: pair_of(unit, house, _rich(unit)), present())
        async with turking(house, pair) as turk:
            big = (await turk.ask("create_hit", **TYPE, Question=form("the big one")))["HIT"]["HITId"]
            await asyncio.to_thread(_fill, url, assignments)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            told = json.dumps([turk.port, pair.access_id, pair.secret, count, big])
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "benchmarks.mturk.api", told, stdout=asyncio.subprocess.PIPE
            )
            found = json.loads((await child.communicate())[0])
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    finally:
        await database.close()
    return [
        f"| CreateHIT a second | {found['created']:.0f} |",
        f"| GetHIT a second | {found['read']:.0f} |",
        f"| {found['rows']:,.0f} assignments of one HIT listed, 100 a page | {found['listed']:.0f} s |",
        f"| memory of the house meanwhile | +{grown:.0f} MB |",
    ]


def _rich(unit: UnitOfWork) -> PersonId:
    return settle_requester(unit).id


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks mturk", description=__doc__)
    parser.add_argument("--hits", type=int, default=2_000)
    parser.add_argument("--assignments", type=int, default=100_000)
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    with fresh(options.database) as place:
        lines = asyncio.run(_measured(place.url, options.hits, options.assignments))
    text = "\n".join(["| measured | |", "| --- | --: |", *lines])
    print(text)
    if options.write:
        command = f"mturk --hits {options.hits} --assignments {options.assignments} --database {options.database}"
        keep("mturk", "The Mechanical Turk door", command, text)
    return 0


if __name__ == "__main__":
    port_, access, secret_, count_, big_ = json.loads(sys.argv[1])
    print(json.dumps(asyncio.run(_program(port_, Pair(access, secret_), count_, big_))))
