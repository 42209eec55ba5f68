"""The webhook answers 200 only after the update is in the inbox; the answer to a press carries its toast."""

import asyncio
import hmac
import logging
from typing import Any

import orjson
from aiohttp import web

from domain.people.bots import NUMBERS_PER_BOT, number_at
from storage.drivers.connection import error_name
from web.door import DOOR, PATIENCE, HttpDoor

HEADER = "X-Telegram-Bot-Api-Secret-Token"
TOAST_SECONDS = 0.5  # seconds that the answer to a press waits for its toast, which is sent by a request later

log = logging.getLogger(__name__)


async def receive_update(request: web.Request) -> web.Response:
    """Store the update and answer 200; 401 without the secret, 400 for what is no update, 503 if it cannot be
    stored: Telegram sends it again."""
    door = request.app[DOOR]
    receiving = door.receiving_at(request.path)
    if not _is_telegram(request, door):
        return web.Response(status=401)
    update = _parse_update(await request.read())
    if update is None:
        return web.Response(status=400)
    number = number_at(receiving.bot, update["update_id"])
    with door.responses.expect(number) as toast:
        try:
            async with asyncio.timeout(PATIENCE):
                handled_here = await receiving([update])
        except Exception as error:
            log.warning("An update cannot be stored; Telegram will send it again", extra={"reason": error_name(error)})
            return web.Response(status=503)
        if number in handled_here and "callback_query" in update:
            await asyncio.wait([toast], timeout=TOAST_SECONDS)
        call = toast.result() if toast.done() and not toast.cancelled() else {}
    return web.Response(body=orjson.dumps(call), content_type="application/json") if call else web.Response()


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
