"""People: one person may be worker, requester and admin at once."""

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
    """`telegram_id` is None once the person is erased; `consented_at` is None until the terms are agreed to; a
    `choosy` one has stored preferences; an admin has taken the requester's role from a `barred` one, and
    stopped a `suspended` one (domain/fairness/stops.py). They act for the team `acts_for`, or for themselves. An
    invitation calls them to the running project `called_to` with their next answer. From `leaving_at` on they wait to
    be erased."""

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

    @property
    def is_team(self) -> bool:
        """An account without a chat (domain/people/teams.py)."""
        return self.id < 0

    @property
    def team_name(self) -> str:
        """Empty for a person."""
        return self.name if self.is_team else ""

    @property
    def team_number(self) -> int:
        """As buttons carry it; 0 for a person."""
        return -self.id if self.is_team else 0

    @property
    def is_worker(self) -> bool:
        return self.consented_at is not None

    @property
    def label(self) -> str:
        """How an admin sees this person: @username where there is one."""
        if self.is_team:
            return f"{self.name or '?'} (team-{-self.id})"
        if self.telegram_id is None:
            return ERASED
        return f"@{self.username}" if self.username else f"{self.name or '?'} ({self.telegram_id})"


# After so many pushes left unanswered a worker is not pushed to again until they act.
UNANSWERED_PUSHES = 3


PREFIX, BYTES, HINT = "pouce_", 32, 4
MOST = 20  # that work at the same time, of one person
_KEY = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


ACCESS_PREFIX, ACCESS_BYTES = "POUC", 10  # of the id of its Amazon pair: 20 letters and digits, as Amazon's
_ACCESS = re.compile(rf"{ACCESS_PREFIX}[A-Z2-7]{{16}}")
SECRET_BYTES = 30  # of the pair's secret: 40 characters, as Amazon's


class Scope(StrEnum):
    """What a key may do; each may also do what those before it may."""

    READ = "read"  # projects, answers, money
    DRAFT = "draft"  # prepare projects, pause them, answer questions
    SPEND = "spend"  # all that moves money: launch, raise, bonus, accept, reject, stop

    def covers(self, needed: "Scope") -> bool:
        order = list(Scope)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`number` counts a person's keys, `hint` is how the key ends. `spent` of its `budget`, in millionths; without one
    it may spend all."""

    number: int
    hint: str
    made_at: Moment
    scope: Scope = Scope.SPEND
    budget: int | None = None
    spent: int = 0
    used_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key that works, and whose it is; of a team's, the `member` who made it."""

    owner: PersonId
    key: ApiKey
    member: PersonId | None = None


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def is_access_id(text: str) -> bool:
    return _ACCESS.fullmatch(text) is not None


def hash_of(key: str) -> str:
    """SHA-256 in hex. A key is 256 random bits: nothing slower is needed to keep it from being guessed."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RoleSet(Message):
    """To the admin: whether `who`, as they are called, may open projects now."""

    who: str
    on: bool


@dataclass(frozen=True, slots=True)
class RoleGranted(Message):
    """To a person who may open projects now."""


@dataclass(frozen=True, slots=True)
class RoleWithdrawn(Message):
    """To a person who may no longer open projects."""


@dataclass(frozen=True, slots=True)
class ApiKeyMade(Message):
    """The key, this once; `url` is where programs ask, empty where this installation has no door for them.

    `access_id` and `secret` are its pair for programs of Mechanical Turk, which ask at `origin`; both are empty where
    nothing can be encrypted (SECRETS_KEY). It may spend `budget`, in millionths, or all."""

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
    """A requester's keys that work, oldest first; of the team of this number, 0 for their own."""

    keys: tuple[ApiKey, ...]
    url: str
    currency: str = ""
    team: int = 0


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Message):
    """`hint` is how the key ended."""

    hint: str


def pseudonym(secret: bytes, requester: int, worker: int) -> str:
    """The same worker under the same requester, and nowhere else."""
    digest = hmac.digest(secret, f"{requester}:{worker}".encode(), hashlib.sha256)
    return "w" + b32encode(digest[:6]).decode().rstrip("=").lower()
