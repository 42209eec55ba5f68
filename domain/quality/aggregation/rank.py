"""The order of strengths that make the rankings likely (Bradley–Terry).

Confidence: each neighbour in that order really comes before the next. Who ranks K right as a whole with probability a
gets each pair of neighbours right with a^(1/(K − 1)), independently; log-odds add up.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log, prod

from domain.answers.rank import JOINT
from domain.quality.aggregation import NOTHING, Agreement, Vote
from domain.quality.comparisons import bradley_terry, wins_of


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    """Equal strengths keep the options' order."""
    known = [vote for vote in votes if sorted(vote.answer.split(JOINT)) == sorted(options)]
    if not known or len(options) < 2:
        return NOTHING
    rankings, weights = _weighed(known, options)
    strength = bradley_terry(wins_of(rankings, weights, len(options)))
    order = sorted(range(len(options)), key=lambda at: (-round(float(strength[at]), 9), at))
    return Agreement(
        JOINT.join(options[at] for at in order), prod(_before(rankings, weights, *pair) for pair in pairwise(order))
    )


def rightness(votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
    """That this whole order is the true one."""
    rankings, weights = _weighed(votes, options)
    return [prod(_before(rankings, weights, *pair) for pair in pairwise(order)) for order in rankings]


def _weighed(votes: Sequence[Vote], options: Sequence[str]) -> tuple[list[list[int]], list[float]]:
    rankings = [[options.index(name) for name in vote.answer.split(JOINT)] for vote in votes]
    return rankings, [max(0.01, _log_odds(vote, len(options))) for vote in votes]


def _log_odds(vote: Vote, options: int) -> float:
    each = min(0.99, vote.accuracy ** (1 / (options - 1)))
    return log(each / (1 - each))


def _before(rankings: Sequence[Sequence[int]], weights: Sequence[float], one: int, other: int) -> float:
    """P(one comes before the other)."""
    told = (w if r.index(one) < r.index(other) else -w for r, w in zip(rankings, weights, strict=True))
    return 1 / (1 + exp(-sum(told)))
