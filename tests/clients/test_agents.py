"""The MCP server against the real API, asked by the SDK's own client: over its standard input and output, and HTTP.

The SDK is imported where it is used: it takes half a second, which every process that collects tests would spend.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pouce_client import AsyncClient, Refused

from domain.moments import Moment
from domain.projects.launches import LaunchWanted
from services.act import Act, House
from services.projects import launches
from storage.database import Database
from storage.unit import UnitOfWork
from tests.architecture.source import ROOT
from tests.house import settle_requester
from tests.web.asker import Asker, asking, house_of, key_of

if TYPE_CHECKING:
    from mcp import Client


PROJECT: dict[str, Any] = {
    "title": "Is it pleased?",
    "instructions": ["Read it."],
    "options": ["yes", "no"],
    "pay": "0.05",
    "form": {"overlap": "1"},
}
FREE = {"estimate", "draft", "launch_request", "preflight", "projects", "results"}
CENT = 10_000
EACH = 55_000  # pay and fee of an answer


def wall() -> Moment:
    return Moment(int(time.time() * 1_000))


@pytest.fixture
async def anna(database: Database) -> AsyncIterator[Asker]:
    """Her key may spend two answers."""
    house = replace(house_of(database, wall()), clock=wall)
    key = await database.transact(
        lambda unit: key_of(unit, house, settle_requester(unit).id, "spend", 2 * EACH), wall()
    )
    async with asking(house, key) as asker:
        yield asker


def rows(count: int) -> list[dict[str, str]]:
    return [{"text": f"review {number}"} for number in range(count)]


async def called(agent: Client, tool: str, **arguments: Any) -> Any:
    answer = await agent.call_tool(tool, arguments)
    assert not answer.is_error, answer.content
    found = answer.structured_content
    assert found is not None
    return found.get("result", found)


async def refused(agent: Client, tool: str, **arguments: Any) -> str:
    answer = await agent.call_tool(tool, arguments)
    assert answer.is_error
    return " ".join(getattr(each, "text", "") for each in answer.content)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_agent_drafts_freely_and_spends_within_the_key(anna: Asker) -> None:
    """As a program on the requester's machine."""
    from mcp import Client, StdioServerParameters

    env = {"POUCE_API_URL": anna.url, "POUCE_API_KEY": anna.key, "PYTHONPATH": str(ROOT / "clients/python")}
    program = StdioServerParameters(command=sys.executable, args=["-m", "pouce_client", "mcp"], env=env)
    async with Client(program) as agent:
        tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
        assert tools.keys() >= FREE
        assert [name for name, tool in tools.items() if tool.annotations and tool.annotations.destructive_hint] == [
            "pilot",
            "launch",
        ]
        card = await called(agent, "estimate", **PROJECT, tasks=rows(2))
        assert (card["price"]["reward"], card["price"]["fee"]) == (100_000, CENT)
        assert await called(agent, "projects") == []
        drafted = await called(agent, "draft", **PROJECT, tasks=rows(2))
        launched = await called(agent, "launch", project=drafted["number"], price=2 * EACH)
        assert (launched["launched"], launched["held"]) == (True, 2 * EACH)
        assert (await called(agent, "quality", project=drafted["number"]))["workers"] == []
        many = await called(agent, "draft", **{**PROJECT, "title": "Many"}, tasks=rows(12))
        assert "more than 1" in await refused(agent, "pilot", project=many["number"], price=1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_agent_is_told_what_it_may_not(anna: Asker, tmp_path: Path) -> None:
    from mcp import Client
    from pouce_client import agents

    (tmp_path / "tasks.csv").write_text("text\none\n")
    (tmp_path.parent / "secret.csv").write_text("text\nsecret\n")
    async with AsyncClient(anna.url, anna.key) as pouce, Client(agents.build_server(pouce, tmp_path)) as agent:
        drafted = await called(agent, "draft_file", **PROJECT, file="tasks.csv")
        assert drafted["price"]["tasks"] == 1
        for key in ("key", "tasks"):  # a key would be another request's name: an estimate ended with its draft
            told = await refused(agent, "estimate", **{**PROJECT, "form": {key: "x"}}, tasks=rows(1))
            assert told.endswith(f"A form has no {key}.")
        assert "more than 1" in await refused(agent, "launch", project=drafted["number"], price=1)
        with pytest.raises(Refused, match="more than 1"):
            await pouce.launch(drafted["number"], most=1)
        outside = await refused(agent, "draft_file", **PROJECT, file="../secret.csv")
        assert outside.endswith("There is no file ../secret.csv in the folder that was opened.")
        assert "NotFound" in await refused(agent, "preflight", project=99)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_person_decides_above_the_cap(anna: Asker, database: Database) -> None:
    """Over HTTP."""
    from mcp import Client

    house = replace(house_of(database, wall()), clock=wall)
    async with serving(anna) as url, Client(url) as agent:
        drafted = await called(agent, "draft", **PROJECT, tasks=rows(3))
        number = drafted["number"]
        asked = (await called(agent, "launch", project=number, price=3 * EACH))["launch_request"]
        assert (await called(agent, "launch", project=number, price=3 * EACH))["launch_request"] == asked
        await database.transact(_presses, wall(), house, asked["number"])
        assert (await called(agent, "launch_request", number=asked["number"]))["state"] == "launched"
        assert (await called(agent, "project", number=number))["state"] == "running"


def _presses(unit: UnitOfWork, house: House, number: int) -> None:
    anna = unit.people.find_by_telegram_id(1_000)
    assert anna is not None
    told = unit.connection.all("SELECT count(*) FROM outbox WHERE screen = :name", name=LaunchWanted.stored_as)
    assert told == [(1,)]
    launches.decide_launch_request(Act(unit, anna, house), number, True)


@asynccontextmanager
async def serving(anna: Asker) -> AsyncIterator[str]:
    """As `--http` does, at a free port."""
    import uvicorn
    from pouce_client import agents

    app = agents.build_server(AsyncClient(anna.url, anna.key)).streamable_http_app()
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    task = asyncio.create_task(running.serve())
    while not running.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}/mcp"
    finally:
        running.should_exit = True
        await task
