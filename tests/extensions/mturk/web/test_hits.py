"""From a HIT to its paid answers, with boto3 against the real door, on both databases."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from domain.moments import DAY, later
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.accounts import Person, PersonId
from domain.projects.projects import ProjectId
from domain.refusals import TooLateToChange, WrongState
from extensions.mturk.domain.hits import IdKind, encode_id
from extensions.mturk.services import hits
from jobs import bulk_updates as jobs
from services.act import Act, House
from services.fairness import approvals
from services.projects import drafts, launches, lifecycle, pay_raises
from services.quality import gold
from services.work import corrections, sweeps
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.turk import Turk, pair_of, present, turk_house, turking
from tests.extensions.mturk.web.workers import answer, take
from tests.house import settle_requester, settle_worker

TYPE: dict[str, Any] = {
    "Title": "Which animal?",
    "Description": "Read the sentence.\nName the animal.",
    "Keywords": "animals, quick",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
    "AutoApprovalDelayInSeconds": 604800,
}


@dataclass
class Town:
    """A requester's program, and two workers."""

    turk: Turk
    database: Database
    workers: tuple[PersonId, ...] = ()

    async def hit(self, **changes: Any) -> Any:
        about = {**TYPE, "LifetimeInSeconds": 3600, "MaxAssignments": 2, "Question": form(), **changes}
        return (await self.turk.ask("create_hit", **about))["HIT"]

    async def get(self, hit: Any) -> Any:
        return (await self.turk.ask("get_hit", HITId=hit["HITId"]))["HIT"]

    async def answer(self, worker: int, *said: str) -> None:
        def give(unit: UnitOfWork) -> None:
            answer(unit, unit.people.get(self.workers[worker]), *said)

        await self.database.transact(give, present())

    async def take(self, worker: int) -> int | None:
        return await self.database.transact(lambda unit: take(unit, self.person(unit, worker)), present())

    def person(self, unit: UnitOfWork, worker: int) -> Person:
        return unit.people.get(self.workers[worker])

    async def assignments(self, hit: Any, **more: Any) -> list[Any]:
        return list((await self.turk.ask("list_assignments_for_hit", HITId=hit["HITId"], **more))["Assignments"])

    async def refused(self, operation: str, **members: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as error:
            await self.turk.ask(operation, **members)
        response: Any = error.value.response
        assert response["Error"]["Code"] == "RequestError"
        return response["TurkErrorCode"].rpartition(".")[2], response["Error"]["Message"]


@pytest.fixture
def house(database: Database) -> House:
    return turk_house(database)


@pytest.fixture
async def town(database: Database, house: House) -> AsyncIterator[Town]:
    def settle(unit: UnitOfWork) -> Any:
        requester = settle_requester(unit)
        return pair_of(unit, house, requester.id), tuple(settle_worker(unit, n).id for n in (1, 2, 3))

    pair, workers = await database.transact(settle, present())
    async with turking(house, pair) as turk:
        yield Town(turk, database, workers)
    assert await database.transact(find_violations, present()) == []


COUNTS = ("HITStatus", "NumberOfAssignmentsAvailable", "NumberOfAssignmentsPending", "NumberOfAssignmentsCompleted")


def counts(hit: Any) -> tuple[Any, ...]:
    return tuple(hit[name] for name in COUNTS)


async def test_a_title_is_one_line_in_the_chat_and_as_it_was_sent_to_the_program(town: Town):
    hit = await town.hit(Title="Animals\n\n✅ You won")
    assert hit["Title"] == "Animals\n\n✅ You won"
    titles = await town.database.transact(lambda unit: unit.connection.all("SELECT title FROM projects"), present())
    assert titles == [("Animals ✅ You won",)]


async def test_a_hit_is_created_answered_listed_and_paid(town: Town):
    hit = await town.hit(RequesterAnnotation="batch 7")
    assert counts(hit) == ("Assignable", 2, 0, 0)
    assert (hit["Reward"], hit["MaxAssignments"], hit["QualificationRequirements"]) == ("0.05", 2, [])
    assert (hit["AutoApprovalDelayInSeconds"], hit["RequesterAnnotation"]) == (259200, "batch 7")
    balance = await town.turk.ask("get_account_balance")
    assert (balance["AvailableBalance"], balance["OnHoldBalance"]) == ("99.89", "0.11")
    await town.take(0)
    assert counts(await town.get(hit)) == ("Assignable", 1, 1, 0)
    await town.answer(0)
    await town.take(1)
    assert counts(await town.get(hit)) == ("Unassignable", 0, 1, 0)
    await town.answer(1, "A dog & more", "It barks")
    assert counts(await town.get(hit)) == ("Reviewable", 0, 0, 0)
    first, second = await town.assignments(hit)
    assert [each["AssignmentStatus"] for each in (first, second)] == ["Submitted"] * 2
    root = ET.fromstring(first["Answer"])
    assert [[each.text for each in answer] for answer in root] == [
        ["animal", "cat"],
        ["why", 'It purrs, and it\'s "small" < 1 & more'],
    ]
    assert 'It purrs, and it\'s "small" &lt; 1 &amp; more' in first["Answer"]
    await town.turk.ask("approve_assignment", AssignmentId=first["AssignmentId"], RequesterFeedback="Well seen")
    assert counts(await town.get(hit)) == ("Reviewable", 0, 0, 1)
    (approved,) = await town.assignments(hit, AssignmentStatuses=["Approved"])
    assert approved["RequesterFeedback"] == "Well seen"
    assert approved["ApprovalTime"] >= approved["SubmitTime"]
    code, said = await town.refused("approve_assignment", AssignmentId=first["AssignmentId"])
    assert code == "InvalidAssignmentState"
    assert "This operation can be called with a status of: Submitted" in said


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\u0085"])
async def test_a_question_may_hold_any_end_of_a_line_that_unicode_has(town: Town, end: str):
    """One of those that JSON does not escape cut the stored question, and every dispatch that met it failed."""
    asked = form().replace("Which animal", f"Which{end}animal").replace("A cat", f"A{end}cat")
    hit = await town.hit(MaxAssignments=1, Question=asked)
    assert f"Which{end}animal" in (await town.get(hit))["Question"]
    assert await town.take(0) is not None
    await town.answer(0, "A cat", "It purrs")
    (answered,) = await town.assignments(hit)
    assert [each.text for each in ET.fromstring(answered["Answer"])[0]] == ["animal", "cat"]


async def test_programs_page_until_a_page_is_empty(town: Town):
    made = [(await town.hit(MaxAssignments=1, Question=form(f"number {n}")))["HITId"] for n in range(5)]

    def program(client: Any) -> tuple[list[str], list[str]]:
        by_hand, page = [], client.list_hits(MaxResults=2)
        while page["NumResults"] > 0:
            by_hand += [hit["HITId"] for hit in page["HITs"]]
            page = client.list_hits(MaxResults=2, NextToken=page["NextToken"])
        pages = client.get_paginator("list_hits").paginate(PaginationConfig={"PageSize": 2})
        return by_hand, [hit["HITId"] for page in pages for hit in page["HITs"]]

    by_hand, by_paginator = await town.turk.do(program)
    assert by_hand == by_paginator == made[::-1]
    assert (await town.refused("list_hits", NextToken="A" * 30))[0] == "InvalidParameterValue"


async def test_assignments_are_paged_too(town: Town):
    hit = await town.hit(MaxAssignments=3)
    for worker in range(3):
        await town.answer(worker)

    def program(client: Any) -> list[str]:
        found, page = [], client.list_assignments_for_hit(HITId=hit["HITId"], MaxResults=1)
        while page["NumResults"] > 0:
            found += [each["WorkerId"] for each in page["Assignments"]]
            page = client.list_assignments_for_hit(HITId=hit["HITId"], MaxResults=1, NextToken=page["NextToken"])
        return found

    workers = await town.turk.do(program)
    assert len(set(workers)) == 3
    assert all(each.startswith("A") for each in workers)


async def test_equal_values_are_one_type_and_a_token_makes_one_hit(town: Town):
    type_ = (await town.turk.ask("create_hit_type", **TYPE))["HITTypeId"]
    first = await town.hit(UniqueRequestToken="1700000000.25")
    assert (first["HITTypeId"], first["HITGroupId"] == first["HITTypeId"]) == (type_, False)
    again = {"HITTypeId": type_, "LifetimeInSeconds": 60, "Question": form(), "UniqueRequestToken": "1700000000.25"}
    code, said = await town.refused("create_hit_with_hit_type", **again)
    assert (code, said) == ("HitAlreadyExists", f'The HIT with ID "{first["HITId"]}" already exists.')
    again["UniqueRequestToken"] = "another"
    second = (await town.turk.ask("create_hit_with_hit_type", **again))["HIT"]
    assert (second["HITTypeId"], second["Title"]) == (type_, TYPE["Title"])
    assert (await town.hit(Reward="0.06"))["HITTypeId"] != type_


async def test_a_hit_expires_and_its_money_comes_back(town: Town):
    hit = await town.hit()
    await town.take(0)
    await town.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=0)
    assert counts(await town.get(hit)) == ("Unassignable", 0, 1, 0)
    assert (await town.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.05"  # 0.055: one is in a hand
    code, said = await town.refused("delete_hit", HITId=hit["HITId"])
    assert code == "InvalidHITState"
    assert said.startswith("This HIT is currently in the state 'Unassignable'.")
    assert "status of: Reviewing, Reviewable" in said
    await town.answer(0)
    assert counts(await town.get(hit)) == ("Reviewable", 0, 0, 0)
    assert "decided first" in (await town.refused("delete_hit", HITId=hit["HITId"]))[1]
    (only,) = await town.assignments(hit)
    await town.turk.ask("approve_assignment", AssignmentId=only["AssignmentId"])
    await town.turk.ask("delete_hit", HITId=hit["HITId"])
    assert (await town.get(hit))["HITStatus"] == "Disposed"
    assert "currently in the state 'Disposed'" in (await town.refused("delete_hit", HITId=hit["HITId"]))[1]
    assert (await town.turk.ask("list_hits"))["HITs"] == []


async def test_a_hit_is_extended_in_time_and_in_number(town: Town):
    hit = await town.hit(MaxAssignments=1)
    await town.answer(0)
    assert (await town.get(hit))["HITStatus"] == "Reviewable"
    more = {"HITId": hit["HITId"], "NumberOfAdditionalAssignments": 1}
    await town.turk.ask("create_additional_assignments_for_hit", **more, UniqueRequestToken="once")
    assert counts(await town.get(hit)) == ("Assignable", 1, 0, 0)
    again = await town.refused("create_additional_assignments_for_hit", **more, UniqueRequestToken="once")
    assert "once" in again[1]
    await town.turk.ask("create_additional_assignments_for_hit", **more)
    assert (await town.get(hit))["MaxAssignments"] == 3
    await town.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=0)
    assert counts(await town.get(hit)) == ("Reviewable", 0, 0, 0)
    assert (await town.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.00"
    await town.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=present() // 1000 + 3600)
    assert counts(await town.get(hit)) == ("Assignable", 2, 0, 0)
    assert await town.take(0) is None  # this worker has answered it
    await town.answer(1)
    code, _ = await town.refused("create_additional_assignments_for_hit", HITId=hit["HITId"],
                                 NumberOfAdditionalAssignments=9)  # fmt: skip
    assert code == "InvalidMaximumAssignmentsIncrease"


async def test_a_hit_of_a_stopped_type_is_extended_once_all_its_tasks_are_closed(
    town: Town, house: House, monkeypatch: pytest.MonkeyPatch
):
    """Before that its type ran again, with open tasks for which nothing was held any more."""
    monkeypatch.setattr(lifecycle, "FIRST", 1)
    hit, other = await town.hit(), await town.hit(Question=form("it barks"))

    def stop(unit: UnitOfWork) -> None:
        requester = unit.people.find_by_telegram_id(1_000)
        assert requester is not None
        lifecycle.stop_project(Act(unit, requester, house), ProjectId(1), sure=True)

    await town.database.transact(stop, present())
    more = {"HITId": other["HITId"], "NumberOfAdditionalAssignments": 1}
    code, said = await town.refused("create_additional_assignments_for_hit", **more)
    assert (code, "still being stopped" in said) == ("InvalidParameterValue", True)
    assert (await town.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.00"
    await jobs.run_bulk_updates(town.database, present)
    await town.turk.ask("create_additional_assignments_for_hit", **more)
    assert (await town.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.16"  # 0.165
    assert counts(await town.get(other)) == ("Assignable", 3, 0, 0)
    assert counts(await town.get(hit)) == ("Reviewable", 0, 0, 0)


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_reviewable_hits_go_to_reviewing_and_back(town: Town):
    hit, other = await town.hit(MaxAssignments=1), await town.hit(MaxAssignments=1, Question=form("it barks"))
    about = {"HITId": hit["HITId"]}
    assert (await town.refused("update_hit_review_status", **about))[0] == "InvalidHITState"
    await town.answer(0)
    listed = (await town.turk.ask("list_reviewable_hits", HITTypeId=hit["HITTypeId"]))["HITs"]
    assert [each["HITId"] for each in listed] == [hit["HITId"]] != [other["HITId"]]
    await town.turk.ask("update_hit_review_status", **about)
    assert (await town.turk.ask("list_reviewable_hits"))["HITs"] == []
    (listed,) = (await town.turk.ask("list_reviewable_hits", Status="Reviewing"))["HITs"]
    assert listed["HITStatus"] == "Reviewing"
    await town.turk.ask("update_hit_review_status", **about, Revert=True)
    assert (await town.get(hit))["HITStatus"] == "Reviewable"


async def test_a_rejection_has_a_reason_and_may_be_taken_back(town: Town):
    hit = await town.hit(MaxAssignments=1)
    await town.answer(0)
    (only,) = await town.assignments(hit)
    about = {"AssignmentId": only["AssignmentId"]}
    code, said = await town.refused("reject_assignment", **about, RequesterFeedback="")
    assert (code, "15 to 500 characters" in said) == ("InvalidParameterValue", True)
    reason = "Instruction 2: the animal was not named"
    await town.turk.ask("reject_assignment", **about, RequesterFeedback=reason)
    (rejected,) = await town.assignments(hit, AssignmentStatuses=["Rejected"])
    assert rejected["RequesterFeedback"] == "the animal was not named"
    assert [[each.text for each in answer] for answer in ET.fromstring(rejected["Answer"])] == [
        ["animal", None],
        ["why", None],
    ]
    assert counts(await town.get(hit))[3] == 1
    assert "status of: Submitted" in (await town.refused("approve_assignment", **about))[1]
    await town.turk.ask("approve_assignment", **about, OverrideRejection=True)
    (approved,) = await town.assignments(hit)
    assert (approved["AssignmentStatus"], "cat" in approved["Answer"]) == ("Approved", True)


async def test_a_bonus_is_sent_as_often_as_asked_and_once_with_a_token(town: Town):
    hit = await town.hit(MaxAssignments=1)
    await town.answer(0)
    (only,) = await town.assignments(hit)
    bonus = {"WorkerId": only["WorkerId"], "AssignmentId": only["AssignmentId"], "BonusAmount": "0.5",
             "Reason": "very careful"}  # fmt: skip
    for _ in range(2):
        await town.turk.ask("send_bonus", **bonus)
    await town.turk.ask("send_bonus", **bonus, UniqueRequestToken="t")
    await town.refused("send_bonus", **bonus, UniqueRequestToken="t")
    for about in ({"HITId": hit["HITId"]}, {"AssignmentId": only["AssignmentId"]}):
        paid = await town.turk.ask("list_bonus_payments", **about)
        assert [(each["BonusAmount"], each["WorkerId"]) for each in paid["BonusPayments"]] == [
            ("0.50", only["WorkerId"])
        ] * 3
    assert await town.refused("send_bonus", **{**bonus, "WorkerId": "A" + "B" * 16}) == (
        "WorkerDoesNotExist",
        "Worker ABBBBBBBBBBBBBBBB does not exist.",
    )
    assert (await town.refused("send_bonus", **{**bonus, "BonusAmount": "1000"}))[0] == "InsufficientFunds"


async def test_money_that_is_missing_refuses_the_hit(town: Town):
    code, said = await town.refused(
        "create_hit", **{**TYPE, "LifetimeInSeconds": 60, "Question": form(), "MaxAssignments": 1_000_000_000}
    )
    assert (code, "insufficient funds" in said) == ("InsufficientFunds", True)
    assert (await town.turk.ask("list_hits"))["NumResults"] == 0


async def test_workers_are_notified(town: Town, database: Database):
    hit = await town.hit(MaxAssignments=1)
    await town.answer(0)
    (only,) = await town.assignments(hit)
    note = {"Subject": "More to come", "MessageText": "Tomorrow we send <more>."}
    said = await town.turk.ask("notify_workers", **note, WorkerIds=[only["WorkerId"], "A" + "B" * 16])
    assert [each["NotifyWorkersFailureCode"] for each in said["NotifyWorkersFailureStatuses"]] == ["HardFailure"]
    assert (await town.turk.ask("notify_workers", **note, WorkerIds=[only["WorkerId"]]))[
        "NotifyWorkersFailureStatuses"
    ] == []


async def test_another_requesters_things_are_not_there(town: Town, database: Database, house: House):
    def settle(unit: UnitOfWork) -> Any:
        other = unit.people.upsert(77, "bob", "Bob", "en", unit.now)
        unit.people.make_requester(other.id, True)
        return pair_of(unit, house, other.id)

    hit = await town.hit(MaxAssignments=1)
    await town.answer(0)
    (only,) = await town.assignments(hit)
    bob = Town(Turk(town.turk.port, await database.transact(settle, present())), database)
    assert await bob.refused("get_hit", HITId=hit["HITId"]) == (
        "HITDoesNotExist",
        f"Hit {hit['HITId']} does not exist.",
    )
    assert (await bob.refused("get_assignment", AssignmentId=only["AssignmentId"]))[0] == "AssignmentDoesNotExist"
    assert (await bob.refused("approve_assignment", AssignmentId=only["AssignmentId"]))[0] == "AssignmentDoesNotExist"
    assert (await bob.refused("get_hit", HITId=only["AssignmentId"]))[0] == "HITDoesNotExist"


async def test_a_hit_moves_to_another_type(town: Town):
    hit = await town.hit(MaxAssignments=2)
    await town.answer(0)
    better = (await town.turk.ask("create_hit_type", **{**TYPE, "Reward": "0.10"}))["HITTypeId"]
    await town.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=better)
    moved = await town.get(hit)
    assert (moved["Reward"], moved["HITTypeId"], moved["MaxAssignments"]) == ("0.10", better, 2)
    assert counts(moved) == ("Assignable", 1, 0, 0)
    assert await town.take(0) is None
    await town.answer(1)
    assert len(await town.assignments(hit)) == 2
    assert (await town.turk.ask("get_account_balance"))["OnHoldBalance"] == "0.00"


async def test_a_hit_that_moves_out_of_a_hand_keeps_its_number_of_assignments(town: Town):
    """Programs reckon with Max − Completed − Pending − Available: so much is there to be reviewed."""
    hit = await town.hit(MaxAssignments=2)
    await town.take(0)
    better = (await town.turk.ask("create_hit_type", **{**TYPE, "Reward": "0.10"}))["HITTypeId"]
    await town.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=better)
    moved = await town.get(hit)
    assert (moved["MaxAssignments"], counts(moved)) == (2, ("Assignable", 1, 1, 0))
    await town.answer(0)
    await town.answer(1)
    done = await town.get(hit)
    assert (done["MaxAssignments"], counts(done)) == (2, ("Reviewable", 0, 0, 0))
    assert len(await town.assignments(hit)) == 2


@pytest.mark.parametrize("answered_before", [False, True])
async def test_a_place_that_expires_after_its_hit_has_moved_is_offered_in_the_new_type(
    town: Town, answered_before: bool
):
    hit = await town.hit(MaxAssignments=2, AssignmentDurationInSeconds=60)
    await town.take(0)
    better = (await town.turk.ask("create_hit_type", **{**TYPE, "Reward": "0.10"}))["HITTypeId"]
    await town.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=better)
    if answered_before:  # the new type's project is complete by then
        await town.answer(1)
    await town.database.transact(sweeps.expire_assignments, later(present(), 120_000))
    moved = await town.get(hit)
    left = 1 if answered_before else 2
    assert (moved["MaxAssignments"], counts(moved)) == (2, ("Assignable", left, 0, 0))
    assert await town.take(0) is None  # who has had it is not asked anew
    for worker in (1, 2)[-left:]:
        await town.answer(worker)
    done = await town.get(hit)
    assert (done["MaxAssignments"], counts(done)) == (2, ("Reviewable", 0, 0, 0))
    assert len(await town.assignments(hit)) == 2
    balance = await town.turk.ask("get_account_balance")
    assert (balance["AvailableBalance"], balance["OnHoldBalance"]) == ("99.78", "0.00")


