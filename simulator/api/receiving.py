"""Delivery of updates to the bot: polling or a webhook."""

import re
from urllib.parse import urlsplit

from simulator.api.call import Call, Told
from simulator.errors import bad_request
from simulator.updating.webhook import Hook
from simulator.values import Json

LONGEST_POLL = 50
LOCAL = ("127.0.0.1", "localhost", "::1")


def _allow(call: Call) -> None:
    if call.get("allowed_updates") is not None:
        call.world.updates.allowed = tuple(call.params["allowed_updates"])


async def get_updates(call: Call) -> list[Json]:
    _allow(call)
    limit = call.get("limit", 100)
    timeout = min(max(call.get("timeout", 0), 0), LONGEST_POLL)
    return await call.world.updates.poll(call.get("offset", 0), min(max(limit, 1), 100), timeout)


def _check(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")


def _drop_pending(call: Call) -> None:
    if call.get("drop_pending_updates"):
        call.world.updates.pending.clear()


async def set_webhook(call: Call) -> Told:
    url, secret = call.params["url"], call.get("secret_token", "")
    if not url:
        return await delete_webhook(call)
    _check(url, secret)
    _allow(call)
    _drop_pending(call)
    certificate = "certificate" in call.params or "certificate" in call.uploads
    hook = Hook(url, secret, call.get("max_connections", 40), call.get("ip_address"), certificate)
    if hook == call.webhook.hook:
        return Told(True, "Webhook is already set")
    call.world.updates.interrupt("terminated by setWebhook request")
    await call.webhook.start(hook)
    return Told(True, "Webhook was set")


async def delete_webhook(call: Call) -> Told:
    _drop_pending(call)
    if call.webhook.hook is None:
        return Told(True, "Webhook is already deleted")
    await call.webhook.stop()
    return Told(True, "Webhook was deleted")


def get_webhook_info(call: Call) -> Json:
    return call.webhook.info()
