"""Requests to Telegram: the library's `BaseRequest` over connections of our own, or over httpx."""

from telegram.request import BaseRequest

from bot.settings import KINDS
from bot.transport.http1 import Http1Request
from bot.transport.requests import (
    AiohttpRequest,
    BotApi,
    HttpxRequest,
    NotSent,
    OutcomeUnknown,
    is_unknown_method,
    pause_of,
)

__all__ = [
    "AiohttpRequest",
    "BotApi",
    "Http1Request",
    "HttpxRequest",
    "NotSent",
    "OutcomeUnknown",
    "is_unknown_method",
    "pause_of",
    "request_of",
]


def request_of(kind: str = KINDS[0]) -> BaseRequest:
    """The request class that calls go through: `http1`, the project's own connections, or `httpx` as the library has
    it."""
    return HttpxRequest() if kind == "httpx" else Http1Request()
