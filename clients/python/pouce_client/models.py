"""Typed answers of the API. Each is the API's own JSON, a dict; its attributes have Python's types.

`progress.spent` is a Decimal in the currency, `progress["spent"]` the same in millionths; `project.created_at` is a
datetime, `project["created_at"]` milliseconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from html import escape
from types import NoneType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from pouce_client.progress import draw_progress

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]

Amount = Decimal | str | int | float  # of the currency, as a program writes it
SHOWN_ROWS = 20  # of a table in a notebook


def to_amount(millionths: int) -> Decimal:
    """Return millionths as an amount of the currency, with at least two decimals."""
    amount = Decimal(millionths).scaleb(-6).normalize()
    exponent = amount.as_tuple().exponent
    return amount if isinstance(exponent, int) and exponent < -2 else amount.quantize(Decimal("0.01"))


def to_millionths(amount: Amount) -> int:
    """Return an amount of the currency in millionths. Raise ValueError for what is finer, and for no number."""
    millionths = Decimal(write_amount(amount)).scaleb(6)
    if millionths != millionths.to_integral_value():
        raise ValueError(f"{amount}: no amount is finer than a millionth")
    return int(millionths)


def write_amount(amount: Amount) -> str:
    """Return an amount as the API takes it, such as 0.05. Raise ValueError for no number."""
    try:
        return format(Decimal(repr(amount) if isinstance(amount, float) else str(amount)), "f")
    except ArithmeticError:
        raise ValueError(f"{amount!r}: expected an amount such as 0.05") from None


class Answer(dict[str, Any]):
    """An answer as the API gave it; its annotated fields are attributes."""

    def __getattr__(self, name: str) -> Any:
        kind = get_fields(type(self)).get(name)
        if kind is None or (name not in self and NoneType not in get_args(kind)):
            raise AttributeError(f"{type(self).__name__} has no {name}")
        return convert(self.get(name), kind)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *get_fields(type(self))]

    def __repr__(self) -> str:
        fields = (f"{name}={getattr(self, name)!r}" for name in get_fields(type(self)) if name in self)
        return f"{type(self).__name__}({', '.join(fields)})"

    def _repr_html_(self) -> str:
        fields = get_fields(type(self))
        return draw_table([(name, getattr(self, name)) for name in fields if name in self])


@cache
def get_fields(answer_type: type[Answer]) -> dict[str, Any]:
    """Return the annotated fields of an answer, with their types."""
    return get_type_hints(answer_type)


def convert(value: Any, kind: Any) -> Any:
    """Return a JSON value as this type: an amount, a moment, a duration, an answer, or a sequence of them."""
    if value is None:
        return None
    if get_origin(kind) in (Union, type(int | None)):
        kind = next(part for part in get_args(kind) if part is not NoneType)
    if kind is Decimal:
        return to_amount(value)
    if kind is datetime:
        return datetime.fromtimestamp(value / 1_000, UTC)
    if kind is timedelta:
        return timedelta(milliseconds=value)
    if isinstance(kind, type) and issubclass(kind, Answer):
        return kind(value)
    if get_origin(kind) in (list, tuple):
        return get_origin(kind)(convert(element, get_args(kind)[0]) for element in value)
    return value


class ProjectLine(Answer):
    """A project in a list of projects; `closed` of `tasks` are done."""

    number: int
    title: str
    state: str
    kind: str
    currency: str
    pay: Decimal
    overlap: int
    created_at: datetime
    launched_at: datetime | None
    ended_at: datetime | None
    rests: list[str]
    tasks: int
    closed: int


class Price(Answer):
    """The price of a launch; `seconds` is the expected time of an answer, `hourly` its pay an hour, `floor` the least
    that is owed."""

    tasks: int
    gold: int
    submissions: int
    reward: Decimal
    fee: Decimal
    reserve: Decimal
    seconds: float
    hourly: Decimal
    floor: Decimal
    needed_pay: Decimal

    @property
    def total(self) -> Decimal:
        """The most that the launch takes."""
        return to_amount(self["reward"] + self["fee"] + self["reserve"] + self.get("owed", 0))


class Preflight(Answer):
    """The pre-flight card of a project, before it is launched. `again`: this very file had been sent before."""

    number: int
    title: str
    state: str
    kind: str
    instructions: list[str]
    options: list[str]
    currency: str
    pay: Decimal
    overlap: int
    price: Price
    available: Decimal
    warnings: list[dict[str, Any]]
    again: bool

    def _repr_html_(self) -> str:
        price = self.price
        rows = [
            ("answers", f"{price.submissions} to {price.tasks} tasks, {price.gold} check questions"),
            ("pay", f"{self.pay} {self.currency} an answer, about {price.hourly} {self.currency} an hour"),
            ("launch", f"holds {price.total} {self.currency}; free: {self.available} {self.currency}"),
        ]
        return f"<b>{self.number}: {escape(self.title)}</b> ({escape(self.state)})" + draw_table(rows)


class Launch(Answer):
    """A launch or a pilot. `held` is set aside; None where the project waits for an admin's first look."""

    title: str
    held: Decimal | None
    currency: str | None

    @property
    def number(self) -> int:
        number: int = self["number"] if "number" in self else self["project"]
        return number

    @property
    def waits(self) -> bool:
        """An admin looks at the project first; then it begins by itself."""
        return "held" not in self


