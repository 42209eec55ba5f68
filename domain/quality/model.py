"""The model of answers that are classes: hierarchical Dawid–Skene, a confusion matrix of each worker, shrunk towards
the crowd's (Dawid & Skene 1979; Kim & Ghahramani, BCC, AISTATS 2012), fitted by expectation–maximisation from a cold
start. Stacking: from its posteriors to confidences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, log_softmax, logit, softmax

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

MATRIX_PSEUDO_ANSWERS = 10.0  # pseudo-answers that tie a row of a worker's matrix to what is expected of them
GOLD_COUNTS = 3.0  # an answer to gold says more of its worker than one that is judged by other answers
SHARE_PRIOR = 0.5  # Jeffreys' pseudo-count of every class's share
ENOUGH_TO_NAME, UNNAMED = 3, float(np.log(1e-3))  # a class that none of so many named is not the answer
ROUNDS, TOLERANCE = 60, 1e-3
OVERRELAXATION = 0.5  # of its last step a posterior goes ahead: the same fit in half the rounds
ACCURACY_PSEUDO_ANSWERS = 10.0  # answers that what is usual of people counts for
ANCHOR_COMPARISONS = 600.0  # comparisons from which the crowd's own errors and shares outweigh the coin
ACCURACY_ROUNDS, ACCURACY_TOLERANCE = 100, 1e-4
MAX_ACCURACY_TASKS = 4_000  # tasks, evenly spread, by which the coins are told


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted Dawid–Skene model. `scores` (tasks, classes): log posterior from answers alone, up to a constant;
    `posterior` (tasks, classes): normalised, with gold and UNNAMED. `matrix` (workers, labels, classes): P(label |
    class), from `tried` (workers, classes) answers and pseudo-answers. `log_prior` (classes,). `start`: people's
    accuracy from which the fit began."""

    scores: Floats
    posterior: Floats
    matrix: Floats
    tried: Floats
    log_prior: Floats
    start: Skill

    @property
    def evidence(self) -> Floats:
        """Return the log-odds evidence of an answer: nats that it adds to the score of each class, (workers, labels,
        classes)."""
        return np.log(self.matrix)


