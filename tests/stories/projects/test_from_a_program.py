"""A program asks, people answer in the chat, and the program is called when it is done."""

import asyncio
import json
from typing import Any

from aiohttp import web
from pouce_client import AsyncClient

from faults.waiting import free_port
from tests.stories.town import answer, ask, next_task, town

ROWS = [{"id": "r1", "text": "I came back twice."}, {"id": "r2", "text": "A quiet delight."}]
FORM: dict[str, Any] = {
    "title": "Is it positive?",
    "instructions": "Read it.",
    "options": ["positive", "negative"],
    "pay": "0.20",
    "overlap": 1,
}


async def test_a_program_is_called_when_people_have_answered_in_the_chat(sqlite_url: str):
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def receive(request: web.Request) -> web.Response:
        heard.put_nowait(json.loads(await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    more = {"secrets_key": "the key of this house", "private_destinations": True, "http_port": free_port()}
    async with town(sqlite_url, **more) as home:
        rosa, ann = await home.requester(), await home.worker("Ann")
        told = await ask(rosa, "/apikey spend 1", "POUCE_API_KEY=")
        lines = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
        assert list(lines) == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_MTURK", "POUCE_API_KEY"]
        await ask(rosa, f"/webhooks add {site.name}/hook project.ended", "is called from now on")
        async with AsyncClient(lines["AWS_ENDPOINT_URL_MTURK"], lines["POUCE_API_KEY"]) as pouce:
            project = await pouce.create(ROWS, **FORM)
            await pouce.launch(project["number"])
            await ann.say("/work")
            await next_task(ann)
            await answer(ann, "positive")
            await ann.press("positive")
            called = await asyncio.wait_for(heard.get(), 20)
            results = [row async for row in pouce.results(project["number"])]
        assert (called["type"], called["data"]) == ("project.ended", {"project": 1, "state": "complete"})
        assert [(row["task"], row["consensus"]) for row in results] == [("r1", "positive"), ("r2", "positive")]
        assert "spent €0.44 of €1.00" in await ask(rosa, "/apikeys", "Your keys")
    await runner.cleanup()
