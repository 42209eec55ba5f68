"""Fault switches strike where they are told, as often as they are told, the same way twice."""

import asyncio

import aiohttp
import pytest

from simulator import Limits, serve
from simulator.faults import Faults


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (500, "Internal Server Error"),
        (502, "Bad Gateway"),
        (403, "Forbidden: bot was blocked by the user"),
        (429, "Too Many Requests: retry after 7"),
    ],
)
async def test_a_call_is_refused_with_a_code(telegram, call, alice, code, words):
    telegram.faults.add("refuse", "send*", code=code, retry_after=7, count=1)
    refusal = await call("sendMessage", chat_id=alice.id, text="a")
    assert (refusal["error_code"], refusal["description"]) == (code, words)
    assert refusal.get("parameters") == ({"retry_after": 7} if code == 429 else None)
    assert (await call("sendMessage", chat_id=alice.id, text="a"))["ok"]


async def test_a_connection_cut_before_the_effect_leaves_nothing(telegram, call, alice):
    telegram.faults.add("cut_before", "sendMessage", count=1)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=alice.id, text="a")
    assert [message["text"] for message in alice.messages] == ["/start"]


async def test_a_connection_cut_after_the_effect_leaves_the_message(telegram, call, alice):
    telegram.faults.add("cut_after", "sendMessage", count=1)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=alice.id, text="a")
    await alice.wait_for("a")
    assert telegram.stats.counts["sendMessage", 0] == 1


async def test_a_delay_delays_one_chat_only(telegram, call, alice):
    telegram.faults.add("delay", "*", seconds=30, chat_id=alice.id)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await call("sendMessage", chat_id=alice.id, text="a")
    async with asyncio.timeout(20):
        await call("getMe")


async def test_a_delayed_call_has_its_effect_after_the_bot_hung_up(telegram, call, alice):
    telegram.faults.add("delay", "sendMessage", seconds=0.2, count=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await call("sendMessage", chat_id=alice.id, text="late")
    await alice.wait_for("late")


async def test_an_answer_comes_byte_by_byte(telegram, call, alice):
    telegram.faults.add("slice", "getMe", seconds=0.001, count=1)
    sliced = await call.result("getMe")
    assert sliced == await call.result("getMe")


async def test_updates_come_up_to_five_times_with_the_same_id(telegram, call, alice):
    telegram.faults.add("duplicate", "getUpdates", count=1, times=4)
    first, *others = await call.result("getUpdates")
    assert others == [first] * 4


async def test_confirmed_updates_come_again(telegram, call, alice):
    [start] = await call.result("getUpdates")
    telegram.faults.add("replay", "getUpdates", count=1)
    assert await call.result("getUpdates", offset=start["update_id"] + 1) == [start]
    assert await call.result("getUpdates", offset=start["update_id"] + 1) == []


async def test_a_press_may_overtake_a_message_and_each_keeps_its_order(telegram, call, alice):
    for number in range(9):
        await alice.say(str(number))
        await alice.press_data(str(number), 1)
    telegram.faults.add("mix", "getUpdates")
    updates = await call.result("getUpdates")
    ids = [update["update_id"] for update in updates]
    kinds = ["message" in update for update in updates]
    for kind in (True, False):
        own = [number for number, is_message in zip(ids, kinds, strict=True) if is_message is kind]
        assert own == sorted(own)
    assert ids != sorted(ids)


async def test_batches_are_shuffled(telegram, call, alice):
    for number in range(9):
        await alice.say(str(number))
    telegram.faults.add("shuffle", "getUpdates")
    ids = [update["update_id"] for update in await call.result("getUpdates")]
    assert sorted(ids) != ids
    assert len(set(ids)) == 10


def test_the_same_seed_strikes_the_same_calls():
    def strikes(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add("refuse", probability=0.5)
        return [faults.hits("refuse", "sendMessage") for _ in range(50)]

    assert strikes(1) == strikes(1) != strikes(2)
    assert 10 < sum(strikes(1)) < 40


async def test_switches_by_http(telegram, call):
    url = f"{telegram.url}/sim/faults"
    async with call.session.post(url, json={"kind": "refuse", "method": "getMe", "code": 502}) as response:
        assert (await response.json())["code"] == 502
    assert (await call("getMe"))["error_code"] == 502
    async with call.session.get(url) as response:
        assert [fault["method"] for fault in await response.json()] == ["getMe"]
    async with call.session.delete(url):
        assert (await call("getMe"))["ok"]
    async with call.session.post(url, json={"kind": "explode"}) as response:
        assert (response.status, await response.json()) == (400, {"error": "no such fault: explode"})


async def test_figures_tell_calls_refusals_and_speed(telegram, call, alice):
    for _ in range(5):
        await call("sendMessage", chat_id=alice.id, text="a")
    await call("sendMessage", chat_id=alice.id)
    async with call.session.get(f"{telegram.url}/sim/stats") as response:
        stats = await response.json()
    assert stats["methods"]["sendMessage"] == {"200": 5, "400": 1}
    assert stats["refusals"] == 1
    assert stats["max_sends_per_second"] == 6
    async with call.session.get(f"{telegram.url}/sim/stats/calls?method=sendMessage") as response:
        log = await response.json()
    assert [logged["code"] for logged in log] == [200] * 5 + [400]
    assert log[0]["params"] == {"chat_id": alice.id, "text": "a"}


async def test_a_stopping_server_waits_for_nobody():
    async with asyncio.timeout(20):
        async with serve(limits=Limits.off()) as telegram:
            session = aiohttp.ClientSession()
            url = f"{telegram.url}/bot{telegram.token}/getUpdates?timeout=30"
            poll = asyncio.create_task(session.get(url))
            await asyncio.sleep(0.05)
        await asyncio.gather(poll, return_exceptions=True)
        await session.close()


async def test_a_picture_is_refused_by_what_it_is_called(telegram, call, alice):
    words = "Bad Request: wrong file identifier/HTTP URL specified"
    telegram.faults.add("refuse", "*", code=400, description=words, media="*bad*")
    refused = await call("sendPhoto", chat_id=alice.id, photo="https://example.org/bad.jpg")
    assert refused["description"] == words
    other = await call("sendPhoto", chat_id=alice.id, photo="AgACunknown")
    assert other["description"] == words  # nobody has it
    assert (await call("sendMessage", chat_id=alice.id, text="bad"))["ok"]
