"""Qualifications and blocks with boto3 against the real door; workers meet them in the chat."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from domain.people.qualifications import QualificationGranted, QualificationOffered
from handlers.people.qualifications import AnswerTest, AskQualification
from services.act import Reply
from services.work import inputs, submit
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_hits import Town, house, town  # noqa: F401
from tests.extensions.mturk.web.turk import present
from tests.services.people.test_qualification_tests import KEY, TEST
from tests.services.people.test_qualifications import told_of

WHY = "The answers had nothing to do with the pictures."
NAMED = {"Name": "Knows animals", "Description": "Cats and dogs.", "QualificationTypeStatus": "Active"}


async def a_type(town: Town, **changes: Any) -> Any:  # noqa: F811
    return (await town.turk.ask("create_qualification_type", **{**NAMED, **changes}))["QualificationType"]


async def idle(town: Town, worker: int) -> None:  # noqa: F811
    def play(unit: UnitOfWork) -> None:
        submit.show_work(unit, town.person(unit, worker))

    await town.database.transact(play, present())


async def told(town: Town, worker: int, kind: Any) -> list[Mapping[str, Any]]:  # noqa: F811
    found = await town.database.transact(lambda unit: told_of(unit, town.workers[worker], kind), present())
    return list(found)


async def pressed(town: Town, worker: int, payload: Any) -> Any:  # noqa: F811
    def play(unit: UnitOfWork) -> Any:
        reply = press(act_of(unit, town.workers[worker], message=77), payload)
        assert isinstance(reply, Reply)
        return reply.message

    return await town.database.transact(play, present())


def required(type_: Any, **about: Any) -> dict[str, Any]:
    usual = {"Comparator": "GreaterThanOrEqualTo", "IntegerValues": [75]}
    return {"QualificationTypeId": type_["QualificationTypeId"], **usual, **about}


async def worker_id(town: Town) -> str:  # noqa: F811
    """Of the first worker, after one answer."""
    hit = await town.hit(MaxAssignments=1)
    await town.answer(0)
    (assignment,) = await town.assignments(hit)
    return str(assignment["WorkerId"])


async def test_a_type_is_made_changed_found_and_deleted(town: Town):  # noqa: F811
    made = await a_type(town, Keywords="cats, dogs", RetryDelayInSeconds=60)
    assert (made["Name"], made["QualificationTypeStatus"], made["IsRequestable"]) == ("Knows animals", "Active", True)
    code, said = await town.refused("create_qualification_type", **{**NAMED, "Name": "KNOWS  animals"})
    assert code == "QualificationTypeAlreadyExists"
    assert said.startswith("You have already created a QualificationType with this name.")
    one = {"QualificationTypeId": made["QualificationTypeId"]}
    changed = await town.turk.ask("update_qualification_type", **one, Description="All.", AutoGranted=True)
    assert changed["QualificationType"]["Description"] == "All."
    assert changed["QualificationType"]["AutoGrantedValue"] == 1
    assert changed["QualificationType"]["RetryDelayInSeconds"] == 60
    assert (await town.turk.ask("get_qualification_type", **one))["QualificationType"] == changed["QualificationType"]
    for n in range(3):
        await a_type(town, Name=f"Type {n}")

    def program(client: Any) -> list[str]:
        found, page = [], client.list_qualification_types(MustBeRequestable=False, MaxResults=2)
        while page["NumResults"] > 0:
            found += [each["Name"] for each in page["QualificationTypes"]]
            again = page["NextToken"]
            page = client.list_qualification_types(MustBeRequestable=False, MaxResults=2, NextToken=again)
        return found

    assert await town.turk.do(program) == ["Knows animals", "Type 0", "Type 1", "Type 2"]
    query = {"Query": "ANIMALS dogs", "MustBeOwnedByCaller": True, "MustBeRequestable": True}
    (only,) = (await town.turk.ask("list_qualification_types", **query))["QualificationTypes"]
    assert only["QualificationTypeId"] == made["QualificationTypeId"]
    await town.turk.ask("delete_qualification_type", **one)
    assert await town.refused("get_qualification_type", **one) == (
        "QualificationTypeDoesNotExist",
        f"QualificationType {made['QualificationTypeId']} does not exist.",
    )


async def test_a_qualification_is_given_read_and_taken_back(town: Town):  # noqa: F811
    who, made = await worker_id(town), await a_type(town)
    about = {"QualificationTypeId": made["QualificationTypeId"], "WorkerId": who}
    assert "does not exist" in (await town.refused("get_qualification_score", **about))[1]
    await town.turk.ask("associate_qualification_with_worker", **about, IntegerValue=80, SendNotification=False)
    assert await told(town, 0, QualificationGranted) == []
    score = (await town.turk.ask("get_qualification_score", **about))["Qualification"]
    assert (score["IntegerValue"], score["Status"], score["WorkerId"]) == (80, "Granted", who)
    await town.turk.ask("associate_qualification_with_worker", **about)
    assert [each["value"] for each in await told(town, 0, QualificationGranted)] == [1]
    one = {"QualificationTypeId": made["QualificationTypeId"]}
    page = await town.turk.ask("list_workers_with_qualification_type", **one)
    assert [each["WorkerId"] for each in page["Qualifications"]] == [who]
    assert (await town.turk.ask("list_workers_with_qualification_type", **one, NextToken=page["NextToken"]))[
        "NumResults"
    ] == 0
    await town.turk.ask("disassociate_qualification_from_worker", **about, Reason="A mistake.")
    for operation in ("get_qualification_score", "disassociate_qualification_from_worker"):
        code, said = await town.refused(operation, **about)
        assert code == "InvalidQualificationState"
        assert "operation can be called with a status of: Granted" in said
    revoked = await town.turk.ask("list_workers_with_qualification_type", **one, Status="Revoked")
    assert [each["Status"] for each in revoked["Qualifications"]] == ["Revoked"]
    assert (await town.refused("get_qualification_score", **{**about, "WorkerId": "A2"}))[0] == "WorkerDoesNotExist"


@pytest.mark.parametrize(
    ("has", "asked"),
    [
        (True, {"Comparator": "EqualTo", "IntegerValues": [80]}),
        (True, {"Comparator": "Exists", "IntegerValues": []}),
        (False, {"Comparator": "DoesNotExist", "IntegerValues": []}),
    ],
)
async def test_a_hit_that_asks_for_a_deleted_type_is_for_nobody(town: Town, has: bool, asked: Any):  # noqa: F811
    """Whoever had the qualification was asked on."""
    who, made = await worker_id(town), await a_type(town)
    one = {"QualificationTypeId": made["QualificationTypeId"]}
    if has:
        given = {**one, "WorkerId": who, "IntegerValue": 80, "SendNotification": False}
        await town.turk.ask("associate_qualification_with_worker", **given)
    await town.hit(QualificationRequirements=[required(made, **asked)], MaxAssignments=2)
    first, second = await town.take(0), await town.take(1)
    assert (first is not None, second is not None) == (True, not has)
    await town.hit(QualificationRequirements=[required(made, **asked)], Question=form("it barks"))
    await town.turk.ask("delete_qualification_type", **one)
    for worker in range(2 - has):
        await town.answer(worker)
    given = await town.database.transact(lambda unit: list(map(unit.assignments.active_for, town.workers)), present())
    assert given == [None] * 3
    assert [await town.take(worker) for worker in (0, 1, 2)] == [None] * 3


async def test_a_worker_is_blocked_and_unblocked(town: Town):  # noqa: F811
    who = await worker_id(town)
    code, said = await town.refused("create_worker_block", WorkerId=who, Reason="bad")
    assert (code, "15 to 500" in said) == ("InvalidParameterValue", True)
    for _ in range(2):
        await town.turk.ask("create_worker_block", WorkerId=who, Reason=WHY)
    (block,) = (await town.turk.ask("list_worker_blocks"))["WorkerBlocks"]
    assert block == {"WorkerId": who, "Reason": WHY}
    await town.hit()
    assert await town.take(0) is None
    assert await town.take(1) is not None
    for _ in range(2):
        await town.turk.ask("delete_worker_block", WorkerId=who, Reason="Forgiven")
    assert (await town.turk.ask("list_worker_blocks"))["NumResults"] == 0
    assert await town.take(0) is not None


async def test_a_test_with_a_key_is_taken_in_the_chat_and_opens_the_work(town: Town):  # noqa: F811
    made = await a_type(town, Test=TEST, AnswerKey=KEY.format(one="animal"), TestDurationInSeconds=600)
    hit = await town.hit(QualificationRequirements=[required(made)])
    assert hit["QualificationRequirements"] == [required(made)]
    assert await town.take(0) is None
    await idle(town, 0)
    (offered,) = await told(town, 0, QualificationOffered)
    assert (offered["name"], offered["questions"], offered["seconds"]) == ("Knows animals", 2, 600)
    request = offered["request"]
    shown = await pressed(town, 0, AskQualification(request=request))
    assert shown.content.text == "Two questions."
    for option in (1, 100, 102):
        shown = await pressed(town, 0, AnswerTest(request=request, option=option))
    done = await pressed(town, 0, AnswerTest(request=request, option=199))
    assert (done.value, done.tested) == (100, True)
    assert await town.take(0) is not None
    assert (await town.turk.ask("list_qualification_requests"))["QualificationRequests"] == []
    found = await town.turk.ask("list_hits_for_qualification_type", QualificationTypeId=made["QualificationTypeId"])
    assert [each["HITId"] for each in found["HITs"]] == [hit["HITId"]]


def newer(xml: str) -> str:
    """The same with other identifiers of its options."""
    return xml.replace(">cat<", ">purring<").replace(">dog<", ">barking<")


@pytest.mark.parametrize("begun", [False, True])
async def test_a_test_is_scored_with_the_key_it_had_when_it_was_begun(town: Town, begun: bool):  # noqa: F811
    """It had been kept when it was offered, and was scored with the key there was at its end."""
    key = KEY.format(one="animal")
    made = await a_type(town, Test=TEST, AnswerKey=key, TestDurationInSeconds=600)
    await town.hit(QualificationRequirements=[required(made)])
    await idle(town, 0)
    (offered,) = await told(town, 0, QualificationOffered)
    request = offered["request"]
    if begun:
        await pressed(town, 0, AskQualification(request=request))
    new = {"Test": newer(TEST).replace("Two questions", "Other questions"), "AnswerKey": newer(key)}
    one = {"QualificationTypeId": made["QualificationTypeId"], "TestDurationInSeconds": 600}
    await town.turk.ask("update_qualification_type", **one, **new)
    shown = await pressed(town, 0, AskQualification(request=request))
    assert shown.content.text == ("Two questions." if begun else "Other questions.")
    for option in (1, 100, 102):
        await pressed(town, 0, AnswerTest(request=request, option=option))
    assert (await pressed(town, 0, AnswerTest(request=request, option=199))).value == 100


async def test_a_test_without_a_key_waits_for_the_program(town: Town):  # noqa: F811
    made = await a_type(town, Test=form(), TestDurationInSeconds=600)
    await town.hit(QualificationRequirements=[required(made)])
    await idle(town, 0)
    (offered,) = await told(town, 0, QualificationOffered)
    await pressed(town, 0, AskQualification(request=offered["request"]))
    await pressed(town, 0, AnswerTest(request=offered["request"], option=0))
    assert (await town.turk.ask("list_qualification_requests"))["NumResults"] == 0

    def type_(unit: UnitOfWork) -> None:
        inputs.take_words(act_of(unit, town.workers[0]), "It purrs & sleeps")

    await town.database.transact(type_, present())
    (request,) = (await town.turk.ask("list_qualification_requests"))["QualificationRequests"]
    assert request["Test"] == form()
    assert "<SelectionIdentifier>cat</SelectionIdentifier>" in request["Answer"]
    assert "<FreeText>It purrs &amp; sleeps</FreeText>" in request["Answer"]
    one = {"QualificationRequestId": request["QualificationRequestId"]}
    await town.turk.ask("accept_qualification_request", **one, IntegerValue=90)
    assert [each["value"] for each in await told(town, 0, QualificationGranted)] == [90]
    code, said = await town.refused("reject_qualification_request", **one)
    assert (code, "'Granted'" in said) == ("InvalidQualificationRequestState", True)
    score = {"QualificationTypeId": made["QualificationTypeId"], "WorkerId": request["WorkerId"]}
    assert (await town.turk.ask("get_qualification_score", **score))["Qualification"]["IntegerValue"] == 90
    assert await town.take(0) is not None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Test": TEST}, "InvalidParameterValue"),
        ({"AnswerKey": KEY}, "InvalidParameterValue"),
        ({"Test": TEST, "TestDurationInSeconds": 60, "AutoGranted": True}, "InvalidParameterValue"),
        ({"Test": TEST, "TestDurationInSeconds": 60, "AnswerKey": KEY.format(one="bird")}, "XMLParseError"),
        ({"Test": form(), "TestDurationInSeconds": 60, "AnswerKey": KEY.format(one="animal")}, "XMLParseError"),
        ({"Test": "<QuestionForm/>", "TestDurationInSeconds": 60}, "XMLParseError"),
        ({"Test": TEST, "TestDurationInSeconds": 60, "AnswerKey": "<!DOCTYPE a><AnswerKey/>"}, "XMLParseError"),
    ],
)
async def test_a_test_that_cannot_be_scored_is_refused(town: Town, changes: Any, code: str):  # noqa: F811
    assert (await town.refused("create_qualification_type", **{**NAMED, **changes}))[0] == code


LOCALE, ACCEPTED, PERCENT = "00000000000000000071", "00000000000000000040", "000000000000000000L0"


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        (
            {"QualificationTypeId": PERCENT, "Comparator": "GreaterThan", "IntegerValues": [95]},
            ("holds=accepted% > 95",),
        ),
        (
            {"QualificationTypeId": ACCEPTED, "Comparator": "GreaterThanOrEqualTo", "IntegerValues": [1000]},
            ("holds=accepted >= 1000",),
        ),
        (
            {
                "QualificationTypeId": LOCALE,
                "Comparator": "In",
                "LocaleValues": [{"Country": "US"}, {"Country": "ca"}],
                "RequiredToPreview": True,
            },
            ("country=US|CA",),
        ),
        (
            {"QualificationTypeId": LOCALE, "Comparator": "NotEqualTo", "LocaleValues": [{"Country": "US"}]},
            ("not country=US",),
        ),
        (
            {
                "QualificationTypeId": "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH",
                "Comparator": "Exists",
                "ActionsGuarded": "DiscoverPreviewAndAccept",
            },
            ("holds=masters exists hidden",),
        ),
    ],
)
async def test_amazons_own_qualifications_are_what_the_house_knows(town: Town, asked: Any, who: Any):  # noqa: F811
    hit = await town.hit(QualificationRequirements=[asked])
    assert hit["QualificationRequirements"] == [asked]

    def kept(unit: UnitOfWork) -> Any:
        return unit.connection.all("SELECT who FROM projects ORDER BY id DESC LIMIT 1")[0][0]

    assert tuple(orjson.loads(await town.database.transact(kept, present()))) == who


@pytest.mark.parametrize(
    "asked",
    [
        {"QualificationTypeId": "3NOSUCHTYPE", "Comparator": "Exists"},
        {"QualificationTypeId": PERCENT, "Comparator": "GreaterThan"},
        {"QualificationTypeId": PERCENT, "Comparator": "Exists", "IntegerValues": [1]},
        {"QualificationTypeId": PERCENT, "Comparator": "EqualTo", "IntegerValues": [1, 2]},
        {"QualificationTypeId": LOCALE, "Comparator": "Exists"},
    ],
)
async def test_what_cannot_be_asked_for_is_refused(town: Town, asked: Any):  # noqa: F811
    hit = {"Title": "T", "Description": "D", "Reward": "1", "AssignmentDurationInSeconds": 60}
    code, _ = await town.refused("create_hit_type", **hit, QualificationRequirements=[asked])
    assert code in ("InvalidParameterValue", "QualificationTypeDoesNotExist")


@pytest.mark.parametrize(
    ("comparator", "who", "line"),
    [
        ("In", '["country=US|FR"]', "Only for people who live in: US-CA, FR."),
        ("NotIn", '["not country=FR"]', "Not for people who live in: US-CA, FR."),
    ],
)
async def test_a_part_of_a_country_is_asked_for_in_words(town: Town, comparator: str, who: str, line: str):  # noqa: F811
    places = [{"Country": "US", "Subdivision": "CA"}, {"Country": "FR"}]
    asked = {"QualificationTypeId": LOCALE, "Comparator": comparator, "LocaleValues": places}
    await town.hit(QualificationRequirements=[asked])

    def kept(unit: UnitOfWork) -> Any:
        return unit.connection.all("SELECT who, instructions FROM projects")

    ((found, lines),) = await town.database.transact(kept, present())
    assert found == who
    assert orjson.loads(lines)[-1] == line
