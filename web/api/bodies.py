"""Request bodies. Amounts of money are texts in the currency, as people write them: "0.05"."""

import json
import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.money.amounts import Millionths, from_decimal
from domain.people.qualifications import MAX_BLOCK_REASON_CHARS, MIN_BLOCK_REASON_CHARS
from domain.people.webhooks import MAX_URL_CHARS
from domain.projects.task_table import MAX_CHOSEN_TASKS
from services.money import statements
from services.projects import pay_raises
from web.api import project_keys
from web.api.endpoint import DIGITS, Body
from web.api.project_keys import INTEGRAL

SEPARATORS_BY_KEY = {
    "instructions": "\n",
    "question": "\n",
    "picture": "\n",
    "example": "\n",
    "who": ", ",
}  # what separates several values in a caption, where it is not
DEFAULT_SEPARATOR = "|"
ONE_OF_LISTS = ("options", "criteria")  # whose only element may hold a comma: a separator stands behind it
THREE_DECIMALS = re.compile(r"[0-9]+\.[0-9]{3}")
TextLines = Annotated[
    list[Annotated[str, Field(max_length=4096, pattern=project_keys.LINE)]], Field(min_length=1, max_length=1000)
]
WorkerName = Annotated[str, Field(min_length=1, max_length=64, pattern=project_keys.NO_NUL)]
TaskName = Annotated[str, Field(min_length=1, max_length=200, pattern=project_keys.NO_NUL)]
Row = Annotated[dict[Annotated[str, Field(max_length=200)], Any], Field(min_length=1)]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$", examples=["0.05"])]


def millionths(amount: str) -> Millionths:
    return from_decimal(Decimal(amount))


class NewTasks(Body):
    """Rows of one file: the reserved columns gold, reason, overlap, id, ai and ai_confidence as in a file."""

    tasks: Annotated[list[Row], Field(min_length=1)]

    @property
    def keys(self) -> dict[str, str]:
        return {}


class NewProject(Body):
    """The keys of `/newproject`, with their defaults, and the tasks, or the address of their `file`."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(allOf=project_keys.list_rules()))
    title: project_keys.Title
    instructions: project_keys.Instructions
    pay: project_keys.Pay
    kind: project_keys.Kind | None = None
    options: project_keys.Options | None = None
    overlap: project_keys.Overlap | None = None
    max_overlap: project_keys.Overlap | None = None
    confidence: project_keys.Confidence | None = None
    accept: project_keys.Accept | None = None
    template: project_keys.Template | None = None
    languages: project_keys.Languages | None = None
    minutes: project_keys.Minutes | None = None
    seconds: project_keys.Seconds | None = None
    minutes_per_task: project_keys.MinutesPerTask | None = None
    purpose: project_keys.Purpose | None = None
    content: project_keys.Content | None = None
    ai: project_keys.Columns | None = None
    who: project_keys.Conditions | None = None
    question: project_keys.QuestionLines | None = None
    form: project_keys.FormQuestions | None = None
    compare: project_keys.Wishes | None = None
    criteria: project_keys.Criteria | None = None
    reason: project_keys.Reason | None = None
    checks: project_keys.Checks | None = None
    picture: project_keys.Pictures | None = None
    example: project_keys.Examples | None = None
    header: Annotated[bool, Field(strict=True)] | None = None
    file: project_keys.Address | None = None
    media: project_keys.Address | None = None
    tasks: list[Row] = Field(default_factory=list)

    @property
    def keys(self) -> dict[str, str]:
        """The project's keys with their values as a caption writes them."""
        values = {name: value for name, value in self.fields().items() if name != "tasks" and value is not None}
        return {name: write_caption_value(name, value) for name, value in values.items()}

    @model_validator(mode="after")
    def _tasks_come_once(self) -> Self:
        """Raise ValueError for tasks that come both with the request and from an address, and for none."""
        if bool(self.tasks) == (self.file is not None):
            raise ValueError("tasks: they come with the request or from an address, `file`")
        return self


