"""The number of people a task needs where models have answered it too, and when it needs none."""

from collections.abc import Sequence
from math import comb

from domain.quality.given_answers import ENOUGH_GOLD
from domain.quality.intervals import PERSON, wilson
from domain.quality.machine import USUAL, MachineAnswer, MachineModel

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
