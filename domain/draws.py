"""Random draws by a keyed hash of their subject: repeatable after a restart, unpredictable without the key."""

from functools import lru_cache
from hashlib import blake2b, sha256

SHUFFLE_MASK = (1 << 62) - 1
BITS = 53  # of a float's mantissa, so that a draw is never rounded up to 1


def draw_fraction(secret: bytes, subject: str, *facts: int) -> float:
    """Return a draw in [0, 1). `subject` keeps one decision's draws apart from another's on the same facts."""
    keyed = _keyed(secret).copy()
    keyed.update(f"{subject}:{facts}".encode())
    return (int.from_bytes(keyed.digest()) >> (64 - BITS)) * 2.0**-BITS


@lru_cache(maxsize=16)
def _keyed(secret: bytes) -> blake2b:
    """The key is worked in once: half of a draw."""
    return blake2b(key=secret, digest_size=8)


def draw_index(secret: bytes, places: int, subject: str, *facts: int) -> int:
    """Return a drawn number from 0 to places - 1."""
    return int(draw_fraction(secret, subject, *facts) * places)


def shuffle_key(secret: str, task: int) -> int:
    """Return the place of a task in the shuffled order of its project: 62 bits of a hash of its number, keyed by the
    installation's secret. PostgreSQL computes the same (storage/migrations/0001_baseline.postgresql.sql)."""
    return int.from_bytes(sha256(f"{secret}:{task}".encode()).digest()[:8]) & SHUFFLE_MASK
