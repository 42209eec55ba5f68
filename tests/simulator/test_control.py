"""The control API and the phones that programs hold."""

import asyncio
import re
import signal
import sys

import pytest

from simulator import ControlRefusal, Switchboard

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]}


async def test_the_state_shows_the_bot_and_the_people(telegram, alice):
    state = await telegram.switchboard.get("/sim/state")
    assert state["bot"] == {"id": 1000001, "first_name": "Pouce", "username": "pouce_bot", "descriptions": {}}
    assert state["people"] == [
        {
            "id": alice.id,
            "first_name": "Alice",
            "username": "alice",
            "language_code": "en",
            "role": "worker",
            "blocked": False,
            "started": True,
            "gone": False,
        }
    ]


async def test_a_person_may_choose_an_id_but_nobody_elses(telegram):
    ruth = await telegram.phone("Ruth", id=42, role="requester", language_code="fr")
    assert (ruth.id, ruth.card["role"]) == (42, "requester")
    with pytest.raises(ControlRefusal, match="somebody has the id 42"):
        await telegram.phone("Other", id=42)


async def test_messages_after_one(telegram, call, alice):
    sent = await call.result("sendMessage", chat_id=alice.id, text="Hi", reply_markup=KEYBOARD)
    path = f"/sim/people/{alice.id}/messages"
    everything = await telegram.switchboard.get(path)
    assert [(message["text"], message["out"]) for message in everything] == [("/start", True), ("Hi", False)]
    assert everything[1]["reply_markup"] == KEYBOARD
    assert await telegram.switchboard.get(f"{path}?after={sent['message_id']}") == []


async def test_a_button_is_pressed_by_its_place(telegram, call, alice):
    sent = await call.result("sendMessage", chat_id=alice.id, text="Hi", reply_markup=KEYBOARD)
    place = {"message_id": sent["message_id"], "row": 0, "column": 1}
    await telegram.switchboard.post(f"/sim/people/{alice.id}/press", place)
    assert (await call.result("getUpdates"))[-1]["callback_query"]["data"] == "n"
    with pytest.raises(ControlRefusal, match="has no button at 0, 2"):
        await telegram.switchboard.post(f"/sim/people/{alice.id}/press", {**place, "column": 2})


async def test_only_raw_presses_send_data_no_button_has(call, alice):
    sent = await call.result("sendMessage", chat_id=alice.id, text="Hi", reply_markup=KEYBOARD)
    with pytest.raises(ControlRefusal, match="has no button with the data"):
        await alice.press_data("forged", sent["message_id"], raw=False)
    await alice.press_data("forged", sent["message_id"])


async def test_a_press_may_cross_the_edit_that_takes_the_button_away(call, alice):
    sent = await call.result("sendMessage", chat_id=alice.id, text="Hi", reply_markup=KEYBOARD)
    before = await alice.wait_for("Hi")
    await call.result("editMessageText", chat_id=alice.id, message_id=sent["message_id"], text="Over")
    await alice.wait_for("Over")
    with pytest.raises(LookupError, match="sees no button 'Yes'"):
        await alice.press("Yes")
    with pytest.raises(ControlRefusal, match="has no button with the data"):
        await alice.press("Yes", before)
    alice.shown[sent["message_id"]] = before  # the edit has not reached this phone
    await alice.press("Yes")
    assert (await call.result("getUpdates"))[-1]["callback_query"]["data"] == "y"


async def test_who_blocked_the_bot_cannot_write_to_it(alice):
    await alice.block()
    with pytest.raises(ControlRefusal, match="unblock it first"):
        await alice.say("hello")


async def test_nobody_is_not_found(telegram, call):
    async with call.session.post(f"{telegram.url}/sim/people/7/text", json={"text": "a"}) as response:
        assert (response.status, await response.json()) == (404, {"error": "nobody has the id 7"})
    async with call.session.post(f"{telegram.url}/sim/people", json={}) as response:
        assert response.status == 400


async def test_each_person_sees_the_menu_of_their_chat_then_language_then_scope(telegram, call):
    def menu(*names: str) -> list[dict[str, str]]:
        return [{"command": name, "description": name} for name in names]

    alice = await telegram.phone("Alice", language_code="fr")
    bruno = await telegram.phone("Bruno", language_code="en")
    assert await alice.commands() == []
    await call.result("setMyCommands", commands=menu("default"))
    await call.result("setMyCommands", commands=menu("defaut"), language_code="fr")
    assert (await alice.commands(), await bruno.commands()) == (["defaut"], ["default"])
    await call.result("setMyCommands", commands=menu("private"), scope={"type": "all_private_chats"})
    assert await alice.commands() == ["private"]
    own = {"type": "chat", "chat_id": alice.id}
    await call.result("setMyCommands", commands=menu("mine"), scope=own)
    assert (await alice.commands(), await bruno.commands()) == (["mine"], ["private"])
    assert (await call.result("getMyCommands", scope=own))[0]["command"] == "mine"
    await call.result("deleteMyCommands", scope=own)
    assert await alice.commands() == ["private"]


