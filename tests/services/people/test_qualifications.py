"""Block lists and qualifications: who is asked, what workers are told, and what stays as it is."""

from typing import Any

import orjson
import pytest

from domain.messages import Message
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from domain.people.qualifications import (
    BlockedByRequester,
    BlockList,
    QualificationAsked,
    QualificationGranted,
    QualificationOffered,
    QualificationRefused,
    QualificationRevoked,
    QualificationType,
    RequestId,
    WorkerBlocked,
)
from domain.projects.projects import ProjectId
from domain.refusals import BadInput, NotFound, NothingLeft
from formats.captions.caption import read_value
from handlers.people.blocks import AskToBlock, ShowBlocked, Unblock
from handlers.people.qualifications import AskQualification, DeclineQualification
from handlers.work.offers import TakeTask
from services.act import Reply
from services.people import blocks, qualification_grants, qualification_tests
from services.projects.audience import readable_conditions, resolve_conditions
from services.work import inputs, submit
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn
from tests.services.projects.test_audience import another, listed

WHY = "The answers had nothing to do with the pictures."


def a_type(unit: UnitOfWork, house: House, name: str = "Reads Breton", **changes: object) -> QualificationType:
    plain: dict[str, object] = {"description": "Newspapers.", "keywords": "", "active": 1, "retry_seconds": None}
    test = {"test": None, "test_seconds": None, "answer_key": None, "granted_by_itself": None}
    number = unit.qualifications.add(house.requester, name, **{**plain, **test, **changes})
    assert number is not None
    found = unit.qualifications.find(number)
    assert found is not None
    return found


def told_of(unit: UnitOfWork, worker: PersonId, kind: type[Message]) -> list[dict[str, Any]]:
    """The facts of messages of this kind to them, oldest first."""
    rows = unit.connection.all("SELECT screen, facts FROM outbox WHERE person = :who ORDER BY id", who=worker)
    return [orjson.loads(facts) for screen, facts in rows if screen == kind.stored_as]


def idles(unit: UnitOfWork, worker: PersonId) -> None:
    submit.show_work(unit, unit.people.get(worker))


async def test_who_is_blocked_gets_nothing_more_of_this_requester_and_keeps_all_they_have(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=4)
        worker, other = house.workers
        turn(unit, worker)
        idles(unit, worker)
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        (answer,) = unit.connection.all("SELECT id, pay, state FROM submissions WHERE worker = :who", who=worker)
        anna = act_of(unit, house.requester)
        press(anna, AskToBlock(submission=answer[0]))
        with pytest.raises(BadInput):
            inputs.take_words(anna, "Because.")
        done = inputs.take_words(anna, f"  {WHY} ")
        assert isinstance(done, WorkerBlocked)
        assert told_of(unit, worker, BlockedByRequester) == [{"requester": "Anna", "reason": WHY}]
        turn(unit, worker)  # what was in hand is answered and paid
        assert unit.connection.all("SELECT count(*) FROM submissions WHERE worker = :who", who=worker)[0][0] == 2
        second = another(unit, house)
        assert listed(unit, worker) == []
        assert set(listed(unit, other)) == {house.project, second}
        idles(unit, worker)
        assert unit.assignments.active_for(worker) is None
        for project in (house.project, second):
            with pytest.raises(NothingLeft):
                press(act_of(unit, worker), TakeTask(project=project))
        reply = press(anna, ShowBlocked(team=0))
        assert isinstance(reply, Reply)
        assert isinstance(reply.message, BlockList)
        assert [(each.number, each.reason) for each in reply.message.blocked] == [(worker, WHY)]
        press(anna, Unblock(number=worker, team=0))
        with pytest.raises(NotFound):
            press(anna, Unblock(number=worker, team=0))
        assert set(listed(unit, worker)) == {house.project, second}
        assert invariants.find_violations(unit) == []

    await database.transact(play, now)


async def test_another_requester_does_not_hear_of_a_block(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=2)
        worker, other = house.workers
        unit.people.make_requester(other, True)
        blocks.block_worker(act_of(unit, house.requester), worker, WHY)
        assert not blocks.block_worker(act_of(unit, house.requester), worker, WHY)
        with pytest.raises(NotFound):
            press(act_of(unit, other), Unblock(number=worker, team=0))
        reply = press(act_of(unit, other), ShowBlocked(team=0))
        assert isinstance(reply, Reply)
        assert reply.message == BlockList(())
        (answer,) = (*unit.connection.all("SELECT id FROM submissions"), (1,))[:1]
        with pytest.raises(NotFound):
            press(act_of(unit, other), AskToBlock(submission=answer[0]))

    await database.transact(play, now)


@pytest.mark.parametrize(
    ("written", "value", "asked"),
    [
        ("qualified in Reads  breton", 0, True),
        ("qualified=Reads Breton >= 80", 80, True),
        ("qualified in Reads Breton ≥ 80", 79, False),
        ("qualified in Reads Breton < 3", 2, True),
        ("qualified in Reads Breton = 3", 2, False),
        ("qualified in Reads Breton ≠ 3", 2, True),
        ("qualified in Reads Breton", None, False),
        ("not qualified in Reads Breton", None, True),
        ("not qualified in Reads Breton", 5, False),
        ("not blocked", None, True),
    ],
)
async def test_a_caption_asks_for_a_qualification(
    database: Database, now: Moment, written: str, value: int | None, asked: bool
) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=1)
        (worker,) = house.workers
        type_ = a_type(unit, house)
        read = read_value("who", written)
        assert isinstance(read, tuple)
        who = resolve_conditions(unit, unit.people.get(house.requester), read)
        wanted = another(unit, house, who=who)
        if value is not None:
            qualification_grants.grant(unit, type_, worker, value)
        assert (wanted in listed(unit, worker)) is asked
        if who:
            (condition,) = readable_conditions(unit, unit.projects.get(wanted))
            assert condition.value.startswith("Reads Breton\n")

    await database.transact(play, now)


