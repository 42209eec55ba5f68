"""A sweep begins and ends push hours ahead of dispatch; the least recently served come first."""

from domain.moments import HOUR, MINUTE, Moment, later
from domain.people.accounts import PersonId
from domain.people.settings import REGIONS, Preferences, find_push_hours, get_zone
from locales.languages import usual_zone
from services.people import settings
from services.work import sweeps
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import furnish

EVENING, MORNING = 14 * HOUR, 24 * HOUR  # from 8:00 UTC


def waiting(unit: UnitOfWork) -> list[PersonId]:
    return [person.id for person in unit.people.list_waiting(unit.now, 10)]


def turned(unit: UnitOfWork) -> list[PersonId]:
    settings.update_due_push_windows(unit)
    return waiting(unit)


async def test_hours_end_and_begin_and_the_least_served_comes_first(database: Database, now: Moment) -> None:
    def begin(unit: UnitOfWork) -> tuple[PersonId, ...]:
        first, second, third = furnish(unit, workers=3).workers
        unit.people.mark_busy(first, later(unit.now, -MINUTE))
        unit.preferences.store(third, Preferences(begin_hour=7, end_hour=23))
        for worker in (first, second, third):
            settings.update_push_window(unit, worker)
        return first, second, third

    first, second, third = await database.transact(begin, now)
    assert await database.transact(turned, now) == [second, third, first]
    assert await database.transact(waiting, later(now, EVENING)) == [third]  # before any sweep has looked
    assert await database.transact(turned, later(now, EVENING + HOUR)) == []
    await database.transact(lambda unit: unit.people.set_paused(third, True), later(now, EVENING + HOUR))
    assert await database.transact(turned, later(now, MORNING - MINUTE)) == []
    assert await database.transact(turned, later(now, MORNING)) == [second, first]


async def test_a_push_at_a_pace_is_followed_by_none_before_its_time(database: Database, now: Moment) -> None:
    def begin(unit: UnitOfWork) -> PersonId:
        house = furnish(unit, workers=1)
        unit.preferences.store(house.workers[0], Preferences(gap=15))
        settings.update_push_window(unit, house.workers[0])
        sweeps.push_tasks(unit)
        return house.workers[0]

    worker = await database.transact(begin, now)
    assert await database.transact(lambda unit: unit.assignments.active_for(worker), now) is not None
    await database.transact(sweeps.expire_assignments, later(now, 10 * MINUTE + 1))
    assert await database.transact(turned, later(now, 15 * MINUTE - 1)) == []
    assert await database.transact(turned, later(now, 15 * MINUTE)) == [worker]


async def test_a_push_that_ran_out_does_not_keep_the_evening_open(database: Database, now: Moment) -> None:
    """Who had asked for the task may be up; who was asked unasked shortly before their hours end is left in peace."""
    after = later(now, EVENING + 5 * MINUTE)

    def run_out(unit: UnitOfWork) -> list[PersonId]:
        pushed, asked = furnish(unit, workers=2).workers
        settings.count_unanswered(unit, pushed, pushed=True)
        settings.count_unanswered(unit, asked, pushed=False)
        return [asked]

    assert await database.transact(run_out, after) == await database.transact(turned, after)


def test_every_zone_that_can_be_chosen_has_its_rules(now: Moment) -> None:
    hours = Preferences().hours
    for zone in (usual_zone("fr"), usual_zone("en"), *(zone for zones in REGIONS.values() for zone in zones)):
        opens, closes = find_push_hours(hours, get_zone(zone), now)
        assert closes - opens == EVENING
