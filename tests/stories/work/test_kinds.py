"""Answers of every kind, from the file to the results."""

import csv as tables
import io

import pytest

from domain.answers import kind_of
from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.values import Json
from tests.stories.town import CANT_TELL, Town, ask, next_task, press_action, toast

FORM = """/newproject
title: What is it?
instructions: Look at it.
pay: 0.05
overlap: {overlap}
kind: {kind}"""


async def open_project(town: Town, kind: str, rows: str, overlap: int = 1, **more: str) -> tuple[Phone, int]:
    """A launched project of this kind; `rows` is the file."""
    rosa = await town.requester()
    if kind_of(kind).is_errand:
        more.setdefault("seconds", "9")
    form = FORM.format(kind=kind, overlap=overlap) + "".join(f"\n{key}: {value}" for key, value in more.items())
    return rosa, await town.project(rosa, rows.encode(), form)


async def at_work(town: Town, name: str, shown: str = "Can't tell") -> tuple[Phone, Json]:
    worker = await town.worker(name)
    await worker.say("/work")
    return worker, await worker.wait_for_button(CANT_TELL)


async def results(rosa: Phone, number: int, what: str = "results") -> list[dict[str, str]]:
    await rosa.say(f"/{what} {number}")
    sent = await rosa.wait_for(lambda message: "document" in message)
    return list(tables.DictReader(io.StringIO((await rosa.download(sent)).decode("utf-8-sig"))))


async def test_choices_are_pressed_one_by_one(home: Town):
    rosa, number = await open_project(home, "choices", "text\na cat and a dog\n", options="cat, dog, cow")
    ann, task = await at_work(home, "Ann")
    assert [b["text"] for b in buttons_of(task)][:4] == ["cat", "dog", "cow", "✅ Done"]
    query = await ann.press("✅ Done")
    assert "Nothing is chosen" in (await ann.answer_to(query))["text"]
    await ann.press("dog", task)
    await ann.wait_for("Chosen: dog")
    await ann.press("cow", task)
    await ann.wait_for("Chosen: dog and cow|Chosen: dog, cow")
    await ann.press("cow", task)
    await ann.press("cat", task)
    await ann.wait_for("Chosen: cat and dog|Chosen: cat, dog")
    await home.restart()
    await ann.press("✅ Done", task)
    await ann.wait_for("No task")
    row = (await results(rosa, number))[0]
    assert (row["consensus"], row["submissions"]) == ("cat|dog", "1")
    assert 0.5 < float(row["confidence"]) < 0.9


async def test_none_of_them_can_be_an_option(home: Town):
    rosa, number = await open_project(home, "choices", "text\nnothing here\n", options="cat, dog, none")
    ann, task = await at_work(home, "Ann")
    await ann.press("cat", task)
    await ann.wait_for("Chosen: cat")
    await ann.press("none", task)
    await ann.wait_for("Chosen: none")
    await ann.press("none", task)
    await ann.wait_for("all that apply")
    assert "Nothing is chosen yet" in await toast(ann, await ann.press("✅ Done", task))
    await ann.press("none", task)
    await ann.wait_for("Chosen: none")
    await ann.press("✅ Done", task)
    await ann.wait_for("No task")
    assert (await results(rosa, number))[0]["consensus"] == "none"


async def test_a_rating_is_one_press_from_one_to_five(home: Town):
    rosa, number = await open_project(home, "rating", "text\nnice\n", overlap=3)
    for name, step in (("Ann", "4"), ("Ben", "4"), ("Cid", "5")):
        worker, task = await at_work(home, name)
        assert [b["text"] for b in buttons_of(task)][:5] == ["1", "2", "3", "4", "5"]
        await worker.press(step)
        await worker.wait_for("No task")
    row = (await results(rosa, number))[0]
    assert (row["consensus"], row["state"]) == ("4", "closed")
    assert 0.5 < float(row["confidence"]) < 0.9


async def test_a_number_is_typed_with_comma_or_point_and_gold_has_a_tolerance(anywhere: Town):
    rows = "text,gold,reason\n" + "".join(f"plain {n},,\n" for n in range(9))
    rows += "".join(f"known {n},12±0.5,count again\n" for n in range(3))
    rosa, number = await open_project(anywhere, "number", rows)
    ann, task = await at_work(anywhere, "Ann")
    assert "12" in await ask(ann, "about a dozen", "not a number")
    said, missed = 0, False
    while "No task" not in text_of(task):
        miss = "\nknown " in text_of(task) and not missed
        missed = missed or miss
        await ann.say("99" if miss else "12,4")
        said += 1
        task = await next_task(ann)
    await ann.until(lambda phone: any("from 11.5 to 12.5, not 99" in text_of(message) for message in phone.messages))
    assert any("count again" in text_of(message) for message in ann.messages)
    found = await results(rosa, number)
    assert {row["consensus"] for row in found if "plain" in row["text"]} == {"12.4"}
    assert {row["consensus"] for row in found if "known" in row["text"]} == {"12"}
    assert anywhere.one("SELECT count(*) FROM submissions") == said
    assert anywhere.one("SELECT count(*) FROM submissions WHERE gold = 0") == int(missed)


