"""Boxes from the answer to the file: gold, consensus, relearning, pay, exports."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import Project
from domain.refusals import AnswerUnfit, AnswerUnknown, BadInput
from jobs import exports, refits
from services.projects import results
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

LABELS = ("cat", "dog")
SIZE = [640, 480]
GOLD = [{"label": "cat", "x": 0.1, "y": 0.1, "width": 0.4, "height": 0.4}]


def drawing(*shapes: dict[str, Any], size: list[int] | None = SIZE) -> str:
    return json.dumps({"shapes": list(shapes), "size": size} if size else list(shapes))


def box(x: float, label: str = "cat") -> dict[str, Any]:
    return {"label": label, "x": round(x, 4), "y": 0.1, "width": 0.4, "height": 0.4}


def said(seat: int, position: int) -> str:
    """Two draw with a hand that trembles; the third one leaves the dog out, the fourth draws anywhere."""
    if seat == 3:
        return drawing(box((position * 0.37) % 0.6, "dog"))
    cat = box(0.1 + 0.01 * ((position + seat) % 3 - 1))
    return drawing(cat) if seat == 2 else drawing(cat, box(0.55 + 0.01 * seat, "dog"))


def answer_all(unit: UnitOfWork, worker: PersonId, seat: int) -> None:
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    while (in_hand := unit.assignments.active_for(worker)) is not None:
        submit.submit_answer(unit, person, in_hand.id, said(seat, unit.tasks.get(in_hand.task).position), None)


async def house_of(database: Database, now: Moment, kind: str = "boxes", workers: int = 4, **more: Any) -> House:
    fields = {"kind": kind, "options": LABELS, "overlap": workers, "max_overlap": workers, "tasks": 8, **more}
    return await database.transact(lambda unit: furnish(unit, workers=workers, **fields), now)


async def file_of(database: Database, now: Moment, house: House, form: str, what: str = "results") -> bytes:
    made = await exports.MAKERS[what](database, {"number": house.project, "format": form}, now)
    data = made.path.read_bytes()
    made.path.unlink()
    return data


async def test_boxes_of_several_become_one_and_come_in_every_form(database: Database, now: Moment) -> None:
    house = await house_of(database, now, gold=1, known={9: json.dumps(GOLD)})
    for seat, worker in enumerate(house.workers):
        await database.transact(answer_all, now, worker, seat)
    project: Project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    await refits.refresh(database, project, lambda: now)
    rows = list(csv.DictReader((await file_of(database, now, house, "csv")).decode("utf-8-sig").splitlines()))
    cat, dog = json.loads(rows[3]["consensus"])
    assert (cat["label"], dog["label"]) == ("cat", "dog")
    assert cat["x"] == pytest.approx(0.1, abs=0.011)
    assert (rows[3]["picture_size"], len(json.loads(rows[3]["shape_confidences"]))) == ("640x480", 2)
    assert (json.loads(rows[8]["consensus"]), rows[8]["confidence"], rows[8]["picture_size"]) == (
        GOLD,
        "1.0",
        "640x480",
    )
    coco = json.loads(await file_of(database, now, house, "coco"))
    assert [image["width"] for image in coco["images"]] == [640] * 9
    assert len(coco["annotations"]) == 8 * 2 + 1
    with zipfile.ZipFile(io.BytesIO(await file_of(database, now, house, "yolo"))) as packed:
        assert len([name for name in packed.namelist() if name.startswith("labels/")]) == 9
    tasks = json.loads(await file_of(database, now, house, "labelstudio", "submissions"))
    assert [region["type"] for region in tasks[0]["annotations"][0]["result"]] == ["rectanglelabels"] * 2
    lines = (await file_of(database, now, house, "jsonl", "submissions")).splitlines()
    assert isinstance(json.loads(lines[0])["answer"], list)


async def test_partial_agreement_is_what_a_refit_learns_from(database: Database, now: Moment) -> None:
    """Who leaves one of two things out is better than who draws anywhere; all are paid the same."""
    house = await house_of(database, now)
    for seat, worker in enumerate(house.workers):
        await database.transact(answer_all, now, worker, seat)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    await refits.refresh(database, project, lambda: now)

    def learnt(unit: UnitOfWork) -> list[float]:
        known = [unit.models.for_answer(project.id, worker) for worker in house.workers]
        return [model[1].skill.accuracy for model in known if model]

    first, second, missing, random = await database.transact(learnt, now)
    assert min(first, second) > missing > random
    paid = "SELECT DISTINCT count(*) FROM submissions WHERE state = 'accepted' OR state = 'submitted' GROUP BY worker"
    assert await database.transact(lambda unit: [row[0] for row in unit.connection.all(paid)], now) == [8]


@pytest.mark.parametrize(("gold", "right"), [(json.dumps(GOLD), True), ("[]", False)])
async def test_a_drawing_is_judged_by_gold_and_what_is_none_is_refused(
    database: Database, now: Moment, gold: str, right: bool
) -> None:
    house = await house_of(database, now, workers=1, gold=1, known={9: gold})

    def misses(unit: UnitOfWork, handed_in: str) -> bool:
        person = unit.people.get(house.workers[0])
        if unit.assignments.active_for(person.id) is None:
            submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
        assert in_hand is not None
        return submit.submit_answer(unit, person, in_hand.id, handed_in, None).missed

    for handed_in, refusal in (("[7]", AnswerUnfit), (drawing(box(0.1, "cow")), AnswerUnknown), ("", AnswerUnfit)):
        with pytest.raises(refusal):
            await database.transact(misses, now, handed_in)
    missed = [await database.transact(misses, now, drawing(box(0.15))) for _ in range(9)]
    assert sum(missed) == (0 if right else 1)
    judged = "SELECT gold FROM submissions WHERE gold IS NOT NULL"
    assert await database.transact(lambda unit: unit.connection.all(judged), now) == [(int(right),)]


async def test_a_span_behind_the_texts_end_is_refused(database: Database, now: Moment) -> None:
    house = await house_of(database, now, "spans", workers=1)

    def answer(unit: UnitOfWork, end: int) -> object:
        person = unit.people.get(house.workers[0])
        submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
        assert in_hand is not None
        span = json.dumps([{"label": "cat", "start": 0, "end": end}])
        return submit.submit_answer(unit, person, in_hand.id, span, None)

    with pytest.raises(AnswerUnfit):
        await database.transact(answer, now, len("review 1") + 1)
    assert await database.transact(answer, now, len("review 1"))


async def test_yolo_is_offered_only_where_something_has_an_area(database: Database, now: Moment) -> None:
    houses = {"points": await house_of(database, now, "points", workers=1)}

    def order(unit: UnitOfWork, form: str) -> str:
        act = act_of(unit, houses["points"].requester)
        return results.order_results(act, houses["points"].project, form).format

    assert await database.transact(order, now, "coco") == "coco"
    with pytest.raises(BadInput):
        await database.transact(order, now, "yolo")
