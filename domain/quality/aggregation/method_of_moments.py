"""How often one answer is right, by the method of moments: needs no EM and cannot collapse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Crowd, votes

BELIEVED_PAIRS, BELIEVED_AGREEMENT = 6.0, 0.6  # a weak prior for projects with hardly a second answer
GOLD_WEIGHT = 2.0  # a comparison with gold says about twice what a comparison of two answers says


@dataclass(frozen=True, slots=True)
class Moments:
    """`accuracy` of a single answer, and the number of comparisons (`support`) behind it."""

    accuracy: float
    support: float


def moments(crowd: Crowd) -> Moments:
    """Two independent answers of accuracy p agree with probability g = p² + (1 − p)²/(K − 1).

    The larger root of K p² − 2 p + 1 − (K − 1) g = 0, mixed with the hits on gold
    (cf. Bonald & Combes, A Minimax Optimal Algorithm for Crowdsourcing, NIPS 2017).
    """
    counts, classes = votes(crowd), crowd.classes
    sizes = counts.sum(1)
    pairs = (sizes * (sizes - 1) / 2).sum() + BELIEVED_PAIRS
    agreeing = (counts * (counts - 1) / 2).sum() + BELIEVED_PAIRS * BELIEVED_AGREEMENT
    root = max(0.0, 1 - classes + classes * (classes - 1) * agreeing / pairs)
    accuracy, support = (1 + np.sqrt(root)) / classes, float((sizes - 1).clip(0).sum())
    hits = counts[crowd.gold_task, crowd.gold_label].sum() * GOLD_WEIGHT
    tried = counts[crowd.gold_task].sum() * GOLD_WEIGHT
    accuracy = (accuracy * (support + 10) + hits) / (support + 10 + tried)
    chance = 1 / classes
    return Moments(float(np.clip(accuracy, chance + 0.1 * (1 - chance) + 0.05, 0.97)), support + tried / 2)
