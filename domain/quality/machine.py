"""Answers of models (AI; columns `ai`, `ai:NAME`) as further voters: their answers, and what a refit learned of each
model. No numpy here: files are read with this module."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import comb
from operator import itemgetter

from domain.messages import record
from domain.quality.aggregation import Vote
from domain.quality.crowd import ENOUGH_GOLD, PERSON_ACCURACY, PRIOR_ANSWERS, clip_accuracy, log_odds, wilson_interval

USUAL_MODEL_ACCURACY = 0.7  # accuracy of a model before anything is known of it
MAX_PEOPLE_TASKS = 40  # tasks that agreement with people is worth, however many there are
PULL_RANGE = (0.0, 3.0)  # least and most, of an answer beside its model's others, by the own probability
MIN_MEAN_LOG_ODDS = 0.1  # own log odds, on average, up to which a model's probabilities say nothing


@dataclass(frozen=True, slots=True)
class MachineAnswer:
    """One model's answer to one task: the canonical answer, and the model's own `probability` (0…1) of being right if
    the file has one. `model` is the NAME of the column `ai:NAME`, "" for `ai`. `question`: of a form, the question
    answered."""

    model: str
    answer: str
    probability: float | None = None
    question: str = ""


MachineAnswers = Mapping[int, Sequence[MachineAnswer]]
"""By task, in the order of the file's columns; tasks without a model's answer are left out."""


class Doubt(StrEnum):
    """Reasons for a requester not to trust a model."""

    UNCHECKED = "unchecked"  # fewer than ENOUGH_GOLD have judged it
    CONTRARY = "contrary"  # it is right less often than a guess
    CLASS = "class"  # it is much worse on one class (`about`: the option)
    DRIFT = "drift"  # it became worse midway (`about`: the number of the first such task, in the file's order)
    OVERCONFIDENT = "overconfident"  # its own probabilities promise more than it keeps
    UNSURE = "unsure"  # its own probabilities are usually no better than a guess: they are not heeded
    COPIED = "copied"  # a worker (`about`: their number) repeats it, errors included


@record
class ModelWarning:
    """A doubt about a model, with two shares to compare: `expected` and `observed`."""

    doubt: Doubt
    about: str = ""
    expected: float = 0.0
    observed: float = 0.0


@dataclass(frozen=True, slots=True)
class MachineModel:
    """Model of one model's answers, as a refit learned it. `accuracy`: share of its answers that are right, judged by
    `judged` tasks, `gold` of them gold. `weight`: nats that its answer adds to the label it names; where it gives its
    own probability, these are multiplied by the probability's log odds over the `usual` ones, as far as it is `heeded`
    (0…1). `would_decide`, `would_be_right`: number of tasks with a known answer on which models alone were sure enough
    to decide, and how many of them it got right. `question`: of a form, the question at which it is judged."""

    name: str
    accuracy: float
    judged: float
    gold: int
    weight: float = 0.0
    usual: float = 1.0
    heeded: float = 1.0
    would_decide: int = 0
    would_be_right: int = 0
    warnings: tuple[ModelWarning, ...] = ()
    question: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % Wilson interval of the accuracy."""
        total = self.judged + PRIOR_ANSWERS
        return wilson_interval(self.accuracy * total, total)


def model_from_counts(
    name: str, hits: Sequence[bool], by_people: float = USUAL_MODEL_ACCURACY, people_tasks: float = 0.0
) -> MachineModel:
    """Return a model from its hits on gold and its accuracy by people (`by_people`), which counts as `people_tasks`
    tasks. People may share its errors: with enough gold, their judgement counts only if it is lower."""
    right, gold = sum(hits), len(hits)
    prior_tasks = PRIOR_ANSWERS + (0 if gold >= ENOUGH_GOLD and right <= gold * by_people else people_tasks)
    doubts = () if gold >= ENOUGH_GOLD else (ModelWarning(Doubt.UNCHECKED),)
    accuracy, judged = (right + by_people * prior_tasks) / (gold + prior_tasks), gold + prior_tasks - PRIOR_ANSWERS
    weight = max(0.0, log_odds(accuracy, 2))  # where answers are no classes: who errs more often than not is not heard
    return MachineModel(name, accuracy, judged, gold, weight, would_decide=gold, would_be_right=right, warnings=doubts)


