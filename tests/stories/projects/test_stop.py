"""A requester ends a project before its time."""

import pytest

from simulator.crowd.client import Phone, text_of
from simulator.values import Json
from tests.stories.town import Town, ask, csv, press_action

COMPLETED = "SELECT count(*) FROM outbox WHERE screen = 'projects.ProjectComplete'"


def grouped(phone: Phone) -> list[Json]:
    return [message for message in phone.messages if "media_group_id" in message]


def names(files: list[Json]) -> list[str]:
    return [message["document"]["file_name"] for message in files]


async def stop(phone: Phone, number: int) -> str:
    await ask(phone, f"/stop {number}", "Stop this project")
    await phone.press("⏹ Yes, stop")
    return text_of(await phone.wait_for("is stopped"))


async def test_what_nobody_needs_comes_back_and_what_is_in_hand_is_still_paid(anywhere: Town):
    rosa = await anywhere.requester(euros="1")
    number = await anywhere.project(rosa, csv("Lovely", "Awful", "Fine"))
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    task = ann.last
    told = await stop(rosa, number)
    assert "€0.11" in told
    assert "1 worker" in told
    assert anywhere.balance("project:1:budget") == 55_000
    await ann.press("positive", task)
    await ann.wait_for("No task")
    assert anywhere.balance(f"worker:{ann.id}:available") == 50_000
    assert anywhere.balance("project:1:budget") == 0
    shown = await ask(rosa, f"/project {number}", "1 more task has answers")
    assert "%" not in shown
    assert "0 of 3 tasks done" in shown
    await ask(rosa, f"/stop {number}", "is stopped")


@pytest.mark.parametrize("how", ["skip", "expire"])
async def test_what_was_kept_for_a_task_in_hand_comes_back_when_it_is_not_needed(home: Town, how: str):
    rosa = await home.requester(euros="1")
    number = await home.project(rosa, csv("Lovely", "Awful"), minutes=5)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await stop(rosa, number)
    if how == "skip":
        await press_action(ann, "⏭ Skip")
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
    assert home.one("SELECT state FROM projects") == "draft"