async def test_a_place_that_expires_after_a_move_is_gone_where_the_new_pay_is_not_there(town: Town):
    hit = await town.hit(MaxAssignments=1, AssignmentDurationInSeconds=60)
    await town.take(0)
    await town.turk.ask("create_additional_assignments_for_hit", HITId=hit["HITId"], NumberOfAdditionalAssignments=1)
    dear = (await town.turk.ask("create_hit_type", **{**TYPE, "Reward": "60.00"}))["HITTypeId"]
    await town.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=dear)
    await town.database.transact(sweeps.expire_assignments, later(present(), 120_000))
    moved = await town.get(hit)
    assert (moved["MaxAssignments"], counts(moved)) == (1, ("Assignable", 1, 0, 0))
    assert (await town.turk.ask("get_account_balance"))["AvailableBalance"] == "34.00"


async def test_the_first_hit_of_a_requester_waits_for_an_admins_look(database: Database):
    admin_id, house = 900, turk_house(database, approve_first=True, admins=frozenset({900}))

    def settle(unit: UnitOfWork) -> Any:
        admin = unit.people.upsert(admin_id, "ada", "Ada", "en", unit.now)
        return (
            admin.id,
            pair_of(unit, house, settle_requester(unit).id),
            tuple(settle_worker(unit, n).id for n in (1, 2)),
        )

    admin, pair, workers = await database.transact(settle, present())

    def approve(unit: UnitOfWork) -> None:
        act = Act(unit, unit.people.get(admin), house)
        project = unit.projects.list_of_requester(unit.people.find_by_telegram_id(1_000).id)[0]  # type: ignore[union-attr]
        look = unit.first_looks.find(project.id)
        assert look is not None
        approvals.approve_project(act, project.id, look.version)

    async with turking(house, pair) as turk:
        town = Town(turk, database, workers)
        hit, second = await town.hit(), await town.hit(Question=form("it barks"))
        assert counts(await town.get(hit)) == ("Assignable", 2, 0, 0)
        assert await town.take(0) is None
        await database.transact(approve, present())
        third = await town.hit(Question=form("it mews"))
        assert counts(await town.get(second)) == counts(third) == ("Assignable", 2, 0, 0)
        for _ in range(3):
            await town.answer(0)
        assert [counts(await town.get(each))[1] for each in (hit, second, third)] == [1, 1, 1]
    assert await database.transact(find_violations, present()) == []


