"""What a requester's pages store in a worker's browser: localStorage and cookies, as one bounded JSON document."""

from __future__ import annotations

import json

MAX_BYTES, MAX_ENTRIES = 64 << 10, 500  # of a document; of entries in localStorage, and of cookies
EMPTY = '{"local":{},"cookies":{}}'


def read_document(text: str) -> str:
    """Return the document in one spelling, or "" where it stores nothing. Raise ValueError where it is none: `local`
    maps keys to values, `cookies` names to a value and the time at which it expires (milliseconds, 0: with none)."""
    document = json.loads(text)
    if not isinstance(document, dict) or document.keys() != {"local", "cookies"}:
        raise ValueError("expected local and cookies")
    local, cookies = document["local"], document["cookies"]
    if not isinstance(local, dict) or not all(isinstance(value, str) for value in local.values()):
        raise ValueError("local maps keys to texts")
    if not isinstance(cookies, dict) or not all(_is_cookie(cookie) for cookie in cookies.values()):
        raise ValueError("cookies map names to a text and a number")
    written = json.dumps({"local": local, "cookies": cookies}, ensure_ascii=False, separators=(",", ":"))
    if max(len(local), len(cookies)) > MAX_ENTRIES or len(written.encode()) > MAX_BYTES:
        raise ValueError("too much")
    return written if local or cookies else ""


def _is_cookie(cookie: object) -> bool:
    if not isinstance(cookie, list) or len(cookie) != 2:
        return False
    value, expires = cookie
    return isinstance(value, str) and isinstance(expires, int | float) and not isinstance(expires, bool)
