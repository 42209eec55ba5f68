"""Strengths that make wins likely: of rankings, and of items that are in several comparisons."""

from itertools import permutations

import numpy as np
from scipy.special import softmax

from domain.quality.crowd import Floats, Ints

IMAGINED = 0.5  # wins of every item over all others together, and as many defeats
ROUNDS = 200  # of the iteration
PARTS, ROUGHLY = 10, 1e-3  # of the comparisons, each judged by the others; of a strength
MOST = 1_000  # items: the table of their games is square
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)  # weights of the others, tried for how well each foresees the answers


def bradley_terry(wins: Floats, tolerance: float = 1e-9) -> Floats:
    """Log strengths (items,), mean 0; P(i beats j) = 1/(1 + e^(s_j − s_i)), from weighted wins[i, j] (i over j): MAP by
    Hunter's MM iteration (Ann. Stat. 32, 2004). Every pair gets IMAGINED/items imagined wins each way, so that an item
    that always wins stays finite."""
    items = len(wins)
    smoothed = wins + IMAGINED / items * (1 - np.eye(items))
    games, won, strength = smoothed + smoothed.T, smoothed.sum(1), np.ones(items)
    for _ in range(ROUNDS):
        moved = won / (games / (strength[:, None] + strength[None, :])).sum(1)
        moved /= np.exp(np.log(moved).mean())
        strength, before = moved, strength
        if np.abs(np.log(strength / before)).max() < tolerance:
            break
    return np.asarray(np.log(strength))


def told_by_others(told: Floats, sides: Ints, items: int) -> Floats:
    """Log prior (comparisons, sides) of each side's winning, by the strengths that the likely winners of the other
    PARTS show, as far as these foresee the answers; 0 of more than MOST items. `told`: log-likelihoods of a
    comparison's own answers; `sides`: the item on each side."""
    others: Floats = np.zeros(told.shape)
    if not len(told) or not 2 <= items <= MOST:
        return others
    winner, part = softmax(told, 1), np.arange(len(told)) % PARTS
    for one in range(PARTS):
        mine, wins = part == one, np.zeros((items, items))
        for side, other in permutations(range(told.shape[1]), 2):
            np.add.at(wins, (sides[~mine, side], sides[~mine, other]), winner[~mine, side])
        np.fill_diagonal(wins, 0)
        others[mine] = bradley_terry(wins, tolerance=ROUGHLY)[sides[mine]]
    own = np.exp(told - told.max(1, keepdims=True))  # no prior knows these: without shared items it is left out
    return max((share * others for share in SHARES), key=lambda prior: np.log((softmax(prior, 1) * own).sum(1)).sum())
