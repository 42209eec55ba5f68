"""How many answers a task's scores count is counted with the upgrade: none that says nothing, was rejected or taken
back."""

import pytest

from domain.moments import Moment
from services.people import personal_data
from services.work import submit
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House
from tests.invariants.flows import a_day
from tests.services.quality.test_scored import reject_last
from tests.storage.test_upgrade import goes_on, upgraded_from

GONE = "ALTER TABLE tasks DROP COLUMN scored;"
SCORED = "SELECT id, scored, received, scores IS NOT NULL, gold IS NOT NULL FROM tasks ORDER BY id"


def scored(unit: UnitOfWork) -> list[tuple[int, ...]]:
    return [tuple(map(int, row)) for row in unit.connection.all(SCORED)]


def say_nothing(unit: UnitOfWork, house: House) -> None:
    """Whoever has an ordinary task in hand can't tell."""
    for worker in house.workers:
        in_hand = unit.assignments.active_for(worker)
        if in_hand is not None and unit.tasks.get(in_hand.task).gold is None:
            submit.submit(unit, unit.people.get(worker), in_hand.id, None, None)
            return
    raise AssertionError("nothing in hand")


@pytest.mark.parametrize("kind", ["choice", "rating"])
def test_what_is_counted_is_what_the_live_engine_had_counted(database_url: str, now: Moment, kind: str) -> None:
    house = a_day(database_url, now, accept="review", kind=kind, overlap=4, max_overlap=4)
    with one_transaction(database_url, now) as unit:
        say_nothing(unit, house)
        reject_last(unit, house)
        personal_data.withdraw_consent(act_of(unit, house.workers[3]), house.project, sure=True)
    with one_transaction(database_url, now) as unit:
        personal_data.redraw_consensus(unit)
        before = scored(unit)
    upgraded_from(database_url, "scored", GONE)
    with one_transaction(database_url, now) as unit:
        assert scored(unit) == before
        counted, received = (sum(row[at] for row in before) for at in (1, 2))
        assert (0 < counted < received - 3) if kind == "choice" else counted == 0
        goes_on(unit, house)
