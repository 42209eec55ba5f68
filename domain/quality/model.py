"""The one model of answers that are classes: a confusion matrix of each worker, shrunk towards the crowd's.

Hierarchical Dawid–Skene (Dawid & Skene 1979; Kim & Ghahramani, BCC, AISTATS 2012), by expectation–maximisation, cold.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt

import numpy as np
from scipy.sparse import csr_array
from scipy.special import (
    expit,
    log_softmax,
    logit,
    softmax,
)

from domain.answers import kind_of
from domain.quality import crowd as crowd_rules
from domain.quality.aggregation import OptionEvidence, UsualSets
from domain.quality.crowd import (
    PERSON_ACCURACY,
    AnswerColumns,
    Crowd,
    Floats,
    Gold,
    Ints,
    Mask,
    Skill,
    WorkerAnswer,
    count_votes,
    crowd_from_triples,
    log_odds,
    posterior_mean,
    softmax_rows,
)
from domain.quality.machine import USUAL_MODEL_ACCURACY

STRENGTH = 10.0  # pseudo-answers that tie a row of a worker's matrix to what is expected of them
GOLD_COUNTS = 3.0  # an answer to gold says more of its worker than one that is judged by other answers
SHARE_PRIOR = 0.5  # Jeffreys' pseudo-count of every class's share
ENOUGH_TO_NAME, UNNAMED = 3, float(np.log(1e-3))  # a class that none of so many named is not the answer
ROUNDS, TOLERANCE = 60, 1e-3
AHEAD = 0.5  # of its last step a posterior goes ahead: the same fit in half the rounds
COMPARED = 10.0  # answers that what is usual of people counts for
ANCHOR = 600.0  # comparisons from which the crowd's own errors and shares outweigh the coin
COIN_ROUNDS, SETTLED = 100, 1e-4
ENOUGH = 4_000  # tasks, evenly spread, by which the coins are told


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
    start: Skill

    @property
    def evidence(self) -> Floats:
        """Nats an answer adds to the score of each class: (workers, labels, classes)."""
        return np.log(self.matrix)


def coins(crowd: Crowd, said: Ints | int = -1) -> tuple[Skill, float]:
    """How often people are right before anybody is told apart, with the comparisons behind it, and a model that says
    `said` (tasks,), −1 where nothing: one coin each (Dawid & Skene 1979).

    Tasks on which people, or the two, differ are asked more. Pairs of answers are then pairs about those tasks, which
    make people look poor; the likelihood of all answers does not mind (missing at random, Rubin 1976). Fitted by
    expectation–maximisation, equal classes, to tasks that gold or two voices tell of.
    """
    counts, truth = count_votes(crowd), np.full(crowd.tasks, -1)
    truth[crowd.gold_task] = crowd.gold_label
    model = np.broadcast_to(said, crowd.tasks)[:, None] == np.arange(crowd.classes)
    voices = counts.sum(1) + model.any(1)
    comparisons = np.where(truth >= 0, voices, voices - 1) * counts.any(1)
    kept = np.flatnonzero(comparisons > 0)
    kept = kept[:: max(1, len(kept) // ENOUGH)]
    people, model, gold = counts[kept], model[kept], truth[kept] >= 0
    known = np.eye(crowd.classes)[truth[kept][gold]]
    right, own, before = PERSON_ACCURACY, USUAL_MODEL_ACCURACY, 0.0
    for _ in range(COIN_ROUNDS):
        shares = softmax_rows(people * log_odds(right, crowd.classes) + model * log_odds(own, crowd.classes))
        shares[gold] = known
        right, before = float(((shares * people).sum() + PERSON_ACCURACY * COMPARED) / (people.sum() + COMPARED)), right
        own = posterior_mean(float((shares * model).sum()), float(model.sum()), USUAL_MODEL_ACCURACY)
        if abs(right - before) < SETTLED:
            break
    return Skill(float(np.clip(right, 1 / crowd.classes + 0.1, 0.97)), float(comparisons.sum())), own


def fit(crowd: Crowd, beside: Floats | float = 0.0, start: Skill | None = None) -> Fit:
    """Alternates between workers (M) and tasks (E) until no posterior moves by TOLERANCE. `beside` (tasks, classes):
    nats by which further voters, of an accuracy known otherwise, tell workers apart; the fit is of the crowd alone."""
    counts, start = count_votes(crowd), start or coins(crowd)[0]
    anchor = ANCHOR / (ANCHOR + start.answers)  # what the coin counts beside what is found of the crowd, of 1
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
        mass = answered @ posterior + SHARE_PRIOR  # the classes' shares are equal while answers are few
        log_prior = np.log((1 - anchor) * mass / mass.sum() + anchor / crowd.classes)
        found = Fit(posterior, posterior, *_matrices(given, start.accuracy, anchor), log_prior, start)
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
    return softmax_rows((np.log(np.maximum(fitted.posterior, 1e-12)) + beside)[crowd.task] - told)


def informations(matrices: Floats, shares: Floats) -> Floats:
    """Mutual information (nats) of the truth and each worker's answer to a task, H(Σ_k s_k P(·|k)) − Σ_k s_k H(P(·|k)):
    (workers,). `matrices` (workers, labels, classes), `shares` s (classes,), or those of several tasks (tasks, classes)
    for one worker."""
    answer = (matrices * shares[..., None, :]).sum(-1)
    doubt = -((matrices * np.log(np.maximum(matrices, 1e-12))).sum(-2) * shares).sum(-1)
    return np.asarray(np.maximum(-(answer * np.log(np.maximum(answer, 1e-12))).sum(-1) - doubt, 0.0))


def _with_gold(crowd: Crowd, scores: Floats) -> Floats:
    """Posterior (tasks, classes) of scores, in place; gold tasks hold their gold answer."""
    posterior = softmax_rows(scores)
    posterior[crowd.gold_task] = np.eye(crowd.classes)[crowd.gold_label]
    return posterior


def _matrices(counts: Floats, usual: float, anchor: float) -> tuple[Floats, Floats]:
    """E[P(label | class, worker)] (workers, labels, classes), row k of worker w ~ Dirichlet(STRENGTH × expected row),
    and what each row is made of (workers, classes). Expected is the crowd's row k, its recall moved by the worker's
    lead: logit r_wk = logit r_k + logit a_w − logit ā."""
    classes = counts.shape[1]
    coin = np.where(np.eye(classes) > 0, usual, (1 - usual) / max(1, classes - 1))  # its errors fall on all alike
    smoothed = counts.sum(0) + coin
    crowd = (1 - anchor) * smoothed / smoothed.sum(0) + anchor * coin
    right, given = np.einsum("wkk->w", counts), counts.sum((1, 2))
    pooled = min((1 - anchor) * right.sum() / max(1e-9, given.sum()) + anchor * usual, crowd_rules.MAX_ACCURACY)
    accuracy = np.clip(posterior_mean(right, given, pooled), crowd_rules.MIN_ACCURACY, crowd_rules.MAX_ACCURACY)
    lead = logit(accuracy) - logit(pooled)
    recall = np.clip(expit(logit(crowd.diagonal()) + lead[:, None]), crowd_rules.MIN_ACCURACY, crowd_rules.MAX_ACCURACY)
    errors = np.where(np.eye(classes) > 0, 0.0, crowd)
    expected = (1 - recall)[:, None, :] * (errors / np.maximum(errors.sum(0), 1e-9))
    expected[:, range(classes), range(classes)] = recall
    weight = counts + STRENGTH * expected
    tried = weight.sum(1)
    return weight / tried[:, None], tried


MOST = 1_000_000  # options of tasks in one fit; of more tasks every n-th is taken
SETS, HALF = 50, 20.0  # usual sets that are kept; tasks at which they count for half as much as they ever do
SHARE = 0.5  # of what is believed beforehand, that is on usual sets
RARE = 0.01  # no option applies more seldom, or more rarely not


def apart(
    kind: str, options: Sequence[str], said: Sequence[WorkerAnswer], gold: Gold
) -> tuple[Mapping[int, OptionEvidence], OptionEvidence | None, UsualSets | None]:
    """What each worker's naming of an option says, a newcomer's, and what is usual in the project. Nothing of no
    answers, and for kinds whose options exclude each other."""
    if not said or not kind_of(kind).options_are_apart:
        return {}, None, None
    given, count = AnswerColumns.from_answers(said), len(options)
    every = np.asarray(given.task, np.int64)
    tasks = np.unique(every)[:: len(every) * count // MOST + 1]
    kept = np.isin(every, tasks)
    workers, seat = np.unique(given.worker, return_inverse=True)
    named = np.array([[option in kind_of(kind).named_in(word) for option in options] for word in given.words])
    cell = np.searchsorted(tasks, every[kept])[:, None] * count + np.arange(count)  # each task's options
    rows = np.stack([cell, np.repeat(seat[kept, None], count, 1), named[np.asarray(given.word_numbers)[kept]]], 2)
    place = ((at * count, gold[task]) for at, task in enumerate(tasks.tolist()) if task in gold)
    known = {first + n: int(option in right) for first, right in place for n, option in enumerate(options)}
    fitted = fit(crowd_from_triples(rows.reshape(-1, 3), len(tasks) * count, len(workers) + 1, 2, known))
    nats = fitted.evidence[:, ::-1, 1] - fitted.evidence[:, ::-1, 0]
    told = [OptionEvidence(*pair) for pair in nats.tolist()]
    return dict(zip(workers.tolist(), told, strict=False)), told[-1], _usual(fitted, options)


def _usual(told: Fit, options: Sequence[str]) -> UsualSets:
    """From each task's likeliest set."""
    applies = told.posterior[:, 1].reshape(-1, len(options))
    found = applies > 0.5
    found[np.arange(len(found)), applies.argmax(1)] = True
    sets, tasks = Counter(tuple(np.array(options)[row].tolist()) for row in found), len(found)
    most = tuple((each, times / tasks) for each, times in sets.most_common(SETS))
    return UsualSets(tuple(applies.mean(0).clip(RARE, 1 - RARE).tolist()), most, SHARE * tasks / (tasks + HALF))


