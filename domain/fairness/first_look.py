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
    what its button stood under. `reason` and `ended_by` are those of the latest refusal, also while it waits again.
    `api_key` is that of the program that asked, None where a person did. `price` is what the launch cost then, which
    counts against that key; None where nobody noted it, and for HITs, which count one by one."""

    project: ProjectId
    state: LookState
    seen: str
    version: int
    asked_at: Moment
    reason: str
    ended_by: PersonId | None
    api_key: int | None
    price: int | None