async def test_words_are_typed_and_agree_whatever_their_case_and_accents(home: Town):
    rosa, number = await open_project(home, "text", "text\nWhich season is hot?\n", overlap=3)
    for name, said in (("Ann", "Été"), ("Ben", "  ete "), ("Cid", "hiver")):
        worker, _ = await at_work(home, name)
        await ask(worker, said, "No task")
    row = (await results(rosa, number))[0]
    assert row["consensus"] in ("Été", "ete")
    assert 0.8 < float(row["confidence"]) < 1


async def test_which_is_better_is_one_press(home: Town):
    rosa, number = await open_project(home, "compare", "left,right\na short one,a long one\n", overlap=2)
    for name in ("Ann", "Ben"):
        worker, task = await at_work(home, name)
        assert ("A: a short one" in text_of(task)) == ("B: a long one" in text_of(task))
        await worker.press("B" if "B: a long one" in text_of(task) else "A")
        await worker.wait_for("No task")
    row = (await results(rosa, number))[0]
    assert (row["left"], row["consensus"], row["submissions"]) == ("a short one", "B", "2")
    assert float(row["confidence"]) > 0.5


async def test_a_ranking_is_pressed_in_order_and_the_last_press_can_be_undone(home: Town):
    rosa, number = await open_project(home, "rank", "text\nwhich fruit?\n", options="fig, plum, pear")
    ann, task = await at_work(home, "Ann")
    assert "✅ Done" not in [b["text"] for b in buttons_of(task)]
    await ann.press("pear", task)
    await ann.wait_for("So far: pear")
    await ann.press("fig", task)
    await ann.wait_for("So far: pear › fig")
    await ann.press("↩️ Undo")
    await ann.wait_for("So far: pear$|So far: pear\n")
    await home.restart()
    await ann.press("plum", task)
    await ann.wait_for("So far: pear › plum")
    await ann.press("fig", task)
    await ann.press("✅ Done", await ann.wait_for_button("✅ Done"))
    await ann.wait_for("No task")
    assert (await results(rosa, number))[0]["consensus"] == "pear>plum>fig"


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


async def test_a_photo_is_sent_and_the_same_one_counts_once(home: Town):
    rosa, number = await open_project(home, "photo", "text\nyour street\nyour door\n")
    ann, task = await at_work(home, "Ann")
    assert "with a photo" in text_of(task)
    await ask(ann, "here it is", "can't take this")
    first = await ann.upload(PNG, "a.png", kind="photo")
    await ann.wait_for("your door")
    same = home.telegram.world.files.files[first["photo"][-1]["file_id"]]
    sent = await ann.upload(PNG + b"2", "b.png", kind="photo")
    await ann.wait_for("No task")
    row, other = await results(rosa, number, "submissions")
    assert row["answer"] == f"{same.id} {same.unique_id}"
    assert other["answer"].split()[0] == sent["photo"][-1]["file_id"]
    assert [r["consensus"] for r in await results(rosa, number)] == ["", ""]


async def test_a_confidence_that_a_kind_cannot_have_is_said_and_not_waited_for(home: Town):
    rosa, _ = await open_project(home, "photo", "text\nyour street\n", confidence="0.9", max_overlap="5")
    assert any("have no confidence: each task takes its 1 answers" in text_of(message) for message in rosa.messages)
    assert home.balance("project:1:budget") == 55_000


async def test_numbers_agree_that_are_nearly_the_same_and_have_an_interval(home: Town):
    rosa, number = await open_project(home, "number", "text\nhow many?\n", overlap=3)
    agreeing = {}
    for name, said in (("Ann", "1000"), ("Ben", "1004"), ("Cid", "70")):
        agreeing[said], _ = await at_work(home, name)
        await ask(agreeing[said], said, "No task")
    for said, worker in agreeing.items():
        shown = await ask(worker, "/why skill", "What your skill")
        assert f"the others' consensus: {int(said != '70')} of 1" in shown
    row = (await results(rosa, number))[0]
    assert float(row["low"]) < float(row["consensus"]) < float(row["high"])
    await ask(rosa, f"/project {number}", "complete")
    await rosa.press("📊 Quality")
    await rosa.wait_for("how often an answer is the one")


