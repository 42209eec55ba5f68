"""Failures of requests, as the library's errors."""

import warnings
from datetime import timedelta
from http import HTTPStatus

import orjson
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.warnings import PTBDeprecationWarning

UNDERSTOOD = {400, 401, 403, 404, 409, 429}  # refusals the library maps itself; other 4xx are the request's fault
SHORTEST = 1.0  # seconds of a pause, whatever a 429 says
PATIENCE = 5  # seconds after a 429 that doesn't say how long


class NotSent(NetworkError):
    """Telegram surely never saw the request: no connection was made."""


class OutcomeUnknown(NetworkError):
    """The request went out and no answer came back: it may have had its effect."""


def pause_of(error: RetryAfter) -> float:
    """The seconds a 429 asks for; a number in this version of the library, a timedelta in the next."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        told = error.retry_after
    return max(SHORTEST, told.total_seconds() if isinstance(told, timedelta) else float(told))


def is_unknown_method(error: InvalidToken) -> bool:
    """The library raises the same error for 401 and 404: a token that is not known, a method that is not known."""
    return "unauthorized" not in error.message.lower()


def understood(code: int, payload: bytes, retry_after: str) -> tuple[int, bytes]:
    """Converts refusals that the library would report as network errors. `retry_after` is the header, if any."""
    if code == 429:
        raise too_many(payload, retry_after)
    if 400 <= code < 500 and code not in UNDERSTOOD:
        raise BadRequest(f"{HTTPStatus(code).phrase} ({code})" if code in set(HTTPStatus) else f"refused ({code})")
    return code, payload


def broken(code: int, payload: bytes, retry_after: str) -> TelegramError:
    return too_many(payload, retry_after) if code == 429 else NetworkError(f"answered {code}")


def too_many(payload: bytes, header: str) -> RetryAfter:
    try:
        told = orjson.loads(payload)["parameters"]["retry_after"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        told = None
    if not isinstance(told, int) or isinstance(told, bool):
        told = int(header) if header.isdecimal() else PATIENCE
    with warnings.catch_warnings():  # the library's own constructor warns of its future
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        return RetryAfter(max(round(SHORTEST), told))