def write_caption_value(name: str, value: Any) -> str:
    """Return the value as a caption writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and any(isinstance(element, BaseModel) for element in value):  # the questions of a form
        return json.dumps([question.model_dump(by_alias=True, exclude_none=True) for question in value])
    if isinstance(value, list):
        separator = SEPARATORS_BY_KEY.get(name, DEFAULT_SEPARATOR)
        return separator.join(map(str, value)) + (separator if name in ONE_OF_LISTS and len(value) == 1 else "")
    text = format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
    return _unambiguous_number(text) if isinstance(value, float) or name == "pay" else text


def _unambiguous_number(text: str) -> str:
    """Return the number with a fourth decimal if it has three: a caption's reader may take three for thousands, in
    JSON the point is decimal."""
    number = text.removesuffix(".0")
    return f"{number}0" if THREE_DECIMALS.fullmatch(number) else number


class Edit(Body):
    """Changes of a project; each field replaces what workers read until now, as in a caption; an empty `picture` or
    `example` takes all of them away."""

    title: project_keys.Title | None = None
    instructions: project_keys.Instructions | None = None
    picture: project_keys.PicturesOrNone | None = None
    example: project_keys.ExamplesOrNone | None = None

    @property
    def keys(self) -> dict[str, str]:
        return {name: write_caption_value(name, value) for name, value in self.fields().items() if value is not None}


class Clone(Body):
    """A copy of a project: `what` comes along, none of its rows, its check questions, or all."""

    what: Literal["none", "gold", "all"] = "none"


class WhoIsAsked(Body):
    """Who is asked, as the key `who` of a new project; an empty list asks everybody."""

    who: project_keys.Conditions

    @property
    def words(self) -> str:
        """The conditions as a caption writes them."""
        return write_caption_value("who", self.who)


class WayToAsk(Body):
    """One of the ways that the pre-flight card offers: so many answers a task or, with a confidence, at most."""

    overlap: project_keys.Overlap
    confidence: project_keys.Confidence | None = None


class NewOverlap(Body):
    """So many answers to each task, one, two or four more than now."""

    overlap: project_keys.Overlap


class MoreOfTasks(Body):
    """`extra` more answers to each of these tasks, named by id (or number)."""

    tasks: Annotated[list[TaskName], Field(min_length=1, max_length=MAX_CHOSEN_TASKS)]
    extra: Annotated[int, Field(strict=True, ge=1, le=max(pay_raises.STEPS)), INTEGRAL]


class LastRead(Body):
    """The waiting answers up to the submission `last`, as far as you have seen them."""

    last: Annotated[int, Field(strict=True, ge=0, lt=10**15), INTEGRAL]


class DataSetPush(Body):
    """A data set at Hugging Face, OWNER/NAME, and a token that may write it; the token is kept encrypted until the push
    is over, and private is the default."""

    name: Annotated[str, Field(min_length=3, max_length=200, pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$")]
    token: Annotated[str, Field(min_length=8, max_length=300, pattern=r"^[!-~]{8,300}$")]
    public: Annotated[bool, Field(strict=True)] = False


class TaskChoice(Body):
    """A task by its id (or number)."""

    task: TaskName


class Raise(Body):
    """The new pay of an answer."""

    pay: Amount


class Bonus(Body):
    """`worker` is a pseudonym of the submissions."""

    worker: WorkerName
    amount: Amount
    reason: Annotated[str, Field(min_length=1, max_length=300, pattern=project_keys.NO_NUL)]


class Rejection(Body):
    """Which line of the instructions was not followed, from 1, and how."""

    line: Annotated[int, Field(strict=True, ge=1, le=1000), INTEGRAL]
    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=project_keys.NO_NUL)]


class Redo(Body):
    """A request for another answer; `reason` is what is to be different, a sentence that the worker reads."""

    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=project_keys.NO_NUL)]


class NewWebhook(Body):
    """An address to be called for these `kinds` of events, for all without any."""

    url: Annotated[str, Field(max_length=MAX_URL_CHARS, pattern=project_keys.ADDRESS)]
    kinds: list[Literal["task.closed", "project.ended", "question.asked", "funds.low", "rejection.appealed"]] = Field(
        default_factory=list
    )


class NewBlock(Body):
    """`worker` is a pseudonym of the submissions; the worker reads the reason."""

    worker: WorkerName
    reason: Annotated[
        str,
        Field(min_length=MIN_BLOCK_REASON_CHARS, max_length=MAX_BLOCK_REASON_CHARS, pattern=project_keys.WORDS),
    ]


class WorkerChoice(Body):
    worker: WorkerName


class QualificationLines(Body):
    """The lines that the chat takes, such as `name: Reads French` or `question: …`."""

    lines: TextLines


class HolderLines(Body):
    """A worker's pseudonym, an @username or a Telegram id on each line, and behind it a value, or “-” to take it
    away."""

    lines: TextLines


class MonthQuery(Body):
    year: Annotated[int, Field(ge=statements.FIRST_YEAR, le=statements.LAST_YEAR), DIGITS]
    month: Annotated[int, Field(ge=1, le=12), DIGITS]


class Funding(Body):
    """An amount to be paid in."""

    amount: Amount


class Gold(Body):
    """The task by its id (or number), and its right answers; the reason is shown on a miss."""

    task: TaskName
    answers: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=1000, pattern=project_keys.NO_NUL)]],
        Field(min_length=1, max_length=20),
    ]
    reason: Annotated[str, Field(max_length=500, pattern=project_keys.NO_NUL)] = ""


class Decision(Body):
    """A decision on a contested check question: whether it stands."""

    stands: Annotated[bool, Field(strict=True)]


class AnswerText(Body):
    """Goes to the asker, and into the project's FAQ."""

    answer: Annotated[str, Field(min_length=1, max_length=1000, pattern=project_keys.NO_NUL)]


class NewReview(Body):
    """`input` has the project's columns; `prediction` is a model's answer, written as people's answers are, and
    `confidence` how sure it was. A model less sure than `threshold` does not decide alone. The same `id` is the same
    review."""

    project: Annotated[int, Field(strict=True, ge=0, lt=10**15), INTEGRAL]
    input: Row
    prediction: Annotated[str, Field(min_length=1, max_length=10_000)]
    confidence: Annotated[float, Field(ge=0, le=1, strict=True)] | None = None
    model: Annotated[str, Field(max_length=64)] = ""
    id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")] | None = None
    threshold: Annotated[float, Field(ge=0, le=1, strict=True)] = 0.0


class LaunchQuery(Body):
    """A launch that would set aside more than `most` millionths of the currency is not made."""

    most: Annotated[int, Field(ge=0, lt=2**53), DIGITS] | None = None


class PageQuery(Body):
    """`after` is the number of the last one you have."""

    after: Annotated[int, Field(ge=0, lt=2**53), DIGITS] = 0
    limit: Annotated[int, Field(ge=1, le=500), DIGITS] = 100
