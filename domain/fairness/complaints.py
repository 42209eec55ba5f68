"""Complaints: about anything, to a human; how many, how long, and until when an answer is owed."""

from dataclasses import dataclass
from statistics import median
from typing import NewType

from domain.moments import DAY, Moment, later
from domain.people.people import PersonId

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
