"""Block lists and qualifications come to a database with data in it, on both databases."""

from domain.moments import Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, upgraded_from

OLDER = """DROP TABLE qualification_requests;
DROP TABLE qualifications;
DROP TABLE qualification_types;
DROP TABLE worker_blocks;
DROP INDEX submissions_not_accepted;
ALTER TABLE enrolments DROP COLUMN blocked;"""


def test_workers_of_the_version_before_are_blocked_by_nobody(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    before, after = upgraded_from(database_url, "qualifications", OLDER)
    same = before.keys() - {"settings", "enrolments"}
    assert {table: after[table] for table in same} == {table: before[table] for table in same}
    with one_transaction(database_url, now) as unit:
        found = unit.enrolments.find(house.workers[0], house.project)
        assert found is not None
        assert found.blocked == 0
        goes_on(unit, house)
        assert unit.worker_blocks.add(house.requester, house.workers[0], "for a test of the upgrade")
        found = unit.enrolments.find(house.workers[0], house.project)
        assert found is not None
        assert found.blocked == 1
        assert unit.qualifications.get_held_values(house.workers[0]) == {}
