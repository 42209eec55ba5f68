"""The limits of the HTTP door, over real sockets: nothing a client does or leaves undone holds it for long."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from errno import ENOSPC

import pytest

from domain.moments import Moment
from storage.database import Database
from web.application import serve
from web.door import HttpDoor
from web.limits import ConnectionLimits, default_connections
from web.webhook import HEADER

SECRET = "a-secret"
QUICK = ConnectionLimits(head=0.4, idle=0.8, request=0.5, lingering=0.2, lifetime=60, connections=20)
PATIENCE = 30.0
SOON = 5.0  # seconds: half of the shortest of the usual limits, ten times these
UPDATE = b'{"update_id": 5, "message": {"from": {"id": 7}, "text": "hello"}}'


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, *lines: str | bytes, body: bytes = b"") -> None:
        head = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
        self.writer.write(head + b"\r\n\r\n" + body)

    async def status(self) -> int:
        """Of the next response; 0 when the connection ended without one."""
        try:
            line = await asyncio.wait_for(self.reader.readline(), PATIENCE)
        except ConnectionError:
            return 0
        return int(line.split()[1]) if line else 0

    async def rest(self) -> bytes:
        """What came until the other side closed; a reset that follows takes nothing back."""
        came = b""
        try:
            async with asyncio.timeout(PATIENCE):
                while part := await self.reader.read(65_536):
                    came += part
        except ConnectionError:
            pass
        return came


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


def post(*more: str | bytes, secret: str = SECRET) -> tuple[str | bytes, ...]:
    return ("POST /hook HTTP/1.1", "Host: bot", f"{HEADER}: {secret}", *more)


@pytest.fixture
async def port(database: Database, now: Moment) -> AsyncIterator[int]:
    async with serve(HttpDoor(database, lambda: now, "/hook", SECRET), "127.0.0.1", 0, QUICK) as port:
        yield port


@pytest.mark.parametrize("begun", [b"", b"POST", b"POST /hook HTTP/1.1\r\n", b"POST /hook HTTP/1.1\r\nHost: bot\r\n"])
async def test_a_connection_without_a_request_is_closed(port, begun):
    async with connected(port) as client:
        client.writer.write(begun)
        began = time.monotonic()
        await client.rest()
        assert time.monotonic() - began < SOON


@asynccontextmanager
async def dripping(client: Client) -> AsyncIterator[None]:
    """A byte every 50 ms, without end."""

    async def drip() -> None:
        while not client.writer.is_closing():
            client.writer.write(b"G")
            await asyncio.sleep(0.05)

    task = asyncio.create_task(drip())
    try:
        yield
    finally:
        task.cancel()


@pytest.mark.parametrize(
    ("head", "answer"), [([], b""), (post("Content-Length: 1000"), b"408 ")], ids=["in the head", "in the body"]
)
async def test_what_comes_byte_by_byte_is_ended(port, head, answer):
    async with connected(port) as client:
        if head:
            client.send(*head)
        began = time.monotonic()
        async with dripping(client):
            assert answer in await client.rest()
        assert time.monotonic() - began < SOON


@pytest.mark.parametrize("size", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
async def test_an_announced_body_that_never_comes_is_not_waited_for(port, size):
    async with connected(port) as client:
        client.send(*post(size))
        began = time.monotonic()
        assert await client.status() == 408
        await client.rest()
        assert time.monotonic() - began < SOON


async def test_without_the_secret_no_body_is_waited_for(port):
    async with connected(port) as client:
        client.send(*post("Content-Length: 1000", secret="wrong"))
        began = time.monotonic()
        assert await client.status() == 401
        await client.rest()
        assert time.monotonic() - began < SOON


@pytest.mark.parametrize(
    "more",
    [
        [f"H{number}: x" for number in range(200)],
        ["Long: " + "x" * 10_000],
        [b"Strange: \xff\xfe"],
        [HEADER.encode() + b": \xe9"],
        [b"Caf\xe9: x"],
        ["Content-Length: many"],
        ["No colon"],
    ],
)
async def test_a_head_that_is_too_large_or_unreadable_is_a_bad_request(port, more):
    async with connected(port) as client:
        client.send(*post(*more), body=UPDATE)
        assert await client.status() == 400


async def test_a_path_that_is_too_long_is_a_bad_request(port):
    async with connected(port) as client:
        client.send("GET /" + "x" * 10_000 + " HTTP/1.1", "Host: bot")
        assert await client.status() in (400, 414)


async def test_a_connection_serves_several_requests_and_ends_when_idle(database, now):
    limits = replace(QUICK, head=0.5, idle=1.0)
    hook = HttpDoor(database, lambda: now, "/hook", SECRET)
    async with serve(hook, "127.0.0.1", 0, limits) as port, connected(port) as client:
        began = time.monotonic()
        while time.monotonic() - began < 2 * limits.head:
            client.send(*post(f"Content-Length: {len(UPDATE)}"), body=UPDATE)
            assert b"200 OK" in await client.reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.05)
        began = time.monotonic()
        assert await client.rest() == b""
        assert 0.5 < time.monotonic() - began < SOON


async def test_an_old_connection_ends_with_its_next_response(database, now):
    limits = ConnectionLimits(lifetime=0.2)
    async with serve(HttpDoor(database, lambda: now), "127.0.0.1", 0, limits) as port, connected(port) as client:
        for answered in (b"200 OK", b"Connection: close"):
            client.send("GET /healthz HTTP/1.1", "Host: bot")
            assert answered in await client.reader.readuntil(b"}")
            await asyncio.sleep(0.3)
        assert await client.rest() == b""


async def test_held_connections_make_room_for_requests(port):
    async with AsyncExitStack() as held:
        for _ in range(3 * QUICK.connections):
            await held.enter_async_context(connected(port))
        async with connected(port) as client:
            client.send(*post(f"Content-Length: {len(UPDATE)}"), body=UPDATE)
            assert await client.status() == 200


async def health(port: int) -> int:
    """The status of a request on a connection of its own; 0 when the connection was refused."""
    async with connected(port) as client:
        client.send("GET /healthz HTTP/1.1", "Host: bot")
        return await client.status()


async def test_while_all_connections_are_at_work_more_are_refused(database, now):
    limits = replace(QUICK, connections=3, request=PATIENCE)
    hook = HttpDoor(database, lambda: now, "/hook", SECRET)
    async with serve(hook, "127.0.0.1", 0, limits) as port, AsyncExitStack() as held:
        for _ in range(limits.connections):
            client = await held.enter_async_context(connected(port))
            client.send(*post(f"Content-Length: {len(UPDATE)}", "Expect: 100-continue"))
            assert await client.status() == 100  # the request is under way
        assert await health(port) == 0
        client.writer.write(UPDATE)
        await client.reader.readuntil(b"200 OK")
        assert await health(port) == 200


async def test_bad_requests_are_one_line_and_one_figure(database, now, caplog):
    caplog.set_level(logging.DEBUG)
    door = HttpDoor(database, lambda: now, "/hook", SECRET, is_local=True)
    async with serve(door, "127.0.0.1", 0) as port:
        for number in range(60):
            async with connected(port) as client:
                client.send(
                    *(post("No colon"), post(secret="wrong"), ("GET /wp-admin HTTP/1.1", "Host: bot"))[number % 3]
                )
                assert await client.status() in (400, 401, 404)
        async with connected(port) as client:
            client.send("GET /metrics HTTP/1.1", "Host: bot", "Connection: close")
            figures = await client.rest()
    lines = [record for record in caplog.records if record.name.startswith(("web", "aiohttp"))]
    assert [record.getMessage() for record in lines] == ["Bad requests"]
    assert [getattr(lines[0], f"status_{status}") for status in (400, 401, 404)] == [20, 20, 20]
    for status in (400, 401, 404):
        assert f'pouce_http_refused_total{{reason="{status}"}} 20\n'.encode() in figures


async def test_a_bug_is_logged_and_answered_with_500(database, now, caplog):
    def bug() -> dict[str, float]:
        raise ZeroDivisionError

    door = HttpDoor(database, lambda: now, figures=bug, is_local=True)
    async with serve(door, "127.0.0.1", 0) as port, connected(port) as client:
        client.send("GET /metrics HTTP/1.1", "Host: bot")
        assert await client.status() == 500
    assert [record.getMessage() for record in caplog.records] == ["A request failed"]


async def test_a_full_disk_is_logged_as_that_and_answered_with_507(database, now, caplog):
    def full() -> dict[str, float]:
        raise OSError(ENOSPC, "No space left on device")

    door = HttpDoor(database, lambda: now, figures=full, is_local=True)
    async with serve(door, "127.0.0.1", 0) as port, connected(port) as client:
        client.send("GET /metrics HTTP/1.1", "Host: bot")
        assert await client.status() == 507
    assert caplog.messages == ["No room on the disk for what a request needs"]


def test_connections_are_a_part_of_what_the_process_may_open(monkeypatch):
    for files, allowed in ((1024, 256), (20, 16), (100_000, 512), (-1, 512)):
        monkeypatch.setattr("resource.getrlimit", lambda _, files=files: (files, files))
        assert default_connections() == allowed
