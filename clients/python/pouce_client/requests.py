"""Requests as values: what is sent, and how long to wait before it is sent again."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx

from pouce_client.errors import Refused
from pouce_client.models import write_amount

TRIES, FIRST_PAUSE, MAX_PAUSE = 6, 0.5, 30.0  # tries of a request; seconds before the second, and at most
SEPARATORS = {
    "instructions": "\n",
    "question": "\n",
    "picture": "\n",
    "example": "\n",
    "who": ", ",
}  # what separates several values of a key
THREE_DECIMALS = re.compile(r"[0-9]+\.[0-9]{3}")
TABLE_SECONDS = 900.0  # seconds: a table is a file that is made before its first byte comes
TOO_OFTEN = 429
PASSING = frozenset({TOO_OFTEN, 500, 502, 503, 504})  # answers after which the same request may go well


@dataclass(frozen=True)
class Request:
    """A POST has a `key`: sent again under it, it is done once. A DELETE may have an answer for what is gone
    already. `is_table`: it takes long to come."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    kind: str = "application/json"
    key: str = ""
    answer_if_gone: Mapping[str, Any] | None = None
    is_table: bool = False

    def options(self, default_timeout: httpx.Timeout) -> dict[str, Any]:
        """Return the request's options as httpx takes them."""
        seconds = default_timeout.as_dict()
        if self.is_table and default_timeout.read is not None:
            seconds["read"] = max(default_timeout.read, TABLE_SECONDS)
        options = {"params": dict(self.params), "content": self.content, "headers": self.headers}
        return {**options, "timeout": httpx.Timeout(**seconds)}

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Content-Type": self.kind} if self.content is not None else {}
        return {**headers, "Idempotency-Key": self.key} if self.key else headers


def get(path: str, **params: Any) -> Request:
    return Request("GET", path, _as_texts(params))


def table(path: str, **params: Any) -> Request:
    return Request("GET", path, _as_texts(params), is_table=True)


def delete(path: str, answer_if_gone: Mapping[str, Any] | None = None) -> Request:
    return Request("DELETE", path, answer_if_gone=answer_if_gone)


def post(path: str, body: Mapping[str, Any] | None = None, key: str | None = None, **params: Any) -> Request:
    content = None if body is None else json.dumps(body).encode()
    return Request("POST", path, _as_texts(params), content, key=key or uuid4().hex)


def patch(path: str, body: Mapping[str, Any]) -> Request:
    """Return a PATCH request; sent again, it changes nothing."""
    return Request("PATCH", path, content=json.dumps(body).encode())


def put(path: str, body: Mapping[str, Any]) -> Request:
    """Return a PUT request; sent again, it changes nothing."""
    return Request("PUT", path, content=json.dumps(body).encode())


def _as_texts(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items() if value is not None}


def upload(path: str, file: tuple[str, bytes], form: Mapping[str, Any], key: str | None = None) -> Request:
    """Return a request that uploads a file of tasks. `form` is as a caption has it, a part of the body for each key: an
    address would be too short for long instructions."""
    fields = {name: format_value(name, value) for name, value in form.items() if value is not None}
    parts = httpx.Request("POST", "http://any", data=fields, files={"file": file})
    return Request("POST", path, {}, parts.read(), parts.headers["Content-Type"], key=key or uuid4().hex)


def format_value(name: str, value: Any) -> str:
    """Return a key's value as a caption writes it. Raise ValueError for several values that hold their separator."""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return _join_values(name, list(value))
    is_number = isinstance(value, float | Decimal)
    text = write_amount(float(value) if isinstance(value, float) else value) if is_number else str(value)
    return _format_decimal(text) if is_number or name == "pay" else text


def _format_decimal(text: str) -> str:
    """Return a number with a fourth decimal behind three, which could be read as thousands: the point is always decimal
    here."""
    number = text.removesuffix(".0")
    return f"{number}0" if THREE_DECIMALS.fullmatch(number) else number


def _join_values(name: str, values: list[Any]) -> str:
    if any(isinstance(value, Mapping) for value in values):  # the questions of a form
        return json.dumps(values)
    separator, texts = SEPARATORS.get(name, "|"), list(map(str, values))
    if len(texts) > 1 and any(separator in value for value in texts if separator == "|"):
        raise ValueError(f"{name}: none of several values holds “|”, which separates them")
    return separator.join(texts) + (separator if name == "options" and len(texts) == 1 else "")


def settings(url: str | None, key: str | None) -> tuple[str, str]:
    """Return the address of the service, and the key: given, or from POUCE_API_URL and POUCE_API_KEY; raise ValueError
    without."""
    url, key = url or os.environ.get("POUCE_API_URL", ""), key or os.environ.get("POUCE_API_KEY", "")
    if not url or not key:
        raise ValueError(
            "POUCE_API_URL and POUCE_API_KEY, or url= and key=, are needed: /apikey in the chat tells both"
        )
    return url.rstrip("/").removesuffix("/api/v1") + "/api/v1", key


def get_checked_answer(answer: httpx.Response, request: Request, maybe_done: bool) -> httpx.Response:
    """Return a good answer; raise Refused for others. `maybe_done`: an earlier try may have been done, so a DELETE may
    meet 404."""
    if answer.is_success:
        return answer
    if maybe_done and answer.status_code == 404 and request.answer_if_gone is not None:
        return httpx.Response(200, json=dict(request.answer_if_gone))
    is_problem = "json" in answer.headers.get("Content-Type", "")
    raise Refused(answer.status_code, answer.json() if is_problem else {})


def get_pause(attempt: int, retry_after: str | None) -> float:
    """Return the seconds before the next try, the first one being 1."""
    if retry_after and retry_after.isdigit():
        return min(float(retry_after), MAX_PAUSE)
    return float(min(FIRST_PAUSE * 2 ** (attempt - 1), MAX_PAUSE))
