"""Telegram's limits: used to the full, never overstepped, obeyed when Telegram says stop."""

import asyncio
import time

from bot.pacing import Pace
from bot.request import AiohttpRequest, BotApi
from simulator import Limits, Telegram, serve
from storage.database import Database
from storage.outbox import Lane
from storage.unit import UnitOfWork
from tests.bot.conftest import Post, carried, until


async def crowd(telegram: Telegram, post: Post, size: int):
    phones = [await telegram.phone(f"P{number}") for number in range(size)]
    await asyncio.gather(*(phone.say("/start") for phone in phones))
    return phones, await post.meet(*phones)


def sends(telegram: Telegram) -> list[float]:
    return [call.at for call in telegram.stats.calls("sendMessage") if call.code == 200]


async def test_many_chats_are_served_at_the_full_rate_and_never_faster(
    database: Database, telegram: Telegram, api: BotApi
):
    async with carried(database, api, Pace(per_second=28)) as post:
        _, people = await crowd(telegram, post, 70)

        def all_at_once(unit: UnitOfWork) -> None:
            for person in people:
                unit.outbox.say(person, "plain", text="push", lane=Lane.PUSH)

        await post.do(all_at_once)
        await post.ended()
    times = sends(telegram)
    assert len(times) == 70
    assert 69 / (times[-1] - times[0]) >= 0.95 * 28
    assert max(sum(start <= at < start + 0.98 for at in times) for start in times) <= 29


async def test_an_answer_overtakes_the_pushes_that_wait(database: Database, telegram: Telegram, api: BotApi):
    async with carried(database, api, Pace(per_second=28)) as post:
        phones, people = await crowd(telegram, post, 60)

        def pushes(unit: UnitOfWork) -> None:
            for person in people[:-1]:
                unit.outbox.say(person, "plain", text="push", lane=Lane.PUSH)

        await post.do(pushes)
        await asyncio.sleep(0.3)
        asked = time.time()
        await post.say(people[-1], "answer")
        await phones[-1].wait_for("answer")
        assert time.time() - asked < 0.2
        assert len(sends(telegram)) < 40


async def test_a_strict_chat_is_never_written_to_twice_a_second(database: Database):
    async with (
        serve(limits=Limits(chat_burst=1)) as telegram,
        AiohttpRequest() as request,
        carried(database, BotApi(request, f"{telegram.url}/bot{telegram.token}"), Pace()) as post,
    ):
        (ann, _), people = await crowd(telegram, post, 2)
        for number in range(3):
            for person in people:
                await post.say(person, f"letter {number}")
        await post.ended()
        assert telegram.stats.refusals() == 0
        assert [m["text"] for m in ann.messages if not m["out"]] == ["letter 0", "letter 1", "letter 2"]


async def test_a_chat_that_must_wait_holds_nobody_else_up(post: Post, telegram: Telegram):
    (ann, bob), (first, second) = await crowd(telegram, post, 2)
    telegram.faults.add("refuse", "sendMessage", code=429, retry_after=2, count=1, chat_id=ann.id)
    began = time.monotonic()
    for number in range(3):
        await post.say(first, f"for Ann {number}")
    await until(lambda: telegram.stats.refusals(429) == 1)
    await post.say(second, "for Bob")
    await bob.wait_for("for Bob")
    assert time.monotonic() - began < 1
    await post.ended()
    assert 2 <= time.monotonic() - began < 4
    assert [m["text"] for m in ann.messages if not m["out"]] == [f"for Ann {number}" for number in range(3)]
    assert telegram.stats.refusals(429) == 1


async def test_a_pause_is_remembered_across_a_restart(database: Database, telegram: Telegram, api: BotApi):
    pace = Pace(per_second=0, rest=0)
    async with carried(database, api, pace) as post:
        _, (person,) = await crowd(telegram, post, 1)
        telegram.faults.add("refuse", "sendMessage", code=429, retry_after=3600, count=1)
        await post.say(person, "one")
        await until(lambda: telegram.stats.refusals(429) == 1)
    async with carried(database, api, Pace(per_second=0, rest=0)) as post:
        await post.say(person, "two")
        await asyncio.sleep(0.8)
        assert len(telegram.stats.calls("sendMessage")) == 1


async def test_two_chats_refused_at_once_pause_everybody(post: Post, telegram: Telegram):
    phones, people = await crowd(telegram, post, 3)
    telegram.faults.add("refuse", "sendMessage", code=429, retry_after=1, count=2)
    for person in people[:2]:
        await post.say(person, "refused at first")
    await until(lambda: telegram.stats.refusals(429) == 2)
    began = time.monotonic()
    await post.say(people[2], "waits too")
    await phones[2].wait_for("waits too")
    assert time.monotonic() - began > 0.8
    await post.ended()
    assert telegram.stats.refusals(429) == 2


async def test_thousands_of_letters_wait_in_bounded_memory(database: Database, telegram: Telegram, api: BotApi):
    async with carried(database, api, Pace(per_second=28)) as post:
        _, people = await crowd(telegram, post, 3)

        def flood(unit: UnitOfWork) -> None:
            for number in range(3_000):
                unit.outbox.say(people[0], "plain", text=str(number), lane=Lane.PUSH)
            for person in people[1:]:
                unit.outbox.say(person, "plain", text="after the flood", lane=Lane.PUSH)

        await post.do(flood)
        await until(lambda: len(sends(telegram)) >= 3)
        assert len(post.relay.backlog.known) < 100


async def test_when_telegram_is_away_it_is_asked_now_and_then(post: Post, telegram: Telegram):
    _, people = await crowd(telegram, post, 40)
    telegram.faults.add("refuse", "sendMessage", code=502)

    def letters(unit: UnitOfWork) -> None:
        for person in people:
            unit.outbox.say(person, "plain", text="late")

    await post.do(letters)
    await asyncio.sleep(1.5)
    tried = len(telegram.stats.calls("sendMessage"))
    await asyncio.sleep(1)
    assert len(telegram.stats.calls("sendMessage")) - tried <= 3
    telegram.faults.clear()
    assert await post.ended() == [("sent", None)] * 40