async def test_two_programs_approve_at_once_and_one_is_told_that_it_was_done(town: Town):
    hit = await town.hit(MaxAssignments=1)
    await town.answer(0)
    (only,) = await town.assignments(hit)
    about = {"AssignmentId": only["AssignmentId"]}
    said = await asyncio.gather(
        *(town.turk.ask("approve_assignment", **about) for _ in range(4)), return_exceptions=True
    )
    refused = [each for each in said if isinstance(each, ClientError)]
    assert len(refused) == 3
    assert all("status of: Submitted" in str(each) for each in refused)


async def test_silence_approves_at_the_moment_that_was_promised(town: Town):
    hit = await town.hit(MaxAssignments=1, AutoApprovalDelayInSeconds=0)
    await town.answer(0)
    (only,) = await town.assignments(hit)
    assert (only["AssignmentStatus"], only["ApprovalTime"]) == ("Approved", only["AutoApprovalTime"])
    assert counts(await town.get(hit)) == ("Reviewable", 0, 0, 1)
    code, _ = await town.refused("reject_assignment", AssignmentId=only["AssignmentId"], RequesterFeedback="x" * 20)
    assert code == "InvalidAssignmentState"


async def test_what_is_in_a_hand_cannot_be_read_yet(town: Town, house: House):
    await town.hit(MaxAssignments=1)
    number = await town.take(0)

    def named(unit: UnitOfWork) -> str:
        return encode_id(unit.settings.secret, IdKind.ASSIGNMENT, number or 0)

    code, said = await town.refused("get_assignment", AssignmentId=await town.database.transact(named, present()))
    assert (code, "can be called with a status of: Reviewable,Approved,Rejected" in said) == (
        "InvalidAssignmentState",
        True,
    )


