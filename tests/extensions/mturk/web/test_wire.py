"""The wire of the Mechanical Turk door: boto3 itself signs; each error has AWS's shape."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from domain.moments import as_datetime
from domain.people.accounts import PersonId
from extensions.mturk.web import faults
from services.act import Act, House
from services.people import api_keys
from storage.database import Database
from storage.unit import UnitOfWork
from tests.extensions.mturk.web.turk import Pair, Turk, pair_of, present, turk_house, turking
from tests.house import furnish, settle_requester
from web.api.endpoint import Pace

TARGET = "MTurkRequesterServiceV20170117."


@pytest.fixture
def house(database: Database) -> House:
    return turk_house(database)


@pytest.fixture
async def anna(database: Database, house: House) -> AsyncIterator[Turk]:
    pair = await database.transact(lambda unit: pair_of(unit, house, furnish(unit, tasks=3).requester), present())
    async with turking(house, pair) as turk:
        yield turk


def error_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response: Any = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


async def test_a_program_reads_its_balance(anna: Turk):
    said = await anna.ask("get_account_balance")
    assert (said["AvailableBalance"], said["OnHoldBalance"]) == ("99.50", "0.49")
    assert said["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/x-amz-json-1.1"
    assert len(said["ResponseMetadata"]["RequestId"]) == 36


async def test_a_key_that_only_reads_is_in_use(anna: Turk, house: House):
    """/apikeys said that it was never used."""
    read = "SELECT used_at FROM api_keys"
    used = []
    for operation in ("get_account_balance", "list_hits"):
        await anna.ask(operation)
        used += await house.database.transact(lambda unit: unit.connection.all(read), present())
    ((first,), (second,)) = used
    assert first == second
    assert abs(present() - first) < 60_000


async def test_equal_calls_within_one_second_are_equal_bytes_and_no_replay(anna: Turk):
    def program(client: Any) -> list[str]:
        return [client.get_account_balance()["AvailableBalance"] for _ in range(5)]

    assert await anna.do(program) == ["99.50"] * 5


async def test_whose_key_is_unknown_or_was_forged_is_refused(anna: Turk):
    for pair, code in (
        (Pair("POUCAAAAAAAAAAAAAAAA", anna.pair.secret), "UnrecognizedClientException"),
        (Pair("AKIAIOSFODNN7EXAMPLE", anna.pair.secret), "UnrecognizedClientException"),
        (Pair(anna.pair.access_id, "A" * 40), "InvalidSignatureException"),
    ):
        with pytest.raises(ClientError) as error:
            await Turk(anna.port, pair).ask("get_account_balance")
        assert error_of(error)[0] == code


async def test_a_revoked_key_ends_at_once(anna: Turk, database: Database, house: House):
    def revoke(unit: UnitOfWork) -> None:
        api_keys.revoke_key(Act(unit, unit.people.get(PersonId(1)), house), 1)

    await anna.ask("get_account_balance")
    await database.transact(revoke, present())
    with pytest.raises(ClientError) as error:
        await anna.ask("get_account_balance")
    assert error_of(error) == ("UnrecognizedClientException", 400)


async def test_too_many_calls_are_throttled_and_boto3_backs_off(database: Database, house: House):
    pair = await database.transact(lambda unit: pair_of(unit, house, settle_requester(unit).id), present())
    slow = Pace(per_second=1.0, burst=2.0, refusal=lambda _: faults.throttled())
    async with turking(house, pair, slow) as turk:
        for _ in range(2):
            await turk.ask("get_account_balance")
        with pytest.raises(ClientError) as error:
            await turk.ask("get_account_balance")
        assert error_of(error) == ("ThrottlingException", 400)


async def test_a_suspended_requester_may_read_the_balance(anna: Turk, database: Database):
    await database.transact(lambda unit: unit.people.make_requester(PersonId(1), False), present())
    with pytest.raises(ClientError) as error:
        await anna.ask("get_account_balance")
    assert error_of(error) == ("RequestError", 400)
    assert error.value.response["TurkErrorCode"] == "AWS.MechanicalTurk.PermissionDeniedException"


class Wire:
    """Hand-made requests, signed by botocore's own signer unless they are spoilt."""

    def __init__(self, turk: Turk, http: aiohttp.ClientSession) -> None:
        self.turk, self.http = turk, http

    async def say(self, body: bytes = b"{}", target: str = "GetAccountBalance", **spoilt: str) -> tuple[int, Any]:
        headers = self.signed(body, TARGET + target) | spoilt
        async with self.http.post(self.url, data=body, headers=headers) as response:
            assert response.headers["x-amzn-RequestId"]
            return response.status, json.loads(await response.read())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.turk.port}/"

    def signed(self, body: bytes, target: str, **more: str) -> dict[str, str]:
        told = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target, **more}
        request = AWSRequest("POST", self.url, headers=told, data=body)
        credentials = Credentials(self.turk.pair.access_id, self.turk.pair.secret)
        SigV4Auth(credentials, "mturk-requester", "us-east-1").add_auth(request)
        return dict(request.headers.items())


