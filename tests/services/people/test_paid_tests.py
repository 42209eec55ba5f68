"""Tests of qualifications whose attempt is paid: held before, once a person, whatever the result, the rest returned."""

from typing import Any

import pytest

from domain.moments import MINUTE, Moment, month_of
from domain.money.ledger import AccountShown, available_account, paid_tests_account, requester_account
from domain.people.accounts import PersonId
from domain.people.qualifications import (
    AttemptPaid,
    AttemptsTaken,
    QualificationDeletion,
    QualificationGranted,
    QualificationOffered,
    QualificationPage,
    TestShown,
    TypeId,
)
from domain.refusals import AttemptPayMissing, CapReached, TeamOpen
from handlers.people.qualifications import AnswerTest, AskQualification, DeleteQualification, MakeQualification
from services.money import explanations, funds, ledger, statements, wallet
from services.people import teams
from services.projects.audience import resolve_conditions
from services.work import inputs
from storage.database import Database, one_transaction
from storage.people import qualifications as stored_tests
from storage.people.personal_data import MONEY_SECTIONS
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn
from tests.services.people.test_qualifications import idles, told_of
from tests.services.people.test_teams import office
from tests.services.projects.test_audience import another

PAY = 200_000
FORM = """name: Reads Breton
description: You read short texts in Breton.
minutes: 10
again: 1
pay: 0.20
people: {people}
question: What does "demat" mean? | hello, goodbye | right=hello"""


def of_rule_6(unit: UnitOfWork) -> list[str]:
    rules = (stored_tests.TEST_MONEY_IS_HELD, stored_tests.ATTEMPTS_ARE_PAID_ONCE)
    return [row[0] for rule in rules for row in rule.find(unit)[1]]


def make(unit: UnitOfWork, house: House, people: int = 2, form: str = FORM) -> TypeId:
    """The test; a project asks for it; every worker has done something and has no work."""
    for each in house.workers:
        turn(unit, each)
    act = act_of(unit, house.requester)
    press(act, MakeQualification(team=0))
    page: Any = inputs.take_words(act, form.format(people=people))
    assert isinstance(page, QualificationPage)
    who = resolve_conditions(unit, unit.people.get(house.requester), ("qualified=Reads Breton >= 50",))
    another(unit, house, who=who)
    return page.line.type


def offer_of(unit: UnitOfWork, worker: PersonId) -> dict[str, Any]:
    idles(unit, worker)
    return told_of(unit, worker, QualificationOffered)[-1]


def take(unit: UnitOfWork, worker: PersonId, request: int, option: int = 1) -> Any:
    """A wrong answer, where it is not said otherwise."""
    begun: Any = press(act_of(unit, worker, message=5), AskQualification(request=request))
    assert isinstance(begun.message, TestShown)
    ended: Any = press(act_of(unit, worker, message=5), AnswerTest(request=request, option=option))
    return ended.message


def balances(unit: UnitOfWork, house: House, worker: PersonId) -> tuple[int, int, int]:
    requester = unit.people.get(house.requester)
    names = requester_account(requester), paid_tests_account(requester), available_account(unit.people.get(worker))
    free, held, theirs = (unit.ledger.balance(name, "EUR") for name in names)
    return free, held, theirs


def named_everywhere(unit: UnitOfWork, worker: PersonId, operation: int) -> set[str]:
    """What /balance, /ledger, /statement and /mydata call this operation."""
    act, person = act_of(unit, worker), unit.people.get(worker)
    account = ledger.show_accounts(act, available_account(person), "EUR")
    assert isinstance(account, AccountShown)
    (mine,) = statements.read_statement(unit, person, month_of(unit.now), "EUR")
    money = unit.connection.all(MONEY_SECTIONS["money"], telegram_id=person.telegram_id)
    return {
        *(each.kind for each in wallet.show_balance(act).entries if each.operation == operation),
        *(each.kind for each in account.entries if each.operation == operation),
        *(each.kind for each in mine.lines if each.first == operation),
        *(row[3] for row in money if row[0] == operation),
    }


