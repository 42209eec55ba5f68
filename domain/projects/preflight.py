"""A forecast of how often results will be right, from few answers: for a fixed overlap, and for a wanted confidence.

A task is answered rightly with its own probability d ~ Beta with mean p and correlation rho: two answers to one task
are right together more often than by chance (hard tasks, shared misconceptions). So the number of right answers among n
is beta-binomial, and P(the majority is right) follows; what knowing the workers adds to it is LIFT, which fades where
workers err together. Before anything is known p and rho are those of public crowds, by the number of classes; answered
check questions move them (a grid of both, Bayes' rule). How far people agree does not: they err together, so that on
public crowds it tells nothing of how often they are right.

The prior is wide because public crowds are the hard ones. Its middle, SHARED, LIFT and TOGETHER are of fifteen of them;
measured, each crowd with the middle of the others: benchmarks/results/foresight.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import betaincinv, betaln, comb, expit, logit, softmax

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Quote
from domain.projects.drafts import FirstRow
from domain.projects.projects import Condition, Pilot
from domain.projects.tasks import TaskContent
from domain.quality.crowd import PERSON_ACCURACY, PRIOR_ANSWERS, Floats, log_odds
from domain.quality.machine import USUAL_MODEL_ACCURACY

SPREAD = np.array([0.005, 0.03, 0.07, 0.12, 0.18, 0.25, 0.33, 0.42, 0.52, 0.63, 0.75, 0.88])  # rho
WIDTH = np.array([0.025, 0.033, 0.045, 0.055, 0.065, 0.075, 0.085, 0.095, 0.105, 0.115, 0.125, 0.13])  # of its steps
P, RHO = (axis.ravel() for axis in np.meshgrid(expit(np.linspace(-1.2, 4.2, 46)), SPREAD, indexing="ij"))  # the grid
A, B = P * (1 - RHO) / RHO, (1 - P) * (1 - RHO) / RHO  # of the beta distribution
BINARY, MANY, DEVIATION = 0.95, 0.54, 0.55  # log odds that an answer is right, of two classes and of more; their spread
USUAL_SPREAD = 0.2
SHARED = 0.6  # of the wrong answers to a task of several classes, those that name the same class
LIFT: Mapping[int, float] = {1: 0.0, 2: 0.75}  # log odds that knowing the workers adds to the majority, by answers
MOST_LIFT, TOGETHER = 0.6, 0.14  # from three answers on; the correlation at which a third of it is left
LEADING = 0.9  # SHARED, as far as it matters to when a task closes
CERTAIN = 0.995
OUTSIDE = 0.1  # of the posterior lies below `low`, and above `high`
PARTS = 9  # equal ones of what a model's accuracy may be
MISFIT = 0.025  # what the model is off by where everything is known: a standard deviation


@dataclass(frozen=True, slots=True)
class Foreseen:
    """P(a result is right), the interval in which it lies eight times in ten, and the answers a task takes."""

    accuracy: float
    low: float
    high: float
    answers: float


@dataclass(frozen=True, slots=True)
class AccuracyEvidence:
    """Gold tasks of the project as (right, answers). `usual`: log odds that an answer is right, as known of crowds."""

    gold: tuple[tuple[int, int], ...] = ()
    usual: float | None = None


def foresee_accuracy(classes: int, seen: AccuracyEvidence, overlap: int) -> Foreseen:
    """Return the expected accuracy of results with a fixed overlap."""
    return _summarise(_posterior(classes, seen), _accuracies(classes == 2, overlap), overlap)


def foresee_until_sure(classes: int, seen: AccuracyEvidence, confidence: float, most: int) -> Foreseen:
    """Return the expected accuracy where a task closes once its consensus has this confidence, after `most` answers at
    the latest. Tasks that close early are those that more answers would not change, so that results are as good as with
    `most`."""
    weights = _posterior(classes, seen)
    return _summarise(
        weights, _accuracies(classes == 2, most), float(weights @ _expected_answers(classes == 2, confidence, most))
    )


def foresee_beside_model(classes: int, seen: AccuracyEvidence, overlap: int, right: int, checked: int) -> Foreseen:
    """Return the expected accuracy beside a model (AI) that is right on `right` of the `checked` check questions.
    Results are as right as the better of the two, people or model, since gold weighs them."""
    model = betaincinv(
        USUAL_MODEL_ACCURACY * PRIOR_ANSWERS + right,
        (1 - USUAL_MODEL_ACCURACY) * PRIOR_ANSWERS + checked - right,
        (np.arange(PARTS) + 0.5) / PARTS,
    )
    accuracies = np.maximum(_accuracies(classes == 2, overlap)[:, None], model)
    return _summarise(np.repeat(_posterior(classes, seen) / PARTS, PARTS), accuracies.ravel(), overlap)


def _summarise(weights: Floats, accuracies: Floats, answers: float) -> Foreseen:
    mean = float(weights @ accuracies)
    order = np.argsort(accuracies, kind="stable")
    ends = accuracies[order][np.searchsorted(np.cumsum(weights[order]), [OUTSIDE, 1 - OUTSIDE])]
    wider = np.sqrt(1 + MISFIT**2 / max(float(weights @ (accuracies - mean) ** 2), 1e-9))
    low, high = np.clip(mean + wider * (ends - mean), 0, 1).tolist()
    return Foreseen(mean, low, high, answers)


def _posterior(classes: int, seen: AccuracyEvidence) -> Floats:
    """Return the probability of each point of the grid."""
    usual = (BINARY if classes == 2 else MANY) if seen.usual is None else seen.usual
    prior = -0.5 * ((logit(P) - usual) / DEVIATION) ** 2 - RHO / USUAL_SPREAD + np.log(np.tile(WIDTH, len(P) // 12))
    return np.asarray(softmax(prior + sum(_chances(answers)[right] for right, answers in seen.gold)))


@cache
def _chances(answers: int) -> Floats:
    """log P(so many of the answers are right), from none (row) to all, at each point of the grid: beta-binomial."""
    right = np.arange(answers + 1)[:, None]
    return np.asarray(np.log(comb(answers, right)) + betaln(A + right, B + answers - right) - betaln(A, B))


@cache
def _accuracies(binary: bool, overlap: int) -> Floats:
    """The majority's, moved by what is known of the workers."""
    wins = np.array([_wins(right, overlap - right, 1.0 if binary else SHARED) for right in range(overlap + 1)])
    voted = np.clip(wins @ np.exp(_chances(overlap)), 1 - CERTAIN, CERTAIN)
    return np.asarray(expit(logit(voted) + LIFT.get(overlap, MOST_LIFT) * np.exp(-RHO / TOGETHER)))


