"""Nobody leaves, and no team is closed, while ended projects owe top-ups to workers; less than a cent keeps nobody."""

from dataclasses import replace

import pytest

from domain.moments import HOUR, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import requester_account
from domain.people.personal_data import Farewell, ForgetQuestion, OpenMatter
from domain.refusals import TeamOpen
from handlers.people import teams
from handlers.projects import launches
from services.money import deposits, topups, transfers
from services.people import personal_data
from services.work import sweeps
from storage.database import Database, one_transaction
from storage.money.topups import MeasuredWindow
from storage.unit import UnitOfWork
from tests.acts import TERMS, act_of
from tests.invariants.flows import turn
from tests.services.money.test_topups import Crowd, in_debt, owed
from tests.services.people.test_leaving_requesters import emptied, still_open
from tests.services.people.test_teams import Office, office


def debt(database_url: str, now: Moment) -> tuple[Crowd, int]:
    """What was held did not lift its answers, and the funds are gone."""
    crowd = Crowd(database_url, now, tasks=4)
    left = in_debt(crowd)
    crowd.do(lambda unit: crowd.withdraw(unit, crowd.balance("requester:1000:available")))
    return crowd, left


@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_a_requester_who_owes_top_ups_stays_until_they_are_paid(database_url: str, now: Moment, currency: str) -> None:
    """Also where the house has changed its currency since."""
    crowd, left = debt(database_url, now)
    terms = replace(TERMS, currency=currency)

    def leave(unit: UnitOfWork) -> ForgetQuestion | Farewell | None:
        return personal_data.begin_erasure(act_of(unit, crowd.house.requester, terms=terms))

    def pays(unit: UnitOfWork) -> None:
        asked = leave(unit)
        assert isinstance(asked, ForgetQuestion)
        assert asked.open == (OpenMatter("owed", left, "EUR"),)
        admin = unit.people.upsert(4_242, "ada", "Ada", "en", unit.now)
        deposits.record_deposit(act_of(unit, admin.id, terms=terms, key="paid"), "1000", "5", "EUR INV-7")
        sweeps.return_leftovers(unit)
        assert owed(unit, crowd) == left  # a deposit is no consent
        topups.pay_debt_by_button(act_of(unit, crowd.house.requester, terms=terms), crowd.project, left)
        assert owed(unit, crowd) == 0
        emptied(unit, crowd.house.requester)
        assert isinstance(leave(unit), Farewell)

    crowd.do(pays)
    crowd.is_in_order()


def test_who_comes_to_owe_after_the_goodbye_is_not_erased(database_url: str, now: Moment) -> None:
    crowd, _ = debt(database_url, now)
    crowd.do(lambda unit: unit.erasure.begin_leaving(crowd.house.requester))
    with one_transaction(database_url, later(crowd.now, 2 * HOUR)) as unit:
        personal_data.finish_erasures(unit)
        assert unit.people.get(crowd.house.requester).telegram_id is not None


def alone(unit: UnitOfWork) -> Office:
    """Anna is the only member, and has nothing of her own."""
    house = office(unit)
    for member in (house.ben, house.vera):
        house.press(house.anna, teams.RemoveMember(team=house.number, member=member, sure=True))
    emptied(unit, house.anna)
    return house


async def test_a_team_that_owes_top_ups_is_not_closed(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = alone(unit)
        running = house.draft(1)
        house.press(house.anna, launches.Launch(number=running))
        turn(unit, house.fred)
        unit.topups.store_promise(running, 1_000_000, 10_000, 10_000)
        unit.connection.changed("UPDATE submissions SET measured_in = NULL WHERE project = :p", p=running)
        unit.topups.store_window(running, MeasuredWindow(1, 1, 1, 10_000, 12_000, 0))
        emptied(unit, house.team)
        with pytest.raises(TeamOpen) as refused:
            house.press(house.anna, teams.CloseTeam(team=house.number, sure=True))
        assert refused.value.facts == {
            **{"amount": 0, "currency": "EUR", "running": 0, "ended": 0, "until": 0},
            "owed": 12_000,
        }
        assert [each.what for each in still_open(unit, house.anna)] == ["teams"]

    await database.transact(play, now)


@pytest.mark.parametrize("left", [9_999, 10_000])
async def test_a_team_is_closed_with_what_a_person_may_leave(database: Database, now: Moment, left: int) -> None:
    """No bank moves less than a cent."""

    def play(unit: UnitOfWork) -> None:
        house = alone(unit)
        team, anna = unit.people.get(house.team), unit.people.get(house.anna)
        transfers.post_refund(unit, team, Millionths(house.funds - left), "EUR", "back", "")
        transfers.post_deposit(unit, anna, Millionths(left), "EUR", "hers", "")
        open_matters = [each.what for each in still_open(unit, house.anna)]
        if left < 10_000:
            assert open_matters == []
            house.press(house.anna, teams.CloseTeam(team=house.number, sure=True))
            assert unit.ledger.balance(requester_account(team), "EUR") == left
        else:
            assert open_matters == ["funds", "teams"]
            with pytest.raises(TeamOpen):
                house.press(house.anna, teams.CloseTeam(team=house.number, sure=True))
        house.verify()

    await database.transact(play, now)


def test_a_unit_of_a_currency_without_cents_is_what_may_be_left(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        rosa = unit.people.upsert(4_242, "rosa", "Rosa", "en", unit.now)
        for key, more in (("most", 999_999), ("all", 1)):
            transfers.post_deposit(unit, rosa, Millionths(more), "JPY", key, "")
            asked = personal_data.ask_to_forget(act_of(unit, rosa.id))
            assert [each.amount for each in asked.open] == ([] if key == "most" else [1_000_000])
