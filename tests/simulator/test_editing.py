"""Edits, deletions, presses and reactions."""

import pytest

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


@pytest.fixture
async def sent(call, alice):
    message = await call.result("sendMessage", chat_id=alice.id, text="Ready?", reply_markup=KEYBOARD)
    return {"chat_id": alice.id, "message_id": message["message_id"]}


async def test_an_edit_without_keyboard_drops_the_keyboard(call, alice, sent):
    edited = await call.result("editMessageText", **sent, text="Go")
    assert "reply_markup" not in edited
    shown = await alice.wait_for("Go")
    assert shown["edit_date"] >= shown["date"]
    assert alice.keyboard == []


async def test_the_same_again_is_not_modified(call, sent):
    words = await call.refusal("editMessageText", **sent, text=" Ready? ", reply_markup=KEYBOARD)
    assert words == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )


async def test_the_same_after_an_edit_is_not_modified_either(call, sent):
    await call.result("editMessageText", **sent, text="Go", reply_markup=KEYBOARD)
    assert "not modified" in await call.refusal("editMessageText", **sent, text="Go", reply_markup=KEYBOARD)


async def test_only_the_keyboard_changes(call, alice, sent):
    markup = {"inline_keyboard": [[{"text": "No", "callback_data": "n"}]]}
    edited = await call.result("editMessageReplyMarkup", **sent, reply_markup=markup)
    assert (edited["text"], edited["reply_markup"]) == ("Ready?", markup)


async def test_a_message_with_a_reply_keyboard_can_never_be_edited(call, alice):
    markup = {"keyboard": [[{"text": "Share", "request_contact": True}]]}
    sent = await call.result("sendMessage", chat_id=alice.id, text="a", reply_markup=markup)
    assert "reply_markup" not in sent
    await alice.wait_for("a")
    assert alice.keyboard == ["Share"]
    words = await call.refusal("editMessageText", chat_id=alice.id, message_id=sent["message_id"], text="b")
    assert words == "Bad Request: message can't be edited"


async def test_what_is_not_there_cannot_be_edited(call, alice, sent):
    await call.result("deleteMessage", **sent)
    assert await call.refusal("editMessageText", **sent, text="b") == "Bad Request: message to edit not found"
    assert await call.refusal("deleteMessage", **sent) == "Bad Request: message to delete not found"


async def test_what_people_wrote_cannot_be_edited(call, alice):
    theirs = alice.messages[0]["message_id"]
    words = await call.refusal("editMessageText", chat_id=alice.id, message_id=theirs, text="b")
    assert words == "Bad Request: message can't be edited"


async def test_a_text_has_no_caption(call, sent):
    words = await call.refusal("editMessageCaption", **sent, caption="b")
    assert words == "Bad Request: there is no caption in the message to edit"


async def test_messages_can_be_deleted_for_48_hours(call, alice, sent, clock):
    clock.ahead = 48 * 3600 + 5
    assert await call.refusal("deleteMessage", **sent) == "Bad Request: message can't be deleted for everyone"
    clock.ahead = 0
    await call.result("deleteMessages", chat_id=alice.id, message_ids=[sent["message_id"], 999])
    await alice.until(lambda phone: [message["text"] for message in phone.messages] == ["/start"])


async def test_a_press_is_answered_once(call, alice, sent):
    await alice.wait_for("Ready")
    query = await alice.press("Yes")
    [_, update] = await call.result("getUpdates")
    assert update["callback_query"]["data"] == "y"
    assert update["callback_query"]["message"]["text"] == "Ready?"
    await call.result("answerCallbackQuery", callback_query_id=query, text="Thanks", show_alert=True)
    answer = await alice.answer_to(query)
    assert (answer["text"], answer["show_alert"]) == ("Thanks", True)
    assert "query is too old" in await call.refusal("answerCallbackQuery", callback_query_id=query)


@pytest.mark.parametrize(("seconds", "passes"), [(14, True), (16, False)])
async def test_a_press_waits_fifteen_seconds_for_its_answer(call, alice, clock, seconds, passes):
    query = await alice.press_data("any", 1)
    clock.ahead += seconds
    assert (await call("answerCallbackQuery", callback_query_id=query))["ok"] is passes


async def test_any_data_can_come_from_a_message_that_is_gone(call, alice):
    await alice.press_data("forged:1", 777)
    [_, update] = await call.result("getUpdates")
    assert update["callback_query"]["data"] == "forged:1"
    assert update["callback_query"]["message"] == {
        "chat": {"id": alice.id, "type": "private", "first_name": "Alice", "username": "alice"},
        "message_id": 777,
        "date": 0,
    }


async def test_both_sides_react(call, alice, sent):
    await alice.wait_for("Ready")
    await alice.react(sent["message_id"], "🔥")
    await call.result("setMessageReaction", **sent, reaction=[{"type": "emoji", "emoji": "👍"}])
    await alice.until(lambda phone: phone.last["reactions"] == ["🔥", "👍"])
    await call.result("setMessageReaction", **sent, reaction=[])
    await alice.until(lambda phone: phone.last["reactions"] == ["🔥"])


async def test_a_reply_quotes(call, alice, sent):
    quote = {"message_id": alice.messages[0]["message_id"], "quote": "start"}
    reply = await call.result("sendMessage", chat_id=alice.id, text="Yes?", reply_parameters=quote)
    assert reply["reply_to_message"]["text"] == "/start"
    assert reply["quote"]["text"] == "start"


async def test_what_the_bot_is_doing_is_seen(call, alice):
    await call.result("sendChatAction", chat_id=alice.id, action="typing")
    await alice.until(lambda phone: list(phone.actions) == ["typing"])
    assert "wrong parameter action" in await call.refusal("sendChatAction", chat_id=alice.id, action="dancing")
