"""Addresses of files, as they stand in cells and captions."""

from urllib.parse import urlsplit

ADDRESS_LIMIT = 2048


def is_address(value: str) -> bool:
    """Whether Telegram could look there."""
    if len(value) > ADDRESS_LIMIT or any(character.isspace() or not character.isprintable() for character in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
