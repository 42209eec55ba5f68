"""Download of files from addresses that people send: bounded in size, time and redirects, and never from private
networks. Host names are resolved here, and connections go to the addresses that were checked: a name that resolves to
something else a moment later changes nothing. Each redirect is checked like the first address."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from domain.addresses import is_ip_address, is_public
from formats.errors import Fact, raise_if_disk_full

MAX_BYTES = 512 << 20  # bytes
TOTAL_SECONDS = 300.0  # for all of it
RESOLVE_SECONDS = 5.0  # for the name of a host
MAX_REDIRECTS = 5
BLOCK_BYTES = 1 << 16
MAX_NAME_CHARS = 100  # characters
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "pouce"}  # unpacked, a small file may be a large one
MOVED = (301, 302, 303, 307, 308)


class NotFetched(Exception):
    """The address has no usable file; `expected` is a key of `formats.english.EXPECTED`."""

    def __init__(self, expected: str, **facts: Fact) -> None:
        super().__init__(expected, facts)
        self.expected: str = expected
        self.facts: Mapping[str, Fact] = facts


class PrivateAddress(OSError):
    """The host is in a network that must not be reached."""


class Destination(Enum):
    """Target of an address: the public internet, a refused address, or a host name that does not resolve."""

    OUT = "out"
    INSIDE = "inside"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A downloaded file: `name` and `mime` (lower case) as its server gives them, both possibly empty, and its size in
    bytes."""

    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class _Target:
    """The file to write into, the bytes that it may have at most, and how many are enough (None: all)."""

    file: BinaryIO
    most: int
    only: int | None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Downloader: `admits` says whether an IP address may be reached; `plain` allows http, too."""

    admits: Callable[[str], bool] = is_public
    plain: bool = False
    seconds: float = TOTAL_SECONDS

    async def __call__(
        self, address: str, into: BinaryIO, most: int = MAX_BYTES, only: int | None = None
    ) -> FetchedFile:
        """Write the file at the address into `into`, or only its first `only` bytes. Raise NotFetched."""
        into.seek(0)
        into.truncate()
        try:
            async with asyncio.timeout(self.seconds), self.session() as session:
                return await self._follow(session, parse_address(address), _Target(into, most, only))
        except PrivateAddress:
            raise NotFetched("address_public") from None
        except TimeoutError:
            raise NotFetched("address_quick", seconds=round(self.seconds)) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise_if_disk_full(error)
            if isinstance(error.__cause__ or error.__context__, PrivateAddress):
                raise NotFetched("address_public") from None
            raise NotFetched("address_answers") from None

    def session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(resolver=_Resolver(self.admits), use_dns_cache=False, limit=1)
        waits = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=20)
        jar = aiohttp.DummyCookieJar()
        return aiohttp.ClientSession(
            connector=connector, timeout=waits, headers=HEADERS, auto_decompress=False, cookie_jar=jar
        )

    async def find_destination(self, address: str) -> Destination:
        """Return where the address's host leads now. A name that does not resolve yet may do so later."""
        try:
            url = parse_address(address)
            self.require_admissible(url)
            if not is_ip_address(url.host or ""):
                async with asyncio.timeout(RESOLVE_SECONDS):
                    await _Resolver(self.admits).resolve(url.host or "")
        except (NotFetched, PrivateAddress):
            return Destination.INSIDE
        except (OSError, TimeoutError):
            return Destination.NOWHERE
        return Destination.OUT

    async def _follow(self, session: aiohttp.ClientSession, url: URL, target: _Target) -> FetchedFile:
        for _ in range(MAX_REDIRECTS + 1):
            self.require_admissible(url)
            async with session.get(url, allow_redirects=False) as answer:
                if answer.status not in MOVED:
                    return await _save_body(answer, target)
                url = url.join(parse_address(answer.headers.get("Location", "")))
        raise NotFetched("address_redirects", limit=MAX_REDIRECTS)

    def require_admissible(self, url: URL) -> None:
        """Raise NotFetched if the address has the wrong scheme, no host, or a literal IP address that is not admitted
        (one is never resolved)."""
        host = url.host or ""
        if url.scheme != "https" and not (self.plain and url.scheme == "http"):
            raise NotFetched("address_https")
        if not host:
            raise NotFetched("address_answers")
        if is_ip_address(host) and not self.admits(host):
            raise NotFetched("address_public")


@dataclass(slots=True)
class _Resolver(AbstractResolver):
    admits: Callable[[str], bool]
    names: ThreadedResolver = field(default_factory=ThreadedResolver)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the admitted addresses of the host. Raise PrivateAddress if none is left."""
        try:
            addresses = await self.names.resolve(host, port, family)
        except UnicodeError:  # no name of a host has such parts
            raise PrivateAddress(host) from None
        if admitted := [address for address in addresses if self.admits(address["host"])]:
            return admitted
        raise PrivateAddress(host)

    async def close(self) -> None:
        await self.names.close()


def make_fetcher(private: bool) -> Fetcher:
    """Return a fetcher; `private` also allows http and addresses in the bot's own network."""
    return Fetcher(admits=lambda address: True, plain=True) if private else Fetcher()


def parse_address(address: str) -> URL:
    """Return the address as a URL. Raise NotFetched if it is none."""
    try:
        url = URL(address.strip())
        str(url.host)  # a name such as xn-- is read only here
    except ValueError:
        raise NotFetched("address_answers") from None
    return url


async def _save_body(answer: aiohttp.ClientResponse, target: _Target) -> FetchedFile:
    if answer.status != 200:
        raise NotFetched("address_found", status=answer.status)
    if (answer.content_length or 0) > target.most:
        raise NotFetched("address_size", limit=target.most >> 20)
    size = 0
    async for block in answer.content.iter_chunked(BLOCK_BYTES):
        size += len(block)
        if size > target.most:
            raise NotFetched("address_size", limit=target.most >> 20)
        target.file.write(block)
        if target.only is not None and size >= target.only:
            break
    target.file.flush()
    mime = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return FetchedFile(_file_name(answer), mime, size)


def _file_name(answer: Any) -> str:
    """Return the file's name as the server says, else the end of its address; without folders."""
    headers = Message()
    headers["Content-Disposition"] = answer.headers.get("Content-Disposition", "")
    name = headers.get_filename() or unquote(answer.url.path)
    return "".join(filter(str.isprintable, PurePosixPath(name.replace("\\", "/")).name))[:MAX_NAME_CHARS]


READ_ANSWER_BYTES = 4_096  # bytes of an answer that are read


@dataclass(frozen=True, slots=True)
class Poster:
    """Sender of POST requests; `care` says which addresses are admissible."""

    care: Fetcher = field(default_factory=Fetcher)

    async def post(self, address: str, body: bytes, headers: Mapping[str, str], seconds: float) -> int:
        """Return the status of the answer. Raise NotFetched if the address is refused, and what aiohttp raises."""
        url = parse_address(address)
        self.care.require_admissible(url)
        try:
            async with asyncio.timeout(seconds), self.care.session() as session:
                all_headers = {"Content-Type": "application/json", **headers}
                async with session.post(url, data=body, headers=all_headers, allow_redirects=False) as answer:
                    await answer.content.read(READ_ANSWER_BYTES)
                    return answer.status
        except OSError as error:
            if isinstance(error, PrivateAddress) or isinstance(error.__cause__ or error.__context__, PrivateAddress):
                raise NotFetched("address_public") from None
            raise


def make_poster(private: bool) -> Poster:
    return Poster(make_fetcher(private))
