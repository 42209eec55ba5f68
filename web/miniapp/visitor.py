"""The visitor of a page: Telegram signs who opened it with the bot's token (initData)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import hdrs, web
from init_data_py import InitData, validate_by_hash
from init_data_py.errors import InvalidInitDataError

from domain.moments import Moment
from domain.refusals import PageOutdated

SCHEME = "tma "
LONGEST = 4096  # characters of initData
AGE = 24 * 3600  # seconds that a page may stay open at most; the task's own time ends before


@dataclass(frozen=True, slots=True)
class Visitor:
    """A Telegram user, the language of their Telegram, and when it opened the page for them."""

    telegram_id: int
    language: str | None
    opened: Moment


def visitor_of(request: web.Request, token: str, now: Moment) -> Visitor:
    """From `Authorization: tma …`. Raises PageOutdated for what is forged, too old, or of no user."""
    told = request.headers.get(hdrs.AUTHORIZATION, "")
    if not token or not told.startswith(SCHEME) or len(told) > LONGEST:
        raise PageOutdated()
    try:
        found = validate_by_hash(
            told.removeprefix(SCHEME), token, expires_in=AGE, now=datetime.fromtimestamp(now / 1000, UTC)
        )
    except (InvalidInitDataError, ValueError):
        raise PageOutdated() from None
    return _visitor(found)


def _visitor(found: InitData) -> Visitor:
    if found.user is None or found.user.is_bot:
        raise PageOutdated()
    return Visitor(found.user.id, found.user.language_code, Moment(int(found.issued_at.timestamp() * 1000)))
