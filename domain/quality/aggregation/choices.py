"""Every option is a yes-or-no question; log-odds add up.

Who gets the whole set right with probability a gets each of K options right with a^(1/K), independently.
"""

from collections.abc import Sequence
from math import exp, log, prod

from domain.answers.choices import JOINT, none_of
from domain.quality.aggregation import Agreement, Vote


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    """The options more likely than not to apply; where none is, the one that says “none”, or else the likeliest."""
    applies = {at: _probability(votes, option, len(options)) for at, option in enumerate(options)}
    none = none_of(options)
    chosen = frozenset(at for at, p in applies.items() if p > 0.5)
    if none in chosen and len(chosen) > 1:
        chosen = frozenset({none}) if applies[none] > max(applies[at] for at in chosen - {none}) else chosen - {none}
    chosen = chosen or frozenset({max(applies, key=lambda at: applies[at]) if none is None else none})
    sure = prod(p if at in chosen else 1 - p for at, p in applies.items())
    return Agreement(JOINT.join(options[at] for at in sorted(chosen)), sure)


def rightness(votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
    """That exactly these apply."""
    applies = [_probability(votes, option, len(options)) for option in options]
    chosen = [set(vote.answer.split(JOINT)) for vote in votes]
    return [prod(p if name in said else 1 - p for name, p in zip(options, applies, strict=True)) for said in chosen]


def _probability(votes: Sequence[Vote], option: str, count: int) -> float:
    score = 0.0
    for vote in votes:
        each = min(0.99, vote.accuracy ** (1 / count))
        score += log(each / (1 - each)) * (1 if option in vote.answer.split(JOINT) else -1)
    return 1 / (1 + exp(-score))
