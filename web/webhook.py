"""The webhook answers 200 only after the update is in the inbox."""

import asyncio
import hmac
import logging
from typing import Any

import orjson
from aiohttp import web

from domain.people.bots import NUMBERS_PER_BOT
from storage.drivers.connection import error_name
from web.door import DOOR, PATIENCE, HttpDoor

HEADER = "X-Telegram-Bot-Api-Secret-Token"

log = logging.getLogger(__name__)


async def receive_update(request: web.Request) -> web.Response:
    """Store the update and answer 200; 401 without the secret, 400 for what is no update, 503 if it cannot be
    stored: Telegram sends it again."""
    door = request.app[DOOR]
    if not _is_telegram(request, door):
        return web.Response(status=401)
    update = _parse_update(await request.read())
    if update is None:
        return web.Response(status=400)
    try:
        async with asyncio.timeout(PATIENCE):
            await door.receiving_at(request.path)([update])
    except Exception as error:
        log.warning("An update cannot be stored; Telegram will send it again", extra={"reason": error_name(error)})
        return web.Response(status=503)
    return web.Response()


def _is_telegram(request: web.Request, door: HttpDoor) -> bool:
    secret = request.headers.get(HEADER, "")
    return hmac.compare_digest(secret.encode(), door.secret.encode())


def _parse_update(body: bytes) -> dict[str, Any] | None:
    """Return the update, or None if the body is none."""
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return update if isinstance(update, dict) and _is_update_id(update.get("update_id")) else None


def _is_update_id(number: object) -> bool:
    """Return whether the number can be an update's: positive, as Telegram's are, and of one bot.
    The inbox is read from 1 on; an update below would hold up its person for ever."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < NUMBERS_PER_BOT
