"""Messages of the first look: to the requester who waits, and to admins who look."""

from dataclasses import dataclass

from domain.fairness.red_flags import Found
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class LaunchWaits(Message):
    """To the requester: an admin looks first. `again`: it waited already; `refused` is an earlier refusal's reason."""

    project: ProjectId
    title: str
    again: bool
    refused: str = ""


@dataclass(frozen=True, slots=True)
class ProjectWords(Message):
    """To admins, before the card: everything a worker is told."""

    project: ProjectId
    title: str
    instructions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionToApprove(Message):
    """To admins, before the card: what a worker of one HIT gets. A long text takes several messages: the one that
    `begins` it has the `address` of a page on its requester's server, the one that `ends` it the `fields` that can be
    filled in, the `hosts` that the page names, how many characters are `more`, and a button to see it as it is."""

    project: ProjectId
    task: int
    address: str
    text: str
    fields: tuple[str, ...]
    hosts: tuple[str, ...]
    begins: bool
    ends: bool
    more: int = 0


@dataclass(frozen=True, slots=True)
class ProjectToApprove(Message):
    """To admins, of one `edition`: a project of a requester without one that was approved or completed.

    `samples` are tasks from all over it; `hourly` the expected pay, None where nobody can tell; `cost` at most, fee
    included; `refused` is the reason of an earlier refusal, `content` what workers are warned of. `speaks` is the
    requester's language: where the project names none, workers who ticked languages are asked if it is among them."""

    project: ProjectId
    edition: int
    title: str
    who: str
    kind: str
    options: tuple[str, ...]
    template: str
    purpose: str
    tasks: int
    gold: int
    overlap: int
    accept: str
    minutes: int
    languages: tuple[str, ...]
    pay: Millionths
    hourly: Millionths | None
    cost: Millionths
    currency: str
    samples: tuple[str, ...]
    flags: tuple[Found, ...]
    asked_at: Moment
    refused: str = ""
    content: tuple[str, ...] = ()
    speaks: str = "en"


@dataclass(frozen=True, slots=True)
class LookReasonWanted(Message):
    """To the admin: the next words are why it must not start."""

    project: ProjectId
    title: str


@dataclass(frozen=True, slots=True)
class LookDecided(Message):
    """To the admin. `started` where it was approved: False where money was missing by then."""

    project: ProjectId
    title: str
    approved: bool
    started: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LookApproved(Message):
    """To the requester. Not `started`: something else is missing; launching again says what."""

    project: ProjectId
    title: str
    started: bool


@dataclass(frozen=True, slots=True)
class LookRefused(Message):
    """To the requester, with the reason; `another`: a second try is looked at by another admin."""

    project: ProjectId
    title: str
    reason: str
    another: bool


@dataclass(frozen=True, slots=True)
class ProjectReworded(Message):
    """To admins: the texts of a running project are edited, one that an admin approved or with words worth a look."""

    project: ProjectId
    title: str
    who: str
    edition: int
    instructions: tuple[str, ...]
    flags: tuple[Found, ...]
