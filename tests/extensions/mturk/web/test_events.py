"""Notifications and review policies with boto3 against the real door; calls reach a real socket."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from aiohttp import web

from domain.fairness.review import RejectionState
from domain.moments import HOUR, Moment
from domain.projects.projects import ProjectId
from domain.refusals import TooLateToChange
from extensions.mturk.jobs.hit_events import TurkEvents
from jobs.fetching import make_poster
from jobs.webhooks import WebhookCalls
from services.act import Act, House
from services.fairness import rejections, review
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.extensions.mturk.web.questions import form
from tests.extensions.mturk.web.test_hits import Town, change, town  # noqa: F401
from tests.extensions.mturk.web.turk import present, turk_house


@pytest.fixture
def house(database: Database) -> House:
    return replace(turk_house(database), private_destinations=True)


@dataclass
class Listener:
    """A program's endpoint."""

    port: int = 0
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events"

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append((dict(request.headers), await request.read()))
        return web.Response()

    @property
    def events(self) -> list[dict[str, str]]:
        return [event for _, body in self.heard for event in orjson.loads(body)["Events"]]


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener, app = Listener(), web.Application()
    app.router.add_post("/events", listener.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    listener.port = runner.addresses[0][1]
    try:
        yield listener
    finally:
        await runner.cleanup()


async def follow(town: Town, house: House) -> None:  # noqa: F811
    """A round of both sweeps."""
    await TurkEvents(house).process_events(town.database, present)
    await WebhookCalls(house.encryption, make_poster(True)).deliver(town.database, present)


def spec(url: str, *events: str, transport: str = "SQS") -> dict[str, Any]:
    return {"Destination": url, "Transport": transport, "Version": "2014-08-15", "EventTypes": list(events)}


ALL = ("AssignmentAccepted", "AssignmentReturned", "AssignmentSubmitted", "AssignmentApproved", "HITReviewable")
MORE = ("HITCreated", "HITExtended", "HITExpired", "HITDisposed")


async def test_events_reach_the_programs_address_signed_with_its_secret(town: Town, house: House):  # noqa: F811
    async with listening() as listener:
        first = await town.hit(MaxAssignments=1)
        about = spec(listener.url, *ALL, *MORE, transport="SNS")
        await town.turk.ask("update_notification_settings", HITTypeId=first["HITTypeId"], Notification=about)
        hit = await town.hit(MaxAssignments=1, Question=form("another one"))
        await town.turk.ask("update_expiration_for_hit", HITId=first["HITId"], ExpireAt=0)
        await town.answer(0)
        (assignment,) = await town.assignments(hit)
        await follow(town, house)
        await town.turk.ask("approve_assignment", AssignmentId=assignment["AssignmentId"])
        await town.turk.ask("delete_hit", HITId=hit["HITId"])
        await follow(town, house)
        told = [each["EventType"] for each in listener.events if each["HITId"] == hit["HITId"]]
        assert told == [
            *("HITCreated", "AssignmentAccepted", "AssignmentSubmitted", "HITReviewable"),
            *("AssignmentApproved", "HITDisposed"),
        ]
        assert [each["EventType"] for each in listener.events if each["HITId"] == first["HITId"]] == [
            *("HITExpired", "HITReviewable"),
        ]
        headers, body = listener.heard[0]
        signed = hmac.new(town.turk.pair.secret.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Pouce-Signature"] == f"sha256={signed}"
        assert headers["x-amz-sns-message-type"] == "Notification"
        document = orjson.loads(body)
        assert document.keys() == {"EventDocVersion", "EventDocId", "CustomerId", "Events"}
        assert document["EventDocVersion"] == "2014-08-15"
        assert document["Events"][0]["HITTypeId"] == hit["HITTypeId"]
        heard = len(listener.heard)
        await town.turk.ask("update_notification_settings", HITTypeId=first["HITTypeId"], Active=False)
        await town.hit(MaxAssignments=1, Question=form("a third"))
        await follow(town, house)
        assert len(listener.heard) == heard


async def test_a_hit_is_reviewable_after_the_last_of_its_answers_not_before(town: Town, house: House):  # noqa: F811
    """All of them may have come before the first is told."""
    async with listening() as listener:
        hit = await town.hit(MaxAssignments=2)
        about = spec(listener.url, "AssignmentSubmitted", "HITReviewable")
        await town.turk.ask("update_notification_settings", HITTypeId=hit["HITTypeId"], Notification=about)
        await town.answer(0)
        await town.answer(1)
        await follow(town, house)
        told = [(each["EventType"], each["EventTimestamp"]) for each in listener.events]
        assert [kind for kind, _ in told] == ["AssignmentSubmitted", "AssignmentSubmitted", "HITReviewable"]
        assert told[1][1] == told[2][1]


async def test_a_worker_who_stops_returns_what_they_had(town: Town, house: House):  # noqa: F811
    async with listening() as listener:
        hit = await town.hit(MaxAssignments=1)
        about = spec(listener.url, *ALL, transport="SNS")
        await town.turk.ask("update_notification_settings", HITTypeId=hit["HITTypeId"], Notification=about)
        await town.take(0)
        await town.database.transact(lambda unit: submit.stop_work(act_of(unit, town.workers[0])), present())
        await follow(town, house)
        assert [each["EventType"] for each in listener.events] == ["AssignmentAccepted", "AssignmentReturned"]


async def test_a_test_event_is_sent_at_once_and_email_is_a_message(town: Town, house: House):  # noqa: F811
    async with listening() as listener:
        about = spec(listener.url, "Ping")
        await town.turk.ask("send_test_event_notification", Notification=about, TestEventType="Ping")
        await follow(town, house)
        (event,) = listener.events
        assert event["EventType"] == "Ping"
        assert "x-amz-sns-message-type" not in listener.heard[0][0]
    mail = spec("me@example.org", "HITReviewable", transport="Email")
    await town.turk.ask("send_test_event_notification", Notification=mail, TestEventType="HITReviewable")

    def said(unit: UnitOfWork) -> list[str]:
        rows = unit.connection.all("SELECT facts FROM outbox WHERE screen = 'mturk.ProgramEvent'")
        return [orjson.loads(row[0])["kind"] for row in rows]

    assert await town.database.transact(said, present()) == ["HITReviewable"]


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (spec("arn:aws:sns:us-east-1:123456789012:topic", "Ping", transport="SNS"), "InvalidTransportEndpoint"),
        (spec("ftp://127.0.0.1/events", "Ping"), "InvalidTransportEndpoint"),
        (spec("https://pouce.example/events"), "InvalidParameterValue"),
    ],
)
async def test_what_cannot_be_told_is_refused(town: Town, about: Any, code: str):  # noqa: F811
    found, _ = await town.refused("send_test_event_notification", Notification=about, TestEventType="Ping")
    assert found == code


