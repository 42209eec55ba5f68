"""The raw database of the benchmark leaves what an answer of ours leaves."""

from benchmarks.pipeline.same_rows import Answering
from domain.moments import Moment
from storage.database import one_transaction
from storage.invariants import find_violations
from tests.house import furnish


def test_rows_written_by_hand_for_comparison_break_no_rule(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=3, tasks=8, pay=10, fee=1)
    crowd = Answering(sqlite_url.removeprefix("sqlite:///"), house, 3)
    for worker in house.workers * 2:
        crowd.answer(worker)
    crowd.connection.close()
    with one_transaction(sqlite_url, now, read_only=True) as unit:
        assert unit.connection.all("SELECT count(*), sum(pay) FROM submissions")[0] == (6, 60)
        assert unit.connection.all("SELECT count(*) FROM entries")[0][0] == 24 + 2 * 2
        assert find_violations(unit) == []
