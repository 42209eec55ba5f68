"""What a requester sees of a project's pace."""

from dataclasses import replace

import pytest

from domain.moments import MINUTE, Moment
from domain.projects.progress import ProjectList
from domain.projects.projects import HELD
from handlers.projects.progress import list_, show_progress
from locales import translator
from services.projects.progress import list_projects, progress_of
from services.work import submit
from storage.database import one_transaction
from tests.acts import act_of
from tests.house import a_project, furnish
from tests.invariants.flows import turn


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


def test_the_list_of_projects_shows_how_far_each_is(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=4, overlap=1, max_overlap=1)
        turn(unit, house.workers[0])
        unit.projects.add(a_project(house.requester, unit.now))
        draft, running = list_projects(act_of(unit, house.requester)).projects
        unit.projects.pause(house.project, HELD)
        paused = list_projects(act_of(unit, house.requester)).projects[-1]
    assert (draft.state, draft.tasks) == ("draft", 0)
    assert [(line.state, line.closed, line.tasks) for line in (running, paused)] == [
        ("running", 1, 4),
        ("paused", 1, 4),
    ]
    assert (
        f"<b>{house.project}</b> {running.title} · running, 25%"
        in list_(ProjectList((running,)), translator("en")).text
    )