def estimate_accuracies(crowd: Crowd, model_label: Ints | int = -1) -> tuple[Skill, float]:
    """Return the accuracy of people, all alike, with the number of comparisons behind it, and the accuracy of a model
    with the classes `model_label` (tasks,), −1 where it has none: the one-coin model (Dawid & Skene 1979).

    Tasks on which people, or people and the model, differ are asked more. Pairs of answers are then pairs about those
    tasks, and underestimate people; the likelihood of all answers does not (missing at random, Rubin 1976). Fitted by
    expectation–maximisation with equal classes to tasks with gold or at least two voices."""
    counts, truth = count_votes(crowd), np.full(crowd.tasks, -1)
    truth[crowd.gold_task] = crowd.gold_label
    model = np.broadcast_to(model_label, crowd.tasks)[:, None] == np.arange(crowd.classes)
    voices = counts.sum(1) + model.any(1)
    comparisons = np.where(truth >= 0, voices, voices - 1) * counts.any(1)
    selected = np.flatnonzero(comparisons > 0)
    selected = selected[:: max(1, len(selected) // MAX_ACCURACY_TASKS)]
    people, model, gold = counts[selected], model[selected], truth[selected] >= 0
    gold_rows = np.eye(crowd.classes)[truth[selected][gold]]
    accuracy, model_accuracy, previous = PERSON_ACCURACY, USUAL_MODEL_ACCURACY, 0.0
    for _ in range(ACCURACY_ROUNDS):
        nats, model_nats = log_odds(accuracy, crowd.classes), log_odds(model_accuracy, crowd.classes)
        shares = softmax_rows(people * nats + model * model_nats)
        shares[gold] = gold_rows
        right, previous = (shares * people).sum() + PERSON_ACCURACY * ACCURACY_PSEUDO_ANSWERS, accuracy
        accuracy = float(right / (people.sum() + ACCURACY_PSEUDO_ANSWERS))
        model_accuracy = posterior_mean(float((shares * model).sum()), float(model.sum()), USUAL_MODEL_ACCURACY)
        if abs(accuracy - previous) < ACCURACY_TOLERANCE:
            break
    return Skill(float(np.clip(accuracy, 1 / crowd.classes + 0.1, 0.97)), float(comparisons.sum())), model_accuracy


def fit(crowd: Crowd, beside: Floats | float = 0.0, start: Skill | None = None) -> Fit:
    """Return the Dawid–Skene fit, alternating between workers (M step) and tasks (E step) until no posterior moves by
    TOLERANCE. `beside` (tasks, classes): nats of further voters of known accuracy, by which workers are told apart; the
    returned scores are of the crowd alone."""
    counts, start = count_votes(crowd), start or estimate_accuracies(crowd)[0]
    # Weight (0…1) of the one-coin model beside the crowd's own errors and shares.
    anchor = ANCHOR_COMPARISONS / (ANCHOR_COMPARISONS + start.answers)
    # A class that several answers never named attracts no contested task.
    unnamed_penalty = np.where((counts == 0) & (counts.sum(1, keepdims=True) >= ENOUGH_TO_NAME), UNNAMED, 0.0)
    posterior = _with_gold(crowd, counts * log_odds(start.accuracy, crowd.classes))
    shape = (crowd.tasks, crowd.workers * crowd.classes)
    table = csr_array((np.ones(len(crowd.task)), (crowd.task, crowd.cell)), shape)
    answers, answered = table.T.tocsr(), np.minimum(counts.sum(1), 1.0)
    counted = np.where(np.isin(np.arange(crowd.tasks), crowd.gold_task), GOLD_COUNTS, 1.0)[:, None]
    before: Floats | None = None
    for _ in range(ROUNDS):
        expected_counts = (answers @ (counted * posterior)).reshape(crowd.workers, crowd.classes, crowd.classes)
        mass = answered @ posterior + SHARE_PRIOR  # the classes' shares are equal while answers are few
        log_prior = np.log((1 - anchor) * mass / mass.sum() + anchor / crowd.classes)
        matrices = _estimate_matrices(expected_counts, start.accuracy, anchor)
        fitted = Fit(posterior, posterior, *matrices, log_prior, start)
        scores = np.asarray(table @ fitted.evidence.reshape(-1, crowd.classes)) + fitted.log_prior
        ahead = scores if before is None else scores + OVERRELAXATION * (scores - before)
        last, posterior, before = posterior, _with_gold(crowd, ahead + unnamed_penalty + beside), scores
        if np.abs(posterior - last).max(initial=0.0) < TOLERANCE:
            break
    return replace(fitted, scores=scores, posterior=_with_gold(crowd, scores + unnamed_penalty))


def gold_log_posterior(crowd: Crowd, fitted: Fit) -> Floats:
    """Return the leave-one-out log posterior of every gold task, by all gold but its own: (gold, classes). What each
    answer to the task taught of its worker is taken back."""
    on_gold = np.flatnonzero(np.isin(crowd.task, crowd.gold_task))
    gold, worker, label = (
        np.searchsorted(crowd.gold_task, crowd.task[on_gold]),
        crowd.worker[on_gold],
        crowd.label[on_gold],
    )
    truth = crowd.gold_label[gold]
    probability, tried = fitted.matrix[worker, label, truth], fitted.tried[worker, truth]
    without_answer = (probability * tried - GOLD_COUNTS) / (tried - GOLD_COUNTS)
    scores = fitted.scores[crowd.gold_task]
    np.add.at(scores, (gold, truth), np.log(without_answer / probability))
    return np.asarray(log_softmax(scores, 1))


def leave_one_out_posterior(
    crowd: Crowd, fitted: Fit, is_fitted: Mask | bool = True, beside: Floats | float = 0.0
) -> Floats:
    """Return the leave-one-out posterior of each answer's task, (answers, classes): without the answer's own evidence
    where it was part of the fit (`is_fitted`). Gold stays gold."""
    own_evidence = fitted.evidence.reshape(-1, crowd.classes)[crowd.cell]
    own_evidence *= (is_fitted & ~np.isin(crowd.task, crowd.gold_task))[:, None]
    return softmax_rows((np.log(np.maximum(fitted.posterior, 1e-12)) + beside)[crowd.task] - own_evidence)


def mutual_information(matrices: Floats, shares: Floats) -> Floats:
    """Return the mutual information (nats) of the truth and each worker's answer to a task, H(Σ_k s_k P(·|k)) − Σ_k s_k
    H(P(·|k)): (workers,). `matrices` (workers, labels, classes), `shares` s (classes,), or those of several tasks
    (tasks, classes) for one worker."""
    answer = (matrices * shares[..., None, :]).sum(-1)
    doubt = -((matrices * np.log(np.maximum(matrices, 1e-12))).sum(-2) * shares).sum(-1)
    return np.asarray(np.maximum(-(answer * np.log(np.maximum(answer, 1e-12))).sum(-1) - doubt, 0.0))


def _with_gold(crowd: Crowd, scores: Floats) -> Floats:
    """Return the posterior (tasks, classes) of `scores`, computed in place; gold tasks have their gold answer with
    certainty."""
    posterior = softmax_rows(scores)
    posterior[crowd.gold_task] = np.eye(crowd.classes)[crowd.gold_label]
    return posterior


def _estimate_matrices(counts: Floats, start_accuracy: float, anchor: float) -> tuple[Floats, Floats]:
    """Return E[P(label | class, worker)] (workers, labels, classes), row k of worker w ~
    Dirichlet(MATRIX_PSEUDO_ANSWERS × expected row), and the weight of each row (workers, classes). The expected row is
    the crowd's row k, its recall moved by the worker's lead: logit r_wk = logit r_k + logit a_w − logit ā."""
    classes = counts.shape[1]
    coin = np.where(
        np.eye(classes) > 0, start_accuracy, (1 - start_accuracy) / max(1, classes - 1)
    )  # its errors fall on all alike
    smoothed = counts.sum(0) + coin
    crowd = (1 - anchor) * smoothed / smoothed.sum(0) + anchor * coin
    right, totals = np.einsum("wkk->w", counts), counts.sum((1, 2))
    pooled = min(
        (1 - anchor) * right.sum() / max(1e-9, totals.sum()) + anchor * start_accuracy, crowd_rules.MAX_ACCURACY
    )
    accuracy = np.clip(posterior_mean(right, totals, pooled), crowd_rules.MIN_ACCURACY, crowd_rules.MAX_ACCURACY)
    lead = logit(accuracy) - logit(pooled)
    recall = np.clip(expit(logit(crowd.diagonal()) + lead[:, None]), crowd_rules.MIN_ACCURACY, crowd_rules.MAX_ACCURACY)
    errors = np.where(np.eye(classes) > 0, 0.0, crowd)
    expected = (1 - recall)[:, None, :] * (errors / np.maximum(errors.sum(0), 1e-9))
    expected[:, range(classes), range(classes)] = recall
    weight = counts + MATRIX_PSEUDO_ANSWERS * expected
    tried = weight.sum(1)
    return weight / tried[:, None], tried


MAX_FIT_OPTIONS = 1_000_000  # options of tasks in one fit; of more tasks every n-th is taken
MAX_USUAL_SETS, HALF_WEIGHT_TASKS = (
    50,
    20.0,
)  # usual sets that are kept; tasks at which they count for half as much as they ever do
USUAL_SETS_SHARE = 0.5  # of what is believed beforehand, that is on usual sets
MIN_OPTION_SHARE = 0.01  # no option applies more seldom, or more rarely not


def fit_options(
    kind: str, options: Sequence[str], answers: Sequence[WorkerAnswer], gold: Gold
) -> tuple[Mapping[int, OptionEvidence], OptionEvidence | None, UsualSets | None]:
    """Return each worker's evidence per option, a newcomer's, and the project's usual sets: a Dawid–Skene fit in which
    each option of each task is a task with two classes. ({}, None, None) without answers, and for kinds whose options
    exclude each other."""
    if not answers or not kind_of(kind).options_are_apart:
        return {}, None, None
    columns, count = AnswerColumns.from_answers(answers), len(options)
    answer_tasks = np.asarray(columns.task, np.int64)
    tasks = np.unique(answer_tasks)[:: len(answer_tasks) * count // MAX_FIT_OPTIONS + 1]
    selected = np.isin(answer_tasks, tasks)
    workers, seat = np.unique(columns.worker, return_inverse=True)
    is_named = np.array(
        [[option in kind_of(kind).list_named_options(word) for option in options] for word in columns.words]
    )
    cell = np.searchsorted(tasks, answer_tasks[selected])[:, None] * count + np.arange(count)  # each task's options
    rows = np.stack(
        [cell, np.repeat(seat[selected, None], count, 1), is_named[np.asarray(columns.word_numbers)[selected]]], 2
    )
    offsets = ((index * count, gold[task]) for index, task in enumerate(tasks.tolist()) if task in gold)
    gold_labels = {offset + n: int(option in right) for offset, right in offsets for n, option in enumerate(options)}
    fitted = fit(crowd_from_triples(rows.reshape(-1, 3), len(tasks) * count, len(workers) + 1, 2, gold_labels))
    nats = fitted.evidence[:, ::-1, 1] - fitted.evidence[:, ::-1, 0]
    evidence = [OptionEvidence(*pair) for pair in nats.tolist()]
    return dict(zip(workers.tolist(), evidence, strict=False)), evidence[-1], _estimate_usual_sets(fitted, options)


def _estimate_usual_sets(fitted: Fit, options: Sequence[str]) -> UsualSets:
    """Return the usual sets of options, by each task's likeliest set (at least one option each)."""
    applies = fitted.posterior[:, 1].reshape(-1, len(options))
    is_in_set = applies > 0.5
    is_in_set[np.arange(len(is_in_set)), applies.argmax(1)] = True
    sets, tasks = Counter(tuple(np.array(options)[row].tolist()) for row in is_in_set), len(is_in_set)
    usual_sets = tuple((options_of_set, times / tasks) for options_of_set, times in sets.most_common(MAX_USUAL_SETS))
    return UsualSets(
        tuple(applies.mean(0).clip(MIN_OPTION_SHARE, 1 - MIN_OPTION_SHARE).tolist()),
        usual_sets,
        USUAL_SETS_SHARE * tasks / (tasks + HALF_WEIGHT_TASKS),
    )


PEOPLE_WEIGHT, PEOPLE_WEIGHT_SPREAD = 0.55, 0.3  # what one answer is worth of its nats
MAX_COUNTED_ANSWERS = 4  # answers from which further ones of one crowd do not lessen what each is worth
MIN_PEOPLE_WEIGHT = 0.05
CLASS_SPREAD, MODEL_SPREAD = 0.3, 1.0  # nats, of a class's correction, and of a model's answer
MIN_CLASS_SHARE = 1e-4  # of a class, however sure people are of another

# Crowds share misconceptions that no model of independent answers can see, so its posteriors exaggerate, the more the
# more answers they add up. Means over fifteen public crowds at 1, 2, 3, 5, 8 and all answers a task
# (docs/explanation/quality.md).
SHIFT, SLOPE, CROWDING = 0.77, 0.20, -0.46
CLASSES_SHIFT = -0.28  # added to the shift for each log of classes / 2: the more of them, the more there is to mistake
MAX_LOGIT = 20.0  # beyond 1 − e^−20 a posterior carries no further information


@dataclass(frozen=True, slots=True)
class Stack:
    """Stacking weights: `people`, of people's log posterior; `classes` (classes,): nats added to each; `models`
    (models,): nats that each model's answer adds to the label it names. Not `weighs`: people count in full, and alone.
    """

    people: float
    classes: Floats
    models: Floats
    weighs: bool = True


def stack_without_gold(classes: int, models: Floats) -> Stack:
    """Return the weights without gold: people alone count in full; beside models (with these nats) by PEOPLE_WEIGHT."""
    return Stack(PEOPLE_WEIGHT if models.any() else 1.0, np.zeros(classes), models, bool(models.any()))


def stack_by_gold(people: Floats, shapes: Floats, right: Ints, prior_nats: Floats, max_nats: Floats) -> Stack:
    """Return the weights fitted to gold tasks of these `right` classes (gold,). `people` (gold, classes): people's log
    posterior without that gold (people_log_posterior); `shapes` (models, gold, classes): what one nat of each model
    adds; `prior_nats`, `max_nats` (models,): each model's expected and greatest nats."""
    models, classes = len(prior_nats), people.shape[1]
    design = np.stack(
        [people, *shapes, *(np.broadcast_to(unit_class, people.shape) for unit_class in np.eye(classes))], 2
    )
    spread = PEOPLE_WEIGHT_SPREAD, MODEL_SPREAD / sqrt(max(1, models)), CLASS_SPREAD
    prior = np.concatenate([[PEOPLE_WEIGHT], prior_nats, np.zeros(classes)])
    weights = fit_map_weights(design, right, prior, np.repeat(spread, [1, models, classes]))
    model_weights = np.clip(weights[1 : 1 + models], 0.0, max_nats)
    return Stack(max(float(weights[0]), MIN_PEOPLE_WEIGHT), weights[1 + models :], model_weights)


def people_log_posterior(scores: Sequence[float], answers: int, prior: Sequence[float]) -> list[float]:
    """Return people's log posterior (classes,), flattened as `answers` of one crowd share errors: divided by √answers,
    up to MAX_COUNTED_ANSWERS. Beside models, whose answers do not include them, the classes' log shares (`prior`, else
    0) count in full."""
    shares = softmax_of([score - usual for score, usual in zip(scores, prior, strict=True)])
    share = 1 / sqrt(min(max(1, answers), MAX_COUNTED_ANSWERS))
    return [usual + share * log(max(p, MIN_CLASS_SHARE)) for usual, p in zip(prior, shares, strict=True)]


def softmax_of(scores: Sequence[float]) -> tuple[float, ...]:
    """Return the softmax of a few scores. Without arrays, which take four times as long for one task; it runs with each
    answer."""
    top = max(scores)
    weights = [exp(score - top) for score in scores]
    total = sum(weights)
    return tuple([weight / total for weight in weights])


def fit_map_weights(design: Floats, right: Ints, prior: Floats, spread: Floats, offset: Floats | float = 0.0) -> Floats:
    """Return the MAP weights (features,) of a multinomial logistic regression, by Newton's method. `design` (gold,
    classes, features); `right` (gold,); `prior`, `spread` (features,): mean and standard deviation of the normal prior;
    `offset` (gold, classes) is added to the scores."""
    hit, weights, precision = np.eye(design.shape[1])[right], prior.copy(), spread**-2.0
    for _ in range(50):
        chances = softmax(offset + design @ weights, 1)
        centred = design - (chances[:, :, None] * design).sum(1, keepdims=True)
        gradient = np.einsum("gk,gkf->f", hit - chances, design) - precision * (weights - prior)
        hessian = np.einsum("gk,gkf,gke->fe", chances, centred, centred, optimize=True) + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return weights


def usual_confidence(posterior: float, answers: int, classes: int) -> float:
    """Return the confidence in the leader of so many classes where people alone have answered and nothing is known of
    them: 1/(1 + exp(−(shift + slope × logit posterior + crowding × log answers))), calibrated on public crowds."""
    shift = SHIFT + CLASSES_SHIFT * log(max(2, classes) / 2) + CROWDING * log(max(1, answers))
    return shift_log_odds(posterior, shift, SLOPE)


def shift_log_odds(probability: float, shift: float, slope: float = 1.0) -> float:
    """Return the probability whose log odds are `shift` + `slope` × the given one's."""
    odds = min(log(max(probability, 1e-12) / max(1 - probability, 1e-12)), MAX_LOGIT)
    return 1 / (1 + exp(-shift - slope * odds))
