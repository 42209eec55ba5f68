"""Updates are kept until a higher offset confirms them; one poller at a time."""

import asyncio


async def texts(call, **params) -> list[str]:
    return [update["message"]["text"] for update in await call.result("getUpdates", **params)]


async def test_updates_stay_until_a_higher_offset_confirms_them(call, alice):
    await alice.say("one")
    first = await call.result("getUpdates")
    assert await call.result("getUpdates", offset=first[0]["update_id"]) == first
    await alice.say("two")
    assert await texts(call, offset=first[-1]["update_id"] + 1) == ["two"]
    assert await texts(call) == ["two"]


async def test_a_negative_offset_forgets_all_but_the_last(call, alice):
    await alice.say("one")
    await alice.say("two")
    assert await texts(call, offset=-1) == ["two"]
    assert await texts(call) == ["two"]


async def test_the_limit_holds_the_rest_back(call, alice):
    await alice.say("one")
    assert await texts(call, limit=1) == ["/start"]
    assert await texts(call) == ["/start", "one"]


async def test_a_long_poll_answers_when_something_comes(call, alice):
    [start] = await call.result("getUpdates")
    waiting = asyncio.create_task(call.result("getUpdates", offset=start["update_id"] + 1, timeout=20))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await alice.say("now")
    async with asyncio.timeout(10):
        assert [update["message"]["text"] for update in await waiting] == ["now"]


async def test_a_long_poll_ends_empty_when_time_is_up(call):
    assert await call.result("getUpdates", timeout=1) == []


async def test_a_second_poller_ends_the_first_with_409(call):
    first = asyncio.create_task(call.refusal("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(call.result("getUpdates", timeout=1))
    assert (await first).startswith("Conflict: terminated by other getUpdates request")
    assert await second == []


async def test_a_poller_that_hangs_up_leaves_no_conflict(telegram, call, alice):
    [start] = await call.result("getUpdates")
    gone = asyncio.create_task(call("getUpdates", offset=start["update_id"] + 1, timeout=20))
    await asyncio.sleep(0.05)
    gone.cancel()
    await asyncio.sleep(0.05)
    await alice.say("still here")
    assert await texts(call) == ["still here"]
    assert telegram.stats.refusals(409) == 0


async def test_allowed_updates_are_remembered(call, alice):
    await call.result("getUpdates", allowed_updates=["message"], offset=-1)
    await alice.block()
    await alice.unblock()
    await alice.say("hello")
    kinds = [set(update) - {"update_id"} for update in await call.result("getUpdates")]
    assert kinds == [{"message"}, {"message"}]


async def test_blocking_is_told(call, alice):
    await alice.block()
    await alice.unblock()
    changes = [update["my_chat_member"] for update in (await call.result("getUpdates"))[1:]]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


async def test_reactions_only_come_when_asked_for(call, alice):
    message = alice.messages[0]["message_id"]
    await alice.react(message, "👍")
    assert len(await call.result("getUpdates", allowed_updates=["message", "message_reaction"])) == 1
    await alice.react(message, "🔥")
    [_, update] = await call.result("getUpdates")
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "🔥"}]
    assert update["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_presses_are_dropped_after_150_seconds_and_messages_after_a_day(call, alice, clock):
    await alice.press_data("x", 1)
    clock.ahead += 151
    assert [set(update) - {"update_id"} for update in await call.result("getUpdates")] == [{"message"}]
    clock.ahead += 24 * 3600
    assert await call.result("getUpdates") == []


async def test_a_command_comes_with_its_entity(call, alice):
    [start] = await call.result("getUpdates")
    assert start["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert start["message"]["from"]["language_code"] == "en"
