"""The figures of /admin match the rows of one moment, on both databases."""

from domain.moments import DAY, HOUR, SECOND, Moment, later
from domain.people.dashboard import ActingRole, LastVerification, Moved
from domain.people.settings import Preferences
from services.people import dashboard
from services.work import submit
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import furnish
from tests.letters import due_letters


def answer(unit: UnitOfWork, worker: int) -> None:
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    in_hand = unit.assignments.active_for(person.id)
    submit.submit_answer(unit, person, in_hand.id, "0", None)


def test_a_day_at_a_glance(database_url: str, now: Moment):
    with one_transaction(database_url, later(now, -2 * DAY)) as unit:
        house = furnish(unit, workers=2, tasks=5)
        dashboard.count_refusals(unit, 7)
        answer(unit, house.workers[0])
    with one_transaction(database_url, later(now, -HOUR)) as unit:
        dashboard.count_refusals(unit, 2)
        answer(unit, house.workers[0])
        unit.leases.begin("relay", "place 12 pouce-1 cafe", SECOND)
    with one_transaction(database_url, now) as unit:
        dashboard.count_refusals(unit, 1)
        answer(unit, house.workers[1])
        letters = due_letters(unit, 9)
        unit.outbox.mark_sent([(letters[0].id, 1)])
        unit.stats.store_cached("verify", {"broken": [15]}, 0)
        unit.leases.begin("process:x", "place 12 pouce-1 cafe", SECOND)
        seen = dashboard.read_dashboard(act_of(unit, house.requester))
        unit.preferences.store(house.requester, Preferences(zone="Asia/Kolkata"))
        assert (seen.zone, dashboard.read_dashboard(act_of(unit, house.requester)).zone) == ("UTC", "Asia/Kolkata")
    assert (seen.hours[-2:], sum(seen.hours)) == ((1, 1), 2)
    assert seen.refused == 3
    assert seen.moved == Moved(deposited=0, earned=100_000, paid=0)
    assert (seen.outbox, seen.sent) == (len(letters) - 1, 1)
    assert seen.outbox_lag in (HOUR, 2 * DAY)
    assert seen.verified == LastVerification(broken=1, at=now)
    assert seen.acting == (ActingRole("relay", "pouce-1", silent=True),)
    assert (seen.workers, seen.processes, seen.books[0].held) == (2, 1, 100_000_000)
