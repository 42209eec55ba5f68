"""A worker reads what machines decide, complains with one press and one message, and a human answers by reply."""

from simulator.crowd.client import text_of
from tests.stories.town import Town, ask


async def test_a_complaint_reaches_a_human_and_the_answer_comes_back(home: Town):
    ann = await home.worker("Ann")
    assert "Never used" in await ask(ann, "/automated", "What machines decide here")
    await ann.press("Asked later")
    await ann.wait_for("one task in ten minutes")
    await ann.press("✍️ Complain about this")
    await ann.wait_for("Write it to me in one message")
    await ann.say("I am asked last, and nobody says why.")
    await ann.wait_for("It is with a human")
    card = await home.admin.wait_for("complains")
    assert "About: Asked later" in text_of(card)
    await home.admin.say("I looked: nothing holds you back. No project is open now.", reply_to=card["message_id"])
    await home.admin.wait_for("gets your answer")
    answered = text_of(await ann.wait_for("A human answers your complaint"))
    assert "No project is open now" in answered
    assert "petition" in answered
    assert "0 open, 0 of them late; 1 answered, 1 within 14 days" in await ask(ann, "/stats", "Complaints")
