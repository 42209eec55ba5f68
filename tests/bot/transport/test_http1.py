"""The client against servers that misbehave."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.transport import http1
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi, NotSent, OutcomeUnknown, pause_of
from tests.bot.conftest import until
from tests.bot.transport.unruly import Asked, Unruly, exactly, hangs_up, never, sized, slowly, told, unruly

OK = b'{"ok": true, "result": 7}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n%b\r\n14;x=y\r\n%b\r\n0\r\n\r\n"
CERTIFICATE = Path(__file__).with_name("localhost.pem")


@pytest.fixture
async def server() -> AsyncIterator[Unruly]:
    async with unruly() as running:
        yield running


@pytest.fixture
async def api(server: Unruly) -> AsyncIterator[BotApi]:
    async with Http1Request(read_timeout=0.5) as request:
        yield BotApi(request, f"http://127.0.0.1:{server.port}/bot1:a")


async def used(api: BotApi) -> None:
    """A connection that waits for its second request."""
    assert await api("sendMessage", number=1) == 1


async def test_calls_in_turn_share_a_connection(server: Unruly, api: BotApi):
    assert [await api("sendMessage", number=number) for number in range(5)] == list(range(5))
    assert server.connections == 1
    assert server.asked[0].head.startswith("POST /bot1:a/sendMessage HTTP/1.1\r\n")


async def test_calls_at_once_get_their_own_answers(server: Unruly, api: BotApi):
    chance = Random(7)

    async def late(writer: asyncio.StreamWriter, asked: Asked) -> bool:
        await asyncio.sleep(chance.random() / 50)
        writer.write(sized(told(asked)))
        return chance.random() < 0.8

    server.ways.extend([late] * 200)
    asked = [asyncio.create_task(api("sendMessage", number=number)) for number in range(200)]
    assert await asyncio.gather(*asked) == list(range(200))


@pytest.mark.parametrize(
    "answer",
    [
        sized(OK),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"
        + OK[:5]
        + b"\r\n14;x=y\r\n"
        + OK[5:]
        + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + sized(OK),
    ],
    ids=["length", "chunks", "continue"],
)
@pytest.mark.parametrize("pause", [None, 0.0])
async def test_a_body_is_whole_however_it_comes(server: Unruly, api: BotApi, answer: bytes, pause: float | None):
    server.ways.append(exactly(answer) if pause is None else slowly(answer, pause))
    assert await api("sendMessage", number=1) == 7
    assert await api("sendMessage", number=2) == 2
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\n\r\n" + OK, b"HTTP/1.0 200 OK\r\n\r\n" + OK, sized(OK, "200 OK", "Connection: close")],
    ids=["no length", "1.0", "close"],
)
async def test_a_body_may_end_with_the_connection(server: Unruly, api: BotApi, answer: bytes):
    server.ways.append(exactly(answer, keeps=False))
    assert await api("sendMessage", number=1) == 7
    assert await api("sendMessage", number=2) == 2
    assert server.connections == 2


@pytest.mark.parametrize("kept", [0, 10, len(sized(OK)) - 1])
async def test_half_an_answer_is_an_unknown_outcome_and_nothing_is_sent_again(server: Unruly, api: BotApi, kept: int):
    server.ways.append(exactly(sized(OK)[:kept], keeps=False))
    with pytest.raises(OutcomeUnknown):
        await api("editMessageText", number=1)
    assert len(server.asked) == 1


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_nothing_is_sent_again_when_a_used_connection_ends(server: Unruly, api: BotApi, method: str):
    await used(api)
    server.ways.append(hangs_up)
    with pytest.raises(OutcomeUnknown):
        await api(method, number=2)
    assert len(server.asked) == 2
    assert await api(method, number=3) == 3
    assert [asked.connection for asked in server.asked] == [1, 1, 2]


async def test_an_idle_connection_that_was_closed_is_not_used(server: Unruly, api: BotApi):
    await used(api)
    server.open[0].transport.abort()
    await asyncio.sleep(0.05)
    assert await api("sendMessage", number=2) == 2
    assert server.connections == 2


async def test_an_idle_connection_that_speaks_is_not_used(server: Unruly, api: BotApi):
    await used(api)
    server.open[0].write(sized(b'{"ok": true, "result": 666}', "408 Request Timeout"))
    await asyncio.sleep(0.05)
    assert await api("sendMessage", number=2) == 2
    assert server.connections == 2


async def test_an_answer_too_many_is_nobodys(server: Unruly, api: BotApi):
    server.ways.append(exactly(sized(OK) + sized(b'{"ok": true, "result": 666}')))
    assert await api("sendMessage", number=1) == 7
    assert await api("sendMessage", number=2) == 2
    assert server.connections == 2


async def test_an_old_connection_is_not_used(server: Unruly, api: BotApi, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http1, "IDLE_SECONDS", 0.05)
    await used(api)
    await asyncio.sleep(0.1)
    await used(api)
    assert [asked.connection for asked in server.asked] == [1, 2]


@pytest.mark.parametrize("way", [never, slowly(b"HTTP/1.1 200 OK\r\nX: " + 60 * b"y", 0.05)], ids=["silent", "slow"])
async def test_an_answer_has_its_time(server: Unruly, api: BotApi, way):
    await used(api)
    server.ways.append(way)
    began = time.monotonic()
    with pytest.raises(TimedOut):
        await api("editMessageText", number=1)
    assert 0.4 < time.monotonic() - began < 2
    assert await api("sendMessage", number=2) == 2
    assert [asked.connection for asked in server.asked] == [1, 1, 2]


async def test_a_call_that_is_given_up_leaves_its_answer_to_nobody(server: Unruly, api: BotApi):
    await used(api)

    async def late(writer: asyncio.StreamWriter, asked: Asked) -> bool:
        await asyncio.sleep(0.1)
        writer.write(sized(OK))
        return True

    server.ways.append(late)
    call = asyncio.create_task(api("sendMessage", number=1))
    await until(lambda: len(server.asked) == 2)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await api("sendMessage", number=3) == 3
    await asyncio.sleep(0.15)
    assert await api("sendMessage", number=4) == 4


async def test_a_refusal_is_the_librarys_error_and_is_not_tried_again(server: Unruly, api: BotApi):
    page, wait = b"<html>Bad Gateway</html>", b'{"ok":false,"error_code":429,"parameters":{"retry_after":3}}'
    server.ways.append(exactly(sized(wait, "429 Too Many Requests")))
    with pytest.raises(RetryAfter) as told_in_body:
        await api("sendMessage")
    server.ways.append(exactly(sized(page, "429 Too Many Requests", "Retry-After: 11")))
    with pytest.raises(RetryAfter) as told_in_head:
        await api("sendMessage")
    assert (pause_of(told_in_body.value), pause_of(told_in_head.value)) == (3, 11)
    for status, error in (("502 Bad Gateway", NetworkError), ("403 Forbidden", Forbidden), ("413 Large", BadRequest)):
        server.ways.append(exactly(sized(page, status)))
        with pytest.raises(error) as raised:
            await api("editMessageText")
        assert not isinstance(raised.value, NotSent | OutcomeUnknown)
    assert (len(server.asked), server.connections) == (5, 1)


@pytest.mark.parametrize(
    "answer", [b"220 mail.example.org\r\n", b"HTTP/1.1 200 OK\r\nX: " + 70_000 * b"y", sized(2_000 * b"y")]
)
async def test_what_is_no_answer_is_an_unknown_outcome(server, api: BotApi, answer: bytes, monkeypatch):
    monkeypatch.setattr(http1, "LONGEST_BODY", 1_000)
    server.ways.append(exactly(answer))
    with pytest.raises(OutcomeUnknown):
        await api("sendMessage", number=1)
    assert await api("sendMessage", number=2) == 2
    assert server.connections == 2


async def test_without_a_connection_nothing_was_sent(server: Unruly, api: BotApi):
    async with unruly() as gone:
        nowhere = BotApi(api.request, f"http://127.0.0.1:{gone.port}/bot1:a")
    for base in (nowhere.base, "http://nowhere.invalid/bot1:a"):
        with pytest.raises(NotSent):
            await BotApi(api.request, base)("sendMessage", number=1)


async def test_certificates_are_the_systems(monkeypatch: pytest.MonkeyPatch):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    async with unruly(context) as server, Http1Request(read_timeout=2) as request:
        api = BotApi(request, f"https://localhost:{server.port}/bot1:a")
        with pytest.raises(NotSent):  # nobody here knows who signed it
            await api("sendMessage", number=1)
        assert server.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    http1.tls_context.cache_clear()
    async with unruly(context) as server, Http1Request(read_timeout=2) as request:
        api = BotApi(request, f"https://localhost:{server.port}/bot1:a")
        assert [await api("sendMessage", number=number, text=number * "x") for number in (1, 70_000)] == [1, 70_000]
        assert server.connections == 1
    monkeypatch.undo()
    http1.tls_context.cache_clear()


async def test_a_name_and_a_password_in_the_address_are_sent(server: Unruly, api: BotApi):
    there = BotApi(api.request, f"http://me:s%20t@127.0.0.1:{server.port}/a b/bot1:a")
    assert await there("getMe", number=1) == 1
    assert "Authorization: Basic bWU6cyB0\r\n" in server.asked[0].head
    assert server.asked[0].head.startswith("POST /a%20b/bot1:a/getMe HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n" in server.asked[0].head
