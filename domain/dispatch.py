"""Allocate: whether a worker's next task should be gold. Gold looks, pays and times like any other."""

from hashlib import blake2b

from domain.skill import QUIZ

QUIZ_SHARE = 0.5
SHARES = ((100, 0.10), (1_000, 0.05))  # until so many answers, this share of gold
LAST_SHARE = 0.01


def gold_share(answered: int, gold_seen: int) -> float:
    """Newcomers meet more gold, the proven less."""
    if gold_seen < QUIZ:
        return QUIZ_SHARE
    return next((share for until, share in SHARES if answered < until), LAST_SHARE)


def is_gold_turn(worker: int, project: int, answered: int, gold_seen: int) -> bool:
    """Decided by a hash of who and how many: the same after a restart, not to be guessed from the chat."""
    digest = blake2b(f"{worker}:{project}:{answered}".encode(), digest_size=8, person=b"pouce-gold").digest()
    return int.from_bytes(digest) / 2**64 < gold_share(answered, gold_seen)
