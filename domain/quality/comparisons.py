"""Consensus of `compare` and `rank` answers: strengths that make the wins likely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.quality.crowd import Floats


def bradley_terry(wins: Floats, prior: float = 0.5, rounds: int = 200, tolerance: float = 1e-9) -> Floats:
    """Log strengths (items,), mean 0; P(i beats j) = 1/(1 + e^(s_j − s_i)).

    MAP of the model of Bradley & Terry 1952 from weighted wins[i, j] (i over j), by Hunter's MM iteration.

    Every pair gets `prior`/items imagined wins each way, so an item that always wins stays finite.
    D. R. Hunter, MM Algorithms for Generalized Bradley–Terry Models, Ann. Stat. 32, 2004.
    """
    items = len(wins)
    smoothed = wins + prior / items * (1 - np.eye(items))
    games, won, strength = smoothed + smoothed.T, smoothed.sum(1), np.ones(items)
    for _ in range(rounds):
        moved = won / (games / (strength[:, None] + strength[None, :])).sum(1)
        moved /= np.exp(np.log(moved).mean())
        change = np.abs(np.log(moved / strength)).max()
        strength = moved
        if change < tolerance:
            break
    return np.asarray(np.log(strength))


def wins_of(rankings: Sequence[Sequence[int]], weights: Sequence[float], items: int) -> Floats:
    """Rankings, best first, as weighted wins of every earlier item over every later one: (items, items)."""
    wins = np.zeros((items, items))
    for ranking, weight in zip(rankings, weights, strict=True):
        for place, winner in enumerate(ranking):
            for loser in ranking[place + 1 :]:
                wins[winner, loser] += weight
    return wins
