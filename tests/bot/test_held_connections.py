"""More connections are held open than the process may open files: it works on, and sweeps with it."""

import asyncio
from contextlib import AsyncExitStack, suppress
from functools import partial

import aiohttp

from faults.waiting import free_port, listens
from tests.bot.conftest import until
from tests.bot.outside import SOON, Outside, bot
from tests.house import furnish

FILES = 160


async def hold(port: int, number: int, stack: AsyncExitStack) -> None:
    """Opens so many that begin a request and never end it, and opens each again when it is closed."""

    async def held() -> None:
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"POST /hook HTTP/1.1\r\n")
                await reader.read()
                writer.close()
            await asyncio.sleep(0.1)

    for _ in range(number):
        stack.callback(asyncio.create_task(held()).cancel)


async def metrics(port: int) -> str:
    """The connection that asks may be the one that is closed to make room: it asks again."""
    async with asyncio.timeout(SOON), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
                    return await response.text()
            await asyncio.sleep(0.1)


async def test_sweeps_go_on_while_connections_are_held(telegram, database_url):
    port, house = free_port(), Outside(database_url)
    requester = house.do(partial(furnish, workers=0)).requester
    ann = await telegram.phone("Ann")
    async with AsyncExitStack() as stack, bot(telegram, database_url, {"HTTP_PORT": str(port)}, files=FILES):
        await until(lambda: listens(port), SOON)
        await hold(port, 2 * FILES, stack)
        await asyncio.sleep(1)
        for number in range(2, 5):
            house.deposit(requester, number)
            await house.sealed()
        await ann.say("/start")
        await ann.wait_for("Pouce", timeout=SOON)
        figures = await metrics(port)
    assert "pouce_sweep_failures_total" not in figures
    assert 'pouce_http_refused_total{reason="closed to make room"}' in figures
