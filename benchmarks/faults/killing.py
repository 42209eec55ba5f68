"""Processes end: at random, and at the three points where something is known on one side only."""

import asyncio
import signal

from benchmarks.faults.scenario import at_work
from faults.campaign import Campaign
from faults.waiting import until

DEATHS = 5


async def killed_at_random(fire: Campaign) -> list[str]:
    """25 kills a round, while it starts or while it works: nothing told received is lost, nothing is paid twice."""
    fire.begin()
    for _ in range(fire.plan.kills):
        await fire.run_and_kill()
        await fire.pester()
    await fire.peace()
    return []


async def killed_between_inbox_and_offset(fire: Campaign) -> list[str]:
    """Updates that come again are known: each is done once."""
    return await _dies(fire, "dies_before_the_offset", 6)


async def killed_between_effect_and_send(fire: Campaign) -> list[str]:
    """What was committed is told by the next life: whatever is in somebody's hands stands on their phone."""
    return await _dies(fire, "dies_before_it_sends", 40)


async def killed_between_send_and_mark(fire: Campaign) -> list[str]:
    """A message may stand twice, once more a death; nothing counts twice."""
    broken = await _dies(fire, "dies_before_it_marks", 30)
    again = sum(len(messages) - 1 for hand in fire.hands for messages in hand.times.values())
    if again > DEATHS * len(fire.hands):
        broken.append(f"{again} tasks were shown again after {DEATHS} deaths")
    return broken


async def _dies(fire: Campaign, bot: str, passes: int) -> list[str]:
    """Life after life, each ended by the bot itself where it was told to."""
    broken = []
    fire.begin()
    for _ in range(DEATHS):
        process = await fire.launch(bot, FAULT_PASSES=str(fire.dice.randint(1, passes)))
        code = await asyncio.wait_for(process.wait(), 60)
        fire.alive.remove(process)
        if code != -signal.SIGKILL:
            broken.append(f"the bot ended with {code}")
        await fire.pester()
    await fire.peace()
    return broken


async def two_processes_killed_in_turn(fire: Campaign) -> list[str]:
    """Of two on one database the other takes over at once: whoever presses is answered within ten seconds."""
    broken = []
    await at_work(fire, seconds=1)
    for _ in range(4):
        await fire.join()
        await fire.kill(fire.alive[0])
        phone = fire.movers[0].phone
        await phone.say("/help")
        await until(lambda: not fire.telegram.world.updates.pending, 30)
        try:
            await phone.wait_for("/", timeout=10)
        except TimeoutError:
            broken.append("nobody took over within ten seconds")
    await fire.peace()
    return broken
