"""A classifier that is trained on other accounts, and how far its scores part gold from other tasks."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
BINS, FOLDS, STEPS, RIDGE = 8, 4, 20, 3.0
SHUFFLES, DEVIATIONS = 20, 3.0


def score(features: Floats, labels: Integers, groups: Integers) -> Floats:
    """Return the log-odds of gold of each row (rows, features), by a logistic regression on quantiles of each feature
    (missing ones are a class of their own) that was trained on the rows of other groups."""
    columns, scores = _one_hot(features), np.zeros(len(labels))
    numbers = np.unique(groups)
    for fold in range(FOLDS):
        tested = np.isin(groups, numbers[fold::FOLDS])
        scores[tested] = columns[tested] @ _fit(columns[~tested], labels[~tested])
    return scores


def _one_hot(features: Floats) -> Floats:
    parts = [np.ones((len(features), 1))]
    for column in features.T:
        known = np.isfinite(column)
        edges = np.unique(np.quantile(column[known], np.linspace(0, 1, BINS + 1)[1:-1])) if known.any() else np.zeros(0)
        bins = np.where(known, np.searchsorted(edges, np.where(known, column, 0.0), side="right"), len(edges) + 1)
        parts.append(np.eye(len(edges) + 2)[bins])
    return np.concatenate(parts, axis=1)


def _fit(columns: Floats, labels: Integers) -> Floats:
    weights = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (chances - labels) + RIDGE * weights
        bend = (columns.T * (chances * (1 - chances))) @ columns + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def area(scores: Floats, labels: Integers, strata: Integers) -> float:
    """Return how often gold is scored higher than another task of the same stratum (the area under the ROC curve)."""
    won, pairs = 0.0, 0
    for stratum in np.unique(strata):
        inside = strata == stratum
        gold, others = scores[inside & (labels == 1)], np.sort(scores[inside & (labels == 0)])
        below, up_to = np.searchsorted(others, gold, "left"), np.searchsorted(others, gold, "right")
        won, pairs = won + float((below + up_to).sum()) / 2, pairs + len(gold) * len(others)
    return won / pairs if pairs else 0.5


def shuffle(labels: Integers, strata: Integers, dice: np.random.Generator) -> Integers:
    """Return the labels in another order within each stratum."""
    shuffled = labels.copy()
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        shuffled[rows] = labels[dice.permutation(rows)]
    return shuffled


def chance(features: Floats, labels: Integers, groups: Integers, strata: Integers, seed: int) -> float:
    """Return the area that chance does not exceed: the mean of classifiers that are trained and tested on labels
    shuffled within each stratum, and three standard deviations, as several attacks are measured."""
    dice, areas = np.random.default_rng(seed), []
    for _ in range(SHUFFLES):
        shuffled = shuffle(labels, strata, dice)
        areas.append(area(score(features, shuffled, groups), shuffled, strata))
    return float(np.mean(areas) + DEVIATIONS * np.std(areas))
