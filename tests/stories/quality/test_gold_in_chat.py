"""Gold made in chat: answered by the requester, or suggested by what everybody said."""

import pytest

from simulator.crowd.client import Phone, text_of
from storage.database import one_transaction
from storage.drivers.records import pack
from tests.stories.town import Town, answer, ask, csv, draft

MADE = "SELECT count(*) FROM tasks WHERE gold IS NOT NULL"


def change(town: Town, *statements: str) -> None:
    """Past the bot."""
    with one_transaction(town.bot.settings.database_url, town.clock()) as unit:
        for statement in statements:
            unit.connection.changed(statement)


async def answers(worker: Phone, *said: str) -> None:
    """Answers one task after the other."""
    await worker.say("/work")
    await worker.wait_for("Is the review")
    for option in said:
        await answer(worker, option)


async def test_a_requester_answers_tasks_and_they_become_gold(anywhere: Town):
    rosa = await anywhere.requester()
    number = await anywhere.project(rosa, csv("Lovely", "Awful", "Fine"), overlap=2)
    await ask(rosa, f"/gold {number}", "Which answer is right")
    assert rosa.keyboard == ["positive", "negative", "⏭ Skip", "⏹ Enough"]
    await rosa.press("positive")
    assert "Check question: positive" in text_of(await rosa.wait_for("1 check question so far"))
    await ask(rosa, "It says so", "now reads: It says so")
    await rosa.press("⏭ Skip")
    await rosa.wait_for("Which answer is right")
    await rosa.press("⏹ Enough")
    await rosa.wait_for("1 check question was added")
    assert anywhere.rows("SELECT gold, reason, state, overlap FROM tasks WHERE gold IS NOT NULL") == [
        ('["positive"]', "It says so", "open", 2)
    ]
    assert anywhere.rows("SELECT gold, free FROM openings ORDER BY gold") == [(0, 2), (0, 2), (1, 2)]


async def test_an_answered_task_keeps_its_pay_and_judges_who_answered_it(home: Town):
    rosa, ann, bob = await home.requester(), await home.worker("Ann"), await home.worker("Bob")
    number = await home.project(rosa, csv("Lovely"), overlap=3)
    await answers(ann, "positive")
    await answers(bob, "negative")
    await ask(rosa, f"/gold {number}", "Which answer is right")
    await rosa.press("positive")
    await rosa.wait_for("no task left here")
    assert home.rows("SELECT gold_right, gold_seen FROM enrolments WHERE answered > 0 ORDER BY worker") == [
        (1, 1),
        (0, 1),
    ]
    assert home.balance(f"worker:{bob.id}:available") == 50_000
    assert home.one("SELECT state FROM projects") == "complete"


