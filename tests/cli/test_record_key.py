"""`pouce record-key` and /record-key show the public half of what signs records, the same to everybody."""

import asyncio
import threading

import aiohttp

from domain.moments import Moment
from services.people import records
from storage.database import Database, one_transaction
from tests.cli.test_ledger import Pouce, pouce
from web.application import serve
from web.door import HttpDoor

__all__ = ["pouce"]


async def test_the_keys_are_public_and_can_be_renewed(pouce: Pouce, database_url: str, now: Moment) -> None:
    first = pouce(database_url, "record-key")[1].split()
    again, renewed = pouce(database_url, "record-key")[1].split(), pouce(database_url, "record-key", "--renew")[1]
    assert (first, first[0]) == (again, "1")
    assert [line.split()[0] for line in renewed.splitlines()] == ["2", "1"]
    assert renewed.splitlines()[1].split() == first
    database = Database(database_url)
    async with (
        serve(HttpDoor(database, lambda: now), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}/record-key") as response,
    ):
        shown, text = await response.json(), await response.text()
    await database.close()
    assert [each["public_key"] for each in shown["keys"]] == [line.split()[1] for line in renewed.splitlines()]
    with one_transaction(database_url, now) as unit:
        assert [key.number for key in records.list_keys(unit) if key.seed.hex() in text + renewed] == []


async def test_a_stranger_s_look_at_the_keys_waits_for_no_transaction(database: Database, now: Moment) -> None:
    release = threading.Event()
    async with (
        serve(HttpDoor(database, lambda: now), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as http,
    ):
        address = f"http://127.0.0.1:{port}/record-key"
        first = await (await http.get(address)).json()
        writing = asyncio.create_task(database.transact(lambda unit: release.wait(60), now))
        try:
            async with asyncio.timeout(20):
                again = await (await http.get(address)).json()
        finally:
            release.set()
            await writing
    assert again == first
    assert len(first["keys"]) == 1
