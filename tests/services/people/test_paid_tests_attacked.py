"""Paid tests of qualifications under attack: idle attempts, one person under two accounts, people of the requester."""

from collections.abc import Callable

import pytest

from domain.messages import changed
from domain.moments import MINUTE, Moment
from domain.people.accounts import PersonId
from domain.people.qualifications import AttemptPaid, QualificationOffered, TypeId
from domain.refusals import NotFound
from handlers.people.qualifications import AnswerTest, AskQualification, DeleteQualification
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.services.people.test_paid_tests import FORM, PAY, balances, make, of_rule_6, offer_of, take
from tests.services.people.test_qualifications import idles, told_of

YEAR = [Moment(0), *[Moment(2**60)] * 4]  # in one quarter
LATE = 11 * MINUTE
TWO_QUESTIONS = f"{FORM}\nquestion: And kenavo? | hello, goodbye | right=goodbye"


def begin(unit: UnitOfWork, worker: PersonId) -> int:
    request: int = offer_of(unit, worker)["request"]
    press(act_of(unit, worker, message=5), AskQualification(request=request))
    return request


async def test_an_idle_attempt_holds_its_place_until_its_time_is_up(database: Database, now: Moment) -> None:
    def first(unit: UnitOfWork) -> House:
        house = furnish(unit, 2, 1, overlap=2)
        make(unit, house, people=1)
        begin(unit, house.workers[0])
        idles(unit, house.workers[1])
        assert told_of(unit, house.workers[1], QualificationOffered) == []
        return house

    def late(unit: UnitOfWork) -> None:
        idle, other = house.workers
        request = offer_of(unit, other)["request"]
        take(unit, other, request)
        assert [len(told_of(unit, each, AttemptPaid)) for each in (idle, other)] == [0, 1]
        assert of_rule_6(unit) == []

    house = await database.transact(first, now)
    await database.transact(late, Moment(now + LATE))


@pytest.mark.parametrize("answers", [0, 1])
async def test_who_answered_something_is_paid_when_the_test_is_deleted_late_and_nobody_else(
    answers: int, database: Database, now: Moment
) -> None:
    def first(unit: UnitOfWork) -> tuple[House, TypeId]:
        house = furnish(unit, 1, 1)
        type_ = make(unit, house, form=TWO_QUESTIONS)
        request = begin(unit, house.workers[0])
        for _ in range(answers):
            press(act_of(unit, house.workers[0], message=5), AnswerTest(request=request, option=0))
        return house, type_

    def late(unit: UnitOfWork) -> None:
        act, back = act_of(unit, house.requester), (2 - answers) * PAY
        for sure in (False, True):
            assert press(act, DeleteQualification(type_=type_, sure=sure)).returned == back  # type: ignore[attr-defined]
        assert len(told_of(unit, house.workers[0], AttemptPaid)) == answers
        assert balances(unit, house, house.workers[0])[1] == 0
        assert of_rule_6(unit) == []

    house, type_ = await database.transact(first, now)
    await database.transact(late, Moment(now + LATE))


def test_one_person_under_two_accounts_is_paid_once(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 2, 1, overlap=2)
        one, two = house.workers
        make(unit, house)
        take(unit, one, offer_of(unit, one)["request"])
        unit.payees.add_mates(two, one)  # one bank account, or one Telegram account before and after /forget
        offer = offer_of(unit, two)
        assert offer["pay"] == 0
        take(unit, two, offer["request"])
        assert told_of(unit, two, AttemptPaid) == []
        assert of_rule_6(unit) == []


def blocked(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> None:
    unit.worker_blocks.add(requester, worker, "The answers are about something else.")


def unused(unit: UnitOfWork, _: PersonId, requester: PersonId) -> None:
    (type_,) = unit.qualifications.list_types(requester, 0, 1)
    unit.qualifications.change(changed(type_, active=False))


def met(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> None:
    unit.payees.add_mates(worker, requester)


@pytest.mark.parametrize("keep_out", [blocked, met, unused])
def test_whom_no_task_is_offered_is_offered_no_paid_test(
    keep_out: Callable[[UnitOfWork, PersonId, PersonId], None], database_url: str, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 2, 1, overlap=2)
        one, two = house.workers
        make(unit, house)
        request = offer_of(unit, one)["request"]
        for each in (one, two):
            keep_out(unit, each, house.requester)
        idles(unit, two)
        assert told_of(unit, two, QualificationOffered) == []
        with pytest.raises(NotFound):  # a button from before
            press(act_of(unit, one, message=5), AskQualification(request=request))
