"""The pre-flight card says what models' answers are likely to save, and how many check questions would help."""

from typing import Any

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.preflight import AiOutlook
from domain.projects.projects import Project
from domain.quality.machine import MachineAnswer
from formats.captions.caption import ProjectForm
from formats.tables.reading import read_tasks
from services.projects import drafts, preflight
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import TERMS
from tests.house import FEE, PAY, REQUESTER, a_project, furnish, settle_requester

TASKS, GOLD = 100, 20


def told(right: int) -> dict[int, tuple[MachineAnswer, ...]]:
    """On every row; on the gold ones, whose answer is positive, so often right."""
    return {
        n: (MachineAnswer("", "negative" if n > TASKS + right else "positive"),) for n in range(1, TASKS + GOLD + 1)
    }


async def outlook(database: Database, now: Moment, right: int, **changes: Any) -> AiOutlook:
    asked = {"models": ("",), "confidence": 0.9, "max_overlap": 5, **changes}

    def look(unit: UnitOfWork) -> AiOutlook | None:
        house = furnish(unit, tasks=TASKS, gold=GOLD, ai=told(right), **asked)
        return preflight.forecast_savings(unit, unit.projects.get(house.project), TASKS)

    found = await database.transact(look, now)
    assert found is not None
    return found


async def test_gold_rows_tell_how_good_a_model_is_and_what_it_saves(database: Database, now: Moment) -> None:
    good = await outlook(database, now, 19)
    model = good.models[0]
    assert (model.name, model.right, model.seen) == ("", 19, 20)
    assert model.interval[0] < 0.95 < model.interval[1]
    assert 0 < good.least < good.most < 5 * TASKS * (PAY + FEE)


async def test_a_model_that_nothing_has_checked_is_between_usual_bounds(database: Database, now: Moment) -> None:
    found = await database.transact(
        lambda unit: (
            furnish(unit, tasks=TASKS, ai=told(0), models=("",), confidence=0.9, max_overlap=5),
            preflight.forecast_savings(unit, unit.projects.list_of_requester(settle_again(unit))[0], TASKS),
        )[1],
        now,
    )
    assert found is not None
    assert found.models[0].seen == 0
    assert 0 < found.least < found.most


def settle_again(unit: UnitOfWork) -> PersonId:
    return unit.people.upsert(REQUESTER, "anna", "Anna", "en", unit.now).id


async def test_a_better_model_spares_more_people(database: Database, now: Moment) -> None:
    requester = await database.transact(lambda unit: settle_requester(unit).id, now)
    project = a_project(requester, now, models=("",), confidence=0.9, max_overlap=5)
    spared = [preflight.spared_answers(project, accuracy) for accuracy in (0.3, 0.5, 0.7, 0.8, 0.95)]
    assert spared == sorted(spared)
    assert spared[0] == spared[1] == 0  # a coin tells nothing
    assert spared[-1] > 1


@pytest.mark.parametrize(
    ("tasks", "gold", "kind", "proposed"),
    [(60, 0, "choice", 20), (60, 5, "choice", 15), (60, 25, "choice", 0), (40, 0, "choice", 0), (60, 0, "photo", 0)],
)
async def test_check_questions_are_proposed_where_they_help(
    database: Database, now: Moment, tasks: int, gold: int, kind: str, proposed: int
) -> None:
    def look(unit: UnitOfWork) -> int:
        project = furnish(unit, tasks=tasks, gold=gold, kind=kind).project
        return preflight.count_proposed_gold(unit, unit.projects.get(project), tasks)

    assert await database.transact(look, now) == proposed


@pytest.mark.parametrize(
    ("form", "columns", "wanted"),
    [
        ({}, "text,ai", 0.7),
        ({"overlap": 5, "max_overlap": 5}, "text,ai:gpt", 0.79),
        ({"confidence": 0.95}, "text,ai", 0.95),
        ({"confidence": 0.7}, "text,ai", 0.7),
        ({}, "text,note", None),
        ({"kind": "location"}, "text,ai", None),
    ],
)
async def test_a_draft_with_models_wants_a_confidence(
    database: Database, now: Moment, form: dict[str, Any], columns: str, wanted: float | None
) -> None:
    row = "a,48.85,2.29" if "kind" in form else "a,positive"
    asked = ProjectForm(**{"title": "T", "instructions": ("I",), "pay": 50_000, **form})
    cell = f'{columns}\na,"{row.partition(",")[2]}"\n'.encode()
    file = read_tasks(cell, "a.csv", ("positive", "negative"), asked.kind, "{text}")

    def draft(unit: UnitOfWork) -> Project:
        return drafts.draft_from_form(unit, settle_requester(unit), asked, file, TERMS)

    project = await database.transact(draft, now)
    assert project.confidence == wanted
    assert project.usual_confidence == (wanted is not None and "confidence" not in form)
    assert project.models == file.models
