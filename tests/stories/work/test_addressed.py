"""To which task words belong, where more than the one in hand could take them."""

from simulator.crowd.client import text_of
from tests.stories.town import Town, ask

TEXTS = """/newproject
title: Which word is it?
instructions: Read it.
kind: text
pay: 0.05
minutes: 5
overlap: 1"""
FORM = """/newproject
title: What is there?
instructions: Look at it.
pay: 0.10
minutes: 5
overlap: 1
question: choices | Which colours? | red, blue
question: text | What is it?"""
GIVEN = "SELECT a.task, s.answer FROM submissions s JOIN assignments a ON a.id = s.assignment ORDER BY s.id"


async def test_a_late_form_says_so_after_each_press_and_takes_its_words_beside_a_task_of_buttons(anywhere: Town):
    rosa, ann = await anywhere.requester(), await anywhere.worker("Ann", pushed=True)
    await anywhere.project(rosa, b"text\nfirst street\nsecond street\n", FORM)
    late = await ann.wait_for("first street")
    await ann.press("red", late)
    await ann.wait_for("Chosen: red")
    anywhere.clock.skip(minutes=6)
    await ann.wait_for("second street", new=True)
    await ann.wait_for("(?s)Time is up.*first street")
    await ann.press("blue", late)
    await ann.wait_for("(?s)Time is up.*Chosen: red and blue")
    await ann.press("✅ Done", late)
    await ann.wait_for("(?s)Time is up.*2/2 What is it")
    await ann.say("a lorry")
    await ann.wait_for("✓ Which colours.*a lorry", new=True)
    assert anywhere.rows(GIVEN) == [(1, '{"q1":"red|blue","q2":"a lorry"}')]
    assert anywhere.rows("SELECT state FROM assignments ORDER BY id") == [("submitted",), ("active",)]


async def test_a_reply_to_a_task_whose_time_is_up_answers_that_one(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann", pushed=True)
    await home.project(rosa, b"text\nfirst\nsecond\n", TEXTS)
    late = (await ann.wait_for("first"))["message_id"]
    home.clock.skip(minutes=6)
    await ann.wait_for("second", new=True)
    await ann.say("harbour", reply_to=late)
    await ann.wait_for("✓ harbour", new=True)
    await ask(ann, "lighthouse", "No task")
    assert home.rows(GIVEN) == [(1, "harbour"), (2, "lighthouse")]


async def test_a_reply_to_an_answered_task_answers_no_other(anywhere: Town):
    rosa, ann = await anywhere.requester(), await anywhere.worker("Ann", pushed=True)
    await anywhere.project(rosa, b"text\nfirst\nsecond\n", TEXTS)
    first = (await ann.wait_for("first"))["message_id"]
    await ann.say("habrour")
    second = (await ann.wait_for("second", new=True))["message_id"]
    await ann.say("harbour", reply_to=first)
    assert "already answered" in text_of(await ann.wait_for("already answered", new=True))
    assert anywhere.rows(GIVEN) == [(1, "habrour")]
    await ann.say("lighthouse", reply_to=second)
    await ann.wait_for("No task")
    assert anywhere.rows(GIVEN) == [(1, "habrour"), (2, "lighthouse")]
