"""Addresses of files, as they stand in cells and captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit

MAX_ADDRESS_CHARS = 2048
HOST = re.compile(r"(?:[\w-]{1,63}\.){0,20}[\w-]{1,63}\.?")
PORTS = {"http": 80, "https": 443}


def is_address(value: str) -> bool:
    """Return whether the value is an http or https address that Telegram could fetch."""
    if len(value) > MAX_ADDRESS_CHARS or any(character.isspace() or not character.isprintable() for character in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_https_page(value: str) -> bool:
    """Return whether a browser could open the value over https. Spaces in the path are allowed: browsers encode
    them."""
    try:
        scheme, host, _ = origin_of(value)
        name = HOST.fullmatch(host) is not None if ":" not in host else bool(IPv6Address(host))
    except ValueError:
        return False
    return scheme == "https" and name and len(value) <= MAX_ADDRESS_CHARS and value.isprintable()


def origin_of(value: str) -> tuple[str, str, int]:
    """Return scheme, host and port, as a browser compares them. Raise ValueError if the value has no host or port 0."""
    parts = urlsplit(value)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").encode("idna").decode()
    port = parts.port or PORTS.get(scheme, 0)
    if not host or parts.port == 0:
        raise ValueError(value)
    return scheme, host, port


T = TypeVar("T")


def iter_chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of `size` items; the last may be shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
