"""The house in figures, against a crowd made by hand."""

from dataclasses import asdict, replace

from benchmarks.fairness.promises.figures import recomputed, told
from domain.fairness.automated import PlatformFigures
from domain.moments import DAY, HOUR, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import Transfer, available_account, requester_account
from services.fairness import stats
from services.work import submit
from storage.database import one_transaction
from tests.acts import act_of
from tests.house import FUNDS, House, furnish, settle_worker

DAYS_AGO = (0, 0, 3, 10, 20, 40)  # when worker 0, 1, … answered
BONUSES = (0, 1, 9, 95, 200, 300)  # euros they got then
PAY = 500_000


def answer(url: str, now: Moment, house: House, number: int) -> None:
    """One answer of a minute, and a bonus."""
    with one_transaction(url, now) as unit:
        worker = unit.people.get(house.workers[number])
        submit.show_work(unit, worker)
        in_hand = unit.assignments.active_for(worker.id)
        assert in_hand is not None
        unit.connection.changed(
            "UPDATE assignments SET offered_at = :at WHERE id = :id", id=in_hand.id, at=now - 60_000
        )
        submit.submit_answer(unit, worker, in_hand.id, "0", None)
        if BONUSES[number]:
            source, amount = (
                requester_account(unit.people.get(house.requester)),
                Millionths(BONUSES[number] * 1_000_000),
            )
            unit.ledger.post(Transfer(f"bonus:{number}", "bonus", source, available_account(worker), amount, "EUR"))


def a_crowd(url: str, now: Moment) -> House:
    """Six who worked, one who never did, one who never agreed."""
    with one_transaction(url, later(now, -60 * DAY)) as unit:
        house = furnish(unit, workers=6, tasks=6, overlap=6, max_overlap=6, pay=Millionths(PAY), fee=Millionths(50_000))
        source = requester_account(unit.people.get(house.requester))
        unit.ledger.post(Transfer("more", "deposit", "external:bank", source, Millionths(900_000_000), "EUR"))
        settle_worker(unit, 99)
        unit.people.upsert(5_555, "stan", "Stan", "en", now)
    for number in reversed(range(6)):
        answer(url, later(now, -DAYS_AGO[number] * DAY - HOUR), house, number)
    return house


def test_the_figures_are_the_crowds(database_url: str, now: Moment) -> None:
    a_crowd(database_url, now)
    with one_transaction(database_url, now) as unit:
        found = stats.compute_figures(unit, "EUR")
    assert found.registered == 7
    assert found.active == (2, 3, 5)
    assert found.paid == (5, 3, 2)  # 0.50, 1.50, 9.50, 95.50, 200.50 and 300.50 euros
    assert found.month == (9_500_000, 500_000)
    assert found.spread == (1, 1, 1, 0, 0, 2)
    assert found.hour == (30_000_000, 30_000_000)
    (book,) = found.books
    assert book.held == FUNDS + 900_000_000
    assert book.fees == 6 * 50_000
    assert book.workers == 605_000_000 + 6 * PAY
    assert book.held == book.fees + book.owed_to_others


def test_figures_are_kept_for_as_long_as_they_were_dear(database_url: str, now: Moment) -> None:
    house = a_crowd(database_url, now)
    first = asked(database_url, now, house)
    assert first.figures.registered == 7
    with one_transaction(database_url, now) as unit:
        unit.stats.store_cached("EUR", asdict(replace(first.figures, registered=0)), took=1_000)
    late = asked(database_url, later(now, 99_000), house)
    assert (late.figures, late.at) == (replace(first.figures, registered=0), now)
    last = asked(database_url, later(now, 100_000), house)
    assert (last.figures.registered, last.at) == (7, later(now, 100_000))


def asked(url: str, now: Moment, house: House) -> PlatformFigures:
    """As the route does it: worked out beside, then shown."""
    with one_transaction(url, now) as unit:
        found = stats.get_or_compute_figures(act_of(unit, house.requester))
    with one_transaction(url, now) as unit:
        return stats.publish_figures(act_of(unit, house.requester), found)


def test_the_figures_are_counted_the_same_by_other_code(database_url: str, now: Moment) -> None:
    """The recomputation of the fairness simulation, from single rows; a figure that were wrong would differ."""
    a_crowd(database_url, now)
    with one_transaction(database_url, now) as unit:
        said, counted = told(unit.connection, now), recomputed(unit.connection, now)
        assert counted == said
        assert counted["active"] == (2, 3, 5)
        unit.connection.changed("UPDATE submissions SET submitted_at = submitted_at - :day", day=DAY)
        assert recomputed(unit.connection, now)["active"] != said["active"]
