"""Who was forgotten and comes back, under the same Telegram id or to the same account, on both databases."""

from typing import Any

import pytest

from domain.conduct.evidence import Evidence
from domain.moments import DAY, HOUR, Moment, later
from domain.money.ledger import available_account
from domain.money.payouts import Payer
from domain.people.accounts import Person, PersonId
from domain.people.onboarding import WelcomeBack
from domain.quality.restrictions import Restricted
from services.money import payouts, settlement
from services.people import onboarding, personal_data
from services.work import places, submit, sweeps
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import FIRST_WORKER, House, furnish

TASKS = 6
PAYER = Payer("Pouce", "FR1420041010050500013M02606", "AGRIFRPP")
IBAN = "FR7630006000011234567890189"
ANSWERED_TWICE = """
SELECT task FROM submissions s WHERE worker IN (SELECT id FROM people WHERE erased_at IS NOT NULL OR id = :worker)
GROUP BY task HAVING count(*) > 1"""


def answer_all(unit: UnitOfWork, worker: PersonId, most: int = 99) -> int:
    person, given = unit.people.get(worker), 0
    submit.show_work(unit, person)
    while given < most and (in_hand := unit.assignments.active_for(worker)) is not None:
        submit.submit_answer(unit, person, in_hand.id, "0", None)
        given += 1
    return given


def give_account(unit: UnitOfWork, worker: PersonId) -> None:
    payouts.ask_for_holder(unit, unit.people.get(worker))
    payouts.take_account_answer(unit, unit.people.get(worker), "Ann Doe")
    payouts.take_account_answer(unit, unit.people.get(worker), IBAN)


def paid_out(unit: UnitOfWork, worker: PersonId) -> None:
    """Silence has made the pay theirs; the bank brings it."""
    person = unit.people.get(worker)
    sweeps.release_due_pay(unit)
    there = unit.ledger.balance(available_account(person), "EUR")
    if there:
        give_account(unit, worker)
        payouts.request_payout(unit, person, "EUR", there)
        settlement.make_bank_file(act_of(unit, person.id, payer=PAYER), unit.payouts.last_file(), "EUR")
        settlement.confirm_file(act_of(unit, person.id), unit.payouts.last_file())


async def left(database: Database, worker: PersonId, now: Moment) -> Moment:
    """Paid, farewelled and forgotten; the moment at which it is done."""
    gone = later(now, 5 * DAY)
    await database.transact(paid_out, gone, worker)
    await database.transact(lambda unit: personal_data.begin_erasure(act_of(unit, worker)), gone)
    await database.transact(personal_data.finish_erasures, later(gone, 2 * HOUR))
    assert (await database.transact(lambda unit: unit.people.get(worker), gone)).telegram_id is None
    return later(gone, 3 * HOUR)


def back(unit: UnitOfWork, telegram_id: int) -> Person:
    person = unit.people.upsert(telegram_id, "new", "New", "en", unit.now)
    onboarding.agree_to_terms(act_of(unit, person.id))
    return unit.people.get(person.id)


async def test_nothing_is_answered_twice_by_who_left_and_came_back(database: Database, now: Moment) -> None:
    house: House = await database.transact(lambda unit: furnish(unit, tasks=TASKS, overlap=3, max_overlap=3), now)
    old, at = house.workers[0], now
    assert await database.transact(answer_all, now, old, 4) == 4
    for left_over in (1, 0):  # the one in their hands counts as had; and once more
        at = await left(database, old, at)
        old = (await database.transact(back, at, FIRST_WORKER)).id
        assert await database.transact(answer_all, at, old) == left_over
    assert [row async for row in database.rows(ANSWERED_TWICE, worker=old)] == []
    assert await database.transact(invariants.find_violations, at) == []


async def test_the_same_account_under_another_id_gets_none_of_these_tasks(database: Database, now: Moment) -> None:
    house: House = await database.transact(lambda unit: furnish(unit, tasks=TASKS, overlap=3, max_overlap=3), now)
    old = house.workers[0]
    await database.transact(answer_all, now, old, 4)
    at = await left(database, old, now)
    twin = (await database.transact(back, at, 987_654)).id
    await database.transact(give_account, at, twin)
    # The one in old's hands is not given out; the one that came with the agreement came before the account was known.
    assert await database.transact(answer_all, at, twin) == 1 + TASKS - 5
    assert await database.transact(invariants.find_violations, at) == []
    kept = [tuple(row) async for row in database.rows("SELECT iban, holder FROM payees WHERE person = :id", id=old)]
    assert kept == [("", "")]


@pytest.mark.parametrize("confirmed", [True, False])
async def test_restrictions_and_low_skill_go_on(database: Database, now: Moment, confirmed: bool) -> None:
    house: House = await database.transact(lambda unit: furnish(unit, tasks=TASKS), now)
    old, ends, by = house.workers[0], later(now, 14 * DAY), later(now, 9 * DAY)

    def restrict(unit: UnitOfWork) -> None:
        answer_all(unit, old, 1)
        found = Evidence(old, "constant", 12.0, 40, 5, 0.5, 1.0)
        made = unit.restrictions.restrict(old, house.project, found, (found,), ends, "restricted:1", by)
        assert made is not None
        if confirmed:
            assert unit.restrictions.confirm(made, house.requester, "Half of these are wrong.")
        unit.outbox.tell(old, WelcomeBack("Ann"), key="restricted:1")
        unit.connection.changed("UPDATE enrolments SET later = 1, worth = 0.1 WHERE worker = :old", old=old)
        in_hand = unit.assignments.active_for(old)
        assert in_hand is not None
        places.return_assignment(unit, in_hand)

    await database.transact(restrict, now)
    at = await left(database, old, now)
    new = await database.transact(back, at, FIRST_WORKER)
    assert await database.transact(answer_all, at, new.id) == 0
    (known,) = await database.transact(lambda unit: unit.restrictions.list_of_worker(new.id, 9), at)
    assert (known.state, known.ends_at, known.may_be_appealed(at)) == ("standing", ends, True)
    assert (known.confirm_by, known.waits) == (by, not confirmed)
    assert {each.worker for each in known.evidence} == {new.id}
    assert await database.transact(lambda unit: unit.evidence.softly(new.id, house.project), at) == (0, True)
    told: list[Any] = [row[0] async for row in database.rows("SELECT screen FROM outbox WHERE person = :id", id=new.id)]
    assert Restricted.stored_as in told
    assert await database.transact(invariants.find_violations, at) == []


async def test_a_stranger_begins_anew(database: Database, now: Moment) -> None:
    house: House = await database.transact(lambda unit: furnish(unit, tasks=TASKS), now)
    await database.transact(answer_all, now, house.workers[0], 4)
    at = await left(database, house.workers[0], now)
    stranger = await database.transact(back, at, 987_654)
    assert await database.transact(answer_all, at, stranger.id) == TASKS


async def test_the_code_is_nobodys_id_and_another_one_in_every_installation(database: Database, now: Moment) -> None:
    house: House = await database.transact(furnish, now)
    await left(database, house.workers[0], now)
    (trace,) = [row[0] async for row in database.rows("SELECT trace FROM remembered")]
    assert (len(trace), str(FIRST_WORKER) in trace) == (64, False)
    first = await database.transact(lambda unit: unit.secrets.get("one"), now)
    again = await database.transact(lambda unit: unit.secrets.get("one"), now)
    other = await database.transact(lambda unit: unit.secrets.get("other"), now)
    assert (len(first), first == again, first == other) == (32, True, False)
