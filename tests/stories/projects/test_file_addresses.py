"""A file that stays where it is: its address in the caption, or behind `/add N`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from simulator.crowd.client import text_of
from tests.stories.town import CAPTION, ask, csv, town, with_lines


@asynccontextmanager
async def site(files: dict[str, bytes]) -> AsyncIterator[str]:
    """A requester's own server."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=files[request.path]) if request.path in files else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{name:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_file_is_fetched_from_its_address_and_recognised(sqlite_url: str) -> None:
    files = {"/reviews.csv": csv("Lovely", "Awful"), "/bad.csv": b"text,gold\na,maybe\n"}
    async with site(files) as at, town(sqlite_url, private_destinations=True) as here:
        rosa = await here.requester()
        assert "line 2, gold" in await ask(rosa, with_lines(CAPTION, file=f"{at}/bad.csv"), "Nothing was imported")
        caption = with_lines(CAPTION, file=f"{at}/reviews.csv")
        assert "2 tasks" in await ask(rosa, caption, "Project 1:")
        await rosa.say(caption)
        await rosa.wait_for("Project 1:", new=True)
        assert here.rows("SELECT count(*) FROM tasks") == [(2,)]
        files["/more.csv"] = csv("Fine")
        assert "3 tasks" in await ask(rosa, f"/add 1 {at}/more.csv", "3 tasks")
        told = await ask(rosa, f"/add 1 {at}/none.csv", "can't be read")
        assert "expected a file there (the server says 404)" in told
        await rosa.upload(csv("x"), "x.csv", caption)
        assert "the tasks come with this message" in text_of(await rosa.wait_for("no address"))


async def test_no_file_is_fetched_from_inside_the_house(sqlite_url: str) -> None:
    async with site({"/reviews.csv": csv("Lovely")}) as at, town(sqlite_url) as here:
        rosa = await here.requester()
        told = await ask(rosa, with_lines(CAPTION, file=f"{at}/reviews.csv"), "can't be read")
        assert "expected an address that begins with https://" in told
        secure = with_lines(CAPTION, file=f"{at}/reviews.csv".replace("http:", "https:"))
        assert "expected an address on the public internet" in await ask(rosa, secure, "public internet")
        assert here.rows("SELECT count(*) FROM projects") == [(0,)]
