"""Progress that tells itself, and files that can be used."""

import csv as sheets
import io
import json

import pytest

from simulator.crowd.client import Phone, text_of
from tests.hub import WRITES
from tests.stories.town import CAPTION, Town, answer, ask, csv, draft, with_lines

RESULTS = ["task", "text", "consensus", "confidence", "submissions", "state", "live", "live_confidence"]
FELL = ["gold", "crowd", "cant_tell", "votes: positive", "votes: negative"]
SUBMISSIONS = ["task", "worker", "answer", "gold", "seconds", "state", "submitted_at"]


async def rows_of(phone: Phone, said: str) -> list[list[str]]:
    await phone.say(said)
    message = await phone.wait_for(lambda message: "document" in message)
    return list(sheets.reader(io.StringIO((await phone.download(message)).decode("utf-8-sig"))))


async def answered(home: Town, rosa: Phone, names: tuple[str, ...] = ("Ann",)) -> int:
    number = await home.project(rosa, csv("Lovely"), overlap=len(names))
    for name in names:
        phone = await home.worker(name)
        await ask(phone, "/work", "Lovely")
        await phone.press("positive")
        await phone.wait_for("No task")
    return number


async def test_a_file_of_answers_before_the_first_one_has_its_header_or_says_there_is_none(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"))
    assert await rows_of(rosa, f"/submissions {number}") == [SUBMISSIONS]
    await ask(rosa, f"/submissions {number} jsonl", "There is no answer yet.")


PREFERENCES = """/newproject
title: Which is kinder?
instructions: Read both.
kind: compare
compare: ties
pay: 0.5
seconds: 9"""


async def test_a_file_for_training_before_the_first_pair_says_that_there_is_none(home: Town):
    rosa, ann = await home.requester(), await home.worker("Ann")
    table = b"a,b\nYou are lovely,You are a star\nYou are good,You are bad\n"
    number = await home.project(rosa, table, PREFERENCES, overlap=1)
    for form in ("dpo", "dpo chat", "reward"):
        await ask(rosa, f"/results {number} {form}", "There is no pair yet")
    await ask(ann, "/work", "You are lovely")
    await ann.press("About the same")
    await ann.wait_for("You are bad")
    await rosa.say(f"/results {number} reward")
    await rosa.wait_for("There is no pair yet", new=True)
    await ann.press("A is better")
    await ann.wait_for("No task")
    await rosa.say(f"/results {number} dpo")
    message = await rosa.wait_for(lambda message: "document" in message)
    assert [*json.loads(await rosa.download(message))] == ["chosen", "rejected", "task", "confidence"]


async def test_progress_is_edited_in_place_while_answers_come_in(anywhere: Town):
    rosa = await anywhere.requester()
    number = await anywhere.project(rosa, csv("Lovely", "Awful"))
    # An edit of the card under the launch that is on its way would take the new card's place.
    await anywhere.until(lambda: anywhere.one("SELECT count(*) FROM outbox WHERE state = 'waiting'") == 0)
    await ask(rosa, f"/project {number}", "0 of 2")
    live = rosa.last["message_id"]
    ann = await anywhere.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("positive")
    await ann.wait_for("Awful")
    await rosa.until(lambda phone: "1 of 2" in text_of(phone.shown[live]))
    assert "50%" in text_of(rosa.shown[live])
    await ann.press("positive")
    await rosa.until(lambda phone: "2 of 2" in text_of(phone.shown[live]))
    assert "⏹ Stop" not in str(rosa.shown[live].get("reply_markup"))


async def test_the_columns_are_exactly_those_promised(home: Town):
    rosa = await home.requester()
    number = await answered(home, rosa)
    header, row = await rows_of(rosa, f"/results {number}")
    assert header == [*RESULTS, *FELL]
    assert (row[0], row[1], row[2], row[4], row[5]) == ("1", "Lovely", "positive", "1", "closed")
    header, row = await rows_of(rosa, f"/submissions {number}")
    assert header == SUBMISSIONS
    assert (row[0], row[2], row[3], row[5]) == ("1", "positive", "", "accepted")
    assert float(row[4]) >= 0


async def test_a_worker_has_another_name_for_every_requester(home: Town):
    ann = await home.worker("Ann")
    seen = set()
    for name in ("Rosa", "Rob"):
        requester = await home.requester(name)
        for review in ("Lovely", "Awful"):
            number = await draft(requester, csv(review))
            await requester.say(f"/launch {number}")
            await ann.wait_for(review, new=True)
            await ann.press("positive")
            await ann.wait_for("No task")
            seen.add((name, (await rows_of(requester, f"/submissions {number}"))[1][1]))
    assert len(seen) == 2
    assert len({pseudonym for _, pseudonym in seen}) == 2
    assert not any(str(ann.id) in pseudonym or "Ann" in pseudonym for _, pseudonym in seen)


@pytest.mark.parametrize("form", ["jsonl", "xlsx", "parquet", "toloka", "labelstudio", "crowdkit", "CSV"])
async def test_each_format_is_sent(home: Town, form: str):
    rosa = await home.requester()
    number = await answered(home, rosa)
    for what in ("results", "submissions"):
        await rosa.say(f"/{what} {number} {form}")
        assert await rosa.download(await rosa.wait_for(lambda message: "document" in message))


async def test_label_studio_has_one_task_for_all_its_submissions(home: Town):
    """Two workers answer one after the other, so that no task's submissions follow each other."""
    rosa = await home.requester()
    texts = ("Lovely", "Awful", "Boring")
    number = await home.project(rosa, csv(*texts), overlap=2)
    workers = [await home.worker(name) for name in ("Ann", "Ben")]
    for phone in workers:
        await ask(phone, "/work", "Lovely")
        for told in (*texts[1:], "No task"):
            await phone.press("positive")
            await phone.wait_for(told)
    await rosa.say(f"/submissions {number} labelstudio")
    message = await rosa.wait_for(lambda message: "document" in message)
    tasks = json.loads(await rosa.download(message))
    assert [task["data"]["text"] for task in tasks] == list(texts)
    assert [len(task["annotations"]) for task in tasks] == [2, 2, 2]


async def test_an_unknown_format_names_those_that_are(home: Town):
    rosa = await home.requester()
    number = await answered(home, rosa)
    assert "jsonl" in await ask(rosa, f"/results {number} pdf", "pdf")


async def test_a_draft_and_a_running_project_have_results_too(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, csv("Lovely", gold=("negative",)))
    header, *rows = await rows_of(rosa, f"/results {number}")
    assert header == [*RESULTS, *FELL]
    assert len(rows) == 2


async def test_the_buttons_under_the_progress_send_the_files(home: Town):
    rosa = await home.requester()
    number = await answered(home, rosa)
    await ask(rosa, f"/project {number}", "complete")
    await rosa.press("📄 Results")
    await rosa.wait_for(lambda message: "document" in message)
    await rosa.press("🧾 Submissions")
    await rosa.wait_for(lambda message: "document" in message)


async def test_cells_that_a_spreadsheet_would_run_are_made_safe(home: Town):
    rosa = await home.requester()
    number = await draft(rosa, b'text\n"=HYPERLINK(""http://evil"")"\n', with_lines(CAPTION, title="=1+1"))
    _, row = await rows_of(rosa, f"/results {number}")
    assert not row[1].startswith("=")
    _, raw = await rows_of(rosa, f"/results {number} csv raw")
    assert raw[1] == '=HYPERLINK("http://evil")'


async def test_results_say_how_the_votes_fell_and_what_the_crowd_said_to_gold(home: Town):
    rosa = await home.requester()
    rows = b"text,gold\nLovely,\nAwful,negative\n"
    number = await home.project(rosa, rows, overlap=3)
    for name, lovely, awful in (
        ("Ann", "positive", "positive"),
        ("Ben", "positive", "positive"),
        ("Cid", "🤷 Can't tell", "negative"),
    ):
        phone = await home.worker(name)
        task = await ask(phone, "/work", "Lovely|Awful")
        for _ in range(2):
            task = await answer(phone, lovely if "Lovely" in task else awful)
            if "No task" in task:
                break
    _, *given = await rows_of(rosa, f"/submissions {number}")
    header, *found = await rows_of(rosa, f"/results {number}")
    told = {row[1]: dict(zip(header, row, strict=True)) for row in found}
    assert [told["Lovely"][name] for name in FELL] == ["", "", "1", "2", "0"]
    gold = [row[2] for row in given if row[0] == "2"]
    votes = [str(gold.count(said)) for said in ("", "positive", "negative")]
    assert [told["Awful"][name] for name in ("gold", *FELL[2:])] == ["negative", *votes]
    assert told["Awful"]["consensus"] == "negative"


@pytest.mark.parametrize(("kind", "wanted"), [("choice", 2), ("rating", 2), ("text", 1)])
async def test_where_there_is_no_consensus_there_is_no_confidence(home: Town, kind: str, wanted: int):
    """A program that takes what is surer than a half of two options would take nothing for an answer."""
    rosa = await home.requester()
    options = {"options": "1, 2"} if wanted == 2 else {}
    bare = "\n".join(line for line in CAPTION.splitlines() if not line.startswith("options"))
    number = await home.project(rosa, b"text\nLovely\n", with_lines(bare, kind=kind, pay="0.20", **options))
    ann = await home.worker("Ann")
    await ask(ann, "/work", "Lovely")
    await ann.press("🤷 Can't tell")
    await ann.wait_for("No task")
    header, row = await rows_of(rosa, f"/results {number}")
    told = dict(zip(header, row, strict=True))
    assert [told[name] for name in RESULTS[2:5]] == ["", "", "1"]
    assert (told["live"], told["live_confidence"]) == ("", "")


async def test_a_token_of_the_hub_leaves_the_chat_also_where_it_stands_in_a_command_that_is_refused(home: Town):
    rosa = await home.requester(euros="0")
    said = f"/results 99 push anna/reviews {WRITES}"
    await rosa.say(said)
    await rosa.wait_for("no project 99")
    await rosa.until(lambda phone: all(said != text_of(message) for message in phone.messages))
    assert home.rows("SELECT 1 FROM outbox WHERE facts LIKE :found", found=f"%{WRITES}%") == []
