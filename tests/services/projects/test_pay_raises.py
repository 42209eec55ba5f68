"""A raise among answers that are pending, rejected, appealed and measured: each keeps the pay it was given for."""

import pytest

from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.money.ledger import budget_account, pending_account
from domain.money.pricing import suggest_raises
from domain.projects.preflight import Preflight
from domain.refusals import FundsMissing, OnlyUp, WrongState
from handlers.screen import render
from services.fairness import appeals, review
from services.projects import lifecycle, pay_raises
from services.work import sweeps
from storage import invariants
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.handlers.screens.samples import stored
from tests.house import FEE, FUNDS, PAY, House, settle_plans
from tests.invariants.flows import a_day, turn
from tests.services.money.test_topups import TERMS, Crowd

MORE = Millionths(80_000)
REASON = "The answer is about another review than this one."


def raises(unit: UnitOfWork, house: House, pay: Millionths = MORE) -> None:
    pay_raises.raise_pay(act_of(unit, house.requester, terms=TERMS), house.project, pay)


def test_pending_pay_rejections_and_their_fees_stay_what_they_were(database_url: str, now: Moment):
    house = a_day(database_url, now, accept="review")
    with one_transaction(database_url, now) as unit:
        before = unit.ledger.balance(budget_account(house.project))
        raises(unit, house)
        grown = unit.ledger.balance(budget_account(house.project)) * (PAY + FEE) / (MORE + FEE * MORE // PAY)
        assert grown == before
        assert invariants.find_violations(unit) == []
    for worker in house.workers:
        with one_transaction(database_url, Moment(now + 1_000)) as unit:
            turn(unit, worker)
    with one_transaction(database_url, Moment(now + 2_000)) as unit:
        requester = unit.people.get(house.requester)
        waiting = unit.reviews.list_waiting(house.project, 0, 100)
        assert {found.pay for found in waiting} == {PAY, MORE}
        for found in (waiting[0], waiting[-1]):
            review.ask_for_reason(act_of(unit, requester.id), found.id, 1)
            review.reject_with_typed_reason(act_of(unit, requester.id), {"submission": found.id, "line": 1}, REASON)
        appeals.open_appeal(act_of(unit, waiting[-1].worker), waiting[-1].id)
        assert invariants.find_violations(unit) == []
    with one_transaction(database_url, Moment(now + 9 * DAY)) as unit:
        appeals.close_overdue_appeals(unit)
        sweeps.release_due_pay(unit)
        assert unit.ledger.balance(pending_account(unit.people.get(house.workers[0]))) == 0
        assert invariants.find_violations(unit) == []


def test_what_is_missing_is_named_and_nothing_changes(sqlite_url: str, now: Moment):
    house = a_day(sqlite_url, now)
    with one_transaction(sqlite_url, now) as unit:
        with pytest.raises(FundsMissing):
            raises(unit, house, FUNDS)
        with pytest.raises(OnlyUp):
            raises(unit, house, PAY)
        raises(unit, house)
        with pytest.raises(OnlyUp):
            raises(unit, house)
        lifecycle.stop_project(act_of(unit, house.requester), house.project, sure=True)
        with pytest.raises(WrongState):
            raises(unit, house, Millionths(2 * MORE))
    for statement in (
        "UPDATE projects SET pay = pay - 1",
        "UPDATE pay_raises SET pay = pay + 1",
        "DELETE FROM pay_raises",
    ):
        with pytest.raises(Exception, match=r"only goes up|append-only"), one_transaction(sqlite_url, now) as unit:
            unit.connection.changed(statement)


def test_offers_are_round_and_above_what_is_paid():
    assert suggest_raises(50_000) == (55_000, 63_000, 75_000)
    assert suggest_raises(1) == (1_000,)


def test_a_project_that_rests_goes_on_when_its_pay_covers_what_its_tasks_take(sqlite_url: str, now: Moment):
    crowd = Crowd(sqlite_url, now)
    crowd.answers(*[5.5] * 5, rounds=5)
    assert crowd.is_paused()
    crowd.do(lambda unit: raises(unit, crowd.house))
    assert not crowd.is_paused()
    crowd.answers(*[5.5] * 5, rounds=5)
    crowd.is_in_order()
    assert crowd.ask(lambda unit: unit.topups.lowest_pay(crowd.project, 2)) == MORE


def test_of_a_draft_nothing_is_said_to_be_set_aside_or_to_be_for_good(database_url: str, now: Moment):
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.requester, terms=TERMS)
        [draft] = settle_plans(unit, house.requester, 1, tasks=5)
        said = []
        for number in (house.project, draft):
            offered = pay_raises.offer_raise(act, number)
            screen = render(offered.stored_as, stored(offered), "en")
            said.append("\n".join([screen.text, *(button.text for row in screen.keyboard for button in row)]))
        running, unlaunched = said
        assert "sets aside €" in running
        assert "can't go down" in running
        assert "sets aside" not in unlaunched
        assert "go up or down" in unlaunched
        assert isinstance(pay_raises.raise_pay(act, draft, Millionths(PAY - 1)), Preflight)
