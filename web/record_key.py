"""/record-key: the public keys that sign records of work, the one in use first. Anybody may read them."""

import orjson
from aiohttp import web

from services.people import record_keys
from web.door import DOOR


def described(keys: list[record_keys.RecordKey]) -> list[dict[str, object]]:
    return [{"number": each.number, "public_key": each.public, "fingerprint": each.fingerprint} for each in keys]


async def show(request: web.Request) -> web.Response:
    """A reading, at the pace of others: strangers never keep those waiting who write."""
    door = request.app[DOOR]
    async with door.pace.reading:
        found = await door.database.aside(record_keys.known, door.clock())
        if not found:  # once: the first key is made at its first use
            found = await door.database.transact(record_keys.every, door.clock())
    body = orjson.dumps({"algorithm": "Ed25519", "keys": described(found)}, option=orjson.OPT_INDENT_2)
    return web.Response(body=body, content_type="application/json")
