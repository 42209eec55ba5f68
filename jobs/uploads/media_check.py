"""The addresses in a file of tasks, before anybody is asked: what can't be had is told to the requester, row by row.

Only what a server says for certain is a mistake of the row. Where nothing answers, our network may be the reason: that
is a warning, and Telegram tries again when a worker gets the task.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice
from urllib.parse import urlsplit

from domain.projects.media import PHOTO, is_strict, kind_of_column, parts_of
from formats.addresses import is_address
from formats.errors import SHOWN, FileErrors, RowError, problem
from formats.media.kinds import HEAD, LARGEST, fits, media_type
from formats.tables.reading import TaskFile
from formats.tables.table import FileWarning
from formats.tables.template import placeholders
from jobs.fetching.fetcher import Fetcher, NotFetched

MOST = 300  # addresses that are looked at
AT_ONCE = 8
EACH, ALL = 5.0, 20.0  # seconds for one address, for all
GONE = (401, 403, 404, 410)
CERTAIN = ("address_size", "address_redirects", "address_public")


@dataclass(frozen=True, slots=True)
class Named:
    """An address and the first row with it."""

    line: int
    column: str
    address: str


@dataclass(slots=True)
class _Findings:
    errors: list[RowError] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)  # hosts


async def looked_at(file: TaskFile, fetch: Fetcher) -> TaskFile:
    """The file, perhaps with a warning. Raises FileErrors."""
    named = await asyncio.to_thread(lambda: list(islice(_addresses(file), MOST)))
    if not named:
        return file
    found, places = _Findings(), asyncio.Semaphore(AT_ONCE)

    async def look(each: Named) -> None:
        async with places:
            await _look(each, replace(fetch, seconds=EACH), found)

    tasks = [asyncio.create_task(look(each)) for each in named]
    try:
        await asyncio.wait(tasks, timeout=ALL)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if found.errors:
        errors = sorted(found.errors, key=lambda error: error.line)
        raise FileErrors(tuple(errors[:SHOWN]), len(errors))
    return _warned(file, found.unanswered)


def _warned(file: TaskFile, unanswered: list[str]) -> TaskFile:
    if not unanswered:
        return file
    warning = FileWarning("addresses_unanswered", {"count": len(unanswered), "first": unanswered[0]})
    return replace(file, warnings=(*file.warnings, warning))


def _addresses(file: TaskFile) -> Iterator[Named]:
    columns = [name for name in placeholders(file.template) if kind_of_column(name)]
    seen = set[str]()
    for row in file.rows if columns else ():
        for column, part in _parts(row.content, columns):
            if is_address(part) and part not in seen:
                seen.add(part)
                yield Named(row.line, column, part)


def _parts(content: dict[str, str], columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((column, part) for column in columns for part in parts_of(content.get(column, "")))


async def _look(named: Named, fetch: Fetcher, found: _Findings) -> None:
    kind, host = kind_of_column(named.column) or PHOTO, urlsplit(named.address).netloc
    if host in found.silent:
        found.unanswered.append(named.address)
        return
    try:
        into = BytesIO()
        await fetch(named.address, into, LARGEST[kind], only=HEAD)
    except NotFetched as problem_:
        _judge(named, problem_, host, found)
        return
    if kind == PHOTO and is_strict(named.column) and not fits(PHOTO, media_type(into.getvalue())):
        found.errors.append(problem(named.line, named.column, named.address, "picture"))


def _judge(named: Named, why: NotFetched, host: str, found: _Findings) -> None:
    gone = why.expected == "address_found" and why.facts["status"] in GONE
    if gone or why.expected in CERTAIN:
        found.errors.append(problem(named.line, named.column, named.address, why.expected, **why.facts))
    elif why.expected != "address_https":  # Telegram may fetch over http
        found.unanswered.append(named.address)
        found.silent |= {host} if why.expected in ("address_answers", "address_quick") else set()