async def test_settings_need_something_to_set(town: Town):  # noqa: F811
    hit = await town.hit()
    for more in ({}, {"Active": True}):
        code, _ = await town.refused("update_notification_settings", HITTypeId=hit["HITTypeId"], **more)
        assert code == "InvalidParameterValue"


def parameter(name: str, *values: str) -> dict[str, Any]:
    return {"Key": name, "Values": list(values)}


def known(**more: str) -> dict[str, Any]:
    key = {"Key": "AnswerKey", "MapEntries": [{"Key": "animal", "Values": ["cat"]}]}
    parameters = [key, *(parameter(name, value) for name, value in more.items())]
    return {"PolicyName": "ScoreMyKnownAnswers/2011-09-01", "Parameters": parameters}


async def test_known_answers_approve_reject_and_extend(town: Town, house: House):  # noqa: F811
    policy = known(
        ApproveIfKnownAnswerScoreIsAtLeast="100",
        RejectIfKnownAnswerScoreIsLessThan="50",
        RejectReason="A cat was shown, and the answer says that it was a dog.",
        ExtendIfKnownAnswerScoreIsLessThan="50",
        ExtendMaximumAssignments="3",
    )
    hit = await town.hit(AssignmentReviewPolicy=policy)
    await town.answer(0)
    await town.answer(1, "A dog & more", "It barks")
    await follow(town, house)
    first, second = await town.assignments(hit)
    assert (first["AssignmentStatus"], second["AssignmentStatus"]) == ("Approved", "Rejected")
    assert second["RequesterFeedback"] == "A cat was shown, and the answer says that it was a dog."
    assert (await town.get(hit))["MaxAssignments"] == 3
    found = await town.turk.ask("list_review_policy_results_for_hit", HITId=hit["HITId"])
    assert found["AssignmentReviewPolicy"] == {"PolicyName": "ScoreMyKnownAnswers/2011-09-01"}
    report = found["AssignmentReviewReport"]
    results = {(each["SubjectId"], each["Key"]): each["Value"] for each in report["ReviewResults"]}
    assert results == {
        (first["AssignmentId"], "KnownAnswerCorrect"): "1",
        (first["AssignmentId"], "KnownAnswerScore"): "100",
        (second["AssignmentId"], "KnownAnswerCorrect"): "0",
        (second["AssignmentId"], "KnownAnswerScore"): "0",
    }
    assert [(each["ActionName"], each["Status"]) for each in report["ReviewActions"]] == [
        ("approve", "Succeeded"),
        ("reject", "Succeeded"),
        ("extend", "Succeeded"),
    ]
    again = {"NextToken": found["NextToken"], "PolicyLevels": ["Assignment"]}
    empty = await town.turk.ask("list_review_policy_results_for_hit", HITId=hit["HITId"], **again)
    assert empty["AssignmentReviewReport"] == {"ReviewResults": [], "ReviewActions": []}
    assert "NextToken" not in empty