def _wins(right: int, wrong: int, shared: float) -> float:
    """P(the right class leads); a tie is tossed for. Wrong answers beside the main wrong class (`shared` of them) all
    differ."""
    main = np.arange(wrong + 1)
    rest = wrong - main
    best, ties = np.maximum(main, rest > 0), (main == right) + rest * (right == 1)
    won = (right > best) + (right == best) * (right > 0) / (1 + ties)
    return float(comb(wrong, main) * shared**main * (1 - shared) ** rest @ won)


@cache
def _expected_answers(binary: bool, confidence: float, most: int) -> Floats:
    """Return the mean number of answers until the leader is this likely, at each point of the grid; open tasks are
    followed by their number of right answers (row)."""
    doubt, open_at, mean_answers = 0.0 if binary else -np.log(LEADING), np.ones((1, len(P))), np.zeros(len(P))
    for answers_so_far in range(most):
        mean_answers += open_at.sum(0)
        rightly = open_at * (A + np.arange(answers_so_far + 1)[:, None]) / (A + B + answers_so_far)
        ahead = np.zeros((answers_so_far + 2, len(P)))
        ahead[1:] += rightly
        ahead[:-1] += open_at - rightly
        right = np.arange(answers_so_far + 2)[:, None]
        chances = _chances(answers_so_far + 1)
        odds = chances - chances[::-1] + (2 * right - answers_so_far - 1) * doubt
        open_at = ahead * (np.abs(odds) < logit(confidence))
    return mean_answers


def expected_answers(
    wanted: float, most: int, classes: int, machine: float | None, person: float = PERSON_ACCURACY
) -> float:
    """Return the people's answers that a task needs on average until its posterior is `wanted`, `most` at the latest.

    Everybody tosses a coin of accuracy `person`, the model one of `machine` (None: there is none); errors fall on one
    other class. A walk of log odds, computed exactly. With and without `machine`: what a launch card may promise."""
    step, goal = log_odds(person, classes), log_odds(wanted, classes)
    ahead = {0.0: 1.0} if machine is None else _move_leads({0.0: 1.0}, log_odds(machine, classes), machine)
    answers = 0.0
    for number in range(most):
        open_ones = {lead: share for lead, share in ahead.items() if abs(lead) < goal or number == 0}
        answers += sum(open_ones.values())
        ahead = _move_leads(open_ones, step, person)
    return answers


