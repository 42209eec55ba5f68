"""Webhooks: what a requester's programs can be called about, how a call is signed, and when it is tried again.

Signatures are those of Standard Webhooks (https://www.standardwebhooks.com): libraries of many languages verify them.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from domain.extensions import load_parts
from domain.messages import Message
from domain.moments import DAY, Moment

KINDS = ("task.closed", "project.ended", "question.asked", "funds.low", "rejection.appealed")
TASK_CLOSED, PROJECT_ENDED, QUESTION_ASKED, FUNDS_LOW, REJECTION_APPEALED = KINDS
MAX_ADDRESSES = 5  # addresses of a requester
MAX_URL_CHARS = 500  # characters of one
SECRET_PREFIX, SECRET_BYTES = "whsec_", 24
RETRY_PERIOD = DAY  # how long a call is tried
RETRY_WAIT_SECONDS = (
    5,
    30,
    120,
    600,
    1_800,
    3_600,
    7_200,
    14_400,
    21_600,
)  # seconds before the next try; the last one repeats

Address = tuple[int, int]  # its person, and its number among theirs


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """A webhook in a list: its kinds of events, all if empty; calls that wait and that failed; the answer to the last
    one."""

    number: int
    url: str
    kinds: tuple[str, ...]
    made_at: Moment
    waiting: int = 0
    failed: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """A call to be sent: `name` identifies its message, `sealed` is the encrypted secret of the address."""

    id: int
    person: int
    number: int
    url: str
    sealed: str
    name: str
    body: str
    attempts: int
    until: Moment
    kind: str = ""

    @property
    def address(self) -> Address:
        return self.person, self.number


def retry_delay(attempts: int) -> int:
    """Return the milliseconds to wait after so many failed attempts, from 1 on."""
    return 1_000 * RETRY_WAIT_SECONDS[min(attempts, len(RETRY_WAIT_SECONDS)) - 1]


def format_secret(random: bytes) -> str:
    """Return the text form of a webhook's secret."""
    return SECRET_PREFIX + base64.b64encode(random).decode()


def sign(secret: str, name: str, seconds: int, body: str) -> str:
    """Return the signature of the message `name`, sent at so many seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{name}.{seconds}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def call_headers(call: WebhookCall, secret: str, seconds: int) -> dict[str, str]:
    """Return the headers of a call: of Standard Webhooks', or those of the extension whose kind it is."""
    own_kind = call.kind.partition(".")[0]
    signer = next((part for part in load_parts("webhooks") if own_kind == part.KIND), None)
    if signer is not None:
        signed_headers: dict[str, str] = signer.make_headers(call, secret)
        return signed_headers
    header_signature = sign(secret, call.name, seconds, call.body)
    return {"webhook-id": call.name, "webhook-timestamp": str(seconds), "webhook-signature": header_signature}


def is_of_requester(kinds: Sequence[str]) -> bool:
    """Return whether a webhook was added by its requester: one that an extension added has a kind of its own."""
    return set(kinds) <= set(KINDS)


def parse_kinds(words: str) -> tuple[str, ...] | None:
    """Return the kinds in `task.closed, project.ended`; an empty tuple for an empty text, None if one is unknown."""
    kinds = tuple(dict.fromkeys(word.lower() for word in words.replace(",", " ").split()))
    return kinds if set(kinds) <= set(KINDS) else None


def is_wanted(kinds: Sequence[str], kind: str) -> bool:
    """Return whether a webhook with these kinds is called about this kind of event."""
    return not kinds or kind in kinds


@dataclass(frozen=True, slots=True)
class Webhooks(Message):
    """A requester's webhooks, oldest first; `team`: the number of the team that owns them, 0 for the person's own."""

    hooks: tuple[WebhookLine, ...]
    team: int = 0


@dataclass(frozen=True, slots=True)
class WebhookMade(Message):
    """A new webhook with its secret, shown this once. `unknown`: its host has no address in the DNS at this time."""

    number: int
    url: str
    kinds: tuple[str, ...]
    secret: str
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class WebhookGone(Message):
    number: int


@dataclass(frozen=True, slots=True)
class WebhookResent(Message):
    """Answer after a resend; `count` calls that had not arrived are tried again."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class WebhookSilent(Message):
    """Notice that a call did not arrive for a day; `answer` is the result of the last attempt."""

    number: int
    host: str
    answer: str
