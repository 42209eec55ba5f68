"""The data sheet of a project: its figures in words, nobody's identity; with the results it comes at the end, once."""

import re
from functools import partial
from typing import Any

import orjson
import pytest

from domain.moments import DAY, SECOND, Moment, later
from domain.projects.results import ProjectFile
from formats.captions.questions import read_lines
from handlers.screen import render
from jobs.file_makers import MAKERS
from services.projects import lifecycle, results
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish
from tests.reports.pdf import Read, read
from tests.services.quality.test_figures import answered

TOLD = (
    "SELECT screen, facts FROM outbox WHERE screen IN ('projects.ResultsSent', 'projects.ProjectComplete') ORDER BY id"
)


async def sheet_of(database: Database, house: House, now: Moment, language: str = "en") -> Read:
    def ask(unit: UnitOfWork) -> ProjectFile:
        return results.order_results(act_of(unit, house.requester), house.project, "Datasheet")

    asked = await database.transact(ask, now)
    facts = {name: getattr(asked, name) for name in ProjectFile.__slots__}
    screen = render(ProjectFile.stored_as, facts, language)
    assert screen.file is not None
    made = await MAKERS[screen.file.what](database, screen.file.facts, now)
    written = made.path.read_bytes()
    made.path.unlink()
    assert re.fullmatch(r"datasheet-\d+-[\w-]+\.pdf", made.name)
    return read(written)


async def test_it_says_who_how_and_how_surely(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    page = await sheet_of(database, house, later(now, DAY))
    assert page.pages == 1
    answers, paid = await database.transact(
        lambda unit: (unit.models.count_answers(house.project)[0], unit.spending.sum_project_movements(house.project)),
        now,
    )
    assert f"{answers}, of which 0 say “can't tell”" in page.text
    assert "5; the busiest gave" in page.text
    assert re.search(r"Krippendorff's α 0\.\d+ \(95 % interval 0\.\d+ to 0\.\d+; \d+ tasks", page.text)
    assert re.search(r"Right on check questions \d+ of 12 results", page.text)
    assert "Confidences are weighed by the check questions" in page.text
    assert f"€{answers * 5 / 100:.2f} to workers" in page.text, paid
    assert "0 took their answers back" in page.text
    assert "Every worker saw task and pay, and agreed, before their first answer; no purpose was given" in page.text


@pytest.mark.parametrize(("seconds", "said"), [
    (1, "less than 3 seconds, too little to say what that is an hour"),
    (10, "less than 10 seconds, which is €18.00 an hour"),
])  # fmt: skip
async def test_an_hourly_pay_is_told_of_times_that_can_be_measured(
    database: Database, now: Moment, seconds: int, said: str
) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=25, overlap=1, purpose="A study"), now)
    await database.transact(lambda unit: submit.show_work(unit, unit.people.get(house.workers[0])), now)
    for number in range(1, 26):
        await database.transact(partial(one_answer, house=house), later(now, number * seconds * SECOND))
    page = await sheet_of(database, house, later(now, DAY))
    assert said in page.text
    assert "Every worker saw task, pay and purpose" in page.text


def one_answer(unit: UnitOfWork, house: House) -> None:
    in_hand = unit.assignments.active_for(house.workers[0])
    assert in_hand is not None
    submit.submit_answer(unit, unit.people.get(house.workers[0]), in_hand.id, "1", None)


def all_say(unit: UnitOfWork, house: House, answer: str) -> None:
    for worker in house.workers:
        person = unit.people.get(worker)
        submit.show_work(unit, person)
        while (in_hand := unit.assignments.active_for(person.id)) is not None:
            submit.submit_answer(unit, person, in_hand.id, answer, None)


@pytest.mark.parametrize(
    ("asked", "answer", "meant"),
    [
        ({}, "1", "confidences are an estimate from other crowds"),
        ({"confidence": 0.9}, "1", "a confidence is how certain the crowd is"),
        ({"kind": "number", "options": (), "confidence": 0.9}, "7", "what the model of such answers says"),
    ],
)
async def test_without_gold_it_says_what_a_confidence_means(
    database: Database, now: Moment, asked: dict[str, Any], answer: str, meant: str
) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=2, overlap=3, **asked), now)
    await database.transact(partial(all_say, house=house, answer=answer), now)
    page = await sheet_of(database, house, now)
    assert page.text.count("No ten check questions were answered") == 1
    assert meant in page.text