PEOPLE, SPREAD = 0.55, 0.3  # what one answer is worth of its nats
MANY = 4  # answers from which further ones of one crowd do not lessen what each is worth
LEAST_PEOPLE = 0.05
CLASS_SPREAD, MODEL_SPREAD = 0.3, 1.0  # nats, of a class's correction, and of a model's answer
LEAST = 1e-4  # of a class, however sure people are of another

# Crowds share misconceptions that no model of independent answers can see, so its posteriors exaggerate, the more the
# more answers they add up. Means over fifteen public crowds at 1, 2, 3, 5, 8 and all answers a task (docs/quality.md).
SHIFT, SLOPE, CROWDING = 0.77, 0.20, -0.46
OF_CLASSES = -0.28  # added to the shift for each log of classes / 2: the more of them, the more there is to mistake
MOST_LOGIT = 20.0  # beyond 1 − e^−20 a posterior carries no further information


@dataclass(frozen=True, slots=True)
class Stack:
    """Weights; `models` (models,): the nats that each model's answer adds to the label it names; not `weighs`:
    people count in full, and alone."""

    people: float
    classes: Floats
    models: Floats
    weighs: bool = True


def plain(classes: int, models: Floats) -> Stack:
    """Without gold: people alone count in full; beside models (their usual nats), as much as is usual."""
    return Stack(PEOPLE if models.any() else 1.0, np.zeros(classes), models, bool(models.any()))


