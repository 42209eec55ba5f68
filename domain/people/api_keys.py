"""API keys: their format, and the stored hash."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from domain.moments import Moment
from domain.people.people import PersonId

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
