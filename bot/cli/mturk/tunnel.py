"""An HTTPS proxy on loopback: Mechanical Turk's hosts are led to this house, all others are tunnelled untouched."""

import asyncio
import base64
import hmac
import re
import ssl
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from pathlib import Path

from bot.cli.mturk.authority import Authority
from bot.cli.mturk.door import Door
from bot.cli.mturk.hosts import DOMAIN, Address, is_ours, outer_proxy
from bot.cli.mturk.streams import BROKEN, HEAD, close, head_of, join

_CONNECT = re.compile(rb"CONNECT (?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5}) HTTP/1\.[01]\r\n")
LOGIN = "pouce"
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSALS = {
    400: b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    407: b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="pouce"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n",
    502: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}


class Tunnel:
    """`password` is what a program needs beside the address: other people of this machine do not use it."""

    def __init__(self, place: Path, house: Address, password: str) -> None:
        self._authority = Authority(place, DOMAIN)
        self._socket = str(place / "door")
        self._door = Door(house)
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._login = b"Basic " + base64.b64encode(f"{LOGIN}:{password}".encode())
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()

    @property
    def certificate(self) -> str:
        return self._authority.pem

    async def open(self) -> int:
        """The port."""
        inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        inner.sni_callback = self._choose
        self._servers.append(await asyncio.start_unix_server(self._door.serve, self._socket, ssl=inner))
        outer = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD)
        self._servers.append(outer)
        return int(outer.sockets[0].getsockname()[1])

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _choose(self, connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
        if host not in self._contexts:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = self._contexts[host]
        return None

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            with suppress(*BROKEN):
                await self._tunnel(reader, writer)
        finally:
            await close(writer)

    async def _tunnel(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = await head_of(reader)
        asked = _CONNECT.match(head)
        if asked is None or not 0 < int(asked[3]) < 65_536:
            writer.write(REFUSALS[400])
            return
        if not _logged_in(head, self._login):
            writer.write(REFUSALS[407])
            return
        try:
            far = await self._connect((asked[1] or asked[2]).decode(), int(asked[3]))
        except BROKEN:
            writer.write(REFUSALS[502])
            return
        writer.write(OPENED)
        await join((reader, writer), far)

    async def _connect(self, host: str, port: int) -> tuple[StreamReader, StreamWriter]:
        if is_ours(host, port):
            name = host.lower()
            if name not in self._contexts:
                self._contexts[name] = self._authority.context(name)
            return await asyncio.open_unix_connection(self._socket)
        proxy = outer_proxy(host)
        if proxy is None:
            return await asyncio.open_connection(host, port)
        far = await asyncio.open_connection(proxy.host, proxy.port, limit=HEAD)
        login = base64.b64encode(proxy.login.encode()).decode()
        about = f"Proxy-Authorization: Basic {login}\r\n" if proxy.login else ""
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        far[1].write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{about}\r\n".encode())
        if not re.match(rb"HTTP/1\.[01] 200 ", await head_of(far[0])):
            await close(far[1])
            raise ConnectionRefusedError
        return far


def _logged_in(head: bytes, login: bytes) -> bool:
    found = re.search(rb"\r\nproxy-authorization:[ \t]*([^\r\n]+?)[ \t]*\r\n", head, re.IGNORECASE)
    return found is not None and hmac.compare_digest(found[1], login)
