"""The number of people a task needs where models have answered it too, and what that is likely to save."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import comb

from domain.draws import drawn
from domain.quality.given_answers import ENOUGH_GOLD
from domain.quality.intervals import wilson
from domain.quality.machine import USUAL, MachineAnswer, MachineModel, log_odds

CONTROL = 0.1  # of the tasks a model could decide alone are asked all the same, by lot
PEOPLE = 0.75  # accuracy of one person's answer where nothing is known (the mean over public crowds)
CAREFUL = 1.02  # the normal quantile of a one-sided 85 % interval: 20 right of 20 show 95 %, 19 of 20 show 87 %


def least_people(models: Sequence[MachineModel], said: Sequence[MachineAnswer], given: Sequence[str]) -> int:
    """How many people a task needs at least before its confidence may close it; `given` are people's answers so far.

    One; two where a model that gold has not checked, and people, differ.
    """
    checked = {model.name for model in models if model.gold >= ENOUGH_GOLD}
    differ = any(each.answer not in given for each in said if each.model not in checked)
    return 2 if said and given and differ else 1


def may_decide(models: Sequence[MachineModel], said: Sequence[MachineAnswer], confidence: float, wanted: float) -> bool:
    """Whether a task that nobody answered can be left to the models, where the requester allows it.

    `confidence` is that of the task's state before people (live.consensus of live.begun); `wanted` the project's. One
    of the models must have been right often enough on gold and control tasks it would have decided.
    """
    names = {each.model for each in said}
    heard = [each for each in models if each.name in names and each.would_decide >= ENOUGH_GOLD]
    least = [wilson(each.would_be_right, each.would_decide, CAREFUL)[0] for each in heard]
    return confidence >= wanted and max(least, default=0.0) >= wanted


def is_control(secret: bytes, project: int, task: int) -> bool:
    """Whether people are asked although the models could decide: the tenth that keeps watching them."""
    return drawn(secret, "control", project, task) < CONTROL


def expected_answers(wanted: float, most: int, classes: int, machine: float | None, person: float = PEOPLE) -> float:
    """People's answers a task needs on average until its posterior is `wanted`, `most` at the latest.

    Everybody tosses a coin of accuracy `person`, the model one of `machine` (None: there is none); errors fall on one
    other class. A walk of log odds, computed exactly. With and without `machine`: what a launch card may promise.
    """
    step, goal = log_odds(person, classes), log_odds(wanted, classes)
    ahead = {0.0: 1.0} if machine is None else _walked({0.0: 1.0}, log_odds(machine, classes), machine)
    answers = 0.0
    for number in range(most):
        open_ones = {lead: share for lead, share in ahead.items() if abs(lead) < goal or number == 0}
        answers += sum(open_ones.values())
        ahead = _walked(open_ones, step, person)
    return answers


def _walked(leads: Mapping[float, float], step: float, right: float) -> dict[float, float]:
    """The truth's lead after one more answer, with its probability."""
    moved: dict[float, float] = defaultdict(float)
    for lead, share in leads.items():
        moved[round(lead + step, 6)] += share * right
        moved[round(lead - step, 6)] += share * (1 - right)
    return moved


def as_sure_as(people: int, accuracy: float = PEOPLE) -> float:
    """The confidence at which a task closes beside models where a requester names none: results are then as sure, on
    average, as these people would be alone: with the usual `accuracy` the majority of one or two is right with
    P = 0.75, of three with 0.84, of five with 0.90 (Condorcet 1785; a tie is tossed for).

    Tasks close anywhere between that and certainty, on average halfway, so that it is 2 P − 1; but never less sure than
    a model of which nothing is known.
    """
    shares = [comb(people, right) * accuracy**right * (1 - accuracy) ** (people - right) for right in range(people + 1)]
    won = sum(share for right, share in enumerate(shares) if 2 * right > people)
    won += sum(share for right, share in enumerate(shares) if 2 * right == people) / 2
    return round(min(0.98, max(USUAL, 2 * won - 1)), 2)
