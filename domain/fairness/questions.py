"""Questions of workers to requesters: how many, how long, and until when an answer is owed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.moments import DAY, HOUR, Moment, later
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId

QuestionId = NewType("QuestionId", int)

SHORTEST, LONGEST = 5, 500  # characters of a question
LONGEST_ANSWER = 1_000  # characters of an answer
PER_DAY = 5  # questions of one worker within a day, of all projects
WINDOW = DAY
REMINDER = 24 * HOUR  # after so long the requester is reminded
DEADLINE = 48 * HOUR  # after so long the project offers no new tasks until there is an answer
PAUSE = "questions"  # why it rests


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Question:
    """`asker` is None and `words` are empty once the asker was erased; `late`: it was unanswered at `due_at`.

    `report`: its requester called it abuse (open), an admin agreed (upheld) or did not (refused). `entry` is its number
    in the FAQ of the project; a question that another one's answer answers (`same_as`) has none.
    """

    id: QuestionId
    project: ProjectId
    task: TaskId
    asker: PersonId | None
    words: str
    state: QuestionState
    asked_at: Moment
    due_at: Moment
    late: bool
    report: str | None
    answer: str | None
    entry: int | None
    same_as: QuestionId | None

    @property
    def is_open(self) -> bool:
        return self.state is QuestionState.OPEN


def question_of(text: str) -> str | None:
    """A question in one line; None if it is too short or too long, or has no letters."""
    return _line(text, SHORTEST, LONGEST)


def answer_of(text: str) -> str | None:
    """An answer in one line; None if it is empty or too long. “No.” is an answer."""
    return _line(text, 1, LONGEST_ANSWER)


def _line(text: str, least: int, most: int) -> str | None:
    line = " ".join(text.split())
    return line if least <= len(line) <= most and any(map(str.isalnum, line)) else None


def may_ask(asked_lately: int) -> bool:
    """`asked_lately`: this worker's questions within WINDOW."""
    return asked_lately < PER_DAY


def reminder_at(asked: Moment) -> Moment:
    return later(asked, REMINDER)


def due_at(asked: Moment) -> Moment:
    return later(asked, DEADLINE)
