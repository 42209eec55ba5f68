"""Answers to check questions get an index of their own in a database with data in it, on both databases."""

from domain.moments import Moment
from services.projects.progress import progress_of
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, upgraded_from


def test_what_check_questions_have_shown_stays_the_same(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        before = unit.pilots.answers.of(house.project, 1_000, 15), progress_of(unit, house.project).right
    assert before[0].gold
    upgraded_from(database_url, "answers_on_gold", "DROP INDEX submissions_on_gold;")
    with one_transaction(database_url, now) as unit:
        assert (unit.pilots.answers.of(house.project, 1_000, 15), progress_of(unit, house.project).right) == before
        goes_on(unit, house)