async def test_a_wage_below_the_floor_is_refused_with_what_it_takes(database: Database):
    terms = Terms("EUR", Decimal(10), Millionths(12_000_000))
    house = turk_house(database, terms=terms)
    pair = await database.transact(lambda unit: pair_of(unit, house, settle_requester(unit).id), present())
    workers = await database.transact(lambda unit: tuple(settle_worker(unit, n).id for n in range(3)), present())
    async with turking(house, pair) as turk:
        town = Town(turk, database, workers)
        code, said = await town.refused(
            "create_hit", **{**TYPE, "Reward": "0.04", "LifetimeInSeconds": 60, "Question": form()}
        )
        assert (code, said.startswith("Reward 0.04 is below the wage floor of 12.00 EUR an hour")) == (
            "InvalidParameterValue",
            True,
        )
        hour = {"Title": "One hour survey", "Reward": "0.02", "AssignmentDurationInSeconds": 7_200}
        code, said = await town.refused("create_hit", **{**TYPE, **hour, "LifetimeInSeconds": 60, "Question": form()})
        assert (code, "takes about 3600 seconds, so it is 12.00 at least" in said) == ("InvalidParameterValue", True)
        hit = await town.hit(Reward="0.10", MaxAssignments=1)
        held = float((await turk.ask("get_account_balance"))["OnHoldBalance"])
        assert held >= 0.11
        await town.answer(0)
        assert (await turk.ask("get_account_balance"))["OnHoldBalance"] == "0.00"
        await town.hit(Reward="0.10", MaxAssignments=1, Question=form("again"))
        await town.answer(1)
        assert counts(await town.get(hit))[0] == "Reviewable"
    assert await database.transact(find_violations, present()) == []