def stacked(told: Floats, shapes: Floats, right: Ints, usual: Floats, most: Floats) -> Stack:
    """From gold of these `right` classes; `told` (gold, classes): what people, who did not know the gold, tell of it
    (`worth`); `shapes` (models, gold, classes): what one nat of each model adds; `usual`, `most`: each model's nats."""
    models, classes = len(usual), told.shape[1]
    design = np.stack([told, *shapes, *(np.broadcast_to(one, told.shape) for one in np.eye(classes))], 2)
    spread = SPREAD, MODEL_SPREAD / sqrt(max(1, models)), CLASS_SPREAD
    prior = np.concatenate([[PEOPLE], usual, np.zeros(classes)])
    weights = regressed(design, right, prior, np.repeat(spread, [1, models, classes]))
    heard = np.clip(weights[1 : 1 + models], 0.0, most)
    return Stack(max(float(weights[0]), LEAST_PEOPLE), weights[1 + models :], heard)


def worth(scores: Sequence[float], answers: int, prior: Sequence[float]) -> list[float]:
    """What people tell of a task (classes,) by their log posterior, as far as so many `answers` are worth it. Beside
    models, whose answers do not know them, the classes' log shares (`prior`, else 0) count in full."""
    told = shares_of([score - usual for score, usual in zip(scores, prior, strict=True)])
    share = 1 / sqrt(min(max(1, answers), MANY))
    return [usual + share * log(max(p, LEAST)) for usual, p in zip(prior, told, strict=True)]


def shares_of(scores: Sequence[float]) -> tuple[float, ...]:
    """The softmax, without arrays, which take four times as long for one task; it is asked for with each answer."""
    top = max(scores)
    weights = [exp(score - top) for score in scores]
    total = sum(weights)
    return tuple([weight / total for weight in weights])


def regressed(design: Floats, right: Ints, usual: Floats, spread: Floats, known: Floats | float = 0.0) -> Floats:
    """MAP weights by Newton's method; `design` (gold, classes, features), to which `known` (gold, classes) is added."""
    hit, weights, precision = np.eye(design.shape[1])[right], usual.copy(), spread**-2.0
    for _ in range(50):
        chances = softmax(known + design @ weights, 1)
        centred = design - (chances[:, :, None] * design).sum(1, keepdims=True)
        slope = np.einsum("gk,gkf->f", hit - chances, design) - precision * (weights - usual)
        bend = np.einsum("gk,gkf,gke->fe", chances, centred, centred, optimize=True) + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return weights


def usual(posterior: float, answers: int, classes: int) -> float:
    """The confidence in the leader of so many classes where people alone have answered, and nothing is known of them:
    1/(1 + exp(−(shift + slope × logit posterior + crowding × log answers)))."""
    shift = SHIFT + OF_CLASSES * log(max(2, classes) / 2) + CROWDING * log(max(1, answers))
    return shifted(posterior, shift, SLOPE)


def shifted(sure: float, shift: float, slope: float = 1.0) -> float:
    """A probability whose log odds are moved."""
    odds = min(log(max(sure, 1e-12) / max(1 - sure, 1e-12)), MOST_LOGIT)
    return 1 / (1 + exp(-shift - slope * odds))
