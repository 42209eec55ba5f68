"""Answers of models (`ai`, `ai:NAME`) as further voters: what they say, and what a refit learnt of each. No numpy here:
files are read with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import comb
from operator import itemgetter

from domain.messages import record
from domain.quality.aggregation import Vote
from domain.quality.crowd import (
    BELIEVED,
    ENOUGH_GOLD,
    PERSON,
    bounded,
    log_odds,
    wilson,
)

USUAL = 0.7  # accuracy of a model before anything is known of it
AT_MOST = 40  # tasks that agreement with people is worth, however many there are
PULL = (0.0, 3.0)  # least and most, of an answer beside its model's others, by the own probability
GUESS = 0.1  # own log odds, on average, up to which a model's probabilities say nothing


@dataclass(frozen=True, slots=True)
class MachineAnswer:
    """What one model says of one task: the canonical answer, and its own `probability` of being right (0…1), where the
    file has one. `model` is the NAME of the column `ai:NAME`; "" of `ai`. `question`: of a form, what it answers."""

    model: str
    answer: str
    probability: float | None = None
    question: str = ""


MachineAnswers = Mapping[int, Sequence[MachineAnswer]]
"""By task, in the order of the file's columns; tasks without a model's answer are left out."""


class Doubt(StrEnum):
    """What a requester should know of a model before trusting it."""

    UNCHECKED = "unchecked"  # fewer than ENOUGH_GOLD have judged it
    CONTRARY = "contrary"  # it is right less often than a guess
    CLASS = "class"  # it is much worse on one class (`about`: the option)
    DRIFT = "drift"  # it became worse midway (`about`: the number of the first such task, in the file's order)
    OVERCONFIDENT = "overconfident"  # its own probabilities promise more than it keeps
    UNSURE = "unsure"  # its own probabilities are usually no better than a guess: they are not heeded
    COPIED = "copied"  # a worker (`about`: their number) repeats it, errors included


@record
class Warned:
    """A doubt with the two shares a person can compare: what was `expected`, and what was `observed`."""

    doubt: Doubt
    about: str = ""
    expected: float = 0.0
    observed: float = 0.0


@dataclass(frozen=True, slots=True)
class MachineModel:
    """What a refit learnt of one model. `accuracy`: share of its answers that are right, as judged by `judged` tasks,
    `gold` of them gold. `weight`: the nats its answer adds to the label it names; where it gives its own probability,
    times the log odds of that over the `usual` ones it gives, as far as it is `heeded` (0…1). `would_decide`,
    `would_be_right`: on how many tasks whose answer is known models alone were sure enough to decide, and how many it
    got right. `question`: of a form, the one at which it is judged."""

    name: str
    accuracy: float
    judged: float
    gold: int
    weight: float = 0.0
    usual: float = 1.0
    heeded: float = 1.0
    would_decide: int = 0
    would_be_right: int = 0
    warnings: tuple[Warned, ...] = ()
    question: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the accuracy (Wilson's)."""
        seen = self.judged + BELIEVED
        return wilson(self.accuracy * seen, seen)


def judged_by(name: str, hits: Sequence[bool], by_people: float = USUAL, worth: float = 0.0) -> MachineModel:
    """By gold (whether each was hit), and by people, worth so many tasks. People may share its errors: with enough gold
    they count only against it."""
    right, gold = sum(hits), len(hits)
    before = BELIEVED + (0 if gold >= ENOUGH_GOLD and right <= gold * by_people else worth)
    doubts = () if gold >= ENOUGH_GOLD else (Warned(Doubt.UNCHECKED),)
    accuracy, judged = (right + by_people * before) / (gold + before), gold + before - BELIEVED
    weight = max(0.0, log_odds(accuracy, 2))  # where answers are no classes: who errs more often than not is not heard
    return MachineModel(name, accuracy, judged, gold, weight, would_decide=gold, would_be_right=right, warnings=doubts)


def newcomers(names: Iterable[str], classes: int) -> tuple[MachineModel, ...]:
    """Models before the first refit, each right with USUAL: together one voice. `classes` 0: answers are no classes."""
    known = dict.fromkeys(names)
    return tuple(replace(judged_by(name, ()), weight=log_odds(USUAL, classes) / len(known)) for name in known)


def added_by(models: Sequence[MachineModel], options: Sequence[str], said: Sequence[MachineAnswer]) -> list[float]:
    """Nats that the models' answers to one task add to the score of each option."""
    known, added = {model.name: model for model in models}, [0.0] * len(options)
    for each in said:
        model = known.get(each.model)
        if model is not None and each.answer in options:
            own = model.usual if each.probability is None else log_odds(each.probability, len(options))
            pull = min(PULL[1], max(PULL[0], own / model.usual))
            added[options.index(each.answer)] += model.weight * (1 + model.heeded * (pull - 1))
    return added


def votes_of(models: Sequence[MachineModel], said: Sequence[MachineAnswer]) -> list[Vote]:
    """For kinds without classes: the answer of the most accurate model as a vote."""
    accuracy = {model.name: model.accuracy for model in models if model.weight}
    known = [(accuracy[each.model], each.answer) for each in said if each.model in accuracy]
    best = max(known, key=itemgetter(0), default=None)
    return [] if best is None else [Vote(best[1], bounded(best[0]), best[0] / USUAL)]


CAREFUL = 1.02  # the normal quantile of a one-sided 85 % interval: 20 right of 20 show 95 %, 19 of 20 show 87 %


def least_people(models: Sequence[MachineModel], said: Sequence[MachineAnswer], given: Sequence[str]) -> int:
    """How many people a task needs before its confidence may close it: one; two where people, and a model that gold has
    not checked, differ. `given` are people's answers so far."""
    checked = {model.name for model in models if model.gold >= ENOUGH_GOLD}
    differ = any(each.answer not in given for each in said if each.model not in checked)
    return 2 if said and given and differ else 1


def may_decide(models: Sequence[MachineModel], said: Sequence[MachineAnswer], confidence: float, wanted: float) -> bool:
    """Whether a task that nobody answered, of which models are so sure, can be left to them where the requester allows
    it: one of them must have been right as often as is `wanted` on tasks it would have decided."""
    names = {each.model for each in said}
    heard = [each for each in models if each.name in names and each.would_decide >= ENOUGH_GOLD]
    least = [wilson(each.would_be_right, each.would_decide, CAREFUL)[0] for each in heard]
    return confidence >= wanted and max(least, default=0.0) >= wanted


def as_sure_as(people: int, accuracy: float = PERSON) -> float:
    """The confidence at which a task closes beside models where a requester names none: 2 P − 1, at least USUAL, of the
    probability P that a majority of `people` alone is right (Condorcet 1785; a tie is tossed for), as tasks then close
    anywhere between that and certainty."""
    shares = [comb(people, right) * accuracy**right * (1 - accuracy) ** (people - right) for right in range(people + 1)]
    won = sum(share * ((2 * right > people) + (2 * right >= people)) / 2 for right, share in enumerate(shares))
    return round(min(0.98, max(USUAL, 2 * won - 1)), 2)
