"""Files at addresses that people send: fetched with bounds, and never from inside the house."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from errno import ENOSPC

import pytest
from aiohttp import web

from jobs.fetching import Fetcher, NotFetched, make_fetcher

BODY = b"text\nLovely\n" * 1000


async def _file(request: web.Request) -> web.StreamResponse:
    headers = {"Content-Disposition": 'attachment; filename="../a/reviews.csv"', "Content-Type": "text/csv; x=y"}
    return web.Response(body=BODY, headers=headers)


async def _endless(request: web.Request) -> web.StreamResponse:
    """Says nothing of its size."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    try:
        while True:
            await answer.write(bytes(1 << 16))
    except ConnectionError:
        return answer


async def _moved(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(request.query["to"])


@asynccontextmanager
async def site() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/reviews.csv", _file)
    app.router.add_get("/endless", _endless)
    app.router.add_get("/moved", _moved)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "0.0.0.0", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


ONE = Fetcher(admits=lambda address: address == "127.0.0.1", plain=True, seconds=5)
"""A house whose outside is one address of this machine."""


async def refused(fetch: Fetcher, address: str, most: int = 1 << 20) -> str:
    with pytest.raises(NotFetched) as problem:
        await fetch(address, io.BytesIO(), most)
    return problem.value.expected


async def test_a_file_is_fetched_with_the_name_its_server_gives_without_folders() -> None:
    async with site() as at:
        into = io.BytesIO(b"before, and longer than what comes" * 1000)
        found = await ONE(f"{at}/moved?to=/reviews.csv", into)
    assert (into.getvalue(), found.name, found.mime, found.size) == (BODY, "reviews.csv", "text/csv", len(BODY))


class Full(io.BytesIO):
    """A file on a disk that is full."""

    def write(self, written: object) -> int:
        raise OSError(ENOSPC, "No space left on device")


async def test_a_full_disk_is_not_blamed_on_the_address() -> None:
    async with site() as at:
        with pytest.raises(OSError, match="No space left"):
            await ONE(f"{at}/reviews.csv", Full())


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "[::ffff:127.0.0.2]", "2130706434", "0x7f000002", "127.2"])
async def test_no_way_of_writing_an_address_leads_inside(host: str) -> None:
    async with site() as at:
        port = at.rpartition(":")[2]
        assert await refused(ONE, f"http://{host}:{port}/reviews.csv") == "address_public"
        assert await refused(ONE, f"{at}/moved?to=http://{host}:{port}/reviews.csv") == "address_public"


async def test_a_name_that_leads_inside_is_refused_by_what_it_leads_to() -> None:
    async with site() as at:
        address = at.replace("127.0.0.1", "localhost") + "/reviews.csv"
        assert await refused(Fetcher(plain=True), address) == "address_public"
        assert (await make_fetcher(private=True)(address, io.BytesIO())).size == len(BODY)


async def test_only_https_unless_the_house_allows_more() -> None:
    async with site() as at:
        assert await refused(make_fetcher(private=False), f"{at}/reviews.csv") == "address_https"
        assert await refused(ONE, f"{at}/moved?to=file:///etc/passwd") == "address_https"
        assert await refused(ONE, f"{at}/moved?to=ftp://127.0.0.1/") == "address_https"


async def test_size_time_redirects_and_what_is_missing_are_bounded_and_named() -> None:
    async with site() as at:
        assert await refused(ONE, f"{at}/reviews.csv", most=1000) == "address_size"
        assert await refused(ONE, f"{at}/endless") == "address_size"
        assert await refused(Fetcher(ONE.admits, True, seconds=0.01), f"{at}/endless", 1 << 40) == "address_quick"
        assert await refused(ONE, f"{at}/none") == "address_found"
        loop = f"{at}/moved?to=/moved?to=/moved"
        assert await refused(ONE, f"{at}/moved?to={loop}") in ("address_redirects", "address_found")
    assert await refused(ONE, f"{at}/reviews.csv") == "address_answers"
