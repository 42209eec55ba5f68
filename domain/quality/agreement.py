"""Inter-annotator agreement as papers report it: Krippendorff's α on the kind's scale, Fleiss' κ, percent agreement;
precision by class against gold; and Bradley–Terry strengths of compared items.

α = 1 − observed disagreement / disagreement by chance (K. Krippendorff, Content Analysis, 2004, ch. 11). Two answers
differ by 0 or 1 on a nominal scale, by the squared difference on an interval scale; an ordinal scale is an interval
scale of mid-ranks. Sets differ by MASI (Passonneau 2006), orders by the pairs they turn around (Kendall's τ),
best–worst answers by the choices that differ. The interval is a bootstrap over tasks (Hayes & Krippendorff 2007), where
α is defined."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, permutations
from typing import Any

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack
from scipy.special import softmax

from domain.answers import AnswerKind, kind_of
from domain.quality.aggregation import Scale
from domain.quality.crowd import AnswerColumns, Floats, Gold, Ints, WorkerAnswer, wilson_interval

BOOTSTRAP_DRAWS = 400  # of the bootstrap
MISSED_OPTION = ""  # what an option was taken for where several apply and this one was not named
MIN_TASKS = 2  # with several answers
ROUNDING = 1e-12  # of the disagreement by chance: where all values are one it is not always 0 to the last bit
MAX_COMPARED_PARTS = 150_000  # parts of answers that are compared; of more every n-th task is taken
MAX_COMPARED_SETS = 2_000  # all of which are compared with each other; of more, so many answers

Parts = tuple[tuple[str, str | float], ...]  # of an answer by name: its value


@dataclass(frozen=True, slots=True)
class Reliability:
    """Inter-annotator agreement. `alpha` with its 95 % interval `low`…`high`: None where all answers are the same;
    `kappa` (Fleiss): None there and where answers are no classes; `percent`: share (0…1) of pairs of answers to one
    task that are the same; `tasks`: number of tasks compared."""

    alpha: float | None
    low: float | None
    high: float | None
    kappa: float | None
    percent: float
    tasks: int


@dataclass(frozen=True, slots=True)
class ClassReport:
    """Results of one option on gold tasks: `given`, the tasks whose consensus is the option, `right` of them correct
    (`precision`, 95 % interval `low`…`high`); `truly`, the tasks whose gold is the option; `confusion`: for these, the
    tasks by the option that the consensus took it for."""

    option: str
    given: int
    right: int
    low: float
    high: float
    truly: int
    confusion: Mapping[str, int]

    @property
    def precision(self) -> float | None:
        """Return right / given, or None if the option was never given."""
        return self.right / self.given if self.given else None


def measure_reliability(kind: str, options: Sequence[str], answers: Sequence[WorkerAnswer]) -> Reliability | None:
    """Return the agreement of the answers, or None if the kind has no measure or fewer than MIN_TASKS tasks have
    several answers."""
    answer_kind = kind_of(kind)
    if answer_kind.scale is None:
        return None
    counts, parts = _count_values(answer_kind, options, AnswerColumns.from_answers(answers))
    counts = counts[np.flatnonzero(counts.sum(1) > 1)]
    tasks, totals = counts.shape[0], counts.sum(0)
    if tasks < MIN_TASKS:
        return None
    alpha, low, high, kappa = None, None, None, None
    if np.count_nonzero(totals) > 1:  # else chance leaves no disagreement to compare with
        alpha, *resampled = _bootstrap_alphas(counts, *_embed_values(answer_kind.scale, parts, totals))
        low, high = np.nanquantile(resampled, [0.025, 0.975]).tolist()
        kappa = _fleiss_kappa(counts) if answer_kind.scale is Scale.NOMINAL else None
    sizes, same = counts.sum(1), counts.power(2).sum(1)
    percent = float((same - sizes).sum() / (sizes * (sizes - 1)).sum())
    return Reliability(alpha=alpha, low=low, high=high, kappa=kappa, percent=percent, tasks=tasks)


def report_classes(kind: str, options: Sequence[str], consensus: Mapping[int, str], gold: Gold) -> list[ClassReport]:
    """Return a report of each option against gold; `consensus` of each gold task was computed without its own gold."""
    rule = kind_of(kind)
    confusion: dict[str, Counter[str]] = defaultdict(Counter)
    right, answers_by_option = Counter[str](), Counter[str]()
    for task, answer in consensus.items():
        named_options = rule.list_named_options(answer)
        truth = (
            named_options
            if rule.is_right(answer, gold[task])
            else rule.list_named_options(rule.answer_of_gold(gold[task]))
        )
        is_single = len(named_options) == len(truth) == 1
        answers_by_option.update(named_options)
        right.update(set(named_options).intersection(truth))
        for option in truth:  # of several options that apply each is named or missed
            confusion[option][
                option if option in named_options else named_options[0] if is_single else MISSED_OPTION
            ] += 1
    return [
        _report_class(option, answers_by_option[option], right[option], confusion[option])
        for option in options
        if answers_by_option
    ]


def _report_class(option: str, answers: int, right: int, confusion: Counter[str]) -> ClassReport:
    low, high = wilson_interval(right, answers)
    return ClassReport(
        option=option,
        given=answers,
        right=right,
        low=low,
        high=high,
        truly=confusion.total(),
        confusion=dict(confusion),
    )


def _count_values(
    answer_kind: AnswerKind, options: Sequence[str], answers: AnswerColumns
) -> tuple[csr_array, Sequence[Parts]]:
    """Return how often each task was given each value (sparse, tasks × values), and the values. Large inputs are
    thinned to every n-th task."""
    parts = [tuple(answer_kind.list_units(word, options).items()) for word in answers.words]
    row_of_task = {task: index for index, task in enumerate(sorted(set(answers.task)))}
    max_answers = (
        max(MAX_COMPARED_SETS, MAX_COMPARED_SETS**2 // (len(parts) or 1))
        if answer_kind.scale is Scale.MASI
        else MAX_COMPARED_PARTS
    )
    step = (
        max(
            sum(len(parts[number]) for number in answers.word_numbers) // MAX_COMPARED_PARTS,
            len(answers) // max_answers,
        )
        + 1
    )
    pairs = zip(answers.task, answers.word_numbers, strict=True)
    rows = [(row_of_task[task], parts[n]) for task, n in pairs if row_of_task[task] % step == 0 and parts[n]]
    column_of = {value: index for index, value in enumerate(sorted({value for _, value in rows}))}
    coordinates = [[task for task, _ in rows], [column_of[value] for _, value in rows]]
    return csr_array((np.ones(len(rows)), coordinates), (len(row_of_task), len(column_of))), list(column_of)


def _embed_values(scale: Scale, values: Sequence[Parts], totals: Floats) -> tuple[csr_array, Any]:
    """Return the positions of the values (values × dimensions) and the similarity of the dimensions (dimensions ×
    dimensions). Two values differ by half the square of their distance."""
    if scale in (Scale.INTERVAL, Scale.ORDINAL):
        numbers = np.array([float(number) for ((_, number),) in values])
        ranks = numbers if scale is Scale.INTERVAL else np.cumsum(totals) - totals / 2
        return csr_array((ranks - ranks.mean())[:, None]), eye_array(1, format="csr")
    column_of_unit = {unit: index for index, unit in enumerate(dict.fromkeys(chain.from_iterable(values)))}
    columns = [column_of_unit[unit] for value in values for unit in value]
    parts = csr_array((np.ones(len(columns)), columns, np.cumsum([0, *map(len, values)])))
    identity = eye_array(len(values) if scale is Scale.MASI else len(column_of_unit), format="csr")
    return (identity, _masi_similarity(parts)) if scale is Scale.MASI else (parts, identity)


def _masi_similarity(sets: csr_array) -> Floats:
    """Return 1 − MASI distance of every pair of sets (sets × sets): Jaccard similarity times 1 for equal sets, ⅔ for
    subsets, ⅓ for others."""
    shared, sizes = (sets @ sets.T).toarray(), sets.sum(1)
    smaller, larger = np.minimum.outer(sizes, sizes), np.maximum.outer(sizes, sizes)
    weight: Floats = np.select([shared == larger, shared == smaller], [1.0, 2 / 3], 1 / 3)
    weight *= shared / (smaller + larger - shared)
    return weight


def _bootstrap_alphas(counts: csr_array, positions: csr_array, similarity: Any) -> list[float]:
    """Return α of all tasks, followed by α of BOOTSTRAP_DRAWS resamples of the tasks, NaN where it is not defined."""
    sizes, sums, squares = counts.sum(1), counts @ positions, counts @ positions.multiply(positions @ similarity).sum(1)
    within = (sizes * squares - sums.multiply(sums @ similarity).sum(1)) / (sizes - 1)
    table, tasks = hstack([csr_array(np.stack([sizes, squares, within], 1)), sums], "csr"), counts.shape[0]
    rng = np.random.default_rng(0)
    resamples = (np.bincount(rng.integers(tasks, size=tasks), minlength=tasks) for _ in range(BOOTSTRAP_DRAWS))
    return [
        _alpha_of_sums(similarity, *np.split(repeats @ table, [1, 2, 3]))
        for repeats in chain([np.ones(tasks)], resamples)
    ]


def _alpha_of_sums(similarity: Any, size: Floats, squared: Floats, observed: Floats, sums: Floats) -> float:
    """Return α from sums over tasks: number of answers, their squares, disagreement within tasks, and the sums by
    dimension; NaN if chance leaves no disagreement."""
    expected = (size * squared - sums @ (similarity @ sums)) / (size - 1)
    return float((1 - observed / expected)[0]) if expected > ROUNDING * squared else np.nan


def _fleiss_kappa(counts: csr_array) -> float:
    """Return Fleiss' κ of counts (tasks × values); tasks may differ in their number of answers."""
    sizes, shares = counts.sum(1), counts.sum(0) / counts.sum()
    observed = float(((counts.power(2).sum(1) - sizes) / (sizes * (sizes - 1))).mean())
    chance = float((shares**2).sum())
    return (observed - chance) / (1 - chance)


