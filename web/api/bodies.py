"""Request bodies. Amounts of money are texts in the currency, as people write them: "0.05"."""

import json
import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from web.api.endpoint import DIGITS, Body

SEPARATORS_BY_KEY = {
    "instructions": "\n",
    "question": "\n",
    "picture": "\n",
    "example": "\n",
    "who": ", ",
}  # what separates several values in a caption, where it is not
DEFAULT_SEPARATOR = "|"
THREE_DECIMALS = re.compile(r"[0-9]+\.[0-9]{3}")
Row = Annotated[dict[Annotated[str, Field(max_length=200)], Any], Field(min_length=1)]
NO_NUL_PATTERN = r"^[^\x00]*$"  # PostgreSQL keeps no NUL
Text = Annotated[str, Field(pattern=NO_NUL_PATTERN)]
Lines = Text | list[Text]


def _as_integer(value: object) -> object:
    """Return an integer for a whole number written with a point, such as 1.0, which JSON Schema calls one; any
    other value unchanged."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


INTEGRAL = BeforeValidator(_as_integer)
Whole = Annotated[int, Field(strict=True), INTEGRAL]
Share = Annotated[float, Field(strict=True)]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$", examples=["0.05"])]


class NewTasks(Body):
    """Rows of one file: the reserved columns gold, reason, overlap, id, ai and ai_confidence as in a file."""

    tasks: Annotated[list[Row], Field(min_length=1)]

    @property
    def keys(self) -> dict[str, str]:
        return {}


class NewProject(Body):
    """The keys of `/newproject`, with their defaults, and the tasks, or the address of their `file`. Further keys are
    those of the manual."""

    model_config = ConfigDict(extra="allow", frozen=True)
    title: Text
    instructions: Lines
    pay: Annotated[Text | Share, Field(examples=["0.05"])]
    kind: Text | None = None
    options: Lines | None = None
    overlap: Annotated[int, Field(strict=True, ge=1, le=1000), INTEGRAL] | None = None
    max_overlap: Annotated[int, Field(strict=True, ge=1, le=1000), INTEGRAL] | None = None
    confidence: Share | None = None
    accept: Text | None = None
    template: Text | None = None
    languages: Lines | None = None
    minutes: Annotated[int, Field(strict=True, ge=1, le=10_080), INTEGRAL] | None = None
    seconds: Annotated[Whole | Text | None, Field(examples=[90, "2 min"])] = None
    purpose: Text | None = None
    content: Lines | None = None
    ai: Lines | None = None
    who: Lines | None = None
    question: Lines | None = None
    picture: Lines | None = None
    example: Lines | None = None
    file: Text | None = None
    tasks: list[Row] = Field(default_factory=list)

    @property
    def keys(self) -> dict[str, str]:
        """The project's keys with their values as a caption writes them."""
        return {name: _caption_value(name, value) for name, value in self._values.items() if value is not None}

    @property
    def _values(self) -> dict[str, Any]:
        """The values by their keys, further keys included."""
        values = {name: getattr(self, name) for name in type(self).model_fields if name != "tasks"}
        return values | (self.model_extra or {})

    @model_validator(mode="after")
    def _values_are_apart(self) -> Self:
        """Raise ValueError if one of several values holds the sign that separates them in captions: it would be
        read as two."""
        for name, value in self._values.items():
            texts = [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
            if (
                len(texts) > 1
                and SEPARATORS_BY_KEY.get(name, DEFAULT_SEPARATOR) == DEFAULT_SEPARATOR
                and any(DEFAULT_SEPARATOR in text for text in texts)
            ):
                raise ValueError(f"{name}: none of several values holds “|”, which separates them")
        return self


def _caption_value(name: str, value: Any) -> str:
    """Return the value as a caption writes it."""
    if isinstance(value, list) and any(isinstance(element, dict) for element in value):  # the questions of a form
        return json.dumps(value)
    if isinstance(value, list):
        separator = SEPARATORS_BY_KEY.get(name, DEFAULT_SEPARATOR)
        return separator.join(map(str, value)) + (separator if name == "options" and len(value) == 1 else "")
    text = format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
    return _unambiguous_number(text) if isinstance(value, float) or name == "pay" else text


def _unambiguous_number(text: str) -> str:
    """Return the number with a fourth decimal if it has three: a caption's reader may take three for thousands, in
    JSON the point is decimal."""
    number = text.removesuffix(".0")
    return f"{number}0" if THREE_DECIMALS.fullmatch(number) else number


class Edit(Body):
    """What is said replaces what workers read until now, each as in a caption; an empty `picture` or `example` takes
    all of them away."""

    title: Annotated[str, Field(max_length=10_000, pattern=NO_NUL_PATTERN)] | None = None
    instructions: Lines | None = None
    picture: Lines | None = None
    example: Lines | None = None

    @property
    def keys(self) -> dict[str, str]:
        return {name: _caption_value(name, value) for name, value in self.fields().items() if value is not None}


class Clone(Body):
    """What comes along: none of its rows, its check questions, or all."""

    what: Literal["none", "gold", "all"] = "none"


class Raise(Body):
    """The new pay of an answer."""

    pay: Amount


class Bonus(Body):
    """`worker` is a pseudonym of the submissions."""

    worker: Annotated[str, Field(min_length=1, max_length=64, pattern=NO_NUL_PATTERN)]
    amount: Amount
    reason: Annotated[str, Field(min_length=1, max_length=300, pattern=NO_NUL_PATTERN)]


class Rejection(Body):
    """Which line of the instructions was not followed, from 1, and how."""

    line: Annotated[int, Field(strict=True, ge=1, le=1000), INTEGRAL]
    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL_PATTERN)]


class Redo(Body):
    """What is to be different, in a sentence that the worker reads."""

    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL_PATTERN)]


class Funding(Body):
    """How much is to be paid in."""

    amount: Amount


class Gold(Body):
    """The task by its id (or number), and its right answers; the reason is shown on a miss."""

    task: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL_PATTERN)]
    answers: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=1000, pattern=NO_NUL_PATTERN)]],
        Field(min_length=1, max_length=20),
    ]
    reason: Annotated[str, Field(max_length=500, pattern=NO_NUL_PATTERN)] = ""


class Decision(Body):
    """Of a contested check question: whether it stands."""

    stands: Annotated[bool, Field(strict=True)]


class AnswerText(Body):
    """Goes to the asker, and into the project's FAQ."""

    answer: Annotated[str, Field(min_length=1, max_length=1000, pattern=NO_NUL_PATTERN)]


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