async def test_pages_need_the_mini_app(town: Town):
    page = (
        "<ExternalQuestion><ExternalURL>https://x.example</ExternalURL><FrameHeight>0</FrameHeight></ExternalQuestion>"
    )
    code, said = await town.refused("create_hit", **{**TYPE, "LifetimeInSeconds": 60, "Question": page})
    assert (code, "PUBLIC_URL" in said) == ("InvalidParameterValue", True)
    broken = await town.refused("create_hit", **{**TYPE, "LifetimeInSeconds": 60, "Question": "<QuestionForm>"})
    assert broken[0] == "XMLParseError"
    assert (await town.refused("create_hit", **{**TYPE, "LifetimeInSeconds": 60, "HITLayoutId": "3ABC"}))[0] == (
        "HITLayoutDoesNotExist"
    )
    code, said = await town.refused("create_hit", **{**TYPE, "LifetimeInSeconds": 60})
    assert (code, "either a Question or a HITLayoutId" in said) == ("InvalidParameterValue", True)


async def test_the_chat_neither_clones_nor_adds_to_what_a_program_keeps_nor_makes_gold_of_it(town: Town, house: House):
    hit = await town.hit(MaxAssignments=1)

    def refused(unit: UnitOfWork) -> list[str]:
        act, found = Act(unit, unit.people.get(PersonId(1)), house), []
        number = unit.projects.list_of_requester(PersonId(1))[0].id
        for attempt in (
            lambda: drafts.clone_project(act, number, "none"),
            lambda: launches.launch_project(act, number),
            lambda: gold.make_by_name(act, number, "hit 1", ["cat"], ""),
        ):
            with pytest.raises(WrongState) as error:
                attempt()
            found.append(error.value.state)
        return found

    await town.answer(0)
    assert (await town.get(hit))["HITStatus"] == "Reviewable"  # its project is complete, and goes on with the next HIT
    assert await town.database.transact(refused, present()) == ["program"] * 3
    assert counts(await town.hit(Question=form("again"))) == ("Assignable", 2, 0, 0)


