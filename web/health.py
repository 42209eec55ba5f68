"""/healthz: 503 when updates wait too long, or the database is away or cannot be written."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from domain.moments import Moment
from services.people import records
from storage.unit import UnitOfWork
from web.door import DOOR, PATIENCE

LATE = 60.0  # seconds an update may wait, and transactions may fail because of the database


@dataclass(frozen=True, slots=True)
class Queues:
    """How many updates and letters wait, and since when the oldest of each does."""

    updates: int
    updates_since: Moment | None
    letters: int
    letters_since: Moment | None


def queues(unit: UnitOfWork) -> Queues:
    return Queues(*unit.inbox.lag(), *unit.outbox_queue.lag())


def seconds(since: Moment | None, now: Moment) -> float:
    return 0.0 if since is None else max(0.0, (now - since) / 1000)


async def show(request: web.Request) -> web.Response:
    door = request.app[DOOR]
    now = door.clock()
    try:
        async with asyncio.timeout(PATIENCE):
            found = await door.database.freely(queues, now)
    except Exception:
        return _answer(503, {"ok": False, "database": "unavailable"})
    lag, fails = seconds(found.updates_since, now), door.database.outage.seconds() > LATE
    body = {
        "ok": lag <= LATE and not fails,
        "inbox": found.updates,
        "inbox_lag_seconds": round(lag, 3),
        "outbox": found.letters,
        "outbox_lag_seconds": round(seconds(found.letters_since, now), 3),
        **({"database": "failing"} if fails else {}),
    }
    return _answer(200 if body["ok"] else 503, body)


def _answer(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


def described(keys: list[records.RecordKey]) -> list[dict[str, object]]:
    return [{"number": each.number, "public_key": each.public, "fingerprint": each.fingerprint} for each in keys]


async def show_record_key(request: web.Request) -> web.Response:
    """A reading, at the pace of others: strangers never keep those waiting who write."""
    door = request.app[DOOR]
    async with door.pace.reading:
        found = await door.database.aside(records.known, door.clock())
        if not found:  # once: the first key is made at its first use
            found = await door.database.transact(records.every, door.clock())
    body = orjson.dumps({"algorithm": "Ed25519", "keys": described(found)}, option=orjson.OPT_INDENT_2)
    return web.Response(body=body, content_type="application/json")
