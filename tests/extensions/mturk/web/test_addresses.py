"""The interface's address and its operations."""

import aiohttp
import pytest

from domain.moments import Moment
from extensions.mturk.web.operations import OPERATIONS
from handlers.screen import english_refusal_text
from storage.database import Database
from tests.web.asker import house_of
from tests.web.test_lasting_requests import door, leave_half_way  # noqa: F401
from web.application import serve
from web.door import HttpDoor

TARGET = "MTurkRequesterServiceV20170117"
OF_MTURK = """
AcceptQualificationRequest ApproveAssignment AssociateQualificationWithWorker CreateAdditionalAssignmentsForHIT
CreateHIT CreateHITType CreateHITWithHITType CreateQualificationType CreateWorkerBlock DeleteHIT DeleteQualificationType
DeleteWorkerBlock DisassociateQualificationFromWorker GetAccountBalance GetAssignment GetFileUploadURL GetHIT
GetQualificationScore GetQualificationType ListAssignmentsForHIT ListBonusPayments ListHITs ListHITsForQualificationType
ListQualificationRequests ListQualificationTypes ListReviewPolicyResultsForHIT ListReviewableHITs ListWorkerBlocks
ListWorkersWithQualificationType NotifyWorkers RejectAssignment RejectQualificationRequest SendBonus
SendTestEventNotification UpdateExpirationForHIT UpdateHITReviewStatus UpdateHITTypeOfHIT UpdateNotificationSettings
UpdateQualificationType
"""


async def test_a_request_without_a_signature_is_refused(database: Database, now: Moment) -> None:
    here = HttpDoor(database, lambda: now, is_local=True, house=house_of(database, now), words=english_refusal_text)
    target = {"X-Amz-Target": f"{TARGET}.GetAccountBalance"}
    async with serve(here, "127.0.0.1", 0) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        turk = await http.post("/", headers=target)
        assert (turk.status, turk.content_type) == (403, "application/x-amz-json-1.1")
        assert (await turk.json(content_type=None))["__type"] == "MissingAuthenticationTokenException"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate"])
async def test_an_encoding_that_cannot_be_read_is_refused_in_words_of_both_doors_of_programs(
    database: Database, now: Moment, encoding: str
) -> None:
    here = HttpDoor(database, lambda: now, is_local=True, house=house_of(database, now), words=english_refusal_text)
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    async with serve(here, "127.0.0.1", 0) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        refused = await http.post("/api/v1/projects", data=b"{}", headers=headers, compress=False)
        said = await refused.json(content_type="application/problem+json")
    assert (refused.status, said["status"], said["code"]) == (400, 400, "unreadable")
    assert (said["__type"], said["Message"]) == ("SerializationException", said["detail"])


def test_every_operation_is_there() -> None:
    assert set(OF_MTURK.split()) == set(OPERATIONS)


async def test_operations_that_are_left_half_way_are_one_line_in_the_log(
    door: HttpDoor,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    operation = ("POST / HTTP/1.1", "Host: bot", "X-Amz-Target: x", "Content-Length: 100")
    await leave_half_way(door, [operation], monkeypatch, caplog)
