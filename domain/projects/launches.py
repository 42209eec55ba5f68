"""Launches: the requests of programs, trials, pilots, and the messages about them."""

from dataclasses import dataclass
from typing import NewType

from domain.messages import Message
from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import Pilot, ProjectId
from domain.work.messages import TaskShown


@dataclass(frozen=True, slots=True)
class PilotDone(Message):
    """The first tasks of a project have their answers; `rest` tasks wait for their launch. `seconds` an answer took,
    None where too few told it."""

    number: int
    title: str
    pilot: Pilot
    seconds: float | None
    rest: int


LaunchRequestId = NewType("LaunchRequestId", int)
PATIENCE = 24 * HOUR
MOST = 20  # that the programs of one person may ask within a day
WAITING, LAUNCHED, REFUSED, REPLACED = "waiting", "launched", "refused", "replaced"
EXPIRED = "expired"  # as it is told: nobody decided in time


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """A program's request to launch, decided by the key's owner. `price` is the most that the launch holds, as the
    owner was shown it. State REPLACED: the program asked again."""

    id: int
    person: PersonId
    api_key: int
    project: ProjectId
    price: Millionths
    asked_at: Moment
    until: Moment
    state: str = WAITING
    decided_at: Moment | None = None

    def state_at(self, now: Moment) -> str:
        """Return the state as it is reported: EXPIRED once nobody decided in time."""
        return EXPIRED if self.state == WAITING and now >= self.until else self.state


@dataclass(frozen=True, slots=True)
class LaunchWanted(Message):
    """Notice to the owner of the key that ends in `hint`: the program asks to launch; the first button sets `price`
    aside, and works until `until`."""

    number: int
    project: ProjectId
    title: str
    hint: str
    tasks: int
    price: Millionths
    currency: str
    until: Moment


@dataclass(frozen=True, slots=True)
class LaunchAsked:
    """A launch request as the program reads it. `state`: waiting, launched, refused, expired, or replaced by a later
    request."""

    number: int
    project: ProjectId
    state: str
    price: Millionths
    currency: str
    until: Moment


@dataclass(frozen=True, slots=True)
class LaunchDeclined(Message):
    project: ProjectId
    title: str


@dataclass(frozen=True, slots=True)
class LaunchRequestOver(Message):
    """The button launches nothing any more. `why`: decided, expired, replaced, key or price."""

    project: ProjectId
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class ProjectLaunched(Message):
    """A launch that went through; `held` is set aside for it: pay, fee and reserve."""

    number: int
    title: str
    held: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class TaskTried(Message):
    """The first task of a project, and the answer that is being given; nothing of it is kept or paid."""

    shown: TaskShown
    task: int = 0


@dataclass(frozen=True, slots=True)
class TrialOver(Message):
    """End of a requester's trial of their own task: `answer` as messages carry it, None if the trial was ended without
    one."""

    project: ProjectId
    title: str
    kind: str
    answer: str | None
