"""Answers of every kind, from the file to the results."""

import csv as tables
import io

import pytest

from simulator.client import Phone, buttons_of, text_of
from simulator.values import Json
from tests.stories.town import Town, ask

FORM = """/newproject
title: What is it?
instructions: Look at it.
pay: 0.05
overlap: {overlap}
kind: {kind}"""


async def open_project(town: Town, kind: str, rows: str, overlap: int = 1, **more: str) -> tuple[Phone, int]:
    """A launched project of this kind; `rows` is the file."""
    rosa = await town.requester()
    form = FORM.format(kind=kind, overlap=overlap) + "".join(f"\n{key}: {value}" for key, value in more.items())
    return rosa, await town.project(rosa, rows.encode(), form)


async def at_work(town: Town, name: str, shown: str = "Can't tell") -> tuple[Phone, Json]:
    worker = await town.worker(name)
    await worker.say("/work")
    return worker, await worker.wait_for_button("🤷 Can't tell")


async def results(rosa: Phone, number: int, what: str = "results") -> list[dict[str, str]]:
    await rosa.say(f"/{what} {number}")
    sent = await rosa.wait_for(lambda message: "document" in message)
    return list(tables.DictReader(io.StringIO((await rosa.download(sent)).decode("utf-8-sig"))))


async def test_choices_are_pressed_one_by_one(anywhere: Town):
    rosa, number = await open_project(anywhere, "choices", "text\na cat and a dog\n", options="cat, dog, cow")
    ann, task = await at_work(anywhere, "Ann")
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
    await anywhere.restart()
    await ann.press("✅ Done", task)
    await ann.wait_for("No task")
    row = (await results(rosa, number))[0]
    assert (row["consensus"], row["submissions"]) == ("cat|dog", "1")
    assert 0.5 < float(row["confidence"]) < 0.9
