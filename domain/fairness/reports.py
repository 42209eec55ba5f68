"""Reports of work that should not be asked: what can be said of a task, and what stops its project."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.moments import DAY
from domain.people.people import PersonId
from domain.projects.tasks import TaskId

PAUSE = "reports"  # why a project rests
TOGETHER = 3  # reports by different workers that stop a project
PER_DAY, WINDOW = 5, DAY  # reports of one worker


class Kind(StrEnum):
    """`scam` asks for accounts, reviews, CAPTCHAs, identity papers or money."""

    BROKEN = "broken"
    PRIVATE = "private"
    DISTURBING = "disturbing"
    ILLEGAL = "illegal"
    SCAM = "scam"


KINDS = tuple(Kind)  # a button carries the place in this list
ALONE = frozenset({Kind.ILLEGAL, Kind.SCAM})  # one of these is enough


@dataclass(frozen=True, slots=True)
class Report:
    """An open one; `reporter` is None once they were erased."""

    task: TaskId
    reporter: PersonId | None
    kind: Kind


def stops(kinds: Sequence[Kind]) -> bool:
    """Whether the open reports of a project, one a worker, stop it until a human has looked."""
    return len(kinds) >= TOGETHER or not ALONE.isdisjoint(kinds)


def may_report(reported_lately: int) -> bool:
    """`reported_lately`: this worker's reports within WINDOW."""
    return reported_lately < PER_DAY
