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

LATE_SECONDS = 60.0  # seconds an update may wait, and transactions may fail because of the database


@dataclass(frozen=True, slots=True)
class QueueLags:
    """Number of updates and letters that wait, and the moment since which the oldest of each waits (None if none
    does)."""

    updates: int
    updates_since: Moment | None
    letters: int
    letters_since: Moment | None


def read_queues(unit: UnitOfWork) -> QueueLags:
    updates, updates_since = unit.inbox.lag()
    letters, letters_since = unit.outbox_queue.lag()
    return QueueLags(updates, updates_since, letters, letters_since)


def waiting_seconds(since: Moment | None, now: Moment) -> float:
    """Return for how many seconds the oldest has waited; 0 if none waits."""
    return 0.0 if since is None else max(0.0, (now - since) / 1000)


async def show_health(request: web.Request) -> web.Response:
    """Answer 200, or 503 if the oldest update waits too long or the database is away or has failed for too long."""
    door = request.app[DOOR]
    now = door.clock()
    try:
        async with asyncio.timeout(PATIENCE):
            waiting = await door.database.freely(read_queues, now)
    except Exception:
        return _json(503, {"ok": False, "database": "unavailable"})
    lag, is_failing = waiting_seconds(waiting.updates_since, now), door.database.outage.seconds() > LATE_SECONDS
    body = {
        "ok": lag <= LATE_SECONDS and not is_failing,
        "inbox": waiting.updates,
        "inbox_lag_seconds": round(lag, 3),
        "outbox": waiting.letters,
        "outbox_lag_seconds": round(waiting_seconds(waiting.letters_since, now), 3),
        **({"database": "failing"} if is_failing else {}),
    }
    return _json(200 if body["ok"] else 503, body)


def _json(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


def to_public_keys(keys: list[records.RecordKey]) -> list[dict[str, object]]:
    return [{"number": key.number, "public_key": key.public, "fingerprint": key.fingerprint} for key in keys]


async def show_record_key(request: web.Request) -> web.Response:
    """Show the public keys that sign work records; the first key is made at its first use. Reads run at the pace of
    other readings, so that strangers never delay those who write."""
    door = request.app[DOOR]
    async with door.pace.reading:
        keys = await door.database.aside(records.list_existing_keys, door.clock())
        if not keys:  # once: the first key is made at its first use
            keys = await door.database.transact(records.list_keys, door.clock())
    body = orjson.dumps({"algorithm": "Ed25519", "keys": to_public_keys(keys)}, option=orjson.OPT_INDENT_2)
    return web.Response(body=body, content_type="application/json")
