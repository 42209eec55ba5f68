"""What a requester sees of a project's pace."""

from dataclasses import replace

import pytest

from domain.moments import MINUTE, Moment
from handlers.projects.progress import show_progress
from locales import translator
from services.projects.progress import progress_of
from services.work import submit
from storage.database import one_transaction
from tests.house import furnish


def test_a_project_that_is_worked_at_steadily_says_when_it_will_be_done(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=28, overlap=1)
        assert progress_of(unit, house.project).left is None
        submit.show_work(unit, unit.people.get(house.workers[0]))
    for minute in range(1, 13):
        with one_transaction(database_url, Moment(now + minute * MINUTE)) as unit:
            in_hand = unit.assignments.active_for(house.workers[0])
            assert in_hand is not None
            submit.submit_answer(unit, unit.people.get(house.workers[0]), in_hand.id, "0", None)
    with one_transaction(database_url, Moment(now + 13 * MINUTE)) as unit:
        left = progress_of(unit, house.project).left
        assert left is not None
        soonest, latest = left
        assert soonest < 16 * MINUTE < latest


@pytest.mark.parametrize(("confidence", "tells"), [(None, False), (0.9, True)])
def test_a_project_whose_tasks_may_open_again_says_so(
    database_url: str, now: Moment, confidence: float | None, tells: bool
):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=2, overlap=1, confidence=confidence)
        found = progress_of(unit, house.project)
    said = show_progress(replace(found, closed=1), translator("en")).text
    assert ("tasks open again where new answers make a result less sure" in said) == tells
    assert "open again" not in show_progress(replace(found, closed=0), translator("en")).text