async def test_a_photo_sent_as_a_file_is_a_photo(home: Town):
    rosa, number = await open_project(home, "photo", "text\nyour street\n")
    ann, _ = await at_work(home, "Ann")
    sent = await ann.upload(PNG, "a.png")
    await ann.wait_for("No task")
    assert (await results(rosa, number, "submissions"))[0]["answer"].split()[0] == sent["document"]["file_id"]


async def test_a_voice_message_is_sent(home: Town):
    rosa, number = await open_project(home, "voice", "text\nsay hello\n")
    ann, _ = await at_work(home, "Ann")
    await ann.upload(b"OggS hello", "hello.ogg", kind="voice")
    await ann.wait_for("No task")
    row = (await results(rosa, number, "submissions"))[0]
    assert len(row["answer"].split()) == 2
    assert row["state"] == "accepted"


async def test_a_place_is_shared_with_one_tap(home: Town):
    rosa, number = await open_project(home, "location", "text\nthe tower\n", overlap=2)
    for name in ("Ann", "Ben"):
        worker, _ = await at_work(home, name)
        (place,) = [
            button
            for message in worker.messages
            for button in buttons_of(message)
            if "keyboard" in message.get("reply_markup", {})
        ]
        assert (place["text"], place["request_location"]) == ("📍 Send where I am", True)
        await worker.share_location(48.85837, 2.29448)
        await worker.wait_for("No task")
    row = (await results(rosa, number))[0]
    assert (row["consensus"], row["confidence"]) == ("48.858370,2.294480", "")


async def test_typing_on_a_task_with_buttons_is_answered_politely(home: Town):
    await open_project(home, "choice", "text\nnice\n", options="yes, no")
    ann, _ = await at_work(home, "Ann")
    assert "buttons under it" in await ask(ann, "yes", "can't take this")
    assert home.one("SELECT count(*) FROM submissions") == 0


@pytest.mark.parametrize("kind", ["text", "number"])
async def test_skip_and_cant_tell_are_there_for_what_is_typed(home: Town, kind: str):
    rosa, number = await open_project(home, kind, "text\none\ntwo\n")
    ann, _ = await at_work(home, "Ann")
    await press_action(ann, "⏭ Skip")
    await ann.wait_for("two")
    await ann.press("🤷 Can't tell")
    await ann.wait_for("No task")
    assert [row["answer"] for row in await results(rosa, number, "submissions")] == [""]
    assert home.balance(f"worker:{ann.id}:available") == 50_000


async def test_a_late_typed_answer_is_paid_while_a_place_is_left(home: Town):
    rosa, number = await open_project(home, "text", "text\nfirst word\n")
    ann, _ = await at_work(home, "Ann")
    home.clock.skip(minutes=11)
    await home.until(lambda: bool(home.one("SELECT count(*) FROM assignments WHERE state = 'expired'")))
    await ask(ann, "uno", "No task")
    assert (await results(rosa, number))[0]["consensus"] == "uno"
    assert home.balance(f"worker:{ann.id}:available") == 50_000


async def test_whoever_asked_last_gets_the_words(home: Town):
    await open_project(home, "text", "text\nfirst word\n")
    rob = await home.requester("Rob")
    await rob.press("✅ I agree", await home_terms(rob))
    await rob.wait_for("first word")
    await ask(rob, "/newproject", "title")
    await ask(rob, "My title", "step 2")
    assert home.one("SELECT count(*) FROM submissions") == 0
    await ask(rob, "/cancel", "Cancelled")
    await ask(rob, "uno", "No task")
    assert home.one("SELECT answer FROM submissions") == "uno"


async def home_terms(phone: Phone) -> Json:
    await phone.say("/terms")
    return await phone.wait_for_button("✅ I agree")


async def test_what_is_typed_is_received_and_a_sound_file_is_told_what_is_wanted(home: Town):
    await open_project(home, "text", "text\nfirst\nsecond\n")
    ann, _ = await at_work(home, "Ann")
    await ann.upload(b"ID3", "song.mp3")
    assert "answered in words" in text_of(await ann.wait_for("can't take this as an answer"))
    assert "✅ Received. + €0.05" in await ask(ann, "my own words", "second")


@pytest.mark.parametrize("kind", ["text", "photo"])
async def test_two_answers_sent_in_one_breath_answer_one_task(home: Town, kind: str):
    await open_project(home, kind, "text\na cat\na dog\n")
    ann, _ = await at_work(home, "Ann")
    await home.bot.stop()  # both are in its first poll
    for each in ("a", "b"):
        if kind == "text":
            await ann.say(each)
        else:
            await ann.upload(PNG + each.encode(), f"{each}.png", kind="photo")
    home.bot.start()
    await ann.wait_for("a dog")
    await ann.wait_for("You sent this before your new task was there")
    assert home.rows("SELECT state FROM assignments ORDER BY id") == [("submitted",), ("active",)]
    assert home.one("SELECT count(*) FROM submissions") == 1
    home.is_in_order()
