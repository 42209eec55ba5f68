"""The board in a Telegram group with topics: from the admin's command to the group, and when the group refuses."""

import re

from simulator.crowd.client import Phone, text_of
from simulator.values import Json
from tests.stories.town import Town, answer, ask, csv


async def writes(phone: Phone, project: int, text: str, number: int) -> Json:
    """On the project's board, under a pen of this month; the message that shows the post."""
    await phone.say(f"/board {project}")
    await phone.press("🪶 I want to write", await phone.wait_for_button("🪶 I want to write"))
    pen = await phone.wait_for("Only this message knows it")
    await phone.press("✏️ Write", pen)
    await phone.wait_for("Write it now")
    await phone.say(text)
    draft = await phone.wait_for("what others will read")
    assert "Telegram group “Team”" in text_of(draft)
    await phone.press("📮 Send", draft)
    return await phone.wait_for_button(f"🗑 Take back #{number}")


async def test_a_group_reads_the_board_a_day_later_and_what_is_taken_back_goes(home: Town):
    rosa = await home.requester()
    project = await home.project(rosa, csv("one", "two", "three"), overlap=2)
    ann, ben, stan = await home.worker("Ann"), await home.worker("Ben"), await home.phone("Stan")
    for phone in (ann, ben):
        await ask(phone, "/work", "one|two|three")
        await answer(phone, "positive")
    switchboard = home.telegram.switchboard
    team = await switchboard.post("/sim/groups", {"title": "Team", "members": [stan.id], "forum": True})
    link = f"https://t.me/c/{str(team['id']).removeprefix('-100')}/1"
    await ask(home.admin, f"/board mirror {link}", "boards are shown in “Team”")
    await stan.wait_for("What you write here reaches nobody")
    shown = await writes(ann, project, "Does anybody understand @rosa line two?", 1)
    assert not home.rows("SELECT * FROM board_mirrored")
    home.clock.skip(hours=24)
    there = await stan.wait_for("Does anybody understand")
    assert not [each for each in there.get("entities", ()) if each["type"] == "mention"]
    assert there["is_topic_message"]
    assert "Ann" not in text_of(there)
    await ann.press("🗑 Take back #1", shown)
    await ann.press("🗑 Take it back", await ann.wait_for("Its text goes for good"))
    gone = await stan.wait_for(lambda each: each["message_id"] == there["message_id"] and "🪦" in text_of(each))
    assert "understand" not in text_of(gone)
    await switchboard.post(f"/sim/groups/{team['id']}", {"gone": "bot was kicked from the supergroup chat"})
    await writes(ben, project, "Too low for what it asks", 2)
    home.clock.skip(hours=24)
    stopped = await home.admin.wait_for("can’t be shown in “Team”")
    assert "Add it as an administrator again" in text_of(stopped)
    await switchboard.post(f"/sim/people/{stan.id}/text", {"text": "a secret of Stan", "chat_id": team["id"]})
    await switchboard.post(f"/sim/groups/{team['id']}", {"gone": ""})
    await home.admin.press("🔁 Try again", stopped)
    await stan.wait_for(re.compile("Too low for what it asks"))
    kept = str(home.rows("SELECT payload, person FROM inbox"))
    assert "secret" not in kept
    assert str(stan.id) not in kept
    home.is_in_order()
