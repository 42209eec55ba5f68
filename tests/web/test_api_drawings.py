"""A program asks for boxes: from its rows with gold to COCO's file."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from domain.moments import Moment, later
from services.act import House
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import settle_requester, settle_worker
from tests.web.asker import Asker, asking, house_of, key_of

BOX = {"label": "cat", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}
PROJECT = {
    "title": "Draw a box around each cat",
    "instructions": ["Draw tight boxes."],
    "kind": "boxes",
    "options": ["cat"],
    "pay": "0.20",
    "overlap": 1,
    "tasks": [
        {"image": "https://example.org/1.jpg", "id": "known", "width": 200, "height": 100, "gold": [BOX]},
        {"image": "https://example.org/2.jpg", "id": "open"},
    ],
}


@pytest.fixture
def house(database: Database, now: Moment) -> House:
    return replace(house_of(database, now), page_origin="https://pouce.example")


@pytest.fixture
async def anna(database: Database, house: House, now: Moment) -> AsyncIterator[Asker]:
    key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id), now)
    async with asking(house, key) as asker:
        yield asker


async def test_boxes_go_from_rows_to_coco(anna: Asker, database: Database, now: Moment):
    wrong = {**PROJECT, "tasks": [{"image": "https://example.org/1.jpg", "gold": [{**BOX, "label": "dog"}]}]}
    refused = await anna.post("/projects", wrong)
    assert (refused.status, refused.body["facts"]["errors"][0]["expected"]) == (422, "shape_labels")
    made = await anna.post("/projects", PROJECT, "first")
    assert (made.status, made.body["kind"], made.body["options"]) == (201, "boxes", ["cat"])
    assert (await anna.post("/projects/1/launch")).status == 200

    def draw(unit: UnitOfWork) -> list[bool]:
        worker, told = settle_worker(unit, 1), []
        submit.show_work(unit, worker)
        while (in_hand := unit.assignments.active_for(worker.id)) is not None:
            answer = json.dumps({"shapes": [BOX], "size": [200, 100]})
            told.append(submit.submit_answer(unit, worker, in_hand.id, answer, None).missed)
        return told

    assert await database.transact(draw, later(now, 60_000)) == [False]
    results = [json.loads(line) for line in (await anna.get("/projects/1/results")).body.splitlines()]
    assert [(row["task"], row["consensus"], row["picture_size"]) for row in results] == [
        ("known", [BOX], None), ("open", [BOX], "200x100")
    ]  # fmt: skip
    coco = (await anna.get("/projects/1/results?format=coco")).body
    assert [each["bbox"] for each in coco["annotations"]] == [[20, 20, 60, 40]] * 2
    assert (await anna.get("/projects/1/submissions?format=coco")).status == 422
    told = [json.loads(line) for line in (await anna.get("/projects/1/submissions")).body.splitlines()]
    assert told[0]["answer"] == [BOX]
