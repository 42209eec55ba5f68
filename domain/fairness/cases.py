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

MIN_COMPLAINT_CHARS, MAX_COMPLAINT_CHARS = 10, 1_000  # characters of a complaint
MIN_ANSWER_CHARS, MAX_ANSWER_CHARS = 20, 1_000  # characters of an answer, which gives its reason
MAX_COMPLAINTS_PER_DAY = 3  # complaints of one person within a day
MAX_OPEN_COMPLAINTS = 5  # … that may wait at a time
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


def parse_complaint(text: str) -> str | None:
    return _one_line(text, MIN_COMPLAINT_CHARS, MAX_COMPLAINT_CHARS)


def parse_answer(text: str) -> str | None:
    return _one_line(text, MIN_ANSWER_CHARS, MAX_ANSWER_CHARS)


def _one_line(text: str, least: int, most: int) -> str | None:
    """Return the text in one line; None if it is too short or too long, or has no letters."""
    line = " ".join(text.split())
    return line if least <= len(line) <= most and any(map(str.isalpha, line)) else None


def next_reminder_at(made_at: Moment, reminded: int) -> Moment | None:
    """Return when somebody is told next, after so many reminders; None after the last."""
    return later(made_at, STEPS[reminded]) if reminded < len(STEPS) else None


def count_due_steps(made_at: Moment, now: Moment) -> int:
    """Return how many of the STEPS have passed."""
    return sum(later(made_at, step) <= now for step in STEPS)


def complaint_figures(rows: list[tuple[Moment, Moment, Moment | None]], now: Moment) -> ComplaintFigures:
    """Return the figures of complaints given as (made, due, answered), where answered is None for open ones."""
    took = [(answered - made_at, answered <= due) for made_at, due, answered in rows if answered is not None]
    return ComplaintFigures(
        open=len(rows) - len(took),
        late=sum(answered is None and due < now for _, due, answered in rows),
        answered=len(took),
        in_time=sum(in_time for _, in_time in took),
        days=round(median(duration for duration, _ in took) / DAY, 2) if took else None,
    )


class CaseEnd(StrEnum):
    STARTED = "started"
    GRANTED = "granted"
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
    """Outcome of a case for an admin: `what` is the project, the person or the post, `by` the admin who decided, "" if
    nobody did in time. `who`: the worker, if `what` is a project in which they work."""

    what: str
    end: CaseEnd
    by: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class ComplaintWanted(Message):
    """Asks the worker for the complaint; `title` is the project it is about, "" for none."""

    about: str
    title: str
    left: int


@dataclass(frozen=True, slots=True)
class ComplaintSent(Message):
    words: str
    due: Moment


@dataclass(frozen=True, slots=True)
class ComplaintDropped(Message):
    """Reply to the worker: nothing was sent."""


@dataclass(frozen=True, slots=True)
class ComplaintAnswered(Message):
    """A human's answer for the worker; `subject` as in the complaint."""

    about: str
    subject: int
    words: str
    answer: str
    made_at: Moment


@dataclass(frozen=True, slots=True)
class ComplaintLate(Message):
    """Notice to the worker: nobody answered in time; the complaint stays open."""

    words: str
    made_at: Moment


@dataclass(frozen=True, slots=True)
class MeasureEnded(Message):
    """Notice to the worker: a human ended, for good, what a machine had done in this project."""

    title: str


@dataclass(frozen=True, slots=True)
class ComplaintToAnswer(Message):
    """The complaint of `who`, for an admin. `reminds`: days it has waited, 0 if new; `spares`: an admin may end what
    machines do in that project; `left`: complaints that wait, 0 if this one came by itself."""

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
    """Reply to an admin: no complaint waits for them."""


@dataclass(frozen=True, slots=True)
class ComplaintAnswerWanted(Message):
    """Asks the admin for the answer."""

    complaint: ComplaintId
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class ComplaintClosed(Message):
    """Text that replaces a complaint in admins' messages once it is answered."""

    who: str
    words: str
    answer: str


@dataclass(frozen=True, slots=True)
class AnswerSent(Message):
    """Reply to the admin: the answer is on its way; `left` complaints wait."""

    who: str
    left: int


@dataclass(frozen=True, slots=True)
class MeasureSpared(Message):
    """Reply to the admin: machines leave `who` alone in that project."""

    who: str
    title: str


MAX_SHOWN_CASES = 12  # buttons of the admins' queue


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
    RESTRICTION = "restriction"  # of a worker, to be confirmed or appealed
    ROLE = "role"  # a request to open projects
    COMPLAINT = "complaint"  # about an automated decision
    CARD = "card"  # a card payment that fits none that was asked for
    PAYOUTS = "payouts"  # that wait for a bank file


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """Entry of the admins' queue. `number` is the project's, question's, appeal's, post's, restriction's, complaint's
    or card payment's, and of payouts how many there are; `title` the project's, "" without one. Restrictions are one
    entry, and so are complaints and requests for a role: `count` of them, the most urgent of which is due at `due`."""

    kind: CaseKind
    number: int
    title: str
    due: Moment
    count: int = 1


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with the people who are involved in it. `decider`: the admin whose decision is contested."""

    kind: CaseKind
    number: int
    title: str
    requester: PersonId | None
    decider: PersonId | None
    worker: PersonId | None
    due: Moment
