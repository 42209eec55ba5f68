"""A test that is being taken while the version changes has the key of its type, if its test is still the same."""

from domain.moments import Moment
from domain.people.qualifications import RequestId
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, upgraded_from

OLDER = "ALTER TABLE qualification_requests DROP COLUMN answer_key;"


def test_tests_that_are_being_taken_keep_their_key(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        asked: list[RequestId | None] = []
        for number, (test, begun) in enumerate((("<same/>", True), ("<older/>", True), ("<same/>", False))):
            values = {"description": "", "keywords": "", "active": 1, "retry_seconds": None, "granted_by_itself": None}
            kept = {"test": "<same/>", "test_seconds": 60, "answer_key": f"<key{number}/>"}
            type_ = unit.qualifications.add(house.requester, f"Type {number}", **values, **kept)
            assert type_ is not None
            asked.append(
                unit.qualifications.add_request(type_, house.workers[0], "testing" if begun else "offered", test)
            )
    upgraded_from(database_url, "test_keys", OLDER)
    with one_transaction(database_url, now) as unit:
        found = [unit.qualifications.find_request(number or 0) for number in asked]
        assert [each.answer_key for each in found if each is not None] == ["<key0/>", None, None]
        goes_on(unit, house)
