"""Requests as values, shared by both clients: what is sent, and how long to wait before it is sent again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

TRIES, FIRST, LONGEST = 6, 0.5, 30.0  # tries of a request; seconds before the second, and at most
BETWEEN = {
    "instructions": "\n",
    "question": "\n",
    "picture": "\n",
    "example": "\n",
    "who": ", ",
}  # what separates several values of a key
PASSING = frozenset({429, 500, 502, 503, 504})  # answers after which the same request may go well
Rows = "Iterable[Mapping[str, Any]] | pandas.DataFrame | str | Path"


@dataclass(frozen=True)
class Request:
    """A POST has a `key`: sent again under it, it is done once."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    kind: str = "application/json"
    key: str = ""

    @property
    def headers(self) -> dict[str, str]:
        told = {"Content-Type": self.kind} if self.content is not None else {}
        return {**told, "Idempotency-Key": self.key} if self.key else told


def get(path: str, **params: Any) -> Request:
    return Request("GET", path, _told(params))


def post(path: str, body: Mapping[str, Any] | None = None, key: str | None = None, **params: Any) -> Request:
    content = None if body is None else json.dumps(body).encode()
    return Request("POST", path, _told(params), content, key=key or uuid4().hex)


def patch(path: str, body: Mapping[str, Any]) -> Request:
    """Sent again it changes nothing."""
    return Request("PATCH", path, content=json.dumps(body).encode())


def _told(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items() if value is not None}


def upload(path: str, rows: Any, form: Mapping[str, Any], key: str | None = None) -> Request:
    """`rows` are a data frame, mappings, or a file's path; `form` is as a caption has it, and a part of the body each:
    an address would be too short for long instructions."""
    told = {name: _written(name, value) for name, value in form.items() if value is not None}
    parts = httpx.Request("POST", "http://any", data=told, files={"file": _file(rows)})
    return Request("POST", path, {}, parts.read(), parts.headers["Content-Type"], key or uuid4().hex)


def _file(rows: Any) -> tuple[str, bytes]:
    if isinstance(rows, str | Path):
        path = Path(rows)
        return path.name, path.read_bytes()
    if hasattr(rows, "to_json"):
        return "tasks.jsonl", rows.to_json(orient="records", lines=True, date_format="iso").encode()
    return "tasks.jsonl", "".join(f"{json.dumps(dict(row))}\n" for row in rows).encode()


def _written(name: str, value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return _joined(name, list(value))
    return format(value, "f").rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _joined(name: str, values: list[Any]) -> str:
    if any(isinstance(each, Mapping) for each in values):  # the questions of a form
        return json.dumps(values)
    between, texts = BETWEEN.get(name, "|"), list(map(str, values))
    if len(texts) > 1 and any(between in each for each in texts if between == "|"):
        raise ValueError(f"{name}: none of several values holds “|”, which separates them")
    return between.join(texts)


def settings(url: str | None, key: str | None) -> tuple[str, str]:
    """The address of the service, and the key: given, or from POUCE_API_URL and POUCE_API_KEY."""
    url, key = url or os.environ.get("POUCE_API_URL", ""), key or os.environ.get("POUCE_API_KEY", "")
    if not url or not key:
        raise ValueError(
            "POUCE_API_URL and POUCE_API_KEY, or url= and key=, are needed: /apikey in the chat tells both"
        )
    return url.rstrip("/").removesuffix("/api/v1") + "/api/v1", key


def wait(attempt: int, told: str | None) -> float:
    """Seconds before the next try, the first one being 1."""
    if told and told.isdigit():
        return min(float(told), LONGEST)
    return float(min(FIRST * 2 ** (attempt - 1), LONGEST))