IMAGINED_WINS = 0.5  # wins of every item over all others together, and as many defeats
MAX_ITERATIONS = 200  # of the iteration
FOLDS, FOLD_TOLERANCE = 10, 1e-3  # of the comparisons, each judged by the others; of a strength
MAX_ITEMS = 1_000  # items: the table of their games is square
PRIOR_WEIGHTS = (
    0.0,
    0.25,
    0.5,
    0.75,
    1.0,
    1.5,
    2.0,
)  # weights of the others, tried for how well each foresees the answers


def bradley_terry(wins: Floats, tolerance: float = 1e-9) -> Floats:
    """Log strengths (items,), mean 0; P(i beats j) = 1/(1 + e^(s_j − s_i)), from weighted wins[i, j] (i over j): MAP by
    Hunter's MM iteration (Ann. Stat. 32, 2004). Every pair gets IMAGINED/items imagined wins each way, so that an item
    that always wins stays finite."""
    items = len(wins)
    smoothed = wins + IMAGINED_WINS / items * (1 - np.eye(items))
    games, win_totals, strength = smoothed + smoothed.T, smoothed.sum(1), np.ones(items)
    for _ in range(MAX_ITERATIONS):
        updated = win_totals / (games / (strength[:, None] + strength[None, :])).sum(1)
        updated /= np.exp(np.log(updated).mean())
        strength, previous = updated, strength
        if np.abs(np.log(strength / previous)).max() < tolerance:
            break
    return np.asarray(np.log(strength))


