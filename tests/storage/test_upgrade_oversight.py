"""Oversight comes to a database with data in it: restrictions wait for a human, on both databases."""

import pytest

from domain.conduct.evidence import Evidence
from domain.moments import DAY, HOUR, Moment
from storage.database import one_transaction
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else, upgraded_from

BEFORE_REVIEW = """
DROP INDEX restrictions_waiting;
DROP INDEX restrictions_waiting_reminder;
DROP INDEX restrictions_by_worker;
ALTER TABLE restrictions DROP COLUMN confirm_by;
ALTER TABLE restrictions DROP COLUMN remind_at;
ALTER TABLE restrictions DROP COLUMN lapsed;
ALTER TABLE restrictions DROP COLUMN words;
"""
RESTRICT = """
INSERT INTO restrictions (worker, project, reason, evidence, state, imposed_at, ends_at, notice, appeal_until,
  decided_at, decided_by)
SELECT worker, project, reason, evidence, :state, imposed_at, ends_at, notice, appeal_until, :at, :by
FROM restrictions WHERE state = 'standing'"""


def test_restrictions_of_the_version_before_wait_for_a_human(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    worker = house.workers[0]
    with one_transaction(database_url, now) as unit:
        found = Evidence(worker, "random", 12.0, 40, 5, 0.8, 0.5)
        unit.restrictions.restrict(worker, house.project, found, (found,), Moment(now + 7 * DAY), "notice", now)
        unit.connection.changed(RESTRICT, state="ended", at=None, by=None)
        unit.connection.changed(RESTRICT, state="lifted", at=now, by=house.requester)
    before, after = upgraded_from(database_url, "restriction_review", BEFORE_REVIEW)
    same = before.keys() - {"settings", "restrictions"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    with one_transaction(database_url, now) as unit:
        rows = unit.connection.all("SELECT state, confirm_by, remind_at, lapsed, words FROM restrictions ORDER BY id")
        by = now + 72 * HOUR
        assert [tuple(row) for row in rows] == [
            ("standing", by, now, 0, None),
            ("ended", by, None, 0, None),
            ("lifted", by, None, 0, None),
        ]
        (waiting,) = unit.restrictions.waiting(house.requester, 9)
        assert (waiting.worker, waiting.waits, waiting.decide_by) == (worker, True, by)


BEFORE_COMPLAINTS = """
DROP TABLE complaints;
DROP TABLE soft_measures;
DROP INDEX enrolments_watched;
ALTER TABLE enrolments DROP COLUMN spared;
"""


def test_workers_of_the_version_before_may_complain_and_nobody_is_spared(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    worker = house.workers[0]
    before, after = upgraded_from(database_url, "complaints", BEFORE_COMPLAINTS)
    same = before.keys() - {"settings", "enrolments"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert len(after["enrolments"]) == len(before["enrolments"])
    with one_transaction(database_url, now) as unit:
        assert unit.connection.all("SELECT count(*) FROM enrolments WHERE spared <> 0")[0][0] == 0
        unit.complaints.add(worker, "other", 0, "Nobody reads this.")
        unit.connection.changed("UPDATE enrolments SET later = 1 WHERE worker = :worker", worker=worker)
        for _ in range(2):
            unit.soft_measures.note(house.project)
        assert [each.kind for each in unit.soft_measures.of(worker, now, 9)] == ["later"]
        goes_on(unit, house)
    for change in (
        "UPDATE complaints SET state = 'answered'",
        "UPDATE complaints SET person = NULL",
        "UPDATE soft_measures SET kind = 'never'",
        "UPDATE enrolments SET spared = 2",
    ):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
            unit.connection.changed(change)


def test_haste_of_the_version_before_speaks_against_nobody(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    worker = house.workers[0]
    with one_transaction(database_url, now) as unit:
        found = [Evidence(worker, sign, 12.0, 40, 5, 0.8, 0.5) for sign in ("random", "hasty")]
        unit.evidence.keep(house.project, worker, found)
        restricted = unit.restrictions.restrict(worker, house.project, found[0], found, Moment(now + DAY), "", now)
        assert restricted
    new_tables_change_nothing_else(database_url, "no_haste", "", "evidence")
    with one_transaction(database_url, now) as unit:
        assert [found for _, found in unit.evidence.against(worker, 9)] == found[:1]
        assert [each.evidence for each in unit.restrictions.of(worker, 9)] == [tuple(found[:1])]
