"""People and their API keys: one person may be worker, requester and admin at once."""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.messages import Message, record
from domain.moments import Moment

PersonId = NewType("PersonId", int)
# The roles people have. A route, or an endpoint, is for one of them.
EVERYBODY, WORKER, REQUESTER, ADMIN = "", "worker", "requester", "admin"
ROLES = (WORKER, REQUESTER, ADMIN, EVERYBODY)
ERASED = "? (erased)"  # the label of a person who was erased; readers see it in their language (locales/translator.py)


@record
class Person:
    """A person, or a team's account, as stored in `people`.

    `telegram_id` is None once the person is erased; `consented_at` is None until the terms are agreed to; a `choosy`
    person has stored preferences; an admin has taken the requester's role from a `barred` one, and stopped a
    `suspended` one (domain/fairness/stops.py). The person acts for the team `acts_for`, or for themselves if it is
    None. An invitation asks them to begin with the running project `called_to` at their next answer. From `leaving_at`
    on they wait to be erased. `bot` writes to them unasked (domain/people/bots.py)."""

    id: PersonId
    telegram_id: int | None
    username: str | None
    name: str
    language: str
    consented_at: Moment | None
    requester: bool
    paused: bool
    reachable: bool
    unanswered: int
    choosy: bool = False
    barred: bool = False
    suspended: bool = False
    acts_for: PersonId | None = None
    called_to: int | None = None
    leaving_at: Moment | None = None
    bot: int = 1

    @property
    def is_team(self) -> bool:
        """Return whether this is a team's account, which has no chat (domain/people/teams.py)."""
        return self.id < 0

    @property
    def team_name(self) -> str:
        """Return the team's name; empty for a person."""
        return self.name if self.is_team else ""

    @property
    def team_number(self) -> int:
        """Return the team's number as buttons carry it; 0 for a person."""
        return -self.id if self.is_team else 0

    @property
    def is_worker(self) -> bool:
        return self.consented_at is not None

    @property
    def label(self) -> str:
        """Name that an admin sees: @username where the person has one, else name and Telegram id; a team's name and
        number."""
        if self.is_team:
            return f"{self.name or '?'} (team-{-self.id})"
        if self.telegram_id is None:
            return ERASED
        return f"@{self.username}" if self.username else f"{self.name or '?'} ({self.telegram_id})"


# After so many pushes left unanswered a worker is not pushed to again until they act.
MAX_UNANSWERED_PUSHES = 3


KEY_PREFIX, KEY_BYTES, KEY_HINT_CHARS = "pouce_", 32, 4
MAX_KEYS_PER_PERSON = 20  # that work at the same time, of one person
_KEY_PATTERN = re.compile(rf"{KEY_PREFIX}[A-Za-z0-9_-]{{43}}")


ACCESS_PREFIX, ACCESS_BYTES = "POUC", 10  # of the id of its Amazon pair: 20 letters and digits, as Amazon's
_ACCESS_ID_PATTERN = re.compile(rf"{ACCESS_PREFIX}[A-Z2-7]{{16}}")
SECRET_BYTES = 30  # of the pair's secret: 40 characters, as Amazon's


class Scope(StrEnum):
    """Rights of an API key; each scope includes those before it."""

    READ = "read"  # projects, answers, money
    DRAFT = "draft"  # prepare projects, pause them, answer questions
    SPEND = "spend"  # all that moves money: launch, raise, bonus, accept, reject, stop

    def covers(self, needed: "Scope") -> bool:
        """Return whether a key of this scope may do what needs the scope `needed`."""
        order = list(Scope)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret part.

    `number` counts a person's keys, `hint` is the end of the key. It has spent `spent` of its `budget`, both in
    millionths; a key without a budget may spend everything."""

    number: int
    hint: str
    made_at: Moment
    scope: Scope = Scope.SPEND
    budget: int | None = None
    spent: int = 0
    used_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A working key with its owner; `member` is the member who made it if the owner is a team."""

    owner: PersonId
    key: ApiKey
    member: PersonId | None = None


def is_api_key(text: str) -> bool:
    return _KEY_PATTERN.fullmatch(text) is not None


def is_access_id(text: str) -> bool:
    return _ACCESS_ID_PATTERN.fullmatch(text) is not None


def hash_key(key: str) -> str:
    """Return the SHA-256 of an API key in hex. A key is 256 random bits: a slower hash would not make it harder to
    guess."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RoleSet(Message):
    """Answer to the admin: `who`, as admins read their name, may (`on`) or may not open projects now. `until`: they may
    once they write to the bot before this moment."""

    who: str
    on: bool
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class RoleGranted(Message):
    """Notice to a person: they may open projects now."""


@dataclass(frozen=True, slots=True)
class RoleWithdrawn(Message):
    """Notice to a person: they may no longer open projects."""


@dataclass(frozen=True, slots=True)
class ApiKeyMade(Message):
    """A new API key, shown this once. `url` is the address for programs, empty if this installation serves no API.

    `access_id` and `secret` are its credentials for programs of Mechanical Turk, which call `origin`; both are empty
    where nothing can be encrypted (no SECRETS_KEY). The key may spend `budget`, in millionths, or everything."""

    key: str
    url: str
    scope: str = "spend"
    budget: int | None = None
    currency: str = ""
    access_id: str = ""
    secret: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ApiKeys(Message):
    """A requester's working keys, oldest first: those of the team with the number `team`, or the person's own if it is
    0."""

    keys: tuple[ApiKey, ...]
    url: str
    currency: str = ""
    team: int = 0


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Message):
    """Answer after a key was revoked; `hint` is the end of the key."""

    hint: str


def pseudonym(secret: bytes, requester: int, worker: int) -> str:
    """Return the worker's name for this requester: always the same, and another one for every other requester."""
    digest = hmac.digest(secret, f"{requester}:{worker}".encode(), hashlib.sha256)
    return "w" + b32encode(digest[:6]).decode().rstrip("=").lower()
