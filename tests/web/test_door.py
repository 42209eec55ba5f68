"""The HTTP door: updates are kept before they are acknowledged; health and figures tell the truth."""

from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from domain.moments import MINUTE, Moment
from storage.boxes.inbox import ReceivedUpdate
from storage.database import Database
from storage.drivers.connection import Unavailable
from web.application import serve
from web.door import HttpDoor
from web.metrics import to_prometheus_text
from web.webhook import HEADER

SECRET = "a-secret"
ODD_IDS = [b'{"update_id": %s}' % each for each in (b"true", b"0", b"-1", b"1.5", b"null", b"9223372036854775808")]
UPDATE = {"update_id": 5, "message": {"from": {"id": 7}, "text": "hello"}}


def figures() -> dict[str, float]:
    return {'pouce_letters_total{outcome="sent"}': 3}


@pytest.fixture
async def door(database: Database, now: Moment) -> AsyncIterator[Callable[..., str]]:
    behind = HttpDoor(database, lambda: now, "/hook", SECRET, figures, is_local=True)
    async with serve(behind, "127.0.0.1", 0) as port:
        yield lambda path: f"http://127.0.0.1:{port}{path}"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def waiting(database: Database, now: Moment) -> list[ReceivedUpdate]:
    return await database.transact(lambda unit: unit.inbox.list_waiting([(0, 99)], 10)[0].records, now)


async def test_an_update_is_in_the_inbox_when_it_is_acknowledged(door, http, database, now):
    for _ in range(2):
        async with http.post(door("/hook"), json=UPDATE, headers={HEADER: SECRET}) as response:
            assert response.status == 200
        assert await waiting(database, now) == [ReceivedUpdate(5, 7, UPDATE)]


@pytest.mark.parametrize("headers", [{}, {HEADER: "wrong"}, {HEADER: ""}, {HEADER: SECRET + "é"}])
async def test_without_the_secret_nothing_is_kept(door, http, database, now, headers):
    async with http.post(door("/hook"), json=UPDATE, headers=headers) as response:
        assert response.status == 401
    assert await waiting(database, now) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": "five"}', *ODD_IDS])
async def test_what_is_no_update_is_refused(door, http, body):
    async with http.post(door("/hook"), data=body, headers={HEADER: SECRET}) as response:
        assert response.status == 400


@pytest.mark.parametrize("sender", [True, 2**63, -(2**63), "7", None, [7]])
async def test_an_update_of_nobody_is_kept_as_nobodys(door, http, database, now, sender):
    update = {"update_id": 5, "message": {"from": {"id": sender}, "text": "hello"}}
    async with http.post(door("/hook"), json=update, headers={HEADER: SECRET}) as response:
        assert response.status == 200
    assert [each.person for each in await waiting(database, now)] == [0]


async def test_a_body_too_large_is_refused(door, http):
    async with http.post(door("/hook"), data=b"x" * (1024 * 1024 + 1), headers={HEADER: SECRET}) as response:
        assert response.status == 413


async def test_an_update_that_cannot_be_kept_is_not_acknowledged(door, http, database, monkeypatch, caplog):
    async def away(*_: object, **how: object) -> None:
        raise Unavailable("disk full", "SQLITE_FULL")

    monkeypatch.setattr(database, "freely", away)
    async with http.post(door("/hook"), json=UPDATE, headers={HEADER: SECRET}) as response:
        assert response.status == 503
    assert [record.__dict__["reason"] for record in caplog.records] == ["SQLITE_FULL"]
    async with http.get(door("/healthz")) as response:
        assert (response.status, await response.json()) == (503, {"ok": False, "database": "unavailable"})
    async with http.get(door("/metrics")) as response:
        assert "pouce_database_up 0\n" in await response.text()


@pytest.mark.parametrize("path", ["/hook", "/nowhere", "/healthz"])
async def test_a_body_that_is_not_what_its_encoding_says_leaves_no_trace_in_the_log(door, http, caplog, path):
    """Anybody may send one, without a secret."""
    async with http.post(door(path), data=b"no gzip", headers={"Content-Encoding": "gzip"}) as response:
        assert response.status in (401, 404, 405)
    async with http.get(door("/healthz")) as response:
        assert response.status == 200
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate"])
async def test_an_encoding_that_cannot_be_read_is_refused_as_a_problem(door, http, encoding):
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    async with http.post(door("/api/v1/projects"), data=b"{}", headers=headers, compress=False) as response:
        said = await response.json(content_type="application/problem+json")
    assert (response.status, said["status"], said["code"]) == (400, 400, "unreadable")
    assert "gzip" in said["detail"]
    assert "install" not in said["detail"]


async def test_health_is_bad_when_an_update_waits_too_long(door, http, database, now):
    async with http.get(door("/healthz")) as response:
        assert response.status == 200
    long_ago = Moment(now - 2 * MINUTE)
    await database.transact(lambda unit: unit.inbox.store([ReceivedUpdate(1, 1, UPDATE)]), long_ago)
    async with http.get(door("/healthz")) as response:
        assert response.status == 503
        body = await response.json()
    assert body == {"ok": False, "inbox": 1, "inbox_lag_seconds": 120, "outbox": 0, "outbox_lag_seconds": 0}


async def test_health_is_bad_while_writing_fails_for_longer_than_a_minute(door, http, database, now):
    """Reading goes on where a disk is full."""

    def fails(unit: object) -> None:
        raise Unavailable("disk full", "SQLITE_FULL")

    for seconds, status, told in ((50, 200, None), (70, 503, "failing")):
        with pytest.raises(Unavailable):
            await database.transact(fails, now)
        database.outage.since = database.outage.last - seconds
        async with http.get(door("/healthz")) as response:
            body = await response.json()
            assert (response.status, body["ok"], body.get("database")) == (status, status == 200, told)


async def test_figures_are_told_in_prometheus_words(door, http):
    async with http.get(door("/metrics")) as response:
        told = await response.text()
    assert '# TYPE pouce_letters_total counter\npouce_letters_total{outcome="sent"} 3\n' in told
    assert "# TYPE pouce_inbox_waiting gauge\npouce_inbox_waiting 0\n" in told


def test_a_family_is_announced_once():
    assert to_prometheus_text({'a_total{x="1"}': 1, 'a_total{x="2"}': 2.5}).count("# TYPE") == 1


@pytest.mark.parametrize(
    ("token", "is_local", "told", "status"),
    [
        ("", True, {}, 200),
        ("", False, {}, 401),
        ("", False, {"Authorization": "Bearer "}, 401),
        ("a-token-for-figures", True, {}, 401),
        ("a-token-for-figures", False, {"Authorization": "Bearer a-token-for-figure"}, 401),
        ("a-token-for-figures", False, {"Authorization": "a-token-for-figures"}, 401),
        ("a-token-for-figures", False, {"Authorization": "Bearer a-token-for-figures"}, 200),
    ],
)
async def test_figures_need_the_token_or_a_loopback_address(database, http, now, token, is_local, told, status):
    behind = HttpDoor(database, lambda: now, metrics_token=token, is_local=is_local)
    async with serve(behind, "127.0.0.1", 0) as port:
        async with http.get(f"http://127.0.0.1:{port}/metrics", headers=told) as response:
            assert response.status == status
            assert ("pouce_database_up" in await response.text()) == (status == 200)
        async with http.get(f"http://127.0.0.1:{port}/healthz") as response:
            assert response.status == 200
