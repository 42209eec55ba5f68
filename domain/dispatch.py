"""Allocate: whether a worker's next task should be gold. Gold looks, pays and times like any other."""

from hashlib import blake2b

from domain.skill import BAR, QUIZ, estimated_accuracy
from domain.submissions import Enrolment

QUIZ_SHARE = 0.5  # of a newcomer's tasks, until they have met QUIZ gold ones
AGAIN_SHARE = 0.25  # below the bar, or when evidence turned: there is always a way back
SHARES = ((100, 0.10), (1_000, 0.05))  # until so many answers, this share of gold
LAST_SHARE = 0.01


def gold_share(enrolment: Enrolment) -> float:
    """Newcomers meet more gold, the proven less; more again where there is doubt."""
    if enrolment.gold_seen < QUIZ:
        return QUIZ_SHARE
    if enrolment.watch or estimated_accuracy(enrolment.gold_right, enrolment.gold_seen) < BAR:
        return AGAIN_SHARE
    return next((share for until, share in SHARES if enrolment.answered < until), LAST_SHARE)


def is_gold_turn(enrolment: Enrolment) -> bool:
    """Decided by a hash of who and how many: the same after a restart, not to be guessed from the chat."""
    who = f"{enrolment.worker}:{enrolment.project}:{enrolment.answered}"
    digest = blake2b(who.encode(), digest_size=8, person=b"pouce-gold").digest()
    return int.from_bytes(digest) / 2**64 < gold_share(enrolment)