async def test_the_last_open_task_that_becomes_gold_completes_the_project(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"))
    await ask(rosa, f"/gold {number}", "Which answer is right")
    await rosa.press("positive")
    await rosa.wait_for("is complete")
    assert home.balance(f"requester:{rosa.id}:available") == 100_000_000


async def test_what_everybody_answered_is_suggested_and_confirmed_or_not(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely", "Great", "Awful"), overlap=3, max_overlap=5, confidence=0.999)
    for name in ("Ann", "Bob", "Cid"):
        await answers(await home.worker(name), "positive", "positive", "positive")
    with_consensus = "UPDATE tasks SET state = 'closed', confidence = 0.99 WHERE position < 3"
    change(home, with_consensus, "DELETE FROM openings WHERE task IN (SELECT id FROM tasks WHERE state = 'closed')")
    await ask(rosa, f"/gold {number}", "Which answer is right")
    await rosa.press("💡 Suggestions: 2")
    await rosa.wait_for("3 answers, and nearly all say positive")
    await rosa.press("✅ Yes, that is right")
    await rosa.wait_for("3 answers, and nearly all say positive")
    await rosa.press("❌ No")
    await rosa.wait_for("Which answer is right")
    assert "💡 Suggestions: 1" not in rosa.keyboard
    assert home.rows("SELECT gold, free FROM openings WHERE gold = 1") == [(1, 2)]
    assert home.rows("SELECT gold_right, gold_seen FROM enrolments WHERE answered > 0") == [(1, 1)] * 3


async def test_only_the_owner_makes_gold_and_a_second_press_changes_nothing(home: Town):
    rosa, rob = await home.requester(), await home.requester("Rob")
    number = await home.project(rosa, csv("Lovely", "Awful"))
    await ask(rob, f"/gold {number}", "no project")
    await ask(rosa, f"/gold {number}", "Which answer is right")
    asked = rosa.last
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await rob.press_data(data, 1)
    await rob.wait_for("no such task")
    assert home.one(MADE) == 0
    for _ in range(2):
        await rosa.press_data(data, asked["message_id"])
        await rosa.wait_for("Which answer is right")
    assert home.one(MADE) == 1


async def test_gold_made_before_the_launch_is_gold_of_the_launch(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, csv("Lovely", "Awful"))
    await ask(rosa, f"/gold {number}", "Which answer is right")
    await rosa.press("positive")
    await rosa.wait_for("1 check question so far")
    await ask(rosa, f"/preview {number}", "1 task · 1 gold")
    await ask(rosa, f"/launch {number}", "set aside")
    assert home.rows("SELECT gold FROM openings ORDER BY gold") == [(0,), (1,)]


FORM = """/newproject
title: What is it?
instructions: Look at it.
pay: 0.05
seconds: 9
overlap: 2"""


async def of_kind(town: Town, kind: str, *options: str) -> tuple[Phone, int]:
    """A launched project of a kind, and its requester making gold."""
    rosa = await town.requester()
    more = {"options": ", ".join(options)} if options else {}
    number = await town.project(rosa, b"text\nfirst\nsecond\nthird\n", FORM, kind=kind, **more)
    await ask(rosa, f"/gold {number}", "Which answer is right")
    return rosa, number


@pytest.mark.parametrize(
    ("kind", "said", "gold", "reason"),
    [
        ("text", "Été | summer\nit is hot", ["Été", "summer"], "it is hot"),
        ("number", "12±0.5|20..22", ["12±0.5", "20..22"], None),
        ("location", "48.8584,2.2945 ±200", ["48.8584,2.2945 ±200"], None),
    ],
)
async def test_known_words_numbers_and_places_are_written(
    home: Town, kind: str, said: str, gold: list[str], reason: str | None
):
    rosa, _ = await of_kind(home, kind)
    if kind != "text":
        await ask(rosa, "no idea", "can't be the right answer")
    await ask(rosa, said, "1 check question so far")
    assert "Write one line now" not in rosa.text
    assert home.rows("SELECT gold, reason FROM tasks WHERE gold IS NOT NULL") == [(pack(gold), reason)]


async def test_a_known_place_is_shared(home: Town):
    rosa, _ = await of_kind(home, "location")
    await rosa.share_location(48.85837, 2.29448)
    await rosa.wait_for("1 check question so far")
    assert home.one("SELECT gold FROM tasks WHERE gold IS NOT NULL") == '["48.858370,2.294480"]'


async def test_known_choices_and_ranks_are_pressed_like_a_worker_would(home: Town):
    rosa, _ = await of_kind(home, "rank", "fig", "plum", "pear")
    asked = rosa.last
    await rosa.press("pear", asked)
    await rosa.wait_for("So far: pear")
    await rosa.press("plum", asked)
    await rosa.wait_for("So far: pear › plum")
    await rosa.press("↩️ Undo")
    await rosa.until(lambda phone: "So far: pear\n" in text_of(phone.shown[asked["message_id"]]) + "\n")
    await rosa.press("fig", asked)
    await rosa.press("plum", asked)
    await rosa.press("✅ Done", await rosa.wait_for_button("✅ Done"))
    await rosa.wait_for("1 check question so far")
    await ask(rosa, "the pear is ripe", "now reads: the pear is ripe")
    assert home.rows("SELECT gold, reason FROM tasks WHERE gold IS NOT NULL") == [
        ('["pear>fig>plum"]', "the pear is ripe")
    ]


async def test_several_known_answers_of_a_choice_are_written(home: Town):
    rosa, _ = await of_kind(home, "choice", "cat", "dog", "cow")
    await ask(rosa, "Dog | cow", "1 check question so far")
    await ask(rosa, "cat, I think", "now reads: cat, I think")
    assert home.rows("SELECT gold, reason FROM tasks WHERE gold IS NOT NULL") == [('["dog","cow"]', "cat, I think")]


async def test_nobody_knows_a_photo_beforehand(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, b"text\nyour door\n", FORM, kind="photo", seconds=9)
    await ask(rosa, f"/gold {number}", "Nobody can know a photo")
