"""Who has ticked languages is given nothing in another one, not even where a project names none."""

from dataclasses import replace

import pytest

from domain.moments import Moment
from domain.people.settings import Preferences
from services.work import task_selection
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import furnish


@pytest.mark.parametrize(
    ("ticked", "named", "suits"),
    [((), (), True), (("fr",), (), False), (("en",), (), True), (("fr",), ("fr",), True), (("en",), ("fr",), False)],
)
async def test_a_project_without_a_language_is_in_its_requesters(
    database: Database, now: Moment, ticked: tuple[str, ...], named: tuple[str, ...], suits: bool
):
    def offered(unit: UnitOfWork) -> bool:
        house = furnish(unit)  # everybody speaks English with us
        worker = house.workers[0]
        if ticked:
            unit.preferences.store(worker, replace(Preferences(), languages=ticked))
        project = replace(unit.projects.get(house.project), languages=named)
        return task_selection.suits_preferences(unit, unit.people.get(worker), project)

    assert await database.transact(offered, now) is suits
