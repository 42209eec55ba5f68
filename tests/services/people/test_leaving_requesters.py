"""Nobody leaves, and no team is closed, while ended projects hold money that may come back to them."""

import pytest

from domain.fairness import appeals
from domain.fairness.review import APPEAL_WINDOW
from domain.moments import DAY, HOUR, MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import requester_account
from domain.people.accounts import PersonId
from domain.people.personal_data import Farewell, ForgetQuestion, OpenMatter
from domain.refusals import TeamOpen
from domain.work.corrections import REDO_TIME
from handlers.people import teams
from handlers.people.consents import AskToForget, Forget
from handlers.projects import launches, progress
from services.fairness import appeals as appeals_service
from services.fairness import rejections
from services.money import transfers
from services.people import personal_data
from services.work import corrections, submit, sweeps
from storage.database import Database, one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import FEE, PAY, House, furnish
from tests.invariants.flows import turn
from tests.services.people.test_teams import office
from tests.services.work.test_redos import ask

REASON = "The writer is angry, so this is not positive."
EACH = PAY + FEE


def settle(unit: UnitOfWork) -> House:
    """One answer waits to be reviewed; nothing is in hand."""
    house = furnish(unit, workers=1, accept="review", overlap=1, max_overlap=1)
    turn(unit, house.workers[0])
    in_hand = unit.assignments.active_for(house.workers[0])
    if in_hand is not None:
        submit.skip_task(act_of(unit, house.workers[0]), in_hand.id)
    return house


def stop(unit: UnitOfWork, house: House) -> None:
    press(act_of(unit, house.requester), progress.StopProject(number=house.project, sure=True))
    emptied(unit, house.requester)


def emptied(unit: UnitOfWork, person: PersonId) -> None:
    """All that is free is sent back."""
    who = unit.people.get(person)
    free = Millionths(unit.ledger.balance(requester_account(who), "EUR"))
    transfers.post_refund(unit, who, free, "EUR", f"back:{person}:{unit.now}", "")


def still_open(unit: UnitOfWork, person: PersonId) -> tuple[OpenMatter, ...]:
    asked = press(act_of(unit, person), AskToForget())
    assert isinstance(asked, ForgetQuestion)
    return asked.open


def leave(unit: UnitOfWork, house: House) -> object:
    return press(act_of(unit, house.requester), Forget(sure=1))


def test_a_requester_stays_until_their_rejections_are_decided(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = settle(unit)
        (answer,) = unit.reviews.list_waiting(house.project, 0, 9)
        requester, project = unit.people.get(house.requester), unit.projects.get(house.project)
        rejections.reject_submission(unit, requester, project, answer, 2, REASON)
        stop(unit, house)
        until = later(now, APPEAL_WINDOW)
        assert still_open(unit, house.requester) == (OpenMatter("held", PAY, "EUR", 1, until=until),)
        assert isinstance(leave(unit, house), ForgetQuestion)
    with one_transaction(database_url, later(now, 6 * DAY)) as unit:
        opened = appeals_service.open_appeal(act_of(unit, house.workers[0]), answer.id)
        assert isinstance(opened, appeals.AppealOpened)
        assert [each.until for each in still_open(unit, house.requester)] == [opened.until]
    with one_transaction(database_url, opened.until) as unit:
        appeals_service.close_overdue_appeals(unit)
        emptied(unit, house.requester)
        assert isinstance(leave(unit, house), Farewell)
    with one_transaction(database_url, later(opened.until, 2 * HOUR)) as unit:
        personal_data.finish_erasures(unit)
        assert unit.people.get(house.requester).telegram_id is None
        assert find_violations(unit) == []


def test_a_requester_stays_until_the_last_task_in_hand_is_over(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, overlap=1, max_overlap=1)
        submit.show_work(unit, unit.people.get(house.workers[0]))
        stop(unit, house)
        until = later(now, 10 * MINUTE)
        assert still_open(unit, house.requester) == (OpenMatter("held", EACH, "EUR", 1, until=until),)
    with one_transaction(database_url, later(now, HOUR)) as unit:
        sweeps.expire_assignments(unit)
        assert [each.until for each in still_open(unit, house.requester)] == [0]
        sweeps.return_leftovers(unit)
        assert [each.what for each in still_open(unit, house.requester)] == ["funds"]
        emptied(unit, house.requester)
        assert isinstance(leave(unit, house), Farewell)


def test_a_requester_stays_until_an_answer_asked_for_once_more_has_come_or_not(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = settle(unit)
        ask(unit, house, unit.reviews.list_waiting(house.project, 0, 9)[0].id)
        stop(unit, house)
        assert still_open(unit, house.requester) == (OpenMatter("held", PAY, "EUR", 1, until=later(now, REDO_TIME)),)
    with one_transaction(database_url, later(now, REDO_TIME)) as unit:
        corrections.end_due_redos(unit)
        emptied(unit, house.requester)
        assert still_open(unit, house.requester) == ()


async def test_a_team_is_not_closed_while_its_stopped_project_holds_money(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        running = house.draft()
        house.press(house.ben, launches.Launch(number=running))
        submit.show_work(unit, unit.people.get(house.fred))
        house.press(house.ben, progress.StopProject(number=running, sure=True))
        for each in (house.team, house.anna):
            emptied(unit, each)
        for member in (house.ben, house.vera):
            house.press(house.anna, teams.RemoveMember(team=house.number, member=member, sure=True))
        with pytest.raises(TeamOpen) as refused:
            house.press(house.anna, teams.CloseTeam(team=house.number, sure=True))
        told = {
            "amount": EACH,
            "currency": "EUR",
            "running": 0,
            "ended": 1,
            "until": later(now, 10 * MINUTE),
            "owed": 0,
        }
        assert refused.value.facts == told
        assert [each.what for each in still_open(unit, house.anna)] == ["teams"]

    await database.transact(play, now)