@pytest.fixture
async def wire(anna: Turk) -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        yield Wire(anna, http)


async def test_any_host_that_was_signed_is_right(wire: Wire):
    amazon = "mturk-requester-sandbox.us-east-1.amazonaws.com"
    headers = wire.signed(b"{}", TARGET + "GetAccountBalance", Host=amazon)
    async with wire.http.post(wire.url, data=b"{}", headers=headers) as response:
        assert response.status == 200
    assert (await wire.say(Host=amazon))[1]["__type"] == "InvalidSignatureException"
    handed_on = headers | {"Host": f"127.0.0.1:{wire.turk.port}", "X-Pouce-Signed-Host": amazon}
    async with wire.http.post(wire.url, data=b"{}", headers=handed_on) as response:
        assert response.status == 200
    assert (await wire.say(**{"X-Pouce-Signed-Host": amazon}))[1]["__type"] == "InvalidSignatureException"


@pytest.mark.parametrize(
    ("spoilt", "kind"),
    [
        ({"Authorization": "Bearer x"}, "IncompleteSignatureException"),
        ({"Authorization": "AWS4-HMAC-SHA256 Credential=a/b"}, "IncompleteSignatureException"),
        ({"Authorization": "AWS4-HMAC-SHA256 " + "A" * 3000}, "IncompleteSignatureException"),
        ({"X-Amz-Date": "20200101T000000Z"}, "InvalidSignatureException"),
        ({"X-Amz-Date": "now"}, "IncompleteSignatureException"),
        ({"X-Amz-Target": TARGET + "ListHITs"}, "InvalidSignatureException"),
        ({"Content-Type": "text/plain"}, "InvalidSignatureException"),
    ],
)
async def test_what_was_not_signed_so_is_refused(wire: Wire, spoilt: dict[str, str], kind: str):
    status, said = await wire.say(**spoilt)
    assert (said["__type"], 400 <= status < 500) == (kind, True)


async def test_another_body_than_was_signed_is_refused(wire: Wire):
    headers = wire.signed(b"{}", TARGET + "GetAccountBalance")
    async with wire.http.post(wire.url, data=b'{"a":1}', headers=headers) as response:
        assert json.loads(await response.read())["__type"] == "InvalidSignatureException"


async def test_a_body_that_is_not_what_its_encoding_says_is_refused_without_a_trace(
    wire: Wire, caplog: pytest.LogCaptureFixture
):
    status, said = await wire.say(b"no gzip", **{"Content-Encoding": "gzip"})
    assert (status, said["__type"]) == (400, "SerializationException")
    assert [each.getMessage() for each in caplog.records if each.exc_info] == []


async def test_without_a_signature_nothing_is_told(wire: Wire):
    async with wire.http.post(wire.url, data=b"{}", headers={"X-Amz-Target": TARGET + "GetHIT"}) as response:
        assert (response.status, json.loads(await response.read())["__type"]) == (
            403,
            "MissingAuthenticationTokenException",
        )


@pytest.mark.parametrize(
    ("body", "target", "kind"),
    [
        (b"{", "GetAccountBalance", "SerializationException"),
        (b"[]", "GetAccountBalance", "SerializationException"),
        (b"{}", "MakeCoffee", "UnknownOperationException"),
        (b'{"UnknownMember": 1}', "GetAccountBalance", None),
        (b"", "GetAccountBalance", None),
    ],
)
async def test_what_cannot_be_read_is_said(wire: Wire, body: bytes, target: str, kind: str | None):
    status, said = await wire.say(body, target)
    assert (status, said.get("__type")) == (400 if kind else 200, kind)


async def test_a_body_has_at_most_a_megabyte(wire: Wire):
    assert (await wire.say(b" " * (1024 * 1024 + 1)))[0] == 413


async def test_who_signs_by_hand_is_understood(wire: Wire):
    """A signer of a program's own: urllib, few headers, no slash to spare."""
    date = as_datetime(present()).strftime("%Y%m%dT%H%M%SZ")
    told = {"host": "amazon.example", "x-amz-date": date, "x-amz-target": TARGET + "GetAccountBalance"}
    names = ";".join(told)
    lines = "\n".join(f"{name}:{value}" for name, value in told.items())
    canonical = f"POST\n/\n\n{lines}\n\n{names}\n{hashlib.sha256(b'{}').hexdigest()}"
    scope = f"{date[:8]}/sandbox/mturk-requester/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = b"AWS4" + wire.turk.pair.secret.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    credential = f"{wire.turk.pair.access_id}/{scope}"
    told["Authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
    async with wire.http.post(wire.url, data=b"{}", headers=told) as response:
        assert response.status == 200, await response.read()
