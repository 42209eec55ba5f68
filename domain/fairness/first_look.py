"""A requester's first project waits until an admin has looked at it."""

from dataclasses import dataclass
from enum import StrEnum

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId


class LookState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FirstLook:
    """`seen` is a fingerprint of what the admins are shown, `version` counts how often it changed: an approval is for
    what its button stood under. `reason` and `ended_by` are those of the latest refusal, also while it waits again."""

    project: ProjectId
    state: LookState
    seen: str
    version: int
    asked_at: Moment
    reason: str
    ended_by: PersonId | None