async def test_an_answer_that_a_policy_has_scored_is_changed_no_more(town: Town, house: House):  # noqa: F811
    await town.hit(AssignmentReviewPolicy=known())
    await town.answer(0)
    await town.database.transact(change, present(), town.workers[0])
    await follow(town, house)
    with pytest.raises(TooLateToChange):
        await town.database.transact(change, present(), town.workers[0])


async def test_a_policy_extends_no_further_than_its_bound(town: Town, house: House):  # noqa: F811
    """Each answer that scored low extended once more: they had all been scored before the first extension."""
    policy = known(ExtendIfKnownAnswerScoreIsLessThan="50", ExtendMaximumAssignments="4")
    hit = await town.hit(MaxAssignments=3, AssignmentReviewPolicy=policy)
    for worker in range(3):
        await town.answer(worker, "A dog & more", "It barks")
    await follow(town, house)
    assert (await town.get(hit))["MaxAssignments"] == 4
    assert await actions_of(town, hit) == ["Succeeded", "Failed", "Failed"]


async def test_a_policy_extends_no_hit_that_stays_expired(town: Town, house: House):  # noqa: F811
    """It was said to have Succeeded, nobody could take it, and HITExpired was told again."""
    async with listening() as listener:
        hit = await town.hit(MaxAssignments=1, AssignmentReviewPolicy=known(ExtendIfKnownAnswerScoreIsLessThan="50"))
        about = spec(listener.url, "HITExpired", "HITExtended")
        await town.turk.ask("update_notification_settings", HITTypeId=hit["HITTypeId"], Notification=about)
        await town.take(0)
        await town.turk.ask("update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=0)
        await town.answer(0, "A dog & more", "It barks")
        await follow(town, house)
        await follow(town, house)
        assert await actions_of(town, hit) == ["Failed"]
        assert (await town.get(hit))["MaxAssignments"] == 1
        assert [each["EventType"] for each in listener.events] == ["HITExpired"]


async def actions_of(town: Town, hit: Any) -> list[str]:  # noqa: F811
    found = await town.turk.ask("list_review_policy_results_for_hit", HITId=hit["HITId"])
    return [each["Status"] for each in found["AssignmentReviewReport"]["ReviewActions"]]


async def test_decisions_outside_the_door_are_read_and_told_as_its_own(town: Town, house: House):  # noqa: F811
    """An answer that was accepted in the chat had an ApprovalTime that was still to come, one whose rejection was
    overturned the time and the words of the rejection, and no event was told of either."""
    reason = "The animal that was shown is not named."
    async with listening() as listener:
        hit = await town.hit(MaxAssignments=2)
        about = spec(listener.url, "AssignmentApproved", "AssignmentRejected")
        await town.turk.ask("update_notification_settings", HITTypeId=hit["HITTypeId"], Notification=about)
        for worker in (0, 1):
            await town.answer(worker)

        def decide(unit: UnitOfWork) -> None:
            requester = unit.people.find_by_telegram_id(1_000)
            assert requester is not None
            act, (first, second) = Act(unit, requester, house), unit.reviews.list_waiting(ProjectId(1), 0, 2)
            review.accept_and_show_next(act, first.id)
            review.reject_answer(act, second.id, 1, reason)

        def overturn(unit: UnitOfWork) -> None:
            (second,) = unit.connection.all("SELECT submission FROM rejections")[0]
            about = (unit.projects.get(ProjectId(1)), unit.submissions.get(second))
            rejections.overturn_rejection(unit, *about, RejectionState.STANDING)

        await town.database.transact(decide, present())
        first, second = await town.assignments(hit)
        assert first["AssignmentStatus"] == "Approved"
        assert first["ApprovalTime"] <= datetime.now(UTC)
        assert (second["AssignmentStatus"], second["RequesterFeedback"]) == ("Rejected", reason)
        later_on = Moment(present() + HOUR)
        await town.database.transact(overturn, later_on)
        _, second = await town.assignments(hit)
        assert second["AssignmentStatus"] == "Approved"
        assert second["ApprovalTime"] == datetime.fromtimestamp(later_on // 1000, UTC)
        assert "RequesterFeedback" not in second
        await follow(town, house)
        told = [(each["EventType"], each["AssignmentId"]) for each in listener.events]
        assert told == [
            ("AssignmentApproved", first["AssignmentId"]),
            ("AssignmentRejected", second["AssignmentId"]),
            ("AssignmentApproved", second["AssignmentId"]),
        ]


async def test_plurality_finds_what_most_say(town: Town, house: House):  # noqa: F811
    policy = {
        "PolicyName": "SimplePlurality/2011-09-01",
        "Parameters": [
            parameter("QuestionIds", "animal"),
            parameter("QuestionAgreementThreshold", "60"),
            parameter("ApproveIfWorkerAgreementScoreIsAtLeast", "100"),
        ],
    }
    hit = await town.hit(MaxAssignments=3, HITReviewPolicy=policy)
    for worker, said in enumerate(("A cat", "A cat", "A dog & more")):
        await town.answer(worker, said, "I saw it")
    await follow(town, house)
    assert [each["AssignmentStatus"] for each in await town.assignments(hit)] == ["Approved", "Approved", "Submitted"]
    report = (await town.turk.ask("list_review_policy_results_for_hit", HITId=hit["HITId"], MaxResults=100))[
        "HITReviewReport"
    ]
    of_hit = {each["Key"]: each["Value"] for each in report["ReviewResults"] if each["SubjectType"] == "HIT"}
    assert of_hit == {
        "AgreedAnswerFound": "true",
        "AgreedAnswer": "cat",
        "AnswerAgreementScore": "66",
        "HitAgreementScore": "100",
    }
    scores = [each["Value"] for each in report["ReviewResults"] if each["Key"] == "WorkerAgreementScore"]
    assert scores == ["100", "100", "0"]


@pytest.mark.parametrize(
    "policy",
    [
        {"PolicyName": "ScoreMyKnownAnswers/2011-09-01"},
        {"PolicyName": "SimplePlurality/2011-09-01", "Parameters": [parameter("QuestionIds", "animal")]},
        {"PolicyName": "Mine/2026-01-01"},
        known(RejectReason="no"),
        known(ApproveIfKnownAnswerScoreIsAtLeast="many"),
        known(ExtendMaximumAssignments="26"),
        known(ApproveIfKnownAnswerScoreIsAtLeast="102"),
        known(RejectIfKnownAnswerScoreIsLessThan="9" * 5_000),
        known(ExtendMaximumAssignments="9" * 5_000),
        known(ExtendMinimumTimeInSeconds="31536001"),
        known(ExtendMinimumTimeInSeconds="99999999999999999999"),
    ],
)
async def test_a_policy_that_cannot_be_followed_is_refused(town: Town, policy: Any):  # noqa: F811
    hit = {"Title": "T", "Description": "D", "Reward": "1", "AssignmentDurationInSeconds": 60, "Question": form()}
    code, _ = await town.refused("create_hit", **hit, LifetimeInSeconds=60, AssignmentReviewPolicy=policy)
    assert code == "InvalidParameterValue"