class Progress(Answer):
    """`tasks` closed so far; `left` is the soonest and the latest end from now. `ended`: it is complete or stopped;
    `ended_by_admin`: an admin stopped it. `waiting` tasks wait for a launch. `right`: the share of results that is
    right by the check questions so far, and its range."""

    number: int
    title: str
    state: str
    currency: str
    tasks: int
    closed: int
    begun: int
    gold: int
    gold_right: int
    gold_seen: int
    submissions: int
    workers: int
    in_hand: int
    held: Decimal
    spent: Decimal
    left: tuple[timedelta, timedelta] | None
    to_review: int
    questions: int
    rests: list[str]
    right: tuple[float, float, float] | None
    waiting: int
    may_reopen: bool
    ended: bool
    ended_by_admin: bool

    def _repr_html_(self) -> str:
        return draw_progress(self)


class LaunchAsked(Answer):
    """`state`: waiting, launched, refused, expired or replaced."""

    number: int
    project: int
    state: str
    price: Decimal
    currency: str
    until: datetime


class Stop(Answer):
    """A stopped project: what came back; `in_hand` tasks may still be answered, `undecided` answers be decided."""

    number: int
    title: str
    returned: Decimal
    in_hand: int
    undecided: int
    currency: str


class Invitation(Answer):
    """The `link` that invites people to a project: `opened` so often, by `invited` people."""

    number: int
    title: str
    link: str
    opened: int
    invited: int


class AnswerShown(Answer):
    """An answer with its task's content; `answer` None is “can't tell”."""

    submission: int
    project: int
    kind: str
    answer: str | None
    pay: Decimal
    currency: str
    content: dict[str, Any]


class WaitingAnswer(Answer):
    """An answer that waits for a decision: accepted at `until` if nobody decides before; `worker` is a pseudonym."""

    answer: AnswerShown
    task: str
    worker: str
    seconds: float
    until: datetime

    @property
    def submission(self) -> int:
        return self.answer.submission


class WaitingAnswers(Answer):
    """Answers that wait for a decision; `instructions` are the lines that a rejection cites, from 1."""

    answers: list[WaitingAnswer]
    instructions: list[str]
    left: int
    next_after: int | None


class Review(Answer):
    """Review of a model's answer. `state`: decided, waiting, stopped; `by`: model or people; `answers`: of people."""

    number: int
    project: int
    id: str
    state: str
    answer: str | None
    confidence: float | None
    by: str
    answers: int


class FreeMoney(Answer):
    """Free money in one currency."""

    currency: str
    amount: Decimal


