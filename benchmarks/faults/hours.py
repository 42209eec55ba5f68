"""Clocks jump, summer ends, and time is up in the very moment of the answer."""

import asyncio
from contextlib import suppress

from benchmarks.faults.scenario import at_work, comes_back, goes_on
from domain.moments import HOUR, MINUTE, SECOND
from faults.campaign import Campaign
from faults.crowd import ImpatientWorker, options_of
from faults.waiting import until
from simulator.values import Json

ROUNDS = 4
SPRING = 1_806_195_590_000  # 2027-03-28, ten seconds before two o'clock becomes three in Paris
STUCK = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND lane < 3 AND due_at > :soon"
LEFT = "SELECT min(deadline) FROM assignments WHERE state = 'active'"


async def clocks_jump_by_hours(fire: Campaign) -> list[str]:
    """The time that transactions are given, forwards and backwards: after each jump work goes on within 20 seconds,
    and no message waits for the hour: what was on its way is moved by a sweep."""
    await at_work(fire)
    slowest, stuck = 0.0, 0
    for hours in (3, -6, 5, -1):
        fire.clock.jump(hours * HOUR)
        await comes_back(fire)
        slowest = max(slowest, await goes_on(fire, answers=12, patience=60))
        stuck += await _waiting(fire)
    broken = [f"{stuck} messages wait for a time that was"] if stuck else []
    await fire.peace()
    return [*broken, f"work went on after {slowest:.0f} s"] if slowest > 20 else broken


async def _waiting(fire: Campaign) -> int:
    """Messages that wait for the hour, and still do after twenty seconds."""
    with suppress(TimeoutError):
        await until(lambda: not _stuck(fire), 20)
    return _stuck(fire)


def _stuck(fire: Campaign) -> int:
    return int(fire.look(STUCK, soon=fire.clock() + MINUTE)[0][0])


async def summer_ends_and_begins(fire: Campaign) -> list[str]:
    """A machine in Paris, an hour twice and an hour never: nothing is late or early by it."""
    fire.environment["TZ"] = "Europe/Paris"
    await at_work(fire, seconds=10)
    fire.clock.jump(SPRING - fire.clock())
    await comes_back(fire)
    await goes_on(fire, answers=12, patience=60)
    await asyncio.sleep(6)
    await fire.peace()
    return []


async def time_is_up_as_the_answer_comes(fire: Campaign) -> list[str]:
    """Each press is told received or too late, as it is; the place is given once."""
    await fire.start()
    await comes_back(fire)
    broken = []
    for _ in range(ROUNDS):
        shown = await asyncio.gather(*(_next(hand) for hand in fire.hands))
        fire.clock.jump(int(fire.look(LEFT)[0][0]) - fire.clock() - SECOND)
        said = await asyncio.gather(*(_last_moment(fire, *each) for each in zip(fire.hands, shown, strict=True)))
        broken += [f"a press at the last moment was told {words!r}" for words in said if not words]
        await comes_back(fire)
    await fire.peace()
    return broken


async def _next(hand: ImpatientWorker) -> Json:
    """The newest task that was not pressed yet."""
    done = {option.assignment for option in hand.pressed.values()}
    await until(lambda: max(hand.shown, default=0) not in done | {0}, 30)
    return hand.shown[max(hand.shown)]


async def _last_moment(fire: Campaign, hand: ImpatientWorker, message: Json) -> str:
    """What the press was told."""
    await asyncio.sleep(fire.dice.uniform(0, 3.5))
    query = await hand.press(options_of(message)[0], message)
    return str((await hand.phone.answer_to(query, timeout=15)).get("text", ""))
