"""How often workers know the answer (the model of MACE: Hovy et al., Learning Whom to Trust, NAACL 2013): with
probability λ they know it, else they answer by their habit. P(answer) = (1 − λ) habit + λ P(it is right)."""

import numpy as np
from scipy.special import logsumexp

from domain.quality.crowd import Crowd, Floats

KNOWS = np.array([0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])  # λ; below .3 nobody is called honest
SLIP = 0.03  # of the answers that a worker knows
HABIT = 8.0  # a worker's share of each label is tied to the crowd's by so many pseudo-answers
HONEST, GUESSERS, BELIEVED = (0.7, 0.2), 0.05, 2.0  # λ (mean, spread) and those who guess, worth so many workers
ROUNDS = 30


def habits(crowd: Crowd) -> Floats:
    """Return P(label) of each worker's guesses (workers, classes): their own shares, tied to the crowd's."""
    overall = np.bincount(crowd.label, minlength=crowd.classes) + 1.0
    counts = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes)
    habit = counts + HABIT * overall / overall.sum()
    return np.asarray(habit / habit.sum(1, keepdims=True))


def spread_of_knowledge(logs: Floats) -> Floats:
    """Return how λ > 0 is spread among workers, (KNOWS without its 0,), from the log likelihoods of their answers
    (workers, KNOWS). Fitted by EM: a normal distribution beside a part that guesses, so that guessers do not pass for a
    kind of honest worker of their own."""
    knows, mean, spread, guessing = KNOWS[1:], *HONEST, GUESSERS
    for _ in range(ROUNDS):
        shares = np.exp(-0.5 * ((knows - mean) / spread) ** 2) + 1e-9
        shares /= shares.sum()
        scores = logs + np.log(np.concatenate([[guessing], (1 - guessing) * shares]))
        member = np.exp(scores - logsumexp(scores, 1, keepdims=True))
        guessing = (member[:, 0].sum() + BELIEVED * GUESSERS) / (len(member) + BELIEVED)
        weight = member[:, 1:].sum(0)
        total = weight.sum() + BELIEVED
        mean = (weight @ knows + BELIEVED * HONEST[0]) / total
        spread = np.sqrt((weight @ (knows - mean) ** 2 + BELIEVED * HONEST[1] ** 2) / total)
    return np.asarray(shares)
