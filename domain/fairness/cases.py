"""Messages to admins, once the decision they asked for is made."""

from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import NewType

from domain.messages import Message
from domain.moments import DAY, Moment, later
from domain.people.accounts import PersonId
from domain.quality.restrictions import KnownRestriction

ComplaintId = NewType("ComplaintId", int)

SHORTEST, LONGEST = 10, 1_000  # characters of a complaint
SHORTEST_ANSWER, LONGEST_ANSWER = 20, 1_000  # characters of an answer, which gives its reason
PER_DAY = 3  # complaints of one person within a day
WAITING = 5  # … that may wait at a time
REMINDERS = (7 * DAY, 12 * DAY)
DEADLINE = 14 * DAY
STEPS = (*REMINDERS, DEADLINE)  # after each of them somebody is told


@dataclass(frozen=True, slots=True)
class Complaint:
    """`about` names a decision of the register, or OTHER; `subject` is the restriction or the project, 0 for neither.
    `person` is None and words are empty once they were erased. `reminded` counts the STEPS that were taken."""

    id: ComplaintId
    person: PersonId | None
    about: str
    subject: int
    words: str
    state: str
    made_at: Moment
    due_at: Moment
    reminded: int
    answer: str | None
    answered_at: Moment | None

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class ComplaintFigures:
    """`late`: of the open ones those past their time; `days`: the median of answered ones, None without any."""

    open: int = 0
    late: int = 0
    answered: int = 0
    in_time: int = 0
    days: float | None = None


NO_COMPLAINTS = ComplaintFigures()


def complaint_of(text: str) -> str | None:
    return _line(text, SHORTEST, LONGEST)


def answer_of(text: str) -> str | None:
    return _line(text, SHORTEST_ANSWER, LONGEST_ANSWER)


def _line(text: str, least: int, most: int) -> str | None:
    """In one line; None if it is too short or too long, or has no letters."""
    line = " ".join(text.split())
    return line if least <= len(line) <= most and any(map(str.isalpha, line)) else None


def next_step(made: Moment, reminded: int) -> Moment | None:
    """When somebody is told next, after so many times."""
    return later(made, STEPS[reminded]) if reminded < len(STEPS) else None


def steps_due(made: Moment, now: Moment) -> int:
    """How many of the STEPS are over."""
    return sum(later(made, step) <= now for step in STEPS)


def figures(rows: list[tuple[Moment, Moment, Moment | None]], now: Moment) -> ComplaintFigures:
    """Of (made, due, answered), None for those that are open."""
    took = [(answered - made, answered <= due) for made, due, answered in rows if answered is not None]
    return ComplaintFigures(
        open=len(rows) - len(took),
        late=sum(answered is None and due < now for _, due, answered in rows),
        answered=len(took),
        in_time=sum(in_time for _, in_time in took),
        days=round(median(each for each, _ in took) / DAY, 2) if took else None,
    )


class CaseEnd(StrEnum):
    STARTED = "started"
    REFUSED = "refused"
    LIFTED = "lifted"
    STAYS = "stays"
    GOES_ON = "goes on"
    ENDED = "ended"
    FOR_WORKER = "for the worker"
    FOR_REQUESTER = "for the requester"
    HIDDEN = "hidden"
    LEFT = "left"
    FADED = "faded"  # the evidence of a restriction: nobody had to decide
    TAKEN_BACK = "taken back"  # by the writer of a post: nobody had to decide


@dataclass(frozen=True, slots=True)
class CaseClosed(Message):
    """To an admin: `what` is the project, the person or the post, `by` the admin who decided; empty: nobody in time.
    `who`: of whom, where `what` is a project they work in."""

    what: str
    end: CaseEnd
    by: str = ""
    who: str = ""


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


SHOWN = 8  # of one kind


class CaseKind(StrEnum):
    LOOK = "look"  # a requester's first project
    REPORTS = "reports"  # a project paused for reports
    REJECTIONS = "rejections"  # a project paused for its rejections
    QUESTION = "question"  # a worker's question that its requester calls abuse
    APPEAL = "appeal"  # against the end of a project or a suspension
    RULING = "ruling"  # an appeal against a rejection that too few workers could judge
    POST = "post"  # a reported post of the board
    CONTEST = "contest"  # a hidden post of the board
    PETITION = "petition"  # to the house


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """`number` is the project's, question's, appeal's or post's; `title` the project's, where it is about one."""

    kind: CaseKind
    number: int
    title: str = ""