@pytest.mark.parametrize("command", [{"command": "Work!", "description": "d"}, {"command": "work", "description": ""}])
async def test_impossible_commands_are_refused(call, command):
    assert "BOT_COMMAND" in await call.refusal("setMyCommands", commands=[command])


async def test_contacts_and_places(call, alice):
    await alice.share_contact()
    await alice.share_location(48.85, 2.35)
    _, contact, place = [update["message"] for update in await call.result("getUpdates")]
    assert contact["contact"]["user_id"] == alice.id
    assert place["location"] == {"latitude": 48.85, "longitude": 2.35}


async def test_a_group_hears_its_people_and_its_bot(telegram, call, alice):
    bruno = await telegram.phone("Bruno")
    group = await telegram.switchboard.post("/sim/groups", {"title": "Team", "members": [alice.id, bruno.id]})
    said = {"text": "hello all", "chat_id": group["id"]}
    await telegram.switchboard.post(f"/sim/people/{alice.id}/text", said)
    assert (await call.result("getUpdates"))[-1]["message"]["chat"] == group
    await call.result("sendMessage", chat_id=group["id"], text="hello Alice")
    await bruno.wait_for("hello Alice")


async def test_waiting_sees_each_message_once_and_forgets_at_the_next_act(call, alice):
    await call.result("sendMessage", chat_id=alice.id, text="one")
    await call.result("sendMessage", chat_id=alice.id, text="two")
    assert (await alice.wait_for("two"))["text"] == "two"
    assert (await alice.wait_for(re.compile("o")))["text"] == "one"
    with pytest.raises(TimeoutError, match=r"Alice waited 0.05 s for 'one'; the chat shows:\n→ '/start'"):
        await alice.wait_for("one", timeout=0.05)
    await call.result("sendMessage", chat_id=alice.id, text="three")
    await alice.until(lambda phone: phone.text == "three")
    await alice.say("next")
    with pytest.raises(TimeoutError):
        await alice.wait_for("three", timeout=0.05)


async def test_a_missing_button_is_told_with_what_is_there(call, alice):
    await call.result("sendMessage", chat_id=alice.id, text="Hi", reply_markup=KEYBOARD)
    await alice.wait_for_button("No")
    with pytest.raises(LookupError, match=r"sees no button 'Maybe'.*\n.*\n.*'Hi' \['Yes', 'No'\]"):
        await alice.press("Maybe")


async def test_a_button_of_a_reply_keyboard_is_said(call, alice):
    markup = {"keyboard": [[{"text": "Pause"}]]}
    await call.result("sendMessage", chat_id=alice.id, text="Hi", reply_markup=markup)
    await alice.wait_for("Hi")
    await alice.press("Pause")
    assert (await call.result("getUpdates"))[-1]["message"]["text"] == "Pause"


async def test_nobody_types_more_than_fits(alice):
    with pytest.raises(ControlRefusal, match="at most 4096 characters fit"):
        await alice.say("a" * 4097)
    with pytest.raises(ControlRefusal, match="at most 1024 characters fit"):
        await alice.upload(b"a", "a.txt", caption="a" * 1025)


async def test_pages_of_other_sites_may_not_act(telegram, call, alice):
    for origin, status in (("https://example.org", 403), (telegram.url, 200)):
        path = f"{telegram.url}/sim/people/{alice.id}/text"
        async with call.session.post(path, json={"text": "a"}, headers={"Origin": origin}) as response:
            assert response.status == status


async def test_it_runs_on_its_own_and_stops_when_asked():
    command = [sys.executable, "-m", "simulator", "--port", "0", "--token", "7:x", "--limits", "off"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said = (await process.stdout.readline()).decode()
    url = re.search(r"BOT_API_URL=(\S+)  BOT_TOKEN=7:x", said).group(1)
    async with Switchboard(url) as board:
        assert (await board.get("/sim/state"))["bot"]["id"] == 7
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_a_second_switchboard_finds_the_same_person(telegram, call, alice):
    async with Switchboard(telegram.url) as other:
        phone = await other.phone(alice.id)
        assert [message["text"] for message in phone.messages] == ["/start"]
        await call.result("sendMessage", chat_id=alice.id, text="to both")
        await asyncio.gather(phone.wait_for("both"), alice.wait_for("both"))
