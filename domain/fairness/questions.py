"""Questions of workers to requesters: how many, how long, and until when an answer is owed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.messages import Message
from domain.moments import DAY, HOUR, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId

QuestionId = NewType("QuestionId", int)

MIN_QUESTION_CHARS, QUESTION_LIMIT_CHARS = 5, 500  # characters of a question
ANSWER_LIMIT_CHARS = 1_000  # characters of an answer
MAX_QUESTIONS_PER_DAY = 5  # questions of one worker within a day, of all projects
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


def parse_question(text: str) -> str | None:
    """A question in one line; None if it is too short or too long, or has no letters."""
    return _one_line(text, MIN_QUESTION_CHARS, QUESTION_LIMIT_CHARS)


def parse_answer(text: str) -> str | None:
    """An answer in one line; None if it is empty or too long. “No.” is an answer."""
    return _one_line(text, 1, ANSWER_LIMIT_CHARS)


def _one_line(text: str, least: int, most: int) -> str | None:
    line = " ".join(text.split())
    return line if least <= len(line) <= most and any(map(str.isalnum, line)) else None


def may_ask(asked_lately: int) -> bool:
    """`asked_lately`: this worker's questions within WINDOW."""
    return asked_lately < MAX_QUESTIONS_PER_DAY


def reminder_at(asked_at: Moment) -> Moment:
    return later(asked_at, REMINDER)


def due_at(asked_at: Moment) -> Moment:
    return later(asked_at, DEADLINE)


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question and its answer; `asked` is empty where its asker was erased."""

    number: int
    asked: str
    answer: str


@dataclass(frozen=True, slots=True)
class QuestionWanted(Message):
    """Asks the worker for the question about the task that begins like `about`.

    `latest` are entries of the FAQ, of `entries` in all; `left` questions may still be asked today."""

    project: ProjectId
    title: str
    about: str
    left: int
    entries: int
    latest: tuple[FaqEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionDropped(Message):
    """Reply to the worker: nothing was asked."""


@dataclass(frozen=True, slots=True)
class QuestionSent(Message):
    """Reply to the worker: the question is on its way; `in_hand`: a task still waits for their answer.

    `hours` until the project offers nothing more without an answer; 0 if it offers nothing now."""

    title: str
    words: str
    hours: int
    in_hand: bool


@dataclass(frozen=True, slots=True)
class QuestionAsked(Message):
    """A worker's question for the requester; `worker` is a pseudonym, `row` the task's id or number in the file.

    `standing` entries of the FAQ could answer it. `ended`: nobody is asked there now. `reminds`: it has waited for a
    day. `report`: see Question."""

    question: QuestionId
    project: ProjectId
    title: str
    row: str
    about: str
    worker: str
    words: str
    due: Moment
    standing: int
    reminds: bool = False
    report: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class QuestionClosed(Message):
    """Text that replaces a question once it is closed; `answer` is None if an admin called it abuse or its asker has
    left."""

    title: str
    words: str
    answer: str | None
    dismissed: bool


@dataclass(frozen=True, slots=True)
class AnswerWanted(Message):
    """Asks the requester for the answer."""

    question: QuestionId
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class StandingAnswers(Message):
    """FAQ entries from which the requester chooses the answer to a question."""

    question: QuestionId
    words: str
    entries: tuple[FaqEntry, ...]


@dataclass(frozen=True, slots=True)
class AnswerPublished(Message):
    """Reply to the requester: everybody at work reads the answer, or the asker alone if it is an entry of the FAQ
    (`standing`).

    `left` questions still wait; `resumed`: the project's tasks are offered again."""

    project: ProjectId
    title: str
    standing: bool
    left: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class NoQuestions(Message):
    """Reply to the requester: no question of this project waits for an answer."""

    project: ProjectId
    title: str


@dataclass(frozen=True, slots=True)
class QuestionAnswered(Message):
    """The answer for the worker who asked."""

    project: ProjectId
    title: str
    words: str
    answer: str


@dataclass(frozen=True, slots=True)
class FaqNews(Message):
    """New FAQ entries for the other workers of the project."""

    project: ProjectId
    title: str
    entries: tuple[FaqEntry, ...]


@dataclass(frozen=True, slots=True)
class Faq(Message):
    """A page of a project's questions and answers, newest first; `before` is the entry the next page begins behind, 0
    where there is none. `asks`: its reader works there, and may ask. `waiting` questions have no answer yet; `rests`:
    no tasks come until they have."""

    project: ProjectId
    title: str
    entries: tuple[FaqEntry, ...]
    total: int
    before: int
    asks: bool
    waiting: int = 0
    rests: bool = False


@dataclass(frozen=True, slots=True)
class ProjectAwaitsAnswer(Message):
    """Notice to the requester: the project offers nothing until `waiting` late questions are answered."""

    project: ProjectId
    title: str
    words: str
    waiting: int
    hours: int


@dataclass(frozen=True, slots=True)
class QuestionReported(Message):
    """Reply to the requester: an admin looks at the report; until then the deadline goes on."""

    title: str


@dataclass(frozen=True, slots=True)
class QuestionToJudge(Message):
    """Case for admins: a requester (`who`) calls the question of `worker`, a pseudonym, abuse."""

    question: QuestionId
    project: ProjectId
    title: str
    who: str
    worker: str
    words: str
    about: str
    dismissed: int


@dataclass(frozen=True, slots=True)
class ReportJudged(Message):
    """Outcome of a report for the requester and the admin: the question is abuse, or still needs an answer."""

    title: str
    words: str
    abuse: bool


@dataclass(frozen=True, slots=True)
class QuestionDismissed(Message):
    """Notice to the worker who asked: an admin read the question and called it abuse."""

    title: str
    words: str
