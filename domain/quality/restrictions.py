"""Restrictions of workers: their rules, deadlines of the humans who decide about them, and messages."""

from dataclasses import dataclass
from typing import NewType

from domain.conduct.evidence import Evidence
from domain.messages import Message
from domain.moments import DAY, DECISION_TIME, HOUR, NEVER, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId

RestrictionId = NewType("RestrictionId", int)

CONFIRMED_WITHIN = DECISION_TIME  # by a human; else it lapses
REMINDED_BEFORE = 24 * HOUR  # so long before it lapses
SHORTEST_GROUND, LONGEST_GROUND = 10, 300  # characters of an admin's reason to confirm one
DAYS = (7, 14, 28)  # the first restriction in a project, the second, every further one


@dataclass(frozen=True, slots=True)
class Restriction:
    """Restriction of a worker: no offers in `project` until `ends_at`; `appeal` is open, granted or refused once there
    is one. Until an admin decided (`decided_by`) it waits to be confirmed by `confirm_by`; `words` is the reason given
    then."""

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
        """Return whether it waits for a human's first look, or for the decision of an appeal."""
        return self.state == "standing" and (self.decided_by is None or self.appeal == "open")

    @property
    def decide_by(self) -> Moment:
        """Return the moment at which it is lifted if no human decides; `ends_at` if nothing is to be decided."""
        appealed = [self.appeal_due] if self.appeal == "open" and self.appeal_due is not None else []
        return min([*appealed, *([self.confirm_by] if self.decided_by is None else [])], default=self.ends_at)

    def may_be_appealed(self, now: Moment) -> bool:
        """Return whether the worker can still appeal it: standing, not appealed before, and within the deadline."""
        return self.state == "standing" and self.appeal is None and now < self.appeal_until


def restriction_duration(earlier: int) -> int:
    """Return the duration of a restriction after so many `earlier` ones that were not lifted."""
    return DAYS[min(earlier, len(DAYS) - 1)] * DAY


def parse_ground(text: str) -> str | None:
    """Return an admin's reason in one line; None if it is too short or too long."""
    line = " ".join(text.split())
    return line if SHORTEST_GROUND <= len(line) <= LONGEST_GROUND else None


def confirm_by(imposed: Moment) -> Moment:
    """Return the deadline for a human to confirm a restriction."""
    return later(imposed, CONFIRMED_WITHIN)


def next_reminder(now: Moment, confirm_by: Moment) -> Moment | None:
    """Return when admins are reminded of a restriction they were told of, None if that moment has passed."""
    reminder = later(confirm_by, -REMINDED_BEFORE)
    return reminder if reminder > now else None


@dataclass(frozen=True, slots=True)
class Restricted(Message):
    """Message to the worker: no tasks of a project until a date, and the finding that led to it; it lapses unless a
    human confirms it by `confirm_by`. `in_hand`: they have a task of it, which they may still answer."""

    restriction: RestrictionId
    title: str
    until: Moment
    cause: Evidence
    confirm_by: Moment = NEVER
    in_hand: bool = False


@dataclass(frozen=True, slots=True)
class RestrictionAppealed(Message):
    """Message to the worker: their objection is with the admins, who have time `until` then."""

    title: str
    until: Moment


@dataclass(frozen=True, slots=True)
class RestrictionLifted(Message):
    title: str


@dataclass(frozen=True, slots=True)
class RestrictionOver(Message):
    title: str


@dataclass(frozen=True, slots=True)
class RestrictionLapsed(Message):
    """Message to the worker: no human confirmed it in time."""

    title: str


@dataclass(frozen=True, slots=True)
class RestrictionConfirmed(Message):
    """Message to the worker: an admin let it stand, for the reason in `words`; it ends `until` then. `restriction`
    is its number where it may still be appealed, else 0."""

    title: str
    until: Moment
    words: str = ""
    restriction: int = 0


@dataclass(frozen=True, slots=True)
class KnownRestriction:
    """`state` is standing, lifted or ended; `appeal` open, granted or refused; `decided` once an admin decided it;
    `waits` for an admin to confirm or lift it."""

    restriction: RestrictionId
    title: str
    state: str
    appeal: str | None
    imposed_at: Moment
    ends_at: Moment
    decided: bool
    waits: bool = False


@dataclass(frozen=True, slots=True)
class RestrictionToDecide(Message):
    """Message to an admin: `who` objects; past `until` silence lifts the restriction."""

    who: str
    of: KnownRestriction
    evidence: tuple[Evidence, ...]
    until: Moment


@dataclass(frozen=True, slots=True)
class RestrictionToConfirm(Message):
    """Message to an admin: the most urgent of `left` restrictions that wait for a human; `appealed`: its worker
    objects. Past `until` silence lifts it."""

    who: str
    of: KnownRestriction
    evidence: tuple[Evidence, ...]
    until: Moment
    left: int
    appealed: bool


@dataclass(frozen=True, slots=True)
class NothingToConfirm(Message):
    """Message to an admin: no restriction waits for them."""


@dataclass(frozen=True, slots=True)
class RestrictionsWait(Message):
    """Message to admins: so many wait, the first until `until`; `again`: they were told before."""

    count: int
    until: Moment
    again: bool


@dataclass(frozen=True, slots=True)
class GroundWanted(Message):
    """Message to the admin: the next words are why a restriction of `who` stands, who may have been `erased`."""

    restriction: RestrictionId
    who: str
    title: str
    erased: bool = False


@dataclass(frozen=True, slots=True)
class RestrictionDecided(Message):
    """Message to the admin who decided: the result; `left` wait."""

    of: KnownRestriction
    left: int = 0


@dataclass(frozen=True, slots=True)
class Mate:
    """Another worker: `same` of the `shared` tasks that both answered have the same answer."""

    who: str
    shared: int
    same: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Evidence in a project, and its automatic effects.

    `watch` is 1 for more check questions, 2 for no pushes either; `later` is asked after others. `pairs` are those
    whose answers are the same.
    """

    title: str
    evidence: Evidence
    watch: int
    later: bool
    pairs: tuple[Mate, ...]


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """`who` judged so many of a person's rejections and found some right; so many of their answers, some fine; and had
    answers judged by them (`back`)."""

    who: str
    rejections: int
    right: int
    answers: int
    fine: int
    back: int
    fine_back: int


@dataclass(frozen=True, slots=True)
class PersonAudit(Message):
    """Message to an admin: the evidence against a person. `judged` are those who judged their rejections more than
    once, or their answers and had theirs judged by them. `mates` are paid to the same account; `stop` is the number
    of their suspension, 0 for none, and `suspended_for` its reason; `admin`: they run the house."""

    who: str
    answers: int
    findings: tuple[Finding, ...]
    mates: tuple[Mate, ...]
    restrictions: tuple[KnownRestriction, ...]
    person: int = 0
    stop: int = 0
    suspended_for: str = ""
    admin: bool = False
    judged: tuple[JudgedBy, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspect:
    """The strongest suspicion against a person, in nats."""

    who: str
    title: str
    suspicion: str
    nats: float


@dataclass(frozen=True, slots=True)
class Suspects(Message):
    """Message to an admin: people worth looking at, the strongest evidence first."""

    found: tuple[Suspect, ...]
