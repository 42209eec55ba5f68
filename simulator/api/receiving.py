"""Delivery of updates to the bot: polling or a webhook."""

import re
from urllib.parse import urlsplit

from simulator.api.call import DescribedResult, MethodCall
from simulator.errors import bad_request
from simulator.updating.webhook import WebhookSettings
from simulator.values import Json

MAX_POLL_SECONDS = 50
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


def _set_allowed_kinds(call: MethodCall) -> None:
    if call.get("allowed_updates") is not None:
        call.world.updates.allowed = tuple(call.params["allowed_updates"])


async def get_updates(call: MethodCall) -> list[Json]:
    _set_allowed_kinds(call)
    limit = call.get("limit", 100)
    timeout = min(max(call.get("timeout", 0), 0), MAX_POLL_SECONDS)
    return await call.world.updates.poll(call.get("offset", 0), min(max(limit, 1), 100), timeout)


def _require_webhook_address(url: str, secret: str) -> None:
    """Raise 400 if a webhook's address or secret is one that Telegram refuses; http is taken on this machine alone."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")


def _drop_pending(call: MethodCall) -> None:
    if call.get("drop_pending_updates"):
        call.world.updates.pending.clear()


async def set_webhook(call: MethodCall) -> DescribedResult:
    url, secret = call.params["url"], call.get("secret_token", "")
    if not url:
        return await delete_webhook(call)
    _require_webhook_address(url, secret)
    _set_allowed_kinds(call)
    _drop_pending(call)
    certificate = "certificate" in call.params or "certificate" in call.uploads
    hook = WebhookSettings(url, secret, call.get("max_connections", 40), call.get("ip_address"), certificate)
    if hook == call.webhook.hook:
        return DescribedResult(True, "Webhook is already set")
    call.world.updates.interrupt("terminated by setWebhook request")
    await call.webhook.start(hook)
    return DescribedResult(True, "Webhook was set")


async def delete_webhook(call: MethodCall) -> DescribedResult:
    _drop_pending(call)
    if call.webhook.hook is None:
        return DescribedResult(True, "Webhook is already deleted")
    await call.webhook.stop()
    return DescribedResult(True, "Webhook was deleted")


def get_webhook_info(call: MethodCall) -> Json:
    return call.webhook.info()
