"""The answer nearest to all others by weight, after words that differ in case, accents or white space alone are one.

Confidence is the posterior of those words under one coin a worker: right with probability a, else one of WRONG other
texts with equal chance, some of which nobody may have given (Dawid & Skene 1979, with an open set of classes).
"""

from collections.abc import Sequence
from math import prod

from domain.aggregation import Agreement, Vote
from domain.quality.texts import medoid
from domain.wording import folded

WRONG = 4  # mistakes meet: every fourth is the one that somebody else makes too
LONGEST, MOST = 400, 15  # characters, and texts, up to which edit distances are worth their time


def consensus_of(votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
    trust: dict[str, float] = {}
    for vote in votes:
        trust[folded(vote.answer)] = trust.get(folded(vote.answer), 0.0) + vote.accuracy
    best = _nearest(trust)
    spellings = sorted((-vote.accuracy, vote.answer) for vote in votes if folded(vote.answer) == best)
    likely = {text: _likelihood(votes, text) for text in trust}
    unseen = max(1, WRONG + 1 - len(trust)) * _likelihood(votes, None)
    return Agreement(spellings[0][1], likely[best] / (sum(likely.values()) + unseen))


def _nearest(trust: dict[str, float]) -> str:
    """The medoid; of very long or very many texts the one most trusted."""
    ordered = sorted(trust, key=lambda text: (-trust[text], text))
    if len(ordered) > MOST or max(map(len, ordered)) > LONGEST:
        return ordered[0]
    return medoid(ordered, [trust[text] for text in ordered]).text


def _likelihood(votes: Sequence[Vote], text: str | None) -> float:
    """Of all answers, if `text` were right."""
    return prod(v.accuracy if folded(v.answer) == text else (1 - v.accuracy) / WRONG for v in votes)