def new_models(names: Iterable[str], classes: int) -> tuple[MachineModel, ...]:
    """Return models before the first refit, each with USUAL_MODEL_ACCURACY; together they weigh as much as one.
    `classes` is 0 where answers are no classes."""
    distinct_names = dict.fromkeys(names)
    return tuple(
        replace(model_from_counts(name, ()), weight=log_odds(USUAL_MODEL_ACCURACY, classes) / len(distinct_names))
        for name in distinct_names
    )


def nats_added_by_models(
    models: Sequence[MachineModel], options: Sequence[str], answers: Sequence[MachineAnswer]
) -> list[float]:
    """Return the nats that the models' answers to one task add to the score of each option (options,)."""
    models_by_name, added = {model.name: model for model in models}, [0.0] * len(options)
    for answer in answers:
        model = models_by_name.get(answer.model)
        if model is not None and answer.answer in options:
            own_log_odds = model.usual if answer.probability is None else log_odds(answer.probability, len(options))
            pull = min(PULL_RANGE[1], max(PULL_RANGE[0], own_log_odds / model.usual))
            added[options.index(answer.answer)] += model.weight * (1 + model.heeded * (pull - 1))
    return added


def model_votes(models: Sequence[MachineModel], answers: Sequence[MachineAnswer]) -> list[Vote]:
    """Return the answer of the most accurate model as a vote, in a list; [] if no known model answered. For kinds
    without classes."""
    accuracy = {model.name: model.accuracy for model in models if model.weight}
    rated = [(accuracy[answer.model], answer.answer) for answer in answers if answer.model in accuracy]
    best = max(rated, key=itemgetter(0), default=None)
    return [] if best is None else [Vote(best[1], clip_accuracy(best[0]), best[0] / USUAL_MODEL_ACCURACY)]


NORMAL_QUANTILE_85 = (
    1.02  # the normal quantile of a one-sided 85 % interval: 20 right of 20 show 95 %, 19 of 20 show 87 %
)


def min_people(
    models: Sequence[MachineModel], model_answers: Sequence[MachineAnswer], people_answers: Sequence[str]
) -> int:
    """Return how many people a task needs before its confidence may close it: 2 where people differ from a model that
    gold has not checked, else 1."""
    checked = {model.name for model in models if model.gold >= ENOUGH_GOLD}
    differ = any(answer.answer not in people_answers for answer in model_answers if answer.model not in checked)
    return 2 if model_answers and people_answers and differ else 1


def may_models_decide(
    models: Sequence[MachineModel], answers: Sequence[MachineAnswer], confidence: float, required: float
) -> bool:
    """Return whether a task without people's answers may be left to the models, with this confidence: one of them must
    have been right as often as `required` (lower end of a one-sided 85 % interval) on at least ENOUGH_GOLD tasks that
    it would have decided."""
    names = {answer.model for answer in answers}
    proven = [model for model in models if model.name in names and model.would_decide >= ENOUGH_GOLD]
    lower_bounds = [
        wilson_interval(model.would_be_right, model.would_decide, NORMAL_QUANTILE_85)[0] for model in proven
    ]
    return confidence >= required and max(lower_bounds, default=0.0) >= required


def equivalent_confidence(people: int, accuracy: float = PERSON_ACCURACY) -> float:
    """Return the confidence at which a task with models' answers closes if the requester names none: 2 P − 1, within
    USUAL_MODEL_ACCURACY….98, where P is the probability that a majority of `people` is right (Condorcet 1785; ties are
    decided by a coin). Tasks then close anywhere between that confidence and certainty."""
    shares = [comb(people, right) * accuracy**right * (1 - accuracy) ** (people - right) for right in range(people + 1)]
    majority_right = sum(
        share * ((2 * right > people) + (2 * right >= people)) / 2 for right, share in enumerate(shares)
    )
    return round(min(0.98, max(USUAL_MODEL_ACCURACY, 2 * majority_right - 1)), 2)
