"""Work to choose from, and leaving a project: what a worker sees of the projects that are open to them."""

from dataclasses import dataclass

from domain.fairness.ratings import RequesterRating
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.wallet import PendingPay
from domain.people.settings import QuietUntil
from domain.projects.projects import ProjectId

PROJECTS_PER_PAGE = 5  # projects on one page
LAST_PAGE = 200  # no button leads further
MAX_COUNTED_PLACES = 100  # places that are counted; beyond that there are “more than 99”


@dataclass(frozen=True, slots=True)
class SetAside:
    """A running project where others are asked before this worker, or, until `restricted_until`, only others. The
    worker had `right` of `seen` check questions right there. `pending` is their pending pay there."""

    project: ProjectId
    title: str
    right: int
    seen: int
    restricted_until: Moment | None = None
    pending: PendingPay | None = None


@dataclass(frozen=True, slots=True)
class OfferedProject:
    """A project a worker can choose a task of. `requester` is who asks, empty once erased; `hourly` the pay an hour,
    None before it is measured; `left` the tasks there for this worker, COUNTED at most; `rating` is the requester's;
    `content` is what workers are warned of."""

    project: ProjectId
    title: str
    requester: str
    pay: Millionths
    currency: str
    hourly: Millionths | None
    left: int
    rating: RequesterRating | None = None
    content: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskList(Message):
    """One page of the work to choose from; `page` from 0, `more`: another page follows; `in_hand` is the title of the
    project whose task they have. `set_aside` is one where others are asked first. `quiet` until when none comes
    unasked; `asleep`: none does before they ask for one."""

    offered: tuple[OfferedProject, ...]
    page: int
    more: bool
    in_hand: str = ""
    set_aside: SetAside | None = None
    quiet: QuietUntil | None = None
    asleep: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """The result of a skip, which costs nothing. `left`: how many more of the project can be skipped today, None while
    there are many."""

    left: int | None = None


@dataclass(frozen=True, slots=True)
class SkippedLeft:
    """The number of tasks of a project that are left because this worker skipped them."""

    project: ProjectId
    title: str
    tasks: int


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A running project a worker was given a task of; `left`: the worker wants no more of it; `rests`: it gives out
    nothing now."""

    project: ProjectId
    title: str
    left: bool
    rests: bool = False


@dataclass(frozen=True, slots=True)
class KnownProjects(Message):
    """The running projects a worker knows, each to be left or taken back; `more`: older ones follow."""

    projects: tuple[KnownProject, ...]
    more: bool = False