async def test_a_hit_may_last_until_the_year_9999_and_is_disposed_of_120_days_after_its_end(town: Town):
    hit = await town.hit()
    for end in (datetime(9999, 12, 31, 23, 59, 59), datetime(9999, 12, 31, tzinfo=UTC)):
        await town.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=end)
        assert (await town.get(hit))["Expiration"].year == 9999
    await town.answer(0)
    for end in (0, datetime(2015, 1, 1), 0):  # as programs write “now”
        await town.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=end)
    for days, status in ((0, "Reviewable"), (119, "Reviewable"), (121, "Disposed")):
        await town.database.transact(hits.expire_due_hits, later(present(), days * DAY))
        assert (await town.get(hit))["HITStatus"] == status


async def test_a_raise_in_the_chat_is_the_reward_that_programs_read(town: Town, house: House):
    hit = await town.hit()

    def raise_it(unit: UnitOfWork) -> None:
        anna = unit.people.find_by_telegram_id(1_000)
        assert anna is not None
        pay_raises.raise_pay(Act(unit, anna, house), ProjectId(1), Millionths(80_000))

    await town.database.transact(raise_it, present())
    assert (await town.get(hit))["Reward"] == "0.08"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.2", "10.0.0.8", "[::1]", "[::ffff:10.0.0.8]", "localhost", "a.localhost."]
)
async def test_events_are_not_sent_inside_and_the_program_hears_it_at_once(town: Town, host: str):
    type_ = (await town.hit())["HITTypeId"]
    about = {"Transport": "SQS", "Version": "2014-08-15", "EventTypes": ["Ping"]}
    for address, why in ((f"https://{host}/events", "inside"), (f"http://{host}/events", "https address")):
        told = {**about, "Destination": address}
        code, said = await town.refused("update_notification_settings", HITTypeId=type_, Notification=told)
        assert code == "InvalidTransportEndpoint"
        assert why in said
    kept = await town.database.transact(lambda unit: unit.connection.all("SELECT url FROM webhooks"), present())
    assert list(kept) == []


