"""Files at addresses that people send, fetched with care: bounded in size, time and redirects, and never from inside.

The names of hosts are resolved here, and connections go to what was found admissible: a name that leads somewhere else
a moment later gains nothing. Each redirect is looked at like the first address.
"""

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

from domain.addresses import is_literal, is_public
from formats.errors import Fact, raise_if_disk_full

LARGEST = 512 << 20  # bytes
SECONDS = 300.0  # for all of it
NAMED = 5.0  # for the name of a host
REDIRECTS = 5
BLOCK = 1 << 16
LONGEST_NAME = 100  # characters
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "pouce"}  # unpacked, a small file may be a large one
MOVED = (301, 302, 303, 307, 308)


class NotFetched(Exception):
    """Nothing usable is there; `expected` is a key of `formats.english.EXPECTED`."""

    def __init__(self, expected: str, **facts: Fact) -> None:
        super().__init__(expected, facts)
        self.expected: str = expected
        self.facts: Mapping[str, Fact] = facts


class Inside(OSError):
    """The host is not one that anybody may be sent to."""


class Leads(Enum):
    """Where an address leads: to the public internet, to nothing admissible, or to a name that nobody knows."""

    OUT = "out"
    INSIDE = "inside"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """`name` is what its server calls it; `mime` what it says it is, in lower case; both may be empty."""

    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class _Into:
    """Where a file goes, and how much of it."""

    file: BinaryIO
    most: int
    only: int | None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """`admits` an IP address; `plain`: http, too."""

    admits: Callable[[str], bool] = is_public
    plain: bool = False
    seconds: float = SECONDS

    async def __call__(self, address: str, into: BinaryIO, most: int = LARGEST, only: int | None = None) -> FetchedFile:
        """Writes the file there, `only` so many bytes of it where that is enough. Raises NotFetched."""
        into.seek(0)
        into.truncate()
        try:
            async with asyncio.timeout(self.seconds), self.session() as session:
                return await self._followed(session, parsed(address), _Into(into, most, only))
        except Inside:
            raise NotFetched("address_public") from None
        except TimeoutError:
            raise NotFetched("address_quick", seconds=round(self.seconds)) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise_if_disk_full(error)
            if isinstance(error.__cause__ or error.__context__, Inside):
                raise NotFetched("address_public") from None
            raise NotFetched("address_answers") from None

    def session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(resolver=_Resolver(self.admits), use_dns_cache=False, limit=1)
        waits = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=20)
        jar = aiohttp.DummyCookieJar()
        return aiohttp.ClientSession(
            connector=connector, timeout=waits, headers=HEADERS, auto_decompress=False, cookie_jar=jar
        )

    async def leads(self, address: str) -> Leads:
        """Where its host leads at this time. A name that nobody knows may be known later."""
        try:
            at = parsed(address)
            self.check(at)
            if not is_literal(at.host or ""):
                async with asyncio.timeout(NAMED):
                    await _Resolver(self.admits).resolve(at.host or "")
        except (NotFetched, Inside):
            return Leads.INSIDE
        except (OSError, TimeoutError):
            return Leads.NOWHERE
        return Leads.OUT

    async def _followed(self, session: aiohttp.ClientSession, at: URL, into: _Into) -> FetchedFile:
        for _ in range(REDIRECTS + 1):
            self.check(at)
            async with session.get(at, allow_redirects=False) as answer:
                if answer.status not in MOVED:
                    return await _written(answer, into)
                at = at.join(parsed(answer.headers.get("Location", "")))
        raise NotFetched("address_redirects", limit=REDIRECTS)

    def check(self, at: URL) -> None:
        """An IP address is not resolved: it is looked at here."""
        host = at.host or ""
        if at.scheme != "https" and not (self.plain and at.scheme == "http"):
            raise NotFetched("address_https")
        if not host:
            raise NotFetched("address_answers")
        if is_literal(host) and not self.admits(host):
            raise NotFetched("address_public")


@dataclass(slots=True)
class _Resolver(AbstractResolver):
    admits: Callable[[str], bool]
    names: ThreadedResolver = field(default_factory=ThreadedResolver)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Only what is admissible. Raises OSError where nothing is left."""
        try:
            found = await self.names.resolve(host, port, family)
        except UnicodeError:  # no name of a host has such parts
            raise Inside(host) from None
        if admitted := [address for address in found if self.admits(address["host"])]:
            return admitted
        raise Inside(host)

    async def close(self) -> None:
        await self.names.close()


def fetcher_of(private: bool) -> Fetcher:
    """`private`: addresses inside the house's own network, and http, are allowed."""
    return Fetcher(admits=lambda address: True, plain=True) if private else Fetcher()


def parsed(address: str) -> URL:
    """Raises NotFetched."""
    try:
        at = URL(address.strip())
        str(at.host)  # a name such as xn-- is read only here
    except ValueError:
        raise NotFetched("address_answers") from None
    return at


async def _written(answer: aiohttp.ClientResponse, into: _Into) -> FetchedFile:
    if answer.status != 200:
        raise NotFetched("address_found", status=answer.status)
    if (answer.content_length or 0) > into.most:
        raise NotFetched("address_size", limit=into.most >> 20)
    size = 0
    async for block in answer.content.iter_chunked(BLOCK):
        size += len(block)
        if size > into.most:
            raise NotFetched("address_size", limit=into.most >> 20)
        into.file.write(block)
        if into.only is not None and size >= into.only:
            break
    into.file.flush()
    mime = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return FetchedFile(_name(answer), mime, size)


def _name(answer: Any) -> str:
    """As the server says, else the end of its address; without folders."""
    told = Message()
    told["Content-Disposition"] = answer.headers.get("Content-Disposition", "")
    name = told.get_filename() or unquote(answer.url.path)
    return "".join(filter(str.isprintable, PurePosixPath(name.replace("\\", "/")).name))[:LONGEST_NAME]


ANSWER = 4_096  # bytes of an answer that are read


@dataclass(frozen=True, slots=True)
class Poster:
    """`care` says which addresses are admissible."""

    care: Fetcher = field(default_factory=Fetcher)

    async def post(self, address: str, body: bytes, headers: Mapping[str, str], seconds: float) -> int:
        """The status of the answer. Raises NotFetched, and what aiohttp raises."""
        at = parsed(address)
        self.care.check(at)
        try:
            async with asyncio.timeout(seconds), self.care.session() as session:
                told = {"Content-Type": "application/json", **headers}
                async with session.post(at, data=body, headers=told, allow_redirects=False) as answer:
                    await answer.content.read(ANSWER)
                    return answer.status
        except OSError as error:
            if isinstance(error, Inside) or isinstance(error.__cause__ or error.__context__, Inside):
                raise NotFetched("address_public") from None
            raise


def poster_of(private: bool) -> Poster:
    return Poster(fetcher_of(private))
