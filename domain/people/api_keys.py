"""API keys: their format, and the stored hash."""

import hashlib
import re
from dataclasses import dataclass

from domain.moments import Moment

PREFIX, BYTES, HINT = "pouce_", 32, 4
MOST = 20  # that work at the same time, of one person
_KEY = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`number` counts a person's keys, `hint` is how the key ends."""

    number: int
    hint: str
    made_at: Moment


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def hash_of(key: str) -> str:
    """SHA-256 in hex. A key is 256 random bits: nothing slower is needed to keep it from being guessed."""
    return hashlib.sha256(key.encode()).hexdigest()
