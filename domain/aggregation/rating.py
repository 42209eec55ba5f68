"""The step of the scale nearest to a robust weighted centre of the steps given."""

from collections.abc import Sequence

from domain.aggregation import NOTHING, Agreement, Vote
from domain.centre import centre_of


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    """Steps are counted from 1 in the options' order; the interval is in steps."""
    known = [vote for vote in votes if vote.answer in options]
    if not known:
        return NOTHING
    steps = [options.index(vote.answer) + 1 for vote in known]
    centre = centre_of(steps, [vote.accuracy for vote in known], 0.5)
    step = min(range(1, len(options) + 1), key=lambda each: abs(each - centre.value))
    low = float("-inf") if step == 1 else step - 0.5
    high = float("inf") if step == len(options) else step + 0.5
    return Agreement(options[step - 1], centre.probability(low, high), centre.interval)
