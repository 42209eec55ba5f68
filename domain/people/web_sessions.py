"""Access to the dashboard from a browser: links, sessions and their messages."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import DAY, MINUTE, Moment

TOKEN_BYTES = 32  # 256 bits, of a link and of a session
MAX_TOKEN_CHARS = 64
LINK_LIFETIME, SESSION_LIFETIME = 10 * MINUTE, DAY
MAX_SESSIONS = 10  # of a person: a further one ends the oldest


@dataclass(frozen=True, slots=True)
class WebLink(Message):
    """A link to the dashboard that opens once, `until` a moment."""

    url: str
    until: Moment


@dataclass(frozen=True, slots=True)
class WebSessionsEnded(Message):
    """`count` browsers were signed out."""

    count: int
