"""The figures of a project: in /quality at once where answers are few, in a file, in a sheet beside the results."""

import json
from dataclasses import asdict
from functools import partial
from typing import Any

import openpyxl
import pytest

from domain.answers import list_kinds
from domain.moments import Moment
from domain.quality.aggregation import OptionEvidence, UsualSets
from domain.quality.figures import Figures, ProjectFigures, ProjectQuality
from domain.refusals import BadInput
from handlers.projects.results import GetFile
from handlers.screen import render
from jobs import exports, figures, refits
from services.quality import figures as service
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish

KNOWN = {place + 1: ("positive", "negative")[place % 2] for place in range(28, 40)}


async def answered(database: Database, now: Moment) -> House:
    """Five workers answer 40 tasks, 12 of them gold; two guess."""
    house = await database.transact(
        lambda unit: furnish(unit, workers=5, tasks=28, gold=12, overlap=5, max_overlap=5, known=KNOWN), now
    )
    for seat in range(5):
        await database.transact(answer_all, now, house, seat)
    return house


def answer_all(unit: UnitOfWork, house: House, seat: int) -> None:
    person = unit.people.get(house.workers[seat])
    submit.show_work(unit, person)
    while (in_hand := unit.assignments.active_for(person.id)) is not None:
        place = house.tasks.index(in_hand.task)
        guess = place // 2 + seat if seat < 2 else place
        submit.submit_answer(unit, person, in_hand.id, str(guess % 2), None)


async def given(database: Database, house: House, now: Moment) -> int:
    return await database.transact(lambda unit: unit.models.count_answers(house.project)[0], now)


def quality(unit: UnitOfWork, house: House) -> object:
    """Beside the writer."""
    return service.read_quality(act_of(unit, house.requester), house.project)


