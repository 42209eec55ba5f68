"""Restrictions of workers, and the deadlines of the humans who look at them."""

from dataclasses import dataclass
from typing import NewType

from domain.conduct.evidence import Evidence
from domain.moments import DAY, DECISION_TIME, HOUR, Moment, later
from domain.people.people import PersonId
from domain.projects.projects import ProjectId

RestrictionId = NewType("RestrictionId", int)

CONFIRMED_WITHIN = DECISION_TIME  # by a human; else it lapses
REMINDED_BEFORE = 24 * HOUR  # so long before it lapses
SHORTEST_GROUND, LONGEST_GROUND = 10, 300  # characters of an admin's reason to confirm one
DAYS = (7, 14, 28)  # the first restriction in a project, the second, every further one


@dataclass(frozen=True, slots=True)
class Restriction:
    """No offers in `project` until `ends_at`; `appeal` is open, granted or refused once there is one.

    Until an admin decided (`decided_by`) it waits to be confirmed by `confirm_by`; `words` are why it was.
    """

    id: RestrictionId
    worker: PersonId
    project: ProjectId
    reason: str
    evidence: tuple[Evidence, ...]
    state: str
    imposed_at: Moment
    ends_at: Moment
    appeal_until: Moment
    appeal: str | None
    appeal_due: Moment | None
    decided_by: PersonId | None
    confirm_by: Moment
    lapsed: bool
    words: str | None

    @property
    def waits(self) -> bool:
        """For a human's first look, or for the decision of an appeal."""
        return self.state == "standing" and (self.decided_by is None or self.appeal == "open")

    @property
    def decide_by(self) -> Moment:
        """When the silence of humans lifts it."""
        appealed = [self.appeal_due] if self.appeal == "open" and self.appeal_due is not None else []
        return min([*appealed, *([self.confirm_by] if self.decided_by is None else [])], default=self.ends_at)

    def may_be_appealed(self, now: Moment) -> bool:
        return self.state == "standing" and self.appeal is None and now < self.appeal_until


def duration(earlier: int) -> int:
    """How long, after so many earlier ones that were not lifted."""
    return DAYS[min(earlier, len(DAYS) - 1)] * DAY


def ground_of(text: str) -> str | None:
    """An admin's reason in one line; None if it is too short or too long."""
    line = " ".join(text.split())
    return line if SHORTEST_GROUND <= len(line) <= LONGEST_GROUND else None


def confirm_by(imposed: Moment) -> Moment:
    return later(imposed, CONFIRMED_WITHIN)


def reminder_after(now: Moment, confirm_by: Moment) -> Moment | None:
    """When admins hear again of a restriction they have been told of."""
    again = later(confirm_by, -REMINDED_BEFORE)
    return again if again > now else None
