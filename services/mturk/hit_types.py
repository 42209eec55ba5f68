"""HIT types: registered, or found again; the same values are the same type."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from domain.moments import DECISION_TIME, SECOND
from domain.mturk import hits, money
from domain.mturk.errors import INVALID, RANGE, RequestError
from domain.mturk.hits import HitType, Shape
from services.act import Act
from services.mturk.requirements import audience
from storage.drivers.records import pack

MOST_REQUIREMENTS = 10
USUAL_APPROVAL = hits.LONGEST_DELAY


def create(
    act: Act,
    *,
    assignment_duration_in_seconds: int,
    reward: str,
    title: str,
    description: str,
    keywords: str = "",
    auto_approval_delay_in_seconds: int = USUAL_APPROVAL,
    qualification_requirements: Sequence[Mapping[str, Any]] = (),
) -> HitType:
    """CreateHITType."""
    approval = between(auto_approval_delay_in_seconds, 0, hits.LONGEST_DELAY, "AutoApprovalDelayInSeconds")
    duration = between(
        assignment_duration_in_seconds, hits.SHORTEST_TIME, hits.LONGEST_TIME, "AssignmentDurationInSeconds"
    )
    amount = money.read(reward)
    if not amount:
        raise RequestError(INVALID, f"Reward is an amount above zero with two decimals at most, such as 0.05: {reward}")
    if len(qualification_requirements) > MOST_REQUIREMENTS:
        raise RequestError(RANGE, f"At most {MOST_REQUIREMENTS} QualificationRequirements.")
    audience(act.unit, act.person, qualification_requirements)
    shape = Shape(
        text(title, 1, hits.TITLE, "Title"),
        text(description, 1, hits.DESCRIPTION, "Description"),
        text(keywords, 0, hits.KEYWORDS, "Keywords"),
        amount,
        duration,
        min(approval, DECISION_TIME // SECOND),
        tuple(qualification_requirements),
    )
    return act.unit.hit_types.settle(act.person.id, fingerprint(shape), shape)


def fingerprint(shape: Shape) -> str:
    values = [getattr(shape, name) for name in Shape.__slots__[:-1]]
    return sha256(pack([*values, [sorted(each.items()) for each in shape.requirements]]).encode()).hexdigest()


def between(value: int, least: int, most: int, name: str) -> int:
    if not least <= value <= most:
        raise RequestError(RANGE, f"{name} is {least} to {most}; this is {value}.")
    return value


def text(value: str, shortest: int, longest: int, name: str) -> str:
    if not shortest <= len(value.strip()) or len(value) > longest:
        raise RequestError(INVALID, f"{name} has {shortest} to {longest} characters; this has {len(value)}.")
    return value
