"""Review policies, checked when a HIT is made."""

from collections.abc import Mapping
from typing import Any

from domain.fairness.review import LONGEST, SHORTEST, reason_of
from domain.mturk import review_policies as rules
from domain.mturk.errors import INVALID, RequestError
from domain.mturk.review_policies import KNOWN_ANSWERS, PLURALITY, BadPolicy

ASSIGNMENT, HIT = "Assignment", "HIT"
LEVELS = (ASSIGNMENT, HIT)


def check(members: Mapping[str, Any] | None, level: str) -> None:
    """Raises RequestError for a policy that cannot be followed."""
    if members is None:
        return
    try:
        policy = rules.read(members)
    except BadPolicy as bad:
        raise RequestError(INVALID, str(bad)) from None
    if policy.name != (KNOWN_ANSWERS if level == ASSIGNMENT else PLURALITY):
        raise RequestError(INVALID, f"{policy.name} is no {level}ReviewPolicy.")
    reason = policy.word("RejectReason")
    if reason and reason_of(reason) is None:
        raise RequestError(INVALID, f"RejectReason is what the worker reads: {SHORTEST} to {LONGEST} characters.")
