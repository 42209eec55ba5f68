"""Requests that last, over real sockets: strangers get seconds, whoever is known as long as files take; an answer that
was begun is never followed by another."""

import asyncio
import logging
import time

import pytest
from aiohttp import web

from domain.moments import Moment
from handlers.screen import english_refusal_text
from storage.database import Database
from tests.house import furnish
from tests.web.asker import house_of, key_of
from tests.web.test_limits import PATIENCE, SOON, connected
from web import requests
from web.application import serve
from web.door import HttpDoor
from web.limits import ConnectionLimits

BRIEF = ConnectionLimits(request=0.5, files=PATIENCE, lingering=0.2)
STRANGER = "pouce_" + "A" * 43
HALF = 50_000


@pytest.fixture
async def door(database: Database, now: Moment) -> HttpDoor:
    house = house_of(database, now)
    await database.transact(lambda unit: furnish(unit, tasks=1, gold=0), now)
    return HttpDoor(database, lambda: now, house=house, words=english_refusal_text, is_local=True)


@pytest.fixture
async def key(door: HttpDoor, database: Database, now: Moment) -> str:
    house = door.house
    assert house is not None

    return await database.transact(lambda unit: key_of(unit, house, unit.projects.get(1).requester), now)


def post(path: str, key: str, size: int) -> tuple[str, ...]:
    said = "Content-Type: application/json", f"Content-Length: {size}"
    return (f"POST {path} HTTP/1.1", "Host: bot", f"Authorization: Bearer {key}", *said)


@pytest.mark.parametrize("path", ["/bonuses", "/projects/1/launch-requests", "/projects", "/projects/1/tasks"])
async def test_a_body_that_never_comes_is_not_waited_for_while_nobody_knows_whose_it_is(door: HttpDoor, path: str):
    async with serve(door, "127.0.0.1", 0, BRIEF) as port, connected(port) as client:
        began = time.monotonic()
        client.send(*post(f"/api/v1{path}", STRANGER, 100), body=b"{")
        assert await client.status() in (401, 408)
        await client.rest()
        assert time.monotonic() - began < SOON


async def test_an_upload_of_a_known_key_has_the_time_of_files(door: HttpDoor, key: str):
    rows = b'{"title": "t", "instructions": "a", "pay": "0.05", "options": ["x", "y"], "tasks": [{"text": "one"}]}'
    async with serve(door, "127.0.0.1", 0, BRIEF) as port, connected(port) as client:
        client.send(*post("/api/v1/projects", key, len(rows)), body=rows[:20])
        await asyncio.sleep(3 * BRIEF.request)
        client.writer.write(rows[20:])
        assert await client.status() == 201


def lasting(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """/healthz sends the half of its answer, and the other one within so many seconds."""

    async def show(request: web.Request) -> web.StreamResponse:
        if request.query_string == "known":
            requests.extend_deadline(request)
        response = web.StreamResponse()
        response.content_length = 2 * HALF
        await response.prepare(request)
        await response.write(b"x" * HALF)
        for _ in range(5):
            await asyncio.sleep(seconds / 5)
            await response.write(b"x" * (HALF // 5))
        return response

    monkeypatch.setattr("web.health.show_health", show)


async def test_an_answer_that_takes_too_long_ends_without_another_in_its_body(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    lasting(PATIENCE, monkeypatch)
    async with serve(HttpDoor(database, lambda: now), "127.0.0.1", 0, BRIEF) as port, connected(port) as client:
        client.send("GET /healthz HTTP/1.1", "Host: bot")
        came = await client.rest()
    assert came.count(b"HTTP/1.1") == 1
    assert came.endswith(b"\r\n\r\n" + b"x" * HALF)
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_failure_in_a_begun_answer_ends_it_without_another(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def show(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"x")
        raise ZeroDivisionError

    monkeypatch.setattr("web.health.show_health", show)
    async with serve(HttpDoor(database, lambda: now), "127.0.0.1", 0) as port, connected(port) as client:
        client.send("GET /healthz HTTP/1.1", "Host: bot")
        assert (await client.rest()).count(b"HTTP/1.1") == 1
    assert [record.getMessage() for record in caplog.records if record.exc_info] == ["A request failed"]


async def test_an_old_connection_ends_its_running_answer_first(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
):
    lasting(2.0, monkeypatch)
    limits = ConnectionLimits(request=0.5, files=PATIENCE, lifetime=0.2)
    async with serve(HttpDoor(database, lambda: now), "127.0.0.1", 0, limits) as port, connected(port) as client:
        client.send("GET /healthz?known HTTP/1.1", "Host: bot", "Connection: close")
        assert (await client.rest()).endswith(b"\r\n\r\n" + b"x" * 2 * HALF)


async def left(port: int, *lines: str) -> None:
    """Begun, and reset."""
    async with connected(port) as client:
        client.send(*lines)
        await asyncio.sleep(0.1)
        client.writer.transport.abort()


async def test_requests_that_are_left_half_way_are_one_line_in_the_log(
    door: HttpDoor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    requests = [(*post("/api/v1/bonuses", STRANGER, 100),), ("GET /healthz HTTP/1.1", "Host: bot")]
    await leave_half_way(door, requests, monkeypatch, caplog)


async def leave_half_way(
    door: HttpDoor,
    requests: list[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Leave each request three times before its end; the log has one line with their number."""
    caplog.set_level(logging.DEBUG)
    lasting(0.3, monkeypatch)
    async with serve(door, "127.0.0.1", 0) as port:
        for request in requests * 3:
            await left(port, *request)
        await asyncio.sleep(0.5)
    lines = [record for record in caplog.records if record.name.startswith(("web", "aiohttp"))]
    assert [(record.getMessage(), record.__dict__["connection_lost"]) for record in lines] == [
        ("Bad requests", 3 * len(requests))
    ]
