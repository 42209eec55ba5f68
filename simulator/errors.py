"""Refusals in Telegram's own words, raised anywhere and answered by the server."""

from dataclasses import dataclass


@dataclass(slots=True)
class RefusedCall(Exception):
    """A call Telegram refuses; `code` is both the HTTP status and `error_code`."""

    code: int
    description: str
    retry_after: int | None = None


def bad_request(reason: str) -> RefusedCall:
    return RefusedCall(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> RefusedCall:
    return RefusedCall(403, f"Forbidden: {reason}")


def conflict(reason: str) -> RefusedCall:
    return RefusedCall(409, f"Conflict: {reason}")


def too_many(seconds: int) -> RefusedCall:
    return RefusedCall(429, f"Too Many Requests: retry after {seconds}", seconds)