async def test_where_all_answers_are_the_same_alpha_is_not_defined(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=10, overlap=3, max_overlap=3), now)
    await database.transact(partial(all_say, house=house, answer="1"), now)
    page = await sheet_of(database, house, now)
    assert "Krippendorff's α not defined: all answers to the 10 tasks with several are the same" in page.text
    assert "κ" not in page.text


async def test_it_names_the_distance_of_answers_that_have_parts(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=10, overlap=3, kind="choices"), now)
    await database.transact(partial(all_say, house=house, answer="1"), now)
    page = await sheet_of(database, house, now)
    assert "Krippendorff's α (MASI) not defined" in page.text


@pytest.mark.parametrize(("language", "said"), [("en", "Data sheet"), ("fr", "Fiche des données")])
async def test_it_is_in_the_requester_s_language_and_names_no_worker(
    database: Database, now: Moment, language: str, said: str
) -> None:
    house = await answered(database, now)
    names = await database.transact(lambda unit: [unit.people.get(each) for each in house.workers], now)
    page = await sheet_of(database, house, now, language)
    assert page.lines[0] == said
    assert not [each for each in names if each.name in page.text or str(each.telegram_id) in page.text]


async def test_of_a_project_without_an_answer_it_says_so(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1), now)
    page = await sheet_of(database, house, now)
    assert "Answers 0" in page.text
    assert "Not measured" in page.text


async def test_a_form_is_told_by_its_questions_and_long_words_are_cut(database: Database, now: Moment) -> None:
    form = {"kind": "form", "options": read_lines("choice | A car? | yes, no\ntext | Remark | optional")}
    house = await database.transact(
        lambda unit: furnish(unit, workers=1, title="Fahrzeug" * 60, instructions=("x" * 400,), **form), now
    )
    page = await sheet_of(database, house, now)
    assert "form: A car? (yes / no) · Remark" in page.text
    assert "FahrzeugFahrzeug" in page.text
    assert page.text.count("x") > 250
    assert page.pages == 1


async def test_at_the_end_both_come_once(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=2, overlap=1), now)

    def answer(unit: UnitOfWork) -> None:
        person = unit.people.get(house.workers[0])
        submit.show_work(unit, person)
        while (in_hand := unit.assignments.active_for(person.id)) is not None:
            submit.submit_answer(unit, person, in_hand.id, "0", None)

    await database.transact(answer, now)
    told = await database.transact(lambda unit: unit.connection.all(TOLD), now)
    assert [row[0] for row in told] == ["projects.ResultsSent", "projects.ProjectComplete"]
    screen = render(told[0][0], orjson.loads(told[0][1]), "en")
    table, page = screen.files
    for order, begins in ((table, b"\xef\xbb\xbftask"), (page, b"%PDF-")):
        made = await MAKERS[order.what](database, order.facts, now)
        assert made.path.read_bytes().startswith(begins)
        made.path.unlink()


async def test_who_asks_at_once_has_them_once(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=1, overlap=1), now)

    def waiting(unit: UnitOfWork) -> object:
        return unit.connection.one("SELECT state FROM outbox WHERE screen = 'projects.ResultsSent'")

    def answer(unit: UnitOfWork) -> None:
        person = unit.people.get(house.workers[0])
        submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
        assert in_hand is not None
        submit.submit_answer(unit, person, in_hand.id, "0", None)

    await database.transact(answer, now)
    assert await database.transact(waiting, now) == ("waiting",)
    await database.transact(
        lambda unit: results.order_submissions(act_of(unit, house.requester), house.project, "csv"), now
    )
    assert await database.transact(waiting, now) == ("dropped",)


@pytest.mark.parametrize("answered_first", [True, False])
async def test_a_stopped_project_sends_what_there_is(database: Database, now: Moment, *, answered_first: bool) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=2, overlap=1), now)

    def stop(unit: UnitOfWork) -> None:
        person = unit.people.get(house.workers[0])
        submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
        assert in_hand is not None
        if answered_first:
            submit.submit_answer(unit, person, in_hand.id, "0", None)
        lifecycle.stop_project(act_of(unit, house.requester), house.project, sure=True)

    await database.transact(stop, now)
    told = await database.transact(lambda unit: unit.connection.all(TOLD), now)
    assert [row[0] for row in told] == ["projects.ResultsSent"] * answered_first
