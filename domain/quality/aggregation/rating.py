"""The step of the scale nearest to a robust weighted centre of the steps given."""

from collections.abc import Sequence

from domain.quality.aggregation import NOTHING, Agreement, Vote
from domain.quality.aggregation.robust_centre import Centre, centre_of


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    """Steps are counted from 1 in the options' order; the interval is in steps."""
    known = [vote for vote in votes if vote.answer in options]
    if not known:
        return NOTHING
    steps = [options.index(vote.answer) + 1 for vote in known]
    centre = centre_of(steps, [vote.weight for vote in known], 0.5)
    step = min(range(1, len(options) + 1), key=lambda each: abs(each - centre.value))
    low, high = centre.interval
    within = max(1.0, low), min(float(len(options)), high)
    return Agreement(options[step - 1], _probability(centre, step, len(options)), within)


def rightness(votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
    steps, _ = measured([vote.answer for vote in votes], options)
    centre = centre_of(steps, [vote.weight for vote in votes], 0.5)
    return [_probability(centre, int(step), len(options)) for step in steps]


def measured(answers: Sequence[str], options: Sequence[str]) -> tuple[list[float], float]:
    """The steps, and half of one."""
    return [float(options.index(answer) + 1) if answer in options else 0.0 for answer in answers], 0.5


def off(value: float, gold: Sequence[str], options: Sequence[str]) -> float:
    """Steps to the nearest accepted one."""
    return min((abs(value - options.index(known) - 1) for known in gold if known in options), default=0.0)


def _probability(centre: Centre, step: int, steps: int) -> float:
    """That the true step is this one; the ends of the scale hold what lies beyond them."""
    low = float("-inf") if step <= 1 else step - 0.5
    high = float("inf") if step == steps else step + 0.5
    return centre.probability(low, high)
