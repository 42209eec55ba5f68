"""The one model of answers that are classes: a confusion matrix of each worker, shrunk towards the crowd's.

Hierarchical Dawid–Skene (Dawid & Skene 1979; Kim & Ghahramani, BCC, AISTATS 2012), by expectation–maximisation, cold.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, log_softmax, logit

from domain.quality.coins import Coin, coins
from domain.quality.crowd import Crowd, Floats, Mask, normalised, votes
from domain.quality.intervals import LEAST, MOST, believed, log_odds

STRENGTH = 10.0  # pseudo-answers that tie a row of a worker's matrix to what is expected of them
GOLD_COUNTS = 3.0  # an answer to gold says more of its worker than one that is judged by other answers
SHARE_PRIOR = 0.5  # Jeffreys' pseudo-count of every class's share
ENOUGH_TO_NAME, UNNAMED = 3, float(np.log(1e-3))  # a class that none of so many named is not the answer
ROUNDS, TOLERANCE = 60, 1e-3
AHEAD = 0.5  # of its last step a posterior goes ahead: the same fit in half the rounds


@dataclass(frozen=True, slots=True)
class Fit:
    """`scores` (tasks, classes): log posterior from answers alone, up to a constant; `posterior`: normalised, with
    gold and UNNAMED. `matrix` (workers, labels, classes): P(label | class), from `tried` (workers, classes) answers and
    pseudo-answers. `log_prior` (classes,)."""

    scores: Floats
    posterior: Floats
    matrix: Floats
    tried: Floats
    log_prior: Floats
    start: Coin

    @property
    def evidence(self) -> Floats:
        """Nats an answer adds to the score of each class: (workers, labels, classes)."""
        return np.log(self.matrix)


def fit(crowd: Crowd, beside: Floats | float = 0.0, start: Coin | None = None) -> Fit:
    """Alternates between workers (M) and tasks (E) until no posterior moves by TOLERANCE. `beside` (tasks, classes):
    nats by which further voters, of an accuracy known otherwise, tell workers apart; the fit is of the crowd alone."""
    counts, start = votes(crowd), start or coins(crowd)[0]
    # A class that several answers never named attracts no contested task.
    named = np.where((counts == 0) & (counts.sum(1, keepdims=True) >= ENOUGH_TO_NAME), UNNAMED, 0.0)
    posterior = _with_gold(crowd, counts * log_odds(start.accuracy, crowd.classes))
    shape = (crowd.tasks, crowd.workers * crowd.classes)
    table = csr_array((np.ones(len(crowd.task)), (crowd.task, crowd.cell)), shape)
    answers, answered = table.T.tocsr(), np.minimum(counts.sum(1), 1.0)
    counted = np.where(np.isin(np.arange(crowd.tasks), crowd.gold_task), GOLD_COUNTS, 1.0)[:, None]
    before: Floats | None = None
    for _ in range(ROUNDS):
        given = (answers @ (counted * posterior)).reshape(crowd.workers, crowd.classes, crowd.classes)
        found = Fit(posterior, posterior, *_matrices(given, start), _log_shares(answered @ posterior, start), start)
        scores = np.asarray(table @ found.evidence.reshape(-1, crowd.classes)) + found.log_prior
        ahead = scores if before is None else scores + AHEAD * (scores - before)
        last, posterior, before = posterior, _with_gold(crowd, ahead + named + beside), scores
        if np.abs(posterior - last).max(initial=0.0) < TOLERANCE:
            break
    return replace(found, scores=scores, posterior=_with_gold(crowd, scores + named))


def foretold(crowd: Crowd, fitted: Fit) -> Floats:
    """Log posterior of every gold task by all gold but its own: (gold, classes). What each answer to it taught of its
    worker is taken back."""
    mine = np.flatnonzero(np.isin(crowd.task, crowd.gold_task))
    gold, worker, label = np.searchsorted(crowd.gold_task, crowd.task[mine]), crowd.worker[mine], crowd.label[mine]
    truth = crowd.gold_label[gold]
    now, tried = fitted.matrix[worker, label, truth], fitted.tried[worker, truth]
    before = (now * tried - GOLD_COUNTS) / (tried - GOLD_COUNTS)
    scores = fitted.scores[crowd.gold_task]
    np.add.at(scores, (gold, truth), np.log(before / now))
    return np.asarray(log_softmax(scores, 1))


def others(crowd: Crowd, fitted: Fit, seen: Mask | bool = True, beside: Floats | float = 0.0) -> Floats:
    """P(truth) of each answer's task, what that answer told of it taken back where the fit has `seen` it: (answers,
    classes). Gold stays gold."""
    told = fitted.evidence.reshape(-1, crowd.classes)[crowd.cell]
    told *= (seen & ~np.isin(crowd.task, crowd.gold_task))[:, None]
    return normalised((np.log(np.maximum(fitted.posterior, 1e-12)) + beside)[crowd.task] - told)


def informations(matrices: Floats, shares: Floats) -> Floats:
    """Mutual information (nats) of the truth and each worker's answer to a task, H(Σ_k s_k P(·|k)) − Σ_k s_k H(P(·|k)):
    (workers,). `matrices` (workers, labels, classes), `shares` s (classes,), or those of several tasks (tasks, classes)
    for one worker."""
    answer = (matrices * shares[..., None, :]).sum(-1)
    doubt = -((matrices * np.log(np.maximum(matrices, 1e-12))).sum(-2) * shares).sum(-1)
    return np.asarray(np.maximum(-(answer * np.log(np.maximum(answer, 1e-12))).sum(-1) - doubt, 0.0))


def _with_gold(crowd: Crowd, scores: Floats) -> Floats:
    """Posterior (tasks, classes) of scores, in place; gold tasks hold their gold answer."""
    posterior = normalised(scores)
    posterior[crowd.gold_task] = np.eye(crowd.classes)[crowd.gold_label]
    return posterior


def _matrices(counts: Floats, start: Coin) -> tuple[Floats, Floats]:
    """E[P(label | class, worker)] (workers, labels, classes), row k of worker w ~ Dirichlet(STRENGTH × expected row),
    and what each row is made of (workers, classes). Expected is the crowd's row k, its recall moved by the worker's
    lead: logit r_wk = logit r_k + logit a_w − logit ā."""
    trust, classes = start.anchor, counts.shape[1]
    crowd = _crowd_matrix(counts.sum(0), start)
    right, given = np.einsum("wkk->w", counts), counts.sum((1, 2))
    pooled = min((1 - trust) * right.sum() / max(1e-9, given.sum()) + trust * start.accuracy, MOST)
    accuracy = np.clip(believed(right, given, pooled), LEAST, MOST)
    lead = logit(accuracy) - logit(pooled)
    recall = np.clip(expit(logit(crowd.diagonal()) + lead[:, None]), LEAST, MOST)
    errors = np.where(np.eye(classes) > 0, 0.0, crowd)
    expected = (1 - recall)[:, None, :] * (errors / np.maximum(errors.sum(0), 1e-9))
    expected[:, range(classes), range(classes)] = recall
    weight = counts + STRENGTH * expected
    tried = weight.sum(1)
    return weight / tried[:, None], tried


def _crowd_matrix(counts: Floats, start: Coin) -> Floats:
    """P(label | class) of the whole crowd (labels, classes), anchored to one coin, whose errors fall on all alike."""
    classes = len(counts)
    usual = np.where(np.eye(classes) > 0, start.accuracy, (1 - start.accuracy) / max(1, classes - 1))
    smoothed = counts + usual
    return np.asarray((1 - start.anchor) * smoothed / smoothed.sum(0) + start.anchor * usual)


def _log_shares(mass: Floats, start: Coin) -> Floats:
    """Of the classes, from their posterior mass among answered tasks; equal while answers are few."""
    mass = mass + SHARE_PRIOR
    return np.asarray(np.log((1 - start.anchor) * mass / mass.sum() + start.anchor / len(mass)))
