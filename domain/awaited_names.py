"""People whom a requester awaits by their name or number at Telegram: only a keyed hash of it is kept."""

import re
from hmac import new

MOST = 5_000  # of one qualification
NAMED = re.compile(r"(@[a-z][a-z0-9_]{3,31}|[1-9][0-9]{3,14})", re.IGNORECASE)


def mark_of(secret: bytes, name: str) -> str:
    """Of `@name`, in any case, or of a number."""
    return new(secret, f"awaited:{name.lower()}".encode(), "sha256").hexdigest()


def marks_of(secret: bytes, username: str | None, telegram_id: int | None) -> list[str]:
    """Those under which a person may be awaited; the number comes first."""
    names = [*([str(telegram_id)] if telegram_id is not None else []), *([f"@{username}"] if username else [])]
    return [mark_of(secret, name) for name in names]
