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
MOST = 5  # addresses of a requester
LONGEST = 500  # characters of one
SECRET_PREFIX, SECRET_BYTES = "whsec_", 24
PATIENCE = DAY  # how long a call is tried
WAITS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600)  # seconds before the next try; the last one repeats

Address = tuple[int, int]  # its person, and its number among theirs


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """`kinds` empty: all. Calls that wait, and those given up; `answer` is what came of the last one."""

    number: int
    url: str
    kinds: tuple[str, ...]
    made_at: Moment
    waiting: int = 0
    failed: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """To be sent: `name` is that of its message, `sealed` the encrypted secret of the address."""

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


def wait_after(attempts: int) -> int:
    """Milliseconds after so many tries that failed, from 1 on."""
    return 1_000 * WAITS[min(attempts, len(WAITS)) - 1]


def secret_of(random: bytes) -> str:
    return SECRET_PREFIX + base64.b64encode(random).decode()


def signature(secret: str, name: str, seconds: int, body: str) -> str:
    """Of the message `name`, sent at so many seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{name}.{seconds}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(call: Call, secret: str, seconds: int) -> dict[str, str]:
    """Return the headers of a call: Standard Webhooks', or those of the extension whose kind it is."""
    own_kind = call.kind.partition(".")[0]
    signer = next((part for part in load_parts("webhooks") if own_kind == part.KIND), None)
    if signer is not None:
        signed_headers: dict[str, str] = signer.make_headers(call, secret)
        return signed_headers
    signed = signature(secret, call.name, seconds, call.body)
    return {"webhook-id": call.name, "webhook-timestamp": str(seconds), "webhook-signature": signed}


def is_of_requester(kinds: Sequence[str]) -> bool:
    """Return whether a webhook was added by its requester: one that an extension added has a kind of its own."""
    return set(kinds) <= set(KINDS)


def kinds_of(words: str) -> tuple[str, ...] | None:
    """`task.closed, project.ended` → kinds; none for no words; None where one is unknown."""
    named = tuple(dict.fromkeys(word.lower() for word in words.replace(",", " ").split()))
    return named if set(named) <= set(KINDS) else None


def wants(kinds: Sequence[str], kind: str) -> bool:
    return not kinds or kind in kinds


@dataclass(frozen=True, slots=True)
class Webhooks(Message):
    """A requester's addresses, oldest first; `team`: whose they are, 0 for one's own."""

    hooks: tuple[WebhookLine, ...]
    team: int = 0


@dataclass(frozen=True, slots=True)
class WebhookMade(Message):
    """The secret, this once. `unknown`: nobody knows its host's name at this time."""

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
    """So many calls that did not arrive are tried again."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class WebhookSilent(Message):
    """A call did not arrive for a day; `answer` is what came of the last try."""

    number: int
    host: str
    answer: str
