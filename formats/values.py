"""Addresses of files, as they stand in cells and captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit

ADDRESS_LIMIT = 2048
HOST = re.compile(r"(?:[\w-]{1,63}\.){0,20}[\w-]{1,63}\.?")
PORTS = {"http": 80, "https": 443}


def is_address(value: str) -> bool:
    """Whether Telegram could look there."""
    if len(value) > ADDRESS_LIMIT or any(character.isspace() or not character.isprintable() for character in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_page(value: str) -> bool:
    """Whether a browser could open it over https. In a path it writes spaces itself as they must be."""
    try:
        scheme, host, _ = origin_of(value)
        name = HOST.fullmatch(host) is not None if ":" not in host else bool(IPv6Address(host))
    except ValueError:
        return False
    return scheme == "https" and name and len(value) <= ADDRESS_LIMIT and value.isprintable()


def origin_of(value: str) -> tuple[str, str, int]:
    """Scheme, host and port, as a browser compares them. Raises ValueError for what has none."""
    parts = urlsplit(value)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").encode("idna").decode()
    port = parts.port or PORTS.get(scheme, 0)
    if not host or parts.port == 0:
        raise ValueError(value)
    return scheme, host, port


T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items; the last may be shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
