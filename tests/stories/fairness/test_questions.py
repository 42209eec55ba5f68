"""A worker does not understand a task, asks, and everybody at work learns the answer."""

from simulator.crowd.client import text_of
from tests.stories.town import Town, answer, ask, csv, next_task, press_action

SAID = "Take what the writer means."


async def test_a_question_is_answered_by_a_reply_and_stays_for_all(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Great. It broke.", "Lovely", "Awful", "Fine"), overlap=2)
    ann, ben = await home.worker("Ann"), await home.worker("Ben")
    await ben.say("/work")
    await next_task(ben)
    await answer(ben, "positive")
    await ann.say("/work")
    await next_task(ann)
    await press_action(ann, "❓ Ask")
    wanted = text_of(await ann.wait_for("Write your question"))
    assert "Great. It broke." in wanted
    assert "with the answer, everybody at work there does, too" in wanted
    sent = await ask(ann, "What if it is ironic?", "your question is sent")
    assert "Everybody at work there reads both" in sent
    asked = await rosa.wait_for("a question from w")
    assert "Ann" not in text_of(asked)
    await home.until(lambda: home.rows("SELECT 1 FROM live_messages WHERE name LIKE 'question:%'") != [])
    await rosa.say(SAID, reply_to=asked["message_id"])
    await rosa.wait_for("Everybody at work there reads it. It stays")
    assert SAID in text_of(await ann.wait_for("your question is answered"))
    assert SAID in text_of(await ben.wait_for("the requester answered a question"))
    await ben.press("📖 All questions")
    assert "What if it is ironic?" in text_of(await ben.wait_for("questions and answers"))
    cid = await home.worker("Cid")
    await cid.say("/work")
    await next_task(cid)
    await press_action(cid, "📖 Questions (1)")
    assert SAID in text_of(await cid.wait_for("questions and answers"))
    await ann.press("▶️ My task")
    await ann.wait_for("Great. It broke.", new=True)
    await answer(ann, "negative")
    assert home.one("SELECT count(*) FROM submissions WHERE project = :number", number=number) == 2