async def test_a_qualification_is_the_requesters_own(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1)
        (other,) = house.workers
        unit.people.make_requester(other, True)
        type_ = a_type(unit, house)
        for who in (f"holds={type_.id} exists", "qualified=Reads Breton >= 80", "holds=999 exists"):
            with pytest.raises(BadInput) as refused:
                resolve_conditions(unit, unit.people.get(other), (who,))
            assert refused.value.what == "who_type"
        assert unit.qualifications.add(
            house.requester, "READS  breton", description="", keywords="", active=1, retry_seconds=None, test=None,
            test_seconds=None, answer_key=None, granted_by_itself=None,
        ) is None  # fmt: skip
        unit.qualifications.delete(type_.id)
        assert a_type(unit, house).id != type_.id

    await database.transact(play, now)


async def test_a_worker_without_work_is_offered_the_qualification_once(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=1)
        worker, other = house.workers
        for _ in range(2):
            idles(unit, worker)
            turn(unit, worker)
        type_ = a_type(unit, house, granted_by_itself=7)
        project = another(unit, house, who=(f"holds={type_.id} >= 7",))
        idles(unit, worker)
        idles(unit, worker)
        (offered,) = told_of(unit, worker, QualificationOffered)
        assert (offered["name"], offered["requester"], offered["questions"]) == ("Reads Breton", "Anna", 0)
        request = offered["request"]
        for payload in (AskQualification(request=request), DeclineQualification(request=request)):
            with pytest.raises(NotFound):
                press(act_of(unit, other), payload)
        press(act_of(unit, worker), AskQualification(request=request))
        assert [each["value"] for each in told_of(unit, worker, QualificationGranted)] == [7]
        with pytest.raises(NotFound):
            press(act_of(unit, worker), AskQualification(request=request))
        assert project in listed(unit, worker)

    await database.transact(play, now)


async def test_the_requester_decides_about_a_request_and_it_may_be_made_again(database: Database, now: Moment) -> None:
    made: list[tuple[QualificationType, PersonId, RequestId]] = []

    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=1)
        (worker,) = house.workers
        idles(unit, worker)
        turn(unit, worker)
        type_ = a_type(unit, house, retry_seconds=86_400)
        another(unit, house, who=(f"holds={type_.id} exists",))
        idles(unit, worker)
        (offered,) = told_of(unit, worker, QualificationOffered)
        reply = press(act_of(unit, worker), AskQualification(request=offered["request"]))
        assert isinstance(reply, Reply)
        assert reply.message == QualificationAsked("Reads Breton", "Anna")
        (waiting,) = unit.qualifications.list_waiting(house.requester, None, 0, 10)
        assert unit.qualifications.list_waiting(house.requester, type_.id, 0, 10) == [waiting]
        assert unit.qualifications.list_waiting(house.requester, None, waiting.id, 10) == []
        assert qualification_tests.refuse_request(unit, type_, waiting, "Not this time, sorry.")
        assert not qualification_tests.refuse_request(unit, type_, waiting, "Not this time, sorry.")
        assert [each["reason"] for each in told_of(unit, worker, QualificationRefused)] == ["Not this time, sorry."]
        idles(unit, worker)
        assert told_of(unit, worker, QualificationOffered) == [offered]
        made.append((type_, worker, waiting.id))

    def next_day(unit: UnitOfWork) -> None:
        ((type_, worker, before),) = made
        idles(unit, worker)
        offered = told_of(unit, worker, QualificationOffered)[-1]
        assert offered["request"] != before
        qualification_grants.grant(unit, type_, worker, 3)
        again = unit.qualifications.find_request(offered["request"])
        assert again is not None
        assert again.state == "granted"
        assert qualification_grants.revoke(unit, type_, worker, "It was a mistake of mine.")
        assert not qualification_grants.revoke(unit, type_, worker, "It was a mistake of mine.")
        assert len(told_of(unit, worker, QualificationRevoked)) == 1
        has = unit.qualifications.find_qualification(type_.id, worker)
        assert has is not None
        assert (has.granted, has.value) == (False, 3)

    await database.transact(play, now)
    await database.transact(next_day, Moment(now + DAY))


async def test_what_is_hidden_is_not_offered(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=1)
        (worker,) = house.workers
        idles(unit, worker)
        turn(unit, worker)
        type_, resting = a_type(unit, house), a_type(unit, house, "Rests", active=0)
        for who in (f"holds={type_.id} exists hidden", f"holds={type_.id} missing", f"holds={resting.id} exists"):
            another(unit, house, tasks=1, who=(who,))
        idles(unit, worker)
        assert told_of(unit, worker, QualificationOffered) == []

    await database.transact(play, now)


async def test_what_the_house_knows_of_a_worker_can_be_asked_for(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=3)
        (worker,) = house.workers
        wanted = {
            who: another(unit, house, tasks=1, who=(who,))
            for who in ("holds=accepted >= 1", "holds=accepted% >= 95", "holds=masters exists", "holds=accepted < 1")
        }
        names = {number: who for who, number in wanted.items()}

        def asked() -> set[str]:
            return {names[ProjectId(number)] for number in listed(unit, worker) if number in names}

        assert asked() == {"holds=accepted% >= 95", "holds=accepted < 1"}
        press(act_of(unit, worker), TakeTask(project=house.project))
        turn(unit, worker)
        assert asked() == {"holds=accepted% >= 95", "holds=accepted >= 1"}
        assert unit.qualifications.count_answers(worker) == (1, 0, 0)

    await database.transact(play, now)
