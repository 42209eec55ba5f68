"""Requests to Telegram: the library's `BaseRequest` over our own connections, or over httpx."""

from telegram.request import BaseRequest, HTTPXRequest

from bot.transport.aiohttp_request import AiohttpRequest
from bot.transport.api import BotApi
from bot.transport.failures import NotSent, OutcomeUnknown, pause_of

__all__ = ["AiohttpRequest", "BotApi", "NotSent", "OutcomeUnknown", "pause_of", "transport"]


def transport(kind: str = "aiohttp") -> BaseRequest:
    """`aiohttp`, or `httpx` as the library has it."""
    return HTTPXRequest(connection_pool_size=64) if kind == "httpx" else AiohttpRequest()
