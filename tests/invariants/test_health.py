"""Houses in which real work was done break no rule."""

from domain.moments import HOUR, Moment
from domain.projects.projects import ProjectState
from services.projects.lifecycle import end_project
from services.work import sweeps
from storage import invariants
from storage.database import one_transaction
from tests.house import House
from tests.invariants.flows import a_day, turn


def check(url: str, now: Moment) -> list[invariants.Violation]:
    with one_transaction(url, now, read_only=True) as unit:
        return invariants.find_violations(unit)


def counts(url: str, now: Moment) -> tuple[int, ...]:
    tables = ("submissions", "assignments", "transfers")
    with one_transaction(url, now, read_only=True) as unit:
        return tuple(unit.connection.all(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


def test_an_empty_house_breaks_no_rule(database_url: str, now: Moment) -> None:
    assert check(database_url, now) == []


def test_a_day_of_work_breaks_no_rule(database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    assert check(database_url, now) == []
    assert min(counts(database_url, now)) > 5


def test_work_under_review_breaks_no_rule(database_url: str, now: Moment) -> None:
    a_day(database_url, now, accept="review")
    assert check(database_url, now) == []


def test_a_confidence_that_asks_for_more_breaks_no_rule(database_url: str, now: Moment) -> None:
    a_day(database_url, now, overlap=1, max_overlap=4, confidence=0.95)
    assert check(database_url, now) == []


def test_a_project_worked_to_its_end_breaks_no_rule(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now, rounds=12)
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.projects.get(house.project).state is ProjectState.COMPLETE
    assert check(database_url, now) == []


def test_silence_pays_and_breaks_no_rule(database_url: str, now: Moment) -> None:
    a_day(database_url, now)
    later = Moment(now + 80 * HOUR)
    with one_transaction(database_url, later) as unit:
        sweeps.expire_assignments(unit)
        sweeps.release_due_pay(unit)
    assert check(database_url, now) == []


def stop(url: str, now: Moment, house: House) -> None:
    with one_transaction(url, now) as unit:
        end_project(unit, unit.people.get(house.requester), unit.projects.get(house.project), ProjectState.STOPPED)


def test_a_stopped_project_keeps_what_live_assignments_need(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now, rounds=2)
    stop(database_url, now, house)
    assert check(database_url, now) == []
    for worker in house.workers:
        with one_transaction(database_url, now) as unit:
            turn(unit, worker)
    assert check(database_url, now) == []


def test_every_invariant_says_what_it_promises() -> None:
    assert [each.name for each in invariants.list_invariants() if not 10 < len(each.name) < 60] == []
