"""A confidence that is the usual one beside models is taken for it with the upgrade, any other one for named."""

from typing import Any

import pytest

from domain.moments import Moment
from domain.quality.machine import equivalent_confidence
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, upgraded_from

WANT = """
UPDATE projects SET models = :models, confidence = :confidence, overlap = :people, max_overlap = :people
WHERE id = :project"""


@pytest.mark.parametrize(("models", "named"), [('[""]', False), ("[]", False), ('[""]', True)])
def test_what_is_usual_beside_models_is_told_from_what_is_not(
    database_url: str, now: Moment, models: str, named: bool
) -> None:
    house, found = a_day(database_url, now), []
    for people in (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 15, 16, 17, 18, 100):
        wanted: dict[str, Any] = {
            "models": models,
            "people": people,
            "confidence": equivalent_confidence(people) + named / 100,
        }
        with one_transaction(database_url, now) as unit:
            unit.connection.changed(WANT, project=house.project, **wanted)
        upgraded_from(database_url, "usual_confidence", "ALTER TABLE projects DROP COLUMN usual_confidence;")
        with one_transaction(database_url, now) as unit:
            found.append(unit.projects.get(house.project).usual_confidence)
    assert set(found) == {models != "[]" and not named}
    with one_transaction(database_url, now) as unit:
        back: dict[str, Any] = {"models": "[]", "people": 3, "confidence": None}
        unit.connection.changed(WANT, project=house.project, **back)
        goes_on(unit, house)
