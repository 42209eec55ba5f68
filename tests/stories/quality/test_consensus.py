"""Consensus of several answers, and the end of a task."""

import csv as sheets
import io

from simulator.crowd.client import Phone
from tests.stories.town import Town, ask, csv


async def each_says(phone: Phone, said: str, shown: str = "Lovely") -> None:
    await ask(phone, "/work", shown)
    await phone.press(said)
    await phone.wait_for("No task")


async def agree_until_closed(home: Town) -> int:
    """One worker after the other says positive, until the task is closed; how many did."""
    for number in range(1, 9):
        await each_says(await home.worker(f"Worker {number}"), "positive")
        if home.one("SELECT state FROM tasks") == "closed":
            return number
    return 9


async def results(rosa: Phone, number: int) -> list[dict[str, str]]:
    await rosa.say(f"/results {number}")
    content = await rosa.download(await rosa.wait_for("Results of"))
    return list(sheets.DictReader(io.StringIO(content.decode("utf-8-sig"))))


async def test_the_majority_wins_and_its_confidence_is_told(anywhere: Town):
    rosa = await anywhere.requester()
    number = await anywhere.project(rosa, csv("Lovely"), overlap=3)
    for name, said in (("Ann", "positive"), ("Ben", "negative"), ("Cem", "positive")):
        await each_says(await anywhere.worker(name), said)
    await rosa.wait_for("complete")
    (row,) = await results(rosa, number)
    assert (row["consensus"], row["submissions"], row["state"]) == ("positive", "3", "closed")
    assert 0.5 < float(row["confidence"]) < 1


async def test_nobody_can_tell_is_a_result_without_consensus(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"), overlap=2)
    for name in ("Ann", "Ben"):  # the card named money for no third
        await each_says(await home.worker(name), "🤷 Can't tell")
    await rosa.wait_for("complete")
    (row,) = await results(rosa, number)
    assert (row["consensus"], row["submissions"]) == ("", "2")


async def test_a_task_asks_as_many_people_as_its_overlap_and_each_once(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), overlap=2)
    ann, ben, cem = [await home.worker(name) for name in ("Ann", "Ben", "Cem")]
    await ask(ann, "/work", "Lovely")
    await ask(ben, "/work", "Lovely")
    await ask(cem, "/work", "No task")
    await ann.press("positive")
    await ann.wait_for("No task")
    await ask(ann, "/work", "No task")


async def test_sure_enough_it_closes_early_and_the_rest_comes_back(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), overlap=9, confidence=0.85)
    answers = await agree_until_closed(home)
    assert 2 <= answers < 9
    await rosa.wait_for("complete")
    assert home.balance("project:1:budget") == 0
    assert home.balance(f"requester:{rosa.id}:available") == 100_000_000 - answers * 55_000


async def test_unsure_it_asks_one_more_up_to_the_largest_overlap(home: Town):
    rosa = await home.requester()
    number = await home.project(rosa, csv("Lovely"), overlap=2, max_overlap=4, confidence=0.999)
    for name, said in (("Ann", "positive"), ("Ben", "negative"), ("Cem", "positive"), ("Dan", "negative")):
        await each_says(await home.worker(name), said)
    await rosa.wait_for("complete")
    (row,) = await results(rosa, number)
    assert (row["submissions"], row["state"]) == ("4", "closed")
    eve = await home.worker("Eve")
    await ask(eve, "/work", "No task")


async def test_a_task_in_hand_when_the_others_were_sure_is_still_paid(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), overlap=9, confidence=0.85)
    late = await home.worker("Late")
    await ask(late, "/work", "Lovely")
    await agree_until_closed(home)
    await rosa.wait_for("complete")
    await late.press("negative", late.last)
    await late.wait_for("No task")
    assert home.balance(f"worker:{late.id}:available") == 50_000


async def test_a_largest_overlap_without_a_confidence_asks_no_more_than_was_held(home: Town):
    rosa = await home.requester()
    await home.project(rosa, csv("Lovely"), overlap=2, max_overlap=5)
    phones = [await home.worker(name) for name in ("Ann", "Ben", "Cem")]
    for phone in phones[:2]:
        await ask(phone, "/work", "Lovely")
    await ask(phones[2], "/work", "No task")
    await phones[0].press("positive")
    await phones[0].wait_for("No task")
    await ask(phones[2], "/work", "No task")
    await phones[1].press("positive")
    await rosa.wait_for("complete")
