"""People block, leave, come back; groups have no business here."""

from simulator.crowd.client import Phone
from tests.stories.town import Town, ask, csv


async def test_blocking_gives_the_task_to_others_and_coming_back_is_welcome(anywhere: Town):
    rosa = await anywhere.requester()
    await anywhere.project(rosa, csv("Lovely"))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    ben = await anywhere.worker("Ben", pushed=True)
    await ann.block()
    await ben.wait_for("Lovely")
    await ann.unblock()
    await ben.press("positive")
    await ben.wait_for("No task")
    await anywhere.project(rosa, csv("Awful"))
    await ann.wait_for("Awful")


async def test_who_is_found_unreachable_by_a_push_loses_the_task_to_others(home: Town):
    ann = await home.worker("Ann")
    home.telegram.faults.add("refuse", method="sendMessage", code=403, chat_id=ann.id, count=1)
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    await home.until(lambda: home.one("SELECT reachable FROM people WHERE telegram_id = :id", id=ann.id) == 0)
    ben = await home.worker("Ben")
    assert "Lovely" in ben.text
    await ask(ann, "/balance", "balance")


async def test_a_group_is_not_answered_and_nobodys_task_is_touched_by_it(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    seen = private(ann)
    group = await home.telegram.switchboard.post("/sim/groups", {"title": "Friends", "members": [ann.id, rosa.id]})
    for said in ("/start", "/balance", "/newproject", "hello"):
        await home.telegram.switchboard.post(f"/sim/people/{ann.id}/text", {"text": said, "chat_id": group["id"]})
    await ask(ann, "/balance", "balance")
    assert private(ann) == seen + 2
    calls = [call.view() for call in home.telegram.stats.calls("sendMessage")]
    assert not [call for call in calls if str(group["id"]) in str(call)]
    await ann.press("positive", task)
    await ann.wait_for("No task")


def private(phone: Phone) -> int:
    """How many messages the chat with the bot holds."""
    return sum(message["chat"]["type"] == "private" for message in phone.messages)


async def test_text_from_nowhere_is_answered_kindly(home: Town):
    stan = await home.phone("Stan")
    for said in ("hello", "/nonsense", "/", "/start@pouce_bot", "👍", "/work@other_bot now"):
        await stan.say(said)
        await stan.wait_for("/help|Pouce|/terms")
    await stan.share_location(1.0, 2.0)
    await stan.wait_for("/help")
    await stan.upload(b"\xff\xd8\xff\xe0" + b"0" * 200, "me.jpg", kind="voice")
    await stan.wait_for("/help")


async def test_thrown_out_of_a_group_the_bot_loses_nobody(home: Town):
    """Whoever removes the bot from a group has not blocked it: their task stays theirs."""
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    me = {"id": 1000001, "is_bot": True, "first_name": "Pouce"}
    change = {
        "chat": {"id": -5, "type": "group", "title": "Friends"},
        "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
        "date": 1,
        "old_chat_member": {"user": me, "status": "member"},
        "new_chat_member": {"user": me, "status": "left"},
    }
    home.telegram.world.updates.store("my_chat_member", ann.id, change)
    await ann.press("positive")
    await ann.wait_for("No task")
    assert home.one("SELECT state FROM assignments") == "submitted"