class ProjectMoney(Answer):
    """What a project was `given`, and where it is."""

    number: int
    title: str
    currency: str
    given: Decimal
    held: Decimal
    reserve: Decimal
    rewards: Decimal
    fees: Decimal
    returned: Decimal


class Balance(Answer):
    free: list[FreeMoney]
    projects: list[ProjectMoney]
    at: datetime


class Invoice(Answer):
    """An invoice for fees: `name` is the number on it; `corrects` the number of the one that a credit note is for, else
    empty; `gross` includes VAT."""

    invoice: int
    name: str
    corrects: str
    issued_at: datetime
    gross: Decimal
    currency: str


class Agreement(Answer):
    """Agreement of people: the share of pairs of answers to one task that are the `same`, Krippendorff's `alpha` (1:
    always alike, 0: as by chance) with its 95 % interval, and Fleiss' `kappa`; None where they are not defined."""

    same: float
    alpha: float | None
    low: float | None
    high: float | None
    kappa: float | None
    tasks: int


class Figures(Answer):
    """Figures of the newest refit: `right` of `checked` results of check questions are right, a share between `low` and
    `high`, 19 times in 20."""

    answers: int
    agreement: Agreement | None
    checked: int
    right: int
    low: float
    high: float


class Quality(Answer):
    """Quality of a project: figures None before there is anything to measure; classes with their confusion, models,
    and the workers with most answers, under their pseudonyms."""

    quality: dict[str, Any]
    figures: Figures | None
    classes: list[dict[str, Any]]
    models: dict[str, Any] | None
    workers: list[dict[str, Any]]
    calibration: list[dict[str, Any]]

    @property
    def alpha(self) -> float | None:
        """Krippendorff's alpha of all answers."""
        return self.figures.agreement.alpha if self.figures and self.figures.agreement else None

    @property
    def right(self) -> float | None:
        """The share of results of check questions that are right; None before one is answered."""
        figures = self.figures
        return figures.right / figures.checked if figures and figures.checked else None

    def _repr_html_(self) -> str:
        figures = self.figures
        rows: list[tuple[str, str]] = [("answers", str(figures.answers if figures else 0))]
        if figures and figures.agreement:
            agreement = figures.agreement
            rows.append(("agreement", f"{agreement.same:.0%} of pairs alike, alpha {_round(agreement.alpha)}"))
        if figures and figures.checked:
            rows.append(("right", f"{figures.right} of {figures.checked} check questions' results"))
        classes = [(row["option"], row["right"], row["given"], row["truly"]) for row in self.classes]
        table = draw_table(classes, ("option", "right", "results", "truly")) if classes else ""
        return (
            draw_table(rows)
            + table
            + (draw_table(map(dict.values, self.workers), self.workers[0]) if self.workers else "")
        )


class Table(list[dict[str, Any]]):
    """Rows of a table: a list of mappings, which a notebook shows as a table."""

    def frame(self) -> pandas.DataFrame:
        """Return the rows as a data frame; this needs pandas."""
        import pandas

        return pandas.DataFrame(list(self))

    def _repr_html_(self) -> str:
        columns = list(dict.fromkeys(name for row in self[:SHOWN_ROWS] for name in row))
        rows = [[row.get(name, "") for name in columns] for row in self[:SHOWN_ROWS]]
        rest = f"<p>{len(self)} rows</p>" if len(self) > SHOWN_ROWS else ""
        return draw_table(rows, columns) + rest


def draw_table(rows: Any, columns: Any = ()) -> str:
    """Return rows as a table in HTML."""
    head = "".join(f"<th>{escape(str(name))}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{_draw_cell(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{f'<tr>{head}</tr>' if head else ''}{body}</table>"


def _draw_cell(value: Any) -> str:
    if isinstance(value, Answer):
        return value._repr_html_()
    if isinstance(value, Mapping):
        return draw_table(list(value.items()))
    return escape("" if value is None else str(value))


def _round(number: float | None) -> str:
    return "not defined" if number is None else f"{number:.2f}"
