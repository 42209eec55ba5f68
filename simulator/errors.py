"""Refusals in Telegram's own words, raised anywhere and answered by the server."""

from dataclasses import dataclass


@dataclass(slots=True)
class Refused(Exception):
    """A call Telegram refuses; `code` is both the HTTP status and `error_code`."""

    code: int
    description: str
    retry_after: int | None = None


def bad_request(reason: str) -> Refused:
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    return Refused(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refused:
    return Refused(409, f"Conflict: {reason}")


def too_many(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", seconds)
