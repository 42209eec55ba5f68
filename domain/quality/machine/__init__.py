"""Answers of models (`ai`, `ai:NAME`) as further voters: what they say, and what a refit learnt of each.

No numpy here: files are read with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from domain.quality.aggregation import Vote
from domain.quality.intervals import wilson
from domain.records import record

USUAL, BELIEVED = 0.7, 4.0  # accuracy of a model before anything is known of it, worth so many tasks
LEAST, MOST = 0.02, 0.98  # bounds of an accuracy, and of a model's own probability
LEAST_PULL, MOST_PULL = -1.0, 3.0  # of an answer beside its model's others, by the own probability


@dataclass(frozen=True, slots=True)
class MachineAnswer:
    """What one model says of one task: the canonical answer, and its own `probability` of being right (0…1; None where
    the file has none). `model` is the NAME of the column `ai:NAME`; "" for the column `ai`. `question`: of a form, what
    it answers."""

    model: str
    answer: str
    probability: float | None = None
    question: str = ""

    @property
    def packed(self) -> tuple[str | float | None, ...]:
        """As it is stored."""
        found = (self.model, self.answer, self.probability)
        return (*found, self.question) if self.question else found


MachineAnswers = Mapping[int, Sequence[MachineAnswer]]
"""By task, in the order of the file's columns; tasks without a model's answer are left out."""


class Doubt(StrEnum):
    """What a requester should know of a model before trusting it."""

    UNCHECKED = "unchecked"
    """No gold has judged it: it counts as one voter of limited accuracy."""
    CONTRARY = "contrary"
    """It is right less often than a guess: its answers count against what they say, or not at all."""
    CLASS = "class"
    """It is much worse on one class (`about`: the option)."""
    DRIFT = "drift"
    """It became worse midway (`about`: the number of the task, in the file's order, from which on)."""
    OVERCONFIDENT = "overconfident"
    """Its own probabilities promise more than it keeps."""
    COPIED = "copied"
    """A worker (`about`: their number) repeats it, errors included."""


@record
class Warned:
    """A doubt with the two shares a person can compare: what was `expected`, and what was `observed`."""

    doubt: Doubt
    about: str = ""
    expected: float = 0.0
    observed: float = 0.0


@dataclass(frozen=True, slots=True)
class MachineModel:
    """What a refit learnt of one model.

    `accuracy`: share of its answers that are right, as judged by `judged` tasks (gold, and people's consensus; people's
    counts for 40 tasks at most), `gold` of them gold. `ring`: models of one number err alike and speak with one voice.
    `weight`: the nats its answer adds to the label it names; where it gives its own probability, times the log odds of
    that over the `usual` ones it gives. `would_decide`, `would_be_right`: on how many gold tasks (and on those
    people are sure of, where these speak against it) it alone was sure enough to decide, and how many it got right.
    `question`: of a form, the one at which it is judged.
    """

    name: str
    accuracy: float
    judged: float
    gold: int
    ring: int
    weight: float
    usual: float
    would_decide: int = 0
    would_be_right: int = 0
    warnings: tuple[Warned, ...] = ()
    question: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the accuracy (Wilson's)."""
        seen = self.judged + BELIEVED
        return wilson(self.accuracy * seen, seen)


def newcomers(names: Iterable[str], classes: int) -> tuple[MachineModel, ...]:
    """Models before the first refit: one ring, each right with USUAL. `classes` 0: answers are no classes."""
    weight, unchecked = log_odds(USUAL, classes), (Warned(Doubt.UNCHECKED),)
    return tuple(MachineModel(n, USUAL, 0.0, 0, 0, weight, 1.0, warnings=unchecked) for n in dict.fromkeys(names))


def added_by(models: Sequence[MachineModel], options: Sequence[str], said: Sequence[MachineAnswer]) -> list[float]:
    """Nats that the models' answers to one task add to the score of each option: each ring the mean of its members."""
    known = {model.name: model for model in models}
    rings: dict[int, list[list[float]]] = defaultdict(list)
    for each in said:
        model = known.get(each.model)
        if model is not None and each.answer in options:
            rings[model.ring].append(_added(model, options.index(each.answer), len(options), each.probability))
    means = [[sum(column) / len(rows) for column in zip(*rows, strict=True)] for rows in rings.values()]
    return [sum(column) for column in zip(*means, strict=True)] if means else [0.0] * len(options)


def votes_of(models: Sequence[MachineModel], said: Sequence[MachineAnswer]) -> list[Vote]:
    """For kinds without classes: the answers as votes, one a ring (that of its most accurate model)."""
    known = {model.name: model for model in models}
    rings: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for each in said:
        if each.model in known:
            model = known[each.model]
            rings[model.ring].append((model.accuracy, each.answer))
    best = (max(votes, key=lambda vote: vote[0]) for votes in rings.values())
    return [Vote(answer, min(MOST, max(LEAST, accuracy)), accuracy / USUAL) for accuracy, answer in best]


def log_odds(accuracy: float, classes: int) -> float:
    """Nats by which an answer of this accuracy lifts its class over another one; errors fall on all others alike."""
    kept = min(MOST, max(LEAST, accuracy))
    return log(kept / (1 - kept) * max(1, classes - 1))


def _added(model: MachineModel, label: int, classes: int, probability: float | None) -> list[float]:
    row = [0.0] * classes
    own = model.usual if probability is None else log_odds(probability, classes)
    row[label] = model.weight * min(MOST_PULL, max(LEAST_PULL, own / model.usual))
    return row