async def test_an_attempt_is_paid_once_whatever_it_came_to_and_the_rest_returns(
    database: Database, now: Moment
) -> None:
    def first(unit: UnitOfWork) -> tuple[House, TypeId, tuple[int, int, int]]:
        house = furnish(unit, 1, 1)
        worker = house.workers[0]
        type_ = make(unit, house)
        free, held, before = balances(unit, house, worker)
        assert held == 2 * PAY
        assert funds.read_funds(act_of(unit, house.requester)).free[0].tests == 2 * PAY
        offer = offer_of(unit, worker)
        assert (offer["pay"], offer["currency"]) == (PAY, "EUR")
        ended = take(unit, worker, offer["request"])
        assert isinstance(ended, QualificationGranted)
        assert ended.value == 0
        assert balances(unit, house, worker) == (free, PAY, before + PAY)
        (paid,) = told_of(unit, worker, AttemptPaid)
        assert explanations.explain_operation(act_of(unit, worker), paid["operation"]).movement == "test"
        assert named_everywhere(unit, worker, paid["operation"]) == {"test"}
        assert of_rule_6(unit) == []
        return house, type_, (free, held, before)

    def again(unit: UnitOfWork) -> None:
        """An hour later: no pay a second time."""
        (worker,), (free, _, before) = house.workers, there
        unit.qualifications.revoke(type_, worker, "")
        unit.connection.changed("DELETE FROM qualifications")  # as if its test had left them without
        offer = offer_of(unit, worker)
        assert offer["pay"] == 0
        take(unit, worker, offer["request"], option=0)
        assert balances(unit, house, worker) == (free, PAY, before + PAY)
        asked = press(act_of(unit, house.requester), DeleteQualification(type_=type_))
        assert asked == QualificationDeletion(type_, "Reads Breton", 1, False, PAY, "EUR")
        press(act_of(unit, house.requester), DeleteQualification(type_=type_, sure=True))
        assert balances(unit, house, worker) == (free + PAY, 0, before + PAY)
        assert of_rule_6(unit) == []

    house, type_, there = await database.transact(first, now)
    await database.transact(again, Moment(now + 61 * MINUTE))


def test_who_comes_too_late_for_the_paid_places_is_told_before_they_begin(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 3, 1, overlap=3)
        one, two, three = house.workers
        make(unit, house, people=1)
        first, second = offer_of(unit, one), offer_of(unit, two)
        press(act_of(unit, one, message=5), AskQualification(request=first["request"]))
        full: Any = press(act_of(unit, two, message=5), AskQualification(request=second["request"]))
        assert full.message == AttemptsTaken("Reads Breton", second["request"])
        idles(unit, three)
        assert told_of(unit, three, QualificationOffered) == []
        take(unit, one, first["request"])
        assert balances(unit, house, one)[1] == 0
        assert of_rule_6(unit) == []


def test_whoever_is_taking_a_test_that_is_deleted_is_paid(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 1, 1)
        worker = house.workers[0]
        type_ = make(unit, house)
        free, _, before = balances(unit, house, worker)
        press(act_of(unit, worker, message=5), AskQualification(request=offer_of(unit, worker)["request"]))
        asked: Any = press(act_of(unit, house.requester), DeleteQualification(type_=type_))
        assert asked.returned == PAY
        done: Any = press(act_of(unit, house.requester), DeleteQualification(type_=type_, sure=True))
        assert done.returned == PAY
        assert balances(unit, house, worker) == (free + PAY, 0, before + PAY)
        assert of_rule_6(unit) == []


async def test_a_test_in_which_nothing_was_answered_in_time_frees_its_place(database: Database, now: Moment) -> None:
    def begin(unit: UnitOfWork) -> tuple[House, int]:
        house = furnish(unit, 2, 1, overlap=2)
        make(unit, house, people=1)
        request = offer_of(unit, house.workers[0])["request"]
        press(act_of(unit, house.workers[0], message=5), AskQualification(request=request))
        return house, request

    def late(unit: UnitOfWork) -> None:
        one, two = house.workers
        before = balances(unit, house, one)
        press(act_of(unit, one, message=5), AnswerTest(request=request, option=0))
        assert balances(unit, house, one) == before
        take(unit, two, offer_of(unit, two)["request"])
        assert told_of(unit, one, AttemptPaid) == []
        assert len(told_of(unit, two, AttemptPaid)) == 1
        assert of_rule_6(unit) == []

    house, request = await database.transact(begin, now)
    await database.transact(late, Moment(now + 11 * MINUTE))


def test_nothing_is_made_where_the_funds_do_not_reach(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 1, 1)
        act = act_of(unit, house.requester)
        press(act, MakeQualification(team=0))
        with pytest.raises(AttemptPayMissing) as refused:
            inputs.take_words(act, FORM.format(people=9_000))
        free = balances(unit, house, house.workers[0])[0]
        assert (refused.value.needed, refused.value.missing) == (9_000 * PAY, 9_000 * PAY - free)


async def test_what_a_member_sets_aside_for_a_test_counts_against_their_cap(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        atelier = office(unit)
        atelier.press(atelier.ben, MakeQualification(team=atelier.number))
        assert isinstance(atelier.type(atelier.ben, FORM.format(people=10)), QualificationPage)
        assert unit.team_spending.sum_of_member(atelier.team, atelier.ben, "EUR") == 10 * PAY
        with pytest.raises(TeamOpen):
            teams.require_empty(unit, unit.people.get(atelier.team))
        atelier.verify()
        atelier.press(atelier.ben, MakeQualification(team=atelier.number))
        with pytest.raises(CapReached):
            atelier.type(atelier.ben, FORM.format(people=1).replace("Breton", "Welsh"))

    await database.transact(play, now)
