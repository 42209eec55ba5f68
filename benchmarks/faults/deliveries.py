"""Updates come again, in another order, twice at once, or never."""

import asyncio
from contextlib import suppress

import aiohttp

from benchmarks.faults.scenario import at_work, comes_back, goes_on
from domain.moments import HOUR
from faults.campaign import Campaign
from faults.cluster import NOTES, out_of_order
from faults.waiting import free_port
from storage.database import one_transaction

# Each end of an update is noted as it happens.
NOTES_ON_SQLITE = """
CREATE TABLE ended (n INTEGER PRIMARY KEY, update_id INTEGER);
CREATE TRIGGER note_end AFTER UPDATE OF state ON inbox WHEN NEW.state <> 'waiting' BEGIN
  INSERT INTO ended (update_id) VALUES (NEW.update_id);
END;
CREATE TRIGGER note_ended AFTER INSERT ON inbox WHEN NEW.state <> 'waiting' BEGIN
  INSERT INTO ended (update_id) VALUES (NEW.update_id);
END;"""
STRIKES = "SELECT count(*) FROM people WHERE unanswered > 0"


async def delivered_five_times_and_mixed(fire: Campaign) -> list[str]:
    """By polling: each is done once, a person's messages in their order."""
    _noted(fire)
    faults = fire.telegram.faults
    faults.add("duplicate", "getUpdates", times=4, probability=0.4)
    faults.add("replay", "getUpdates", times=4, probability=0.2)
    faults.add("mix", "getUpdates")
    await at_work(fire, seconds=6)
    faults.clear()
    await fire.peace()
    return out_of_order(fire)


async def delivered_by_webhook_five_times(fire: Campaign) -> list[str]:
    """By webhook, presses overtaking messages, retried through two kills: each is done once, messages in order."""
    _noted(fire)
    port = free_port()
    fire.environment.update({"WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "HTTP_PORT": str(port)})
    faults = fire.telegram.faults
    faults.add("duplicate", "webhook", times=2, probability=0.4)
    faults.add("replay", "webhook", times=2, probability=0.4)
    await at_work(fire, seconds=3)
    for _ in range(2):
        await fire.kill(fire.alive[0])
        await fire.pester()
        await fire.start()
        await goes_on(fire)
    faults.clear()
    await fire.peace()
    return out_of_order(fire)


def _noted(fire: Campaign) -> None:
    with one_transaction(fire.database_url, fire.clock()) as unit:
        unit.connection.script(NOTES_ON_SQLITE if unit.connection.dialect == "sqlite" else NOTES)


async def another_receiver_of_the_same_bot(fire: Campaign) -> list[str]:
    """Both are told 409; ours waits and goes on within 20 seconds after the other has stopped."""
    await at_work(fire)
    with suppress(TimeoutError):
        async with asyncio.timeout(8), aiohttp.ClientSession() as session:
            await _polls(session, f"{fire.telegram.url}/bot{fire.telegram.token}/getUpdates")
    conflicts = fire.telegram.stats.refusals(409)
    back = await goes_on(fire, answers=12)
    await fire.peace()
    broken = [] if conflicts else ["nobody was told 409"]
    return [*broken, f"work went on after {back:.0f} s"] if back > 20 else broken


async def _polls(session: aiohttp.ClientSession, url: str) -> None:
    """Fetches and confirms nothing: what it sees stays for the real one."""
    while True:
        async with session.post(url, data={"timeout": 5}) as response:
            await response.read()
        await asyncio.sleep(0.3)


async def an_outage_of_25_hours(fire: Campaign) -> list[str]:
    """Telegram keeps a day of it, and presses for two minutes: what it kept is done; nobody is blamed meanwhile."""
    await at_work(fire)
    await fire.kill(fire.alive[0])
    for hours in (24, 1):
        await fire.pester()
        await asyncio.sleep(1)
        fire.clock.jump(hours * HOUR)
        fire.clock.telegram += hours * 3600
    await fire.start()
    blamed = await _blamed(fire)
    await comes_back(fire)
    await goes_on(fire)
    await fire.peace()
    return [f"{blamed} workers are blamed for a task they could not answer"] if blamed else []


async def _blamed(fire: Campaign) -> int:
    """After the sweeps have had time to see whose time is up."""
    await asyncio.sleep(4)
    return int(fire.look(STRIKES)[0][0])
