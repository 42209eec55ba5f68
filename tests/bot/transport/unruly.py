"""A server of raw sockets that answers each request in the way the test asks for."""

import asyncio
import json
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass
class Asked:
    """One request: on which connection it came, its method's name, its values."""

    connection: int
    head: str
    method: str
    values: dict[str, Any]


Way = Callable[[asyncio.StreamWriter, Asked], Awaitable[bool]]  # whether the connection stays open


@dataclass
class Unruly:
    """`ways` are used one after the other, then each request is answered well."""

    ways: deque[Way] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    open: list[asyncio.StreamWriter] = field(default_factory=list)
    port: int = 0

    @property
    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        self.open.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            keeps = True
            while keeps:
                asked = await _request(reader, number)
                self.asked.append(asked)
                keeps = await (self.ways.popleft() if self.ways else well)(writer, asked)
        writer.close()


async def _request(reader: asyncio.StreamReader, number: int) -> Asked:
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    path = head.split(b" ", 2)[1].decode()
    values = json.loads(body) if body.startswith(b"{") else dict(parse_qsl(body.decode()))
    return Asked(number, head.decode(), path.rpartition("/")[2], values)


def told(asked: Asked) -> bytes:
    """An answer that says what was asked."""
    return json.dumps({"ok": True, "result": int(asked.values["number"])}).encode()


def sized(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def well(writer: asyncio.StreamWriter, asked: Asked) -> bool:
    writer.write(sized(told(asked)))
    return True


def exactly(answer: bytes, keeps: bool = True) -> Way:
    """These bytes, whatever was asked."""

    async def way(writer: asyncio.StreamWriter, asked: Asked) -> bool:
        writer.write(answer)
        return keeps

    return way


def slowly(answer: bytes, pause: float, keeps: bool = True) -> Way:
    """Byte by byte."""

    async def way(writer: asyncio.StreamWriter, asked: Asked) -> bool:
        for at in range(len(answer)):
            writer.write(answer[at : at + 1])
            await asyncio.sleep(pause)
        return keeps

    return way


async def never(writer: asyncio.StreamWriter, asked: Asked) -> bool:
    await asyncio.sleep(60)
    return False


async def hangs_up(writer: asyncio.StreamWriter, asked: Asked) -> bool:
    """Reads the request and closes the connection."""
    return False


@asynccontextmanager
async def unruly(tls: ssl.SSLContext | None = None) -> AsyncIterator[Unruly]:
    made = Unruly()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for writer in made.open:
            writer.transport.abort()