async def test_typed_it_asks_before_anything_ends(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"))
    for typed in (f"/stop {number}", f"/stop_{number}"):
        assert "Stop this project?" in await ask(rosa, typed, "0 of 1")
        assert home.one("SELECT state FROM projects") == "running"


async def test_a_stopped_project_goes_on_with_what_was_left(home: Town):
    rosa = await home.requester(euros="2")
    number = await home.project(rosa, csv("Lovely", "Awful"), overlap=3)
    ann, ben = await home.worker("Ann"), await home.worker("Ben")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("Awful")
    await ask(ben, "/work", "Lovely")
    await stop(rosa, number)
    assert home.balance("project:1:budget") == 2 * 55_000  # what is in two hands
    await ask(rosa, f"/preview {number}", "3 answers × €0.05")
    await rosa.press("🚀 Launch")
    await rosa.wait_for("set aside")
    assert home.balance("project:1:budget") == 5 * 55_000
    await ben.press("positive")
    await ben.wait_for("Awful")
    await ann.press("negative")
    await ann.wait_for("No task")
    await ben.press("negative")
    await ben.wait_for("No task")
    cid = await home.worker("Cid")
    await ask(cid, "/work", "Lovely")
    await cid.press("positive")
    await cid.wait_for("Awful")
    await cid.press("negative")
    await rosa.wait_for("is complete")
    home.clock.skip(minutes=1)
    await rosa.until(lambda phone: len(grouped(phone)) == 4)
    files = grouped(rosa)
    assert [name.split("-")[0] for name in names(files)] == ["results", "datasheet"] * 2  # stopped, then complete
    assert len({message["media_group_id"] for message in files}) == 2
    assert (await rosa.download(files[-1])).startswith(b"%PDF-")
    assert home.balance("project:1:budget") == 0
    assert home.balance(f"requester:{rosa.id}:available") == 2_000_000 - 6 * 55_000
    assert home.one("SELECT count(*) FROM submissions") == 6


async def test_more_tasks_reopen_a_complete_project_and_it_completes_again(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"), overlap=1)
    ann = await home.worker("Ann")
    for text, times in (("Lovely", 1), ("Awful", 2)):
        await ask(ann, "/work", text)
        await ann.press("positive")
        await home.until(lambda: home.one("SELECT state FROM projects") == "complete")
        await home.until(lambda n=times: home.one(COMPLETED) == n)
        if times == 1:
            await rosa.upload(csv("Awful"), "more.csv", f"/add {number}")
            await rosa.wait_for("1 answer × €0.05")
            await rosa.say(f"/launch {number}")
            await home.until(lambda: home.one("SELECT state FROM projects") == "running")
    assert home.one("SELECT count(*) FROM submissions") == 2


async def test_a_draft_is_deleted_with_its_tasks_and_can_be_sent_again(home: Town):
    rosa = await home.requester()
    form = "/newproject\ntitle: a\ninstructions: b\npay: 1\noptions: x, y"
    await rosa.upload(csv("Lovely"), "reviews.csv", form)
    await rosa.wait_for("Project 1")
    await ask(rosa, "/stop 1", "Delete it")
    await rosa.press("🗑 Yes, delete")
    await rosa.wait_for("is deleted")
    await ask(rosa, "/project 1", "no project 1")
    await rosa.upload(csv("Lovely"), "reviews.csv", form)
    await rosa.wait_for("What a worker sees")
    await rosa.press("🚀 Launch")
    await rosa.wait_for("set aside")


async def test_an_edited_caption_changes_the_draft_it_brought_in_every_respect(home: Town):
    rosa = await home.requester()
    form = "/newproject\ntitle: {}\ninstructions: b\npay: {}\noptions: {}\noverlap: {}"
    sent = await rosa.upload(csv("Lovely", "Awful"), "reviews.csv", form.format("Old", "0.50", "x, y", 3))
    await rosa.wait_for("Project 1: Old")
    await rosa.recaption(sent["message_id"], form.format("New", "0.20", "good, bad", 2))
    card = text_of(await rosa.wait_for("Project 1: New"))
    assert "4 answers × €0.20" in card
    assert "[ good ] [ bad ]" in card
    assert home.one("SELECT count(*) FROM tasks") == 2
    await rosa.recaption(sent["message_id"], form.format("New", "nothing", "good, bad", 2))
    await rosa.wait_for("nothing")
    assert home.one("SELECT pay FROM projects") == 200_000
    await ask(rosa, "/launch 1", "set aside")
    await rosa.recaption(sent["message_id"], form.format("Late", "0.30", "good, bad", 2))
    refused = text_of(await rosa.wait_for("Project 1 is running"))
    assert all(way in refused for way in ("/raise_1", "/add_1", "/project_1", "/clone_1"))
    assert home.one("SELECT title FROM projects") == "New"
    await rosa.press("✏️ Instructions")
    await rosa.wait_for("What do you want to change?")
    await rosa.press("Title")
    await rosa.wait_for("Write the new title")
    await ask(rosa, "Late", "✅ Changed")
    assert home.one("SELECT title FROM projects") == "Late"
    await ask(rosa, "/stop 1", "Stop this project?")
    await rosa.press("⏹ Yes, stop")
    await rosa.wait_for("is stopped")
    await rosa.recaption(sent["message_id"], form.format("Later", "0.30", "good, bad", 2))
    assert "/clone_1" in text_of(await rosa.wait_for("Project 1 has ended"))


async def test_a_refused_file_becomes_a_draft_when_its_caption_is_mended(home: Town):
    rosa = await home.requester()
    sent = await rosa.upload(csv("Lovely"), "a.csv", "/newproject\ntitle: T\ninstructions: b\npay: x\noptions: x, y")
    await rosa.wait_for("pay")
    await rosa.recaption(sent["message_id"], "/newproject\ntitle: T\ninstructions: b\npay: 1\noptions: x, y")
    await rosa.wait_for("Project 1: T")


async def test_files_of_the_end_come_one_by_one_where_the_server_knows_no_albums(home: Town):
    rosa = await home.requester()
    home.telegram.faults.add("refuse", "sendMediaGroup", code=404, description="Not Found")
    number = await home.project(rosa, csv("Lovely"), overlap=1)
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await rosa.wait_for("is complete")
    home.clock.skip(minutes=1)
    table = await rosa.wait_for(lambda message: named(message).startswith(f"results-{number}-"))
    sheet = await rosa.wait_for(lambda message: named(message).startswith(f"datasheet-{number}-"))
    assert "media_group_id" not in table
    assert "the results" in sheet["caption"]


def named(message: Json) -> str:
    return str(message.get("document", {}).get("file_name", ""))
