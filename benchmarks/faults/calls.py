"""Telegram answers calls with errors, too late, in slices or not at all."""

import asyncio

from benchmarks.faults.scenario import answers_to_passers, at_work, comes_back, goes_on, kept_waiting
from domain.moments import HOUR, MINUTE
from faults.campaign import Campaign
from faults.waiting import until

HOUR_ASKED = 3600
UNFINISHED = "SELECT count(*) FROM tasks WHERE project = :project AND gold IS NULL AND state = 'open'"
IN_HANDS = """
SELECT count(*) FROM assignments a JOIN people p ON p.id = a.worker
WHERE a.state = 'active' AND p.telegram_id = :chat"""


async def telegram_answers_502(fire: Campaign) -> list[str]:
    """Whatever waited comes afterwards; and no storm: while Telegram is ill it hears less than ten calls a second."""
    await at_work(fire)
    fire.telegram.faults.add("refuse", "*", code=502)
    await asyncio.sleep(6)
    before = _heard(fire)
    await asyncio.sleep(6)
    rate = (_heard(fire) - before) / 6
    fire.telegram.faults.clear()
    back = await goes_on(fire)
    await fire.peace()
    broken = [f"{rate:.0f} calls a second while Telegram was ill"] if rate >= 10 else []
    return [*broken, f"work went on after {back:.0f} s"] if back > 20 else broken


def _heard(fire: Campaign) -> int:
    return sum(fire.telegram.stats.counts.values())


async def one_chat_told_to_wait_an_hour(fire: Campaign) -> list[str]:
    """Nothing is sent there for the hour, a kill in between or not; others are answered; then it all arrives."""
    await at_work(fire)
    chat = fire.hands[0].phone.id
    fire.telegram.faults.add("refuse", "send*", code=429, retry_after=HOUR_ASKED, chat_id=chat, count=1)
    await until(lambda: bool(fire.telegram.stats.refusals(429)), 30)
    await asyncio.sleep(1)
    return await _an_hour(fire, chat)


async def all_chats_told_to_wait_an_hour(fire: Campaign) -> list[str]:
    """No message goes anywhere for the hour, a kill in between or not; then it all arrives."""
    await at_work(fire)
    fire.telegram.faults.add("refuse", "send*", code=429, retry_after=HOUR_ASKED)
    await until(lambda: fire.telegram.stats.refusals(429) >= 2, 30)
    await asyncio.sleep(2)
    fire.telegram.faults.clear()
    return await _an_hour(fire, None)


async def _an_hour(fire: Campaign, chat: int | None) -> list[str]:
    sent = _sent(fire, chat)
    await _goes_on_elsewhere(fire, chat)
    await fire.kill(fire.alive[0])
    await fire.start()
    await _goes_on_elsewhere(fire, chat)
    broken = [f"{more} messages within the hour"] if (more := _sent(fire, chat) - sent) else []
    fire.clock.jump(HOUR + MINUTE)
    await fire.kill(fire.alive[0])
    await fire.start()
    await comes_back(fire)
    await until(lambda: _sent(fire, chat) > sent, 30)
    await fire.peace()
    return broken


async def _goes_on_elsewhere(fire: Campaign, chat: int | None) -> None:
    if chat is None:
        await asyncio.sleep(4)
    else:
        await goes_on(fire)


def _sent(fire: Campaign, chat: int | None) -> int:
    """Messages asked for, to this chat or to any."""
    calls = (call for call in fire.telegram.stats.log if call.method.startswith("send"))
    return sum(chat is None or str(call.params.get("chat_id")) == str(chat) for call in calls)


async def blocked_with_a_task_in_hand(fire: Campaign) -> list[str]:
    """Their places go to others until every task has what was asked for; what they earned stays theirs."""
    await at_work(fire, seconds=1)
    gone = fire.hands[:4]
    for number, hand in enumerate(gone):
        await until(lambda hand=hand: bool(fire.look(IN_HANDS, chat=hand.phone.id)[0][0]), 30)  # type: ignore[misc]
        if number % 2:
            await hand.phone.block()
        else:
            await fire.telegram.switchboard.post(f"/sim/people/{hand.phone.id}/leave", {})
    await until(lambda: not fire.look(UNFINISHED, project=fire.house.project)[0][0], 90)
    await fire.peace()
    held = [hand.phone.id for hand in gone if fire.look(IN_HANDS, chat=hand.phone.id)[0][0]]
    return [f"{person} can't be written to and has a task in hand" for person in held]


async def connection_cut_around_the_send(fire: Campaign) -> list[str]:
    """Every task arrives; it may stand again where nobody could say whether it did, a few times at most."""
    await at_work(fire, seconds=0)
    fire.telegram.faults.add("cut_after", "send*", probability=0.15)
    fire.telegram.faults.add("cut_before", "send*", probability=0.1)
    await asyncio.sleep(12)
    fire.telegram.faults.clear()
    await fire.peace()
    most = max(len(messages) for hand in fire.hands for messages in hand.times.values())
    return [f"a task was shown {most} times"] if most > 6 else []


async def slow_and_sliced_answers(fire: Campaign) -> list[str]:
    """A chat whose answers come byte by byte holds nobody up: others wait two seconds, or thrice the usual, at most."""
    await at_work(fire, seconds=0)
    usual = await answers_to_passers(fire, 5)
    for hand in fire.hands[:4]:
        fire.telegram.faults.add("slice", "send*", chat_id=hand.phone.id, seconds=0.01)
        fire.telegram.faults.add("delay", "send*", chat_id=hand.phone.id, seconds=2)
    fire.telegram.faults.add("slice", "getUpdates", seconds=0, probability=0.3)  # all wait for what comes in
    waits = await answers_to_passers(fire, 12)
    fire.telegram.faults.clear()
    await fire.peace()
    return kept_waiting(waits, usual)