def _move_leads(leads: Mapping[float, float], step: float, right: float) -> dict[float, float]:
    """The truth's lead after one more answer, with its probability."""
    moved: dict[float, float] = defaultdict(float)
    for lead, share in leads.items():
        moved[round(lead + step, 6)] += share * right
        moved[round(lead - step, 6)] += share * (1 - right)
    return moved


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
    """Likely saving by models' answers in a launch, from `least` to `most`; `decides`: they may decide alone."""

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
    """Expected accuracy of the results for each way to ask; known from public crowds, and from `gold` check questions
    of this project that have answers. One press chooses any of the ways in `may_be_chosen`. `models` answer beside
    people: only the project's own way is told, and none before check questions show how good a model is."""

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
    """Message to a requester: their projects since yesterday, the first of `total` with news. `team`: of the team of
    this number, 0 for the reader's own."""

    projects: tuple[DigestedProject, ...]
    total: int
    team: int = 0


@dataclass(frozen=True, slots=True)
class DigestSet(Message):
    """Message to a requester: the daily digest is on or off, at this hour; `team`: as in RequesterDigest."""

    on: bool
    hour: int
    team: int = 0


@dataclass(frozen=True, slots=True)
class OfferedMore:
    """Offer of `overlap` answers a task, and what the additional ones cost with fee and reserve; `accuracy` is the
    share of results that would be right, None where it cannot be foretold."""

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
    """Message to a requester: each task is asked for `overlap` answers now; `held` more is set aside."""

    number: int
    title: str
    currency: str
    overlap: int
    held: Millionths


@dataclass(frozen=True, slots=True)
class EverybodySkipped(Message):
    """Message to a requester: `tasks` are left that every available worker has had: they were skipped `skips` times by
    `people` workers. `reports`, `questions` and `pay`: complaints of workers that wait for an answer."""

    number: int
    title: str
    tasks: int
    skips: int
    people: int
    reports: int
    questions: int
    pay: int


@dataclass(frozen=True, slots=True)
class FileNote:
    """A guess or omission made when a file was read; `key` names its text, `facts` are (name, value)."""

    key: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preflight(Message):
    """The pre-flight card: tasks, cost and pay of a launch, and a worker's view.

    `available` is what the requester has free. `workers` wait for tasks now. `again`: this very file had been sent
    before. `gold_proposed` check questions would make the results more certain. `who` is asked,
    empty for everybody. `pilot` is what the first tasks brought, `measured`: the time of an answer is theirs; so
    many tasks may be tried first (`may_pilot`). `left` is milliseconds to the end, the soonest and the latest; None
    where that cannot be said. `stated`: the time of an answer is what the requester said. `outlook`: how often
    results will be right. `whole`: with all details. `team`: whose it is, empty for the reader's own. `checks`: what
    files are looked at for, as the project says it. `first_row` of the tasks' file, where it may be a task.
    """

    number: int
    title: str
    instructions: tuple[str, ...]
    kind: str
    options: tuple[str, ...]
    state: str
    currency: str
    pay: Millionths
    overlap: int
    max_overlap: int
    confidence: float | None
    accept: str
    minutes: int
    purpose: str
    price: Quote
    available: int
    workers: int
    sample: TaskContent | None
    warnings: tuple[FileNote, ...] = ()
    again: bool = False
    ai: AiOutlook | None = None
    gold_proposed: int = 0
    content: tuple[str, ...] = ()
    who: tuple[Condition, ...] = ()
    pilot: Pilot | None = None
    measured: bool = False
    may_pilot: int = 0
    left: tuple[int, int] | None = None
    stated: bool = False
    outlook: AccuracyOutlook | None = None
    whole: bool = False
    team: str = ""
    checks: tuple[str, ...] = ()
    team_number: int = 0
    by_card: int = 0
    first_row: FirstRow | None = None


@dataclass(frozen=True, slots=True)
class TaskPreviewed(Message):
    """A task of a project as workers see it, where it has a picture."""

    title: str
    instructions: tuple[str, ...]
    kind: str
    options: tuple[str, ...]
    sample: TaskContent
