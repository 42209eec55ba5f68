"""Messages of complaints: to the person who complains, and to the admins who answer."""

from dataclasses import dataclass

from domain.fairness.complaints import ComplaintId
from domain.messages import Message
from domain.moments import Moment
from domain.quality.messages.restrictions import KnownRestriction


@dataclass(frozen=True, slots=True)
class ComplaintWanted(Message):
    """To the worker: the next words are the complaint; it is about the project `title`, empty for none."""

    about: str
    title: str
    left: int


@dataclass(frozen=True, slots=True)
class ComplaintSent(Message):
    words: str
    due: Moment


@dataclass(frozen=True, slots=True)
class ComplaintDropped(Message):
    """To the worker: nothing was sent."""


@dataclass(frozen=True, slots=True)
class ComplaintAnswered(Message):
    """To the worker: a human's answer; `subject` as in the complaint."""

    about: str
    subject: int
    words: str
    answer: str
    made_at: Moment


@dataclass(frozen=True, slots=True)
class ComplaintLate(Message):
    """To the worker: nobody answered in time; it stays open."""

    words: str
    made_at: Moment


@dataclass(frozen=True, slots=True)
class MeasureEnded(Message):
    """To the worker: a human ended what a machine had done in this project; it does not do it there again."""

    title: str


@dataclass(frozen=True, slots=True)
class ComplaintToAnswer(Message):
    """To an admin: the complaint of `who`. `reminds`: days it has waited, 0 where it is new; `spares`: an admin may end
    what machines do in that project; `left`: how many wait, 0 where it came by itself."""

    complaint: ComplaintId
    who: str
    about: str
    title: str
    words: str
    due: Moment
    restriction: KnownRestriction | None
    spares: bool
    reminds: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class NoComplaints(Message):
    """To an admin: none waits for them."""


@dataclass(frozen=True, slots=True)
class ComplaintAnswerWanted(Message):
    """To the admin: the next words are the answer."""

    complaint: ComplaintId
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class ComplaintClosed(Message):
    """To admins: it was answered."""

    who: str
    words: str
    answer: str


@dataclass(frozen=True, slots=True)
class AnswerSent(Message):
    """To the admin: the answer is on its way; `left` wait."""

    who: str
    left: int


@dataclass(frozen=True, slots=True)
class MeasureSpared(Message):
    """To the admin: machines leave `who` alone in that project."""

    who: str
    title: str
