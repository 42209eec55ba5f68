"""Messages of stops: to whom one concerns, and to the admins who make them and rule on appeals."""

from dataclasses import dataclass

from domain.fairness.stops import StopId
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class ProjectForAdmin(Message):
    """To an admin: a project of somebody else, `who`. `ends`: it can be ended now."""

    project: ProjectId
    title: str
    who: str
    person: PersonId
    state: str
    rests: tuple[str, ...]
    instructions: tuple[str, ...]
    samples: tuple[str, ...]
    tasks: int
    closed: int
    submissions: int
    workers: int
    pay: Millionths
    held: Millionths
    currency: str
    ends: bool


@dataclass(frozen=True, slots=True)
class SuspendReasonWanted(Message):
    """To the admin: the next words are why `who` is suspended."""

    who: str


@dataclass(frozen=True, slots=True)
class SuspensionMade(Message):
    """To the admin: `projects` of theirs rest."""

    stop: StopId
    who: str
    reason: str
    projects: int


@dataclass(frozen=True, slots=True)
class PersonSuspended(Message):
    """To the person: why, and what it means for a worker and for one who `asks`, whose `projects` rest. `appeal`: it
    can be appealed; not where it goes on from before they left."""

    stop: StopId
    reason: str
    appeal: bool
    worker: bool
    projects: int
    asks: bool = False


@dataclass(frozen=True, slots=True)
class AppealWordsWanted(Message):
    """To whom it concerns: the next words are the appeal. `title` is the project's, empty for a person."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class StopAppealed(Message):
    """To whom it concerns: noted; it is answered until `due`. `another`: by another admin than the one who decided."""

    title: str
    due: Moment
    another: bool


@dataclass(frozen=True, slots=True)
class StopToRule(Message):
    """To admins: an appeal. `made_by` decided; `alone`: the reader did, and there is no other admin."""

    stop: StopId
    title: str
    project: ProjectId | None
    who: str
    reason: str
    made_by: str
    words: str
    due: Moment
    alone: bool


@dataclass(frozen=True, slots=True)
class RulingWanted(Message):
    """To the admin: the next words are why the stop stays."""

    title: str
    who: str


@dataclass(frozen=True, slots=True)
class StopRuled(Message):
    """To whom it concerns and to the admin: whether it is `lifted`. `project` 0 and `title` empty for a person.

    `by`: admin, the same one where there is `alone` one, or silence. `who` is the person, for the admin.
    """

    project: int
    title: str
    lifted: bool
    ruling: str
    by: str
    who: str = ""