async def test_quality_shows_agreement_and_what_gold_changed_before_any_refit(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    found = await database.aside(lambda unit: quality(unit, house), now)
    assert isinstance(found, tuple)
    picture, measured = found
    assert isinstance(picture, ProjectQuality)
    assert isinstance(measured, ProjectFigures)
    assert measured.answers == await given(database, house, now)
    assert measured.agreement is not None
    assert measured.agreement.low < measured.agreement.alpha < measured.agreement.high
    assert measured.checked == 12
    assert {each.option for each in measured.options} <= {"positive", "negative"}
    assert measured.bought is not None
    assert measured.bought.tasks == 28


async def test_the_file_and_the_sheet_say_the_same(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    facts = {"number": house.project, "what": "results"}
    made = await figures.make_figures_file(database, {**facts, "format": "figures"}, now)
    told = json.loads(made.path.read_bytes())
    assert told["answers"] == await given(database, house, now)
    assert told["gold"]["checked"] == 12
    assert told["changed_by_gold"]["tasks"] == 28
    book = await exports.make_results_file(database, {**facts, "format": "xlsx"}, now)
    first, second = openpyxl.load_workbook(book.path).worksheets
    assert (first["A1"].value, second.title) == ("task", "quality")
    rows = {row[0]: row[1:] for row in second.iter_rows(values_only=True)}
    alpha = told["agreement"]["krippendorff_alpha"]
    assert rows["Krippendorff's alpha (nominal)"][:3] == pytest.approx((alpha["value"], alpha["low"], alpha["high"]))
    assert rows["right on gold"][0] == told["gold"]["right"] / 12
    of_class = next(each for each in told["classes"] if each["option"] == "negative")
    assert rows["negative"][:2] == tuple(of_class["given_as"].get(option, 0) for option in ("positive", "negative"))
    for each in (made, book):
        each.path.unlink()


async def test_of_many_answers_they_are_those_of_the_last_refit(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await answered(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)

    async def found() -> tuple[Figures | None, Figures | None]:
        """What is kept, and what is told."""
        return await database.aside(
            lambda unit: (unit.models.figures(house.project), service.find_figures(unit, project)), now
        )

    async def refit() -> None:
        await refits.refit(database, project, lambda: now)

    await refit()
    kept, fresh = await found()
    assert kept is None
    assert fresh is not None
    monkeypatch.setattr(service, "STORED_ABOVE_ANSWERS", 10)
    assert await found() == (None, fresh)  # more than few since the refit, which kept none
    monkeypatch.setattr(service, "MAX_MEASURED_ANSWERS", 20)
    assert await found() == (None, None)
    made = await figures.make_figures_file(
        database, {"number": house.project, "what": "results", "format": "figures"}, now
    )
    assert json.loads(made.path.read_bytes())["answers"] == fresh.answers
    made.path.unlink()
    assert await found() == (fresh, fresh)
    monkeypatch.setattr(service, "STORED_ABOVE_ANSWERS", await given(database, house, now))
    await refit()
    assert (await found())[0] is None  # what an earlier one kept is let go


async def test_where_nobody_says_anything_else_alpha_and_kappa_are_not_told(database: Database, now: Moment) -> None:
    """100 % agreement, and nothing that chance could explain: not defined in the message, empty in both files."""
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=10, overlap=3, max_overlap=3), now)

    def answer(unit: UnitOfWork) -> None:
        for worker in house.workers:
            person = unit.people.get(worker)
            submit.show_work(unit, person)
            while (in_hand := unit.assignments.active_for(person.id)) is not None:
                submit.submit_answer(unit, person, in_hand.id, "1", None)

    await database.transact(answer, now)
    found = await database.aside(lambda unit: quality(unit, house), now)
    assert isinstance(found, tuple)
    assert isinstance(found[1], ProjectFigures)
    said = render(ProjectFigures.stored_as, asdict(found[1]), "en")
    assert "Krippendorff's α is not defined: all answers are the same." in said.text
    assert "κ" not in said.text
    facts = {"number": house.project, "what": "results"}
    made = await figures.make_figures_file(database, {**facts, "format": "figures"}, now)
    told = json.loads(made.path.read_bytes())["agreement"]
    assert told["krippendorff_alpha"] == {"scale": "nominal", "value": None, "low": None, "high": None}
    assert (told["fleiss_kappa"], told["percent"], told["tasks"]) == (None, 1.0, 10)
    book = await exports.make_results_file(database, {**facts, "format": "xlsx"}, now)
    rows = list(openpyxl.load_workbook(book.path)["quality"].iter_rows(values_only=True))
    assert ("Krippendorff's alpha (nominal)", None, None, None, 10) in rows
    assert ("Fleiss' kappa", None, None, None, 10) in rows
    for each in (made, book):
        each.path.unlink()


def test_the_file_names_the_distance_of_two_answers() -> None:
    named = {kind: figures.get_scale(kind) for kind in list_kinds() if figures.get_scale(kind)}
    assert named == {
        "choice": "nominal",
        "compare": "nominal",
        "text": "nominal",
        "choices": "masi",
        "rating": "ordinal",
        "preference": "ordinal",
        "number": "interval",
        "rank": "kendall",
        "best_worst": "places",
    }


async def test_figures_are_of_results_only(database: Database, now: Moment) -> None:
    def ask(unit: UnitOfWork) -> None:
        house = furnish(unit)
        asked = GetFile(number=house.project, what="submissions", form="figures")
        with pytest.raises(BadInput):
            press(act_of(unit, house.requester), asked)

    await database.transact(ask, now)


async def test_what_a_refit_knows_of_several_options_completes_a_set(database: Database, now: Moment) -> None:
    """Both options apply together or the third alone; whoever names only one of the pair is completed."""
    kind: dict[str, Any] = {"kind": "choices", "options": ("a", "b", "c"), "overlap": 3, "max_overlap": 3}
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=40, **kind), now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)

    def answer(unit: UnitOfWork, seat: int) -> None:
        person = unit.people.get(house.workers[seat])
        submit.show_work(unit, person)
        while (in_hand := unit.assignments.active_for(person.id)) is not None:
            place = house.tasks.index(in_hand.task)
            both = "0" if place in (0, 2) or (seat == 0 and place % 3 == 0) else "0,1"
            submit.submit_answer(unit, person, in_hand.id, "2" if place % 2 else both, None)

    for seat in range(3):
        await database.transact(partial(answer, seat=seat), now)
    await refits.refit(database, project, lambda: now)

    def read(unit: UnitOfWork) -> tuple[UsualSets | None, OptionEvidence | None, str | None]:
        known = unit.models.for_answer(house.project, house.workers[0])
        assert known is not None
        return known[0].usual, known[1].told, unit.tasks.get(house.tasks[6]).consensus

    usual, told, consensus = await database.transact(read, now)
    assert usual is not None
    assert {names for names, _ in usual.sets} >= {("a", "b"), ("c",)}
    assert told is not None
    assert told.named > 0 > told.left
    assert consensus == "a|b"
