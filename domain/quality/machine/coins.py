"""How often people and a model (AI) are right, by what both say of the same tasks: one coin each.

Shared errors make a model look better than it is, so that people's answers are worth AT_MOST tasks.
"""

import numpy as np
from scipy.special import expit

from domain.quality.crowd import Crowd, Floats, Ints, normalised, votes
from domain.quality.intervals import BELIEVED, PERSON
from domain.quality.machine import AT_MOST, USUAL, log_odds
from domain.quality.model import COMPARED

ENOUGH, ROUNDS = 4_000, 40  # tasks, evenly spread, by which a model is judged, and rounds of it


def coins(crowd: Crowd, said: Ints) -> tuple[float, float]:
    """How often an answer of people, and of a model which says `said` (tasks,), −1 where nothing, is right.

    Tasks on which the two differ are asked more. Pairs of answers are then pairs about those tasks, which make people
    look poor; the likelihood of all answers does not mind (missing at random, Rubin 1976). Fitted by
    expectation–maximisation (Dawid & Skene 1979), equal classes.
    """
    counts, known = votes(crowd), np.full(crowd.tasks, -1)
    known[crowd.gold_task] = crowd.gold_label
    kept = np.flatnonzero(counts.any(1))
    kept = kept[:: max(1, len(kept) // ENOUGH)]
    given, gold = counts[kept], known[kept] >= 0
    model, truth = (each[kept, None] == np.arange(crowd.classes) for each in (said, known))
    right, own = PERSON, USUAL
    for _ in range(ROUNDS):
        shares = normalised(given * log_odds(right, crowd.classes) + model * log_odds(own, crowd.classes))
        shares[gold] = truth[gold]
        right = float(((shares * given).sum() + PERSON * COMPARED) / (given.sum() + COMPARED))
        own = float(((shares * model).sum() + USUAL * BELIEVED) / (model.sum() + BELIEVED))
    return right, own


def worth_of(share: Floats, right: float, classes: int) -> float:
    """Gold tasks that as much is known by as by the `share` of people's answers, on each task, that are the model's:
    the nearer people are to guessing, the fewer."""
    if not len(share):
        return 0.0
    met, apart = float(share.mean()), right - (1 - right) / max(1, classes - 1)
    return float(min(AT_MOST, len(share) * apart**2 * USUAL * (1 - USUAL) / max(met * (1 - met), 1e-3)))


def heeded(agreed: Floats, judges: Floats, odds: Floats, classes: int) -> float:
    """How far a model's own probabilities foretell whether it is borne out, 0…1: the slope of that on what it would be
    if they held, 1 ± 1 before anything is seen.

    For each judgement: how far judges `agreed`, how often these `judges` are right, and the log `odds` of the model's
    answer by its own probability.
    """
    right = expit(odds - np.log(max(1, classes - 1)))
    likely = right * judges + (1 - right) * (1 - judges) / max(1, classes - 1)
    apart = likely - likely.mean() if len(likely) else likely
    noise = max(float(agreed.var()), 1e-3) if len(agreed) else 1.0
    return float(np.clip((agreed @ apart + noise) / (apart @ apart + noise), 0.0, 1.0))
