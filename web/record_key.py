"""/record-key: the public keys that sign records of work, the one in use first. Anybody may read them."""

import orjson
from aiohttp import web

from services.people import record_keys
from storage.unit import UnitOfWork
from web.door import DOOR


def keys(unit: UnitOfWork) -> list[dict[str, object]]:
    return [
        {"number": each.number, "public_key": each.public, "fingerprint": each.fingerprint}
        for each in record_keys.every(unit)
    ]


async def show(request: web.Request) -> web.Response:
    door = request.app[DOOR]
    found = await door.database.transact(keys, door.clock())
    body = orjson.dumps({"algorithm": "Ed25519", "keys": found}, option=orjson.OPT_INDENT_2)
    return web.Response(body=body, content_type="application/json")
