"""Cells of results, as the database shapes them: any column's name, any text, gold and answers."""

import csv

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from formats.writing import WRITERS
from jobs import exports
from jobs.figures import MadeFile
from services.work import submit
from storage.database import Database
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.house import House, NewTask, a_project, furnish, launch

COLUMNS = ("text", 'the "quoted" one', "back\\slash", "$.path", "[0]", "été 🙂", "a b", "tab\there", "$")
TEXTS = ("plain", '"', "\\", "{}", "[1]", "é 🙂\nand more", "", "=2+3", "null")


def furnished(unit: UnitOfWork) -> House:
    """A project whose two tasks have these columns, the second one gold."""
    house = furnish(unit)
    project = unit.projects.add(a_project(house.requester, unit.now, columns=COLUMNS, template="{text}"))
    batch = unit.batches.begin(project, house.requester, "odd", "odd.csv", 2)
    grown = unit.batches.grow(batch, 1, 1, 6)
    assert grown is not None
    content = pack(dict(zip(COLUMNS, TEXTS, strict=True)))
    rows = [NewTask(1, "one", content, None, None, 3), NewTask(2, "two", content, pack(["negative"]), None, 3)]
    unit.tasks.add(project, batch.id, rows)
    unit.batches.show(grown)
    launch(unit, house.requester, project)
    return House(house.requester, house.workers, project, ())


@pytest.mark.parametrize("answered", [False, True])
async def test_a_result_has_the_cells_of_its_file_whatever_they_are_called(
    database: Database, now: Moment, answered: bool
) -> None:
    house = await database.transact(furnished, now)
    if answered:
        await database.transact(answer, now, house)
    made = await exports.make_results_file(database, {"number": house.project, "format": "csv raw"}, now)
    head, first, second = rows_of(made)
    assert tuple(head[1 : len(COLUMNS) + 1]) == COLUMNS
    assert tuple(first[1 : len(COLUMNS) + 1]) == tuple(second[1 : len(COLUMNS) + 1]) == TEXTS
    cells = dict(zip(head, second, strict=True))
    assert [cells[name] for name in ("task", "consensus", "confidence", "gold", "live")] == [
        "two",
        "negative",
        "1.0",
        "negative",
        "",
    ]
    votes = dict(zip(head, first, strict=True))
    assert [votes[name] for name in ("submissions", "cant_tell", "votes: positive", "votes: negative")] == (
        ["2", "1", "1", "0"] if answered else ["0", "0", "0", "0"]
    )


def rows_of(made: MadeFile) -> list[list[str]]:
    with made.path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    made.path.unlink()
    return rows


def answer(unit: UnitOfWork, house: House) -> None:
    """The first task has one vote and one “can't tell”."""
    task = unit.connection.all("SELECT id FROM tasks WHERE project = :project AND position = 1", project=house.project)
    for worker, said in zip(house.workers, ("0", None), strict=True):
        unit.enrolments.enrol(worker, house.project)
        number = unit.assignments.add(house.project, task[0][0], worker, unit.now, Moment(unit.now + 1_000))
        assert number is not None
        submit.submit_answer(unit, unit.people.get(worker), number, said, None)


def test_no_two_formats_of_a_table_share_a_name(now: Moment) -> None:
    project = a_project(PersonId(1), now)
    names = {form: exports.get_table_name(project, "results", form) for form in WRITERS}
    assert len(set(names.values())) == len(names)
    assert (names["csv"], names["dpo chat"]) == (
        "results-0-is-the-review-positive.csv",
        "results-0-is-the-review-positive.dpo-chat.jsonl",
    )
