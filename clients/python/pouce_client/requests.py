"""Requests as values, shared by both clients: what is sent, and how long to wait before it is sent again."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from pouce_client.errors import Refused
from pouce_client.media import rows_of, with_media

TRIES, FIRST, LONGEST = 6, 0.5, 30.0  # tries of a request; seconds before the second, and at most
BETWEEN = {
    "instructions": "\n",
    "question": "\n",
    "picture": "\n",
    "example": "\n",
    "who": ", ",
}  # what separates several values of a key
THREE_DECIMALS = re.compile(r"[0-9]+\.[0-9]{3}")
MADE_FIRST = 900.0  # seconds: a table is a file that is made before its first byte comes
TOO_OFTEN = 429
PASSING = frozenset({TOO_OFTEN, 500, 502, 503, 504})  # answers after which the same request may go well
Folder = str | Path | None  # of media: "" is beside the tasks, None is none
Rows = "Iterable[Mapping[str, Any]] | pandas.DataFrame | str | Path"


@dataclass(frozen=True)
class Request:
    """A POST has a `key`: sent again under it, it is done once. A DELETE has an answer for when it is `gone` already.
    `is_table`: it takes long to come."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    kind: str = "application/json"
    key: str = ""
    gone: Mapping[str, Any] | None = None
    is_table: bool = False

    def told(self, usual: httpx.Timeout) -> dict[str, Any]:
        """As httpx calls it."""
        waits = usual.as_dict()
        if self.is_table and usual.read is not None:
            waits["read"] = max(usual.read, MADE_FIRST)
        sent = {"params": dict(self.params), "content": self.content, "headers": self.headers}
        return {**sent, "timeout": httpx.Timeout(**waits)}

    @property
    def headers(self) -> dict[str, str]:
        told = {"Content-Type": self.kind} if self.content is not None else {}
        return {**told, "Idempotency-Key": self.key} if self.key else told


def get(path: str, **params: Any) -> Request:
    return Request("GET", path, _told(params))


def table(path: str, **params: Any) -> Request:
    return Request("GET", path, _told(params), is_table=True)


def delete(number: int) -> Request:
    return Request("DELETE", f"/projects/{number}", gone={"number": number})


def post(path: str, body: Mapping[str, Any] | None = None, key: str | None = None, **params: Any) -> Request:
    content = None if body is None else json.dumps(body).encode()
    return Request("POST", path, _told(params), content, key=key or uuid4().hex)


def patch(path: str, body: Mapping[str, Any]) -> Request:
    """Sent again it changes nothing."""
    return Request("PATCH", path, content=json.dumps(body).encode())


def _told(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items() if value is not None}


def upload(path: str, rows: Any, form: Mapping[str, Any], key: str | None = None, *, folder: Folder = None) -> Request:
    """`rows` are a data frame, mappings, or a file's path; `form` is as a caption has it, and a part of the body each:
    an address would be too short for long instructions. Media that cells name are sent with the rows from this
    folder: "" is that of the tasks' file, or of rows the working directory; None sends none."""
    told = {name: _written(name, value) for name, value in form.items() if value is not None}
    parts = httpx.Request(
        "POST", "http://any", data=told, files={"file": _file(rows, None if "media" in told else folder)}
    )
    return Request("POST", path, {}, parts.read(), parts.headers["Content-Type"], key or uuid4().hex)


def _file(rows: Any, folder: Folder) -> tuple[str, bytes]:
    name, table = _table(rows)
    if folder is None:
        return name, table
    beside = Path(rows).parent if isinstance(rows, str | Path) else Path()
    return with_media(name, table, rows_of(name, table), Path(folder or beside))


def _table(rows: Any) -> tuple[str, bytes]:
    if isinstance(rows, str | Path):
        path = Path(rows)
        return path.name, path.read_bytes()
    if hasattr(rows, "to_json"):
        return "tasks.jsonl", rows.to_json(orient="records", lines=True, date_format="iso").encode()
    return "tasks.jsonl", "".join(f"{json.dumps(dict(row))}\n" for row in rows).encode()


def _written(name: str, value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return _joined(name, list(value))
    written = format(Decimal(repr(float(value))), "f") if isinstance(value, float) else str(value)
    return _one_number(written) if isinstance(value, float) or name == "pay" else written


def _one_number(written: str) -> str:
    """A fourth decimal behind three, which could be read as thousands: here the point is always decimal."""
    whole = written.removesuffix(".0")
    return f"{whole}0" if THREE_DECIMALS.fullmatch(whole) else whole


def _joined(name: str, values: list[Any]) -> str:
    if any(isinstance(each, Mapping) for each in values):  # the questions of a form
        return json.dumps(values)
    between, texts = BETWEEN.get(name, "|"), list(map(str, values))
    if len(texts) > 1 and any(between in each for each in texts if between == "|"):
        raise ValueError(f"{name}: none of several values holds “|”, which separates them")
    return between.join(texts) + (between if name == "options" and len(texts) == 1 else "")


def settings(url: str | None, key: str | None) -> tuple[str, str]:
    """The address of the service, and the key: given, or from POUCE_API_URL and POUCE_API_KEY."""
    url, key = url or os.environ.get("POUCE_API_URL", ""), key or os.environ.get("POUCE_API_KEY", "")
    if not url or not key:
        raise ValueError(
            "POUCE_API_URL and POUCE_API_KEY, or url= and key=, are needed: /apikey in the chat tells both"
        )
    return url.rstrip("/").removesuffix("/api/v1") + "/api/v1", key


def checked(answer: httpx.Response, request: Request, lost: bool) -> httpx.Response:
    """`lost`: an earlier try may have been done."""
    if answer.is_success:
        return answer
    if lost and answer.status_code == 404 and request.gone is not None:
        return httpx.Response(200, json=dict(request.gone))
    is_problem = "json" in answer.headers.get("Content-Type", "")
    raise Refused(answer.status_code, answer.json() if is_problem else {})


def wait(attempt: int, told: str | None) -> float:
    """Seconds before the next try, the first one being 1."""
    if told and told.isdigit():
        return min(float(told), LONGEST)
    return float(min(FIRST * 2 ** (attempt - 1), LONGEST))
