"""A launch holds the money before any worker sees a task."""

import re
from decimal import Decimal

from simulator.crowd.client import text_of
from tests.stories.town import CAPTION, Town, ask, csv, draft, with_lines


async def test_a_missing_cent_is_named_and_after_exactly_that_deposit_it_starts(anywhere: Town):
    rosa = await anywhere.requester(euros="0.10")
    number = await draft(rosa, csv("Lovely", "Awful"))
    await rosa.press("🚀 Launch")
    assert "€0.01" in text_of(await rosa.wait_for("missing"))
    assert anywhere.one("SELECT state FROM projects") == "draft"
    assert anywhere.balance(f"requester:{rosa.id}:available") == 100_000
    await anywhere.admin.say(f"/deposit {rosa.id} 0.01")
    await rosa.wait_for("arrived")
    await ask(rosa, f"/launch {number}", "€0.11 is set aside")
    assert anywhere.balance(f"requester:{rosa.id}:available") == 0
    assert anywhere.balance(f"project:{number}:budget") == 110_000


async def test_pay_under_the_floor_is_refused_with_the_pay_that_passes(home: Town):
    rosa = await home.requester()
    rows = csv("one two three four five six seven eight")
    number = await draft(rosa, rows, with_lines(CAPTION, pay="0.001"))
    refused = await ask(rosa, f"/launch {number}", "€12.88")
    assert "€0.017" in refused
    assert home.rows("SELECT 1 FROM transfers WHERE kind = 'launch'") == []
    again = await draft(rosa, rows, with_lines(CAPTION, pay="0.017"))
    await ask(rosa, f"/launch {again}", "set aside")


async def test_the_card_of_a_project_under_the_floor_offers_the_pay_that_passes(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, csv("one two three four five six seven eight"), with_lines(CAPTION, pay="0.001"))
    assert f"At that pay, /launch {number}" in rosa.text
    assert "🚀 Launch" not in rosa.keyboard
    await rosa.press("💶 Pay €0.017 an answer")
    card = await rosa.wait_for_button("🚀 Launch")
    await rosa.press("🚀 Launch", card)
    launched = text_of(await rosa.wait_for("is running"))
    parts = text_of(await rosa.wait_for("Spent €0.00"))
    held, reserve = re.findall(r"held €([\d.]+) · in case tasks take longer €([\d.]+)", parts)[0]
    assert f"€{Decimal(held) + Decimal(reserve)} is set aside" in launched


async def test_what_no_book_could_hold_is_refused(home: Town):
    rosa = await home.requester()
    await rosa.upload(csv("Lovely", "Awful"), "dear.csv", with_lines(CAPTION, pay="1000000", overlap="1000"))
    await rosa.wait_for("more than a thousand million")
    assert home.rows("SELECT 1 FROM projects") == []


async def test_a_second_press_launches_nothing_twice(home: Town):
    rosa = await home.requester()
    await draft(rosa, csv("Lovely"))
    card = rosa.last
    await rosa.press("🚀 Launch", card)
    await rosa.wait_for("set aside")
    await rosa.press("🚀 Launch", card)
    await rosa.wait_for("no new tasks")
    assert home.one("SELECT count(*) FROM transfers WHERE kind = 'launch'") == 1


async def test_a_row_may_ask_for_more_answers_and_they_are_held(home: Town):
    rosa = await home.requester()
    await home.project(rosa, b"text,overlap\nLovely,\nAwful,4\n")
    assert home.balance("project:1:budget") == 5 * 55_000


async def test_with_a_wanted_confidence_the_largest_overlap_is_held(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), overlap=2, max_overlap=5, confidence=0.9)
    assert home.balance("project:1:budget") == 5 * 55_000


async def test_more_tasks_join_a_running_project_at_the_next_launch(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"))
    assert f"/add {number}" in await ask(rosa, f"/add {number}", "caption")
    await rosa.upload(csv("Awful", "Fine"), "more.csv", f"/add {number}")
    assert "2 tasks" in text_of(await rosa.wait_for(f"Project {number}"))
    await ask(rosa, f"/launch {number}", "€0.11 is set aside")
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    for following in ("Awful", "Fine", "No task"):
        await ann.press("positive")
        await ann.wait_for(following)
    assert "100%" in await ask(rosa, f"/project {number}", "complete")


async def test_what_was_added_and_not_launched_keeps_the_project_open(home: Town):
    """Its last task is answered while more wait for the launch: they must not be lost with it."""
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"))
    await rosa.upload(csv("Awful"), "more.csv", f"/add {number}")
    await rosa.wait_for("1 task")
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("No task")
    await ask(rosa, f"/launch {number}", "set aside")
    await ann.wait_for("Awful")


async def test_the_same_addition_twice_is_recognised(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"))
    for _ in range(2):
        await rosa.upload(csv("Awful"), "more.csv", f"/add {number}")
        await rosa.wait_for("1 task")
    assert home.one("SELECT count(*) FROM tasks") == 2


async def test_an_addition_with_other_columns_or_a_known_id_is_refused(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, b"id,text\na,Lovely\n")
    await rosa.upload(b"sentence\nAwful\n", "more.csv", f"/add {number}")
    await rosa.wait_for("text")
    await rosa.upload(b"id,text\nb,Awful\na,Fine\n", "more.csv", f"/add {number}")
    await rosa.wait_for("id a")
    assert home.one("SELECT count(*) FROM tasks") == 1


async def test_preview_shows_the_card_again(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, csv("Lovely"))
    assert "Lovely" in await ask(rosa, f"/preview {number}", f"Project {number}")
