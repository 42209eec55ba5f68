"""Forum groups: topics, and what their owner lets the bot do, refused in Telegram's words."""

from typing import Any

import pytest

from simulator.crowd.client import Phone


@pytest.fixture
async def forum(telegram: Any, alice: Phone) -> dict[str, Any]:
    told = {"title": "Team", "members": [alice.id], "forum": True, "username": "team"}
    made: dict[str, Any] = await telegram.switchboard.post("/sim/groups", told)
    return made


async def test_a_topic_is_made_and_written_in(call, alice, forum):
    assert (await call.result("getChat", chat_id="@team"))["is_forum"] is True
    topic = await call.result("createForumTopic", chat_id="@team", name="News")
    sent = await call.result(
        "sendMessage", chat_id=forum["id"], message_thread_id=topic["message_thread_id"], text="hello"
    )
    assert (sent["is_topic_message"], sent["message_thread_id"]) == (True, topic["message_thread_id"])
    assert (await alice.wait_for("hello"))["chat"]["id"] == forum["id"]
    edited = await call.result("editMessageText", chat_id=forum["id"], message_id=sent["message_id"], text="bye")
    assert edited["message_thread_id"] == topic["message_thread_id"]


@pytest.mark.parametrize(
    ("done", "method", "words"),
    [
        ({"gone": "bot was kicked from the supergroup chat"}, "sendMessage", "bot was kicked from the supergroup chat"),
        ({"gone": "bot was kicked from the supergroup chat"}, "getChat", "bot was kicked from the supergroup chat"),
        ({"may_write": False}, "sendMessage", "not enough rights to send text messages to the chat"),
        ({"may_manage_topics": False}, "createForumTopic", "not enough rights to create a topic"),
        ({"may_manage_topics": False, "close": 0}, "sendMessage", "TOPIC_CLOSED"),
        ({"delete": 0}, "sendMessage", "message thread not found"),
    ],
)
async def test_what_the_owner_takes_away_is_refused(telegram, call, forum, done, method, words):
    topic = (await call.result("createForumTopic", chat_id=forum["id"], name="News"))["message_thread_id"]
    told = {name: topic if name in ("close", "delete") else value for name, value in done.items()}
    await telegram.switchboard.post(f"/sim/groups/{forum['id']}", told)
    values = {
        "sendMessage": {"text": "a", "message_thread_id": topic},
        "createForumTopic": {"name": "More"},
        "getChat": {},
    }
    assert words in await call.refusal(method, chat_id=forum["id"], **values[method])


async def test_a_closed_topic_is_open_to_who_manages_topics_and_a_plain_group_has_none(telegram, call, alice, forum):
    topic = (await call.result("createForumTopic", chat_id=forum["id"], name="News"))["message_thread_id"]
    await telegram.switchboard.post(f"/sim/groups/{forum['id']}", {"close": topic})
    await call.result("sendMessage", chat_id=forum["id"], message_thread_id=topic, text="still")
    plain = await telegram.switchboard.post("/sim/groups", {"title": "Plain", "members": [alice.id]})
    assert "not a forum" in await call.refusal("createForumTopic", chat_id=plain["id"], name="News")