def strength_log_prior(log_likelihood: Floats, sides: Ints, items: int) -> Floats:
    """Return the log prior (comparisons, sides) that each side wins, by Bradley–Terry strengths fitted to the other
    folds (FOLDS-fold cross-fitting) and scaled by the weight in PRIOR_WEIGHTS that predicts the answers best. Zeros
    with fewer than 2 or more than MAX_ITEMS items. `log_likelihood` (comparisons, sides): of a comparison's own
    answers; `sides` (comparisons, sides): the item on each side."""
    log_prior: Floats = np.zeros(log_likelihood.shape)
    if not len(log_likelihood) or not 2 <= items <= MAX_ITEMS:
        return log_prior
    winner, part = softmax(log_likelihood, 1), np.arange(len(log_likelihood)) % FOLDS
    for fold in range(FOLDS):
        in_fold, wins = part == fold, np.zeros((items, items))
        for side, other_side in permutations(range(log_likelihood.shape[1]), 2):
            np.add.at(wins, (sides[~in_fold, side], sides[~in_fold, other_side]), winner[~in_fold, side])
        np.fill_diagonal(wins, 0)
        log_prior[in_fold] = bradley_terry(wins, tolerance=FOLD_TOLERANCE)[sides[in_fold]]
    likelihood = np.exp(
        log_likelihood - log_likelihood.max(1, keepdims=True)
    )  # no prior knows these: without shared items it is left out
    return max(
        (share * log_prior for share in PRIOR_WEIGHTS),
        key=lambda prior: np.log((softmax(prior, 1) * likelihood).sum(1)).sum(),
    )
