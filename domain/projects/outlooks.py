"""Forecasts on the pre-flight card: how right the results will be, and what models' answers save."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths


@dataclass(frozen=True, slots=True)
class CheckedModel:
    """A model (its `name` is empty for the column `ai`): `right` on so many of the gold rows it was `seen` on;
    `interval` is where its accuracy lies, 19 times in 20; `question`: of a form, the one it answered."""

    name: str
    right: int
    seen: int
    interval: tuple[float, float]
    question: str = ""


@dataclass(frozen=True, slots=True)
class AiOutlook:
    """What models' answers are likely to save of a launch, from `least` to `most`; `decides`: they may decide alone."""

    models: tuple[CheckedModel, ...]
    least: Millionths
    most: Millionths
    decides: bool


@dataclass(frozen=True, slots=True)
class ForeseenWay:
    """A way to ask: `overlap` answers a task; or, with a `confidence`, until it is that sure, `overlap` at most. Its
    results are right in `accuracy`, between `low` and `high` eight times in ten. A task takes `answers` on average; all
    of it costs `cost`, fee included. `own`: the project asks so."""

    overlap: int
    confidence: float | None
    accuracy: float
    low: float
    high: float
    answers: float
    cost: Millionths
    own: bool


@dataclass(frozen=True, slots=True)
class AccuracyOutlook:
    """How right the results will be, by the way to ask; known from public crowds, and from so many check questions
    (`gold`) of this project that have answers. One press asks in any of the ways that `may_be_chosen`. `models` answer
    beside people: the project's own way alone is told, none before check questions show how good a model is."""

    ways: tuple[ForeseenWay, ...]
    gold: int
    may_be_chosen: tuple[tuple[int, float | None], ...] = ()
    models: bool = False


@dataclass(frozen=True, slots=True)
class DigestedProject:
    """`answers` since the digest before, `closed` of `tasks` are done, `to_review` answers and `questions` wait, `held`
    is left in its budget; silence pays what is to be reviewed from `until` on."""

    number: int
    title: str
    tasks: int
    closed: int
    answers: int
    to_review: int
    questions: int
    held: Millionths
    currency: str
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class RequesterDigest(Message):
    """How a requester's projects went since yesterday: the first of `total` with news. `team`: of the team of this
    number, 0 for the reader's own."""

    projects: tuple[DigestedProject, ...]
    total: int
    team: int = 0


@dataclass(frozen=True, slots=True)
class DigestSet(Message):
    """Whether the daily digest comes, at this hour; of the team of this number, 0 for one's own."""

    on: bool
    hour: int
    team: int = 0


@dataclass(frozen=True, slots=True)
class OfferedMore:
    """So many answers a task, and what the additional ones cost with fee and reserve; `accuracy` is the share of
    results that would be right, None where it cannot be foretold."""

    overlap: int
    cost: Millionths
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class MoreOffer(Message):
    """More answers to the tasks of a project that has `overlap` of each now."""

    number: int
    title: str
    currency: str
    overlap: int
    accuracy: float | None
    offered: tuple[OfferedMore, ...]


@dataclass(frozen=True, slots=True)
class MoreAsked(Message):
    """Each task is asked for `overlap` answers now; `held` more is set aside."""

    number: int
    title: str
    currency: str
    overlap: int
    held: Millionths


@dataclass(frozen=True, slots=True)
class EverybodySkipped(Message):
    """So many `tasks` are left, and nobody can be asked who has not had them: they were skipped `skips` times by so
    many `people`. `reports`, `questions` and `pay`: what workers said of the project that waits for an answer."""

    number: int
    title: str
    tasks: int
    skips: int
    people: int
    reports: int
    questions: int
    pay: int
