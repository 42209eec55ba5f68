"""A requester ends a project before its time."""

import pytest

from simulator.crowd.client import text_of
from tests.stories.town import Town, ask, csv


async def test_what_nobody_needs_comes_back_and_what_is_in_hand_is_still_paid(anywhere: Town):
    rosa = await anywhere.requester(euros="1")
    number = await anywhere.project(rosa, csv("Lovely", "Awful", "Fine"))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    told = await ask(rosa, f"/stop {number}", "stopped")
    assert "€0.11" in told
    assert "1 worker" in told
    assert anywhere.balance("project:1:budget") == 55_000
    await ann.press("positive", task)
    await ann.wait_for("No task")
    assert anywhere.balance(f"worker:{ann.id}:available") == 50_000
    assert anywhere.balance("project:1:budget") == 0
    shown = await ask(rosa, f"/project {number}", "0 of 3 tasks done")
    assert "%" not in shown
    assert "1 more task has answers" in shown
    await ask(rosa, f"/stop {number}", "is stopped")
    await ask(rosa, f"/launch {number}", "is stopped")


@pytest.mark.parametrize("how", ["skip", "expire"])
async def test_what_was_kept_for_a_task_in_hand_comes_back_when_it_is_not_needed(home: Town, how: str):
    rosa = await home.requester(euros="1")
    number = await home.project(rosa, csv("Lovely", "Awful"), minutes=5)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ask(rosa, f"/stop {number}", "stopped")
    if how == "skip":
        await ann.press("⏭ Skip")
        await ann.wait_for("No task")
    else:
        home.clock.skip(minutes=6)
    await home.until(lambda: home.balance("project:1:budget") == 0)
    assert home.balance(f"requester:{rosa.id}:available") == 1_000_000


async def test_by_button_it_asks_once_more(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"))
    await ask(rosa, f"/project {number}", "running")
    await rosa.press("⏹ Stop")
    assert "0 of 1" in text_of(await rosa.wait_for_button("No, go on"))
    await rosa.press("No, go on")
    await rosa.wait_for("running")
    await rosa.press("⏹ Stop")
    await rosa.wait_for_button("⏹ Yes, stop")
    await rosa.press("⏹ Yes, stop")
    await rosa.wait_for("stopped")
    ann = await home.worker("Ann")
    await ask(ann, "/work", "No task")


async def test_a_draft_cannot_be_stopped(home: Town):
    rosa = await home.requester()
    await rosa.upload(csv("Lovely"), "reviews.csv", "/newproject\ntitle: a\ninstructions: b\npay: 1\noptions: x, y")
    await rosa.wait_for("Project 1")
    await ask(rosa, "/stop 1", "has not been launched")