def change(unit: UnitOfWork, worker: PersonId) -> object:
    """They press Change under their latest answer."""
    (number,) = unit.connection.all(
        "SELECT assignment FROM submissions WHERE worker = :worker ORDER BY id DESC LIMIT 1", worker=worker
    )[0]
    return corrections.reopen_answer(act_of(unit, worker), number, 0)


@pytest.mark.parametrize("by", ["get_assignment", "list_assignments_for_hit"])
async def test_an_answer_that_a_program_has_read_is_changed_no_more(town: Town, by: str):
    """The program approved or rejected another answer than the one it had read."""
    hit = await town.hit()
    await town.answer(0)
    await town.database.transact(change, present(), town.workers[0])
    (given,) = await town.assignments(hit)
    if by == "get_assignment":
        await town.answer(1)
        secret = await town.database.transact(lambda unit: unit.settings.secret, present())
        number = await town.database.transact(
            lambda unit: int(unit.connection.all("SELECT max(assignment) FROM submissions")[0][0]), present()
        )
        await town.database.transact(change, present(), town.workers[1])
        given = (await town.turk.ask(by, AssignmentId=encode_id(secret, IdKind.ASSIGNMENT, number)))["Assignment"]
    reader = town.workers[int(by == "get_assignment")]
    assert given["AssignmentStatus"] == "Submitted"
    with pytest.raises(TooLateToChange) as refused:
        await town.database.transact(change, present(), reader)
    assert refused.value.why == "looked"


@pytest.mark.parametrize("most", [1, 2])
async def test_the_time_of_silence_is_that_of_the_type_an_answer_was_given_under(town: Town, most: int):
    """It was that of the type its HIT had been moved to since."""
    hit = await town.hit(MaxAssignments=most)
    await town.answer(0)
    other = await town.turk.ask("create_hit_type", **{**TYPE, "AutoApprovalDelayInSeconds": 3600})
    await town.turk.ask("update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=other["HITTypeId"])
    (given,) = await town.assignments(hit)
    assert given["AutoApprovalTime"] - given["SubmitTime"] == timedelta(hours=72)
    await town.turk.ask("approve_assignment", AssignmentId=given["AssignmentId"])
    if most == 2:
        await town.answer(1)
    delays = [each["AutoApprovalTime"] - each["SubmitTime"] for each in await town.assignments(hit)]
    assert delays == [timedelta(hours=72), timedelta(hours=1)][:most]
