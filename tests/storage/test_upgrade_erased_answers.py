"""What erased people wrote is taken back by the upgrade, and is no “can't tell” any more; what they pressed counts."""

import pytest

from domain.moments import Moment
from storage import invariants
from storage.database import one_transaction
from tests.house import furnish
from tests.services.people.test_withdrawn_word import answer
from tests.storage.test_upgrade import upgraded_from

AS_IT_WAS = "UPDATE enrolments SET taken_back = 0"
TAKEN_BACK = "SELECT worker FROM enrolments WHERE taken_back = 1"
FIRST = "SELECT id, task FROM submissions ORDER BY id LIMIT 1 OFFSET 1"


@pytest.mark.parametrize(("kind", "options", "said"), [("text", (), "a red cat"), ("choice", ("a", "b"), "1")])
def test_erased_words_are_taken_back(database_url: str, now: Moment, kind: str, options: tuple, said: str) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, kind=kind, options=options, tasks=1)
        for worker in house.workers:
            answer(unit, worker, said, 1)
        unit.erasure.erase(unit.people.get(house.workers[0]))
        unit.connection.changed(AS_IT_WAS)
    upgraded_from(database_url, "erased_answers", "")
    with one_transaction(database_url, now) as unit:
        taken_back = [row[0] for row in unit.connection.all(TAKEN_BACK)]
        (submission, task) = unit.connection.all(FIRST)[0]
        others = unit.operations.count_other_answers(task, submission)
        assert invariants.check(unit) == []
    assert (taken_back, others) == (([house.workers[0]], []) if kind == "text" else ([], [("b", 1)]))
