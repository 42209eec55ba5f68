"""Agreement as papers report it: Krippendorff's α by the kind's scale, Fleiss' κ, percent; classes against gold.

α = 1 − observed disagreement / disagreement by chance (K. Krippendorff, Content Analysis, 2004, ch. 11). Two answers
differ by 0 or 1 on a nominal scale, by the squared difference on an interval scale; an ordinal scale is an interval
scale of mid-ranks. Sets differ by MASI (Passonneau 2006), orders by the pairs they turn around (Kendall's τ), a best
and a worst by how many do. The interval is the bootstrap's over tasks (Hayes & Krippendorff 2007), where α is defined.
"""

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
from domain.quality.crowd import (
    Floats,
    GivenAnswers,
    Gold,
    Ints,
    Said,
    wilson,
)

DRAWS = 400  # of the bootstrap
MISSED = ""  # what an option was taken for where several apply and this one was not named
LEAST_TASKS = 2  # with several answers
ROUNDING = 1e-12  # of the disagreement by chance: where all values are one it is not always 0 to the last bit
MOST = 150_000  # parts of answers that are compared; of more every n-th task is taken
SETS = 2_000  # all of which are compared with each other; of more, so many answers

Parts = tuple[tuple[str, str | float], ...]  # of an answer by name: its value


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far people agree. `alpha` with its 95 % interval `low`…`high`, None where all answers are the same; `kappa`
    (Fleiss), None there and where answers are no classes; `percent`: share (0…1) of pairs of answers to a task that
    are the same; `tasks`: those that were compared."""

    alpha: float | None
    low: float | None
    high: float | None
    kappa: float | None
    percent: float
    tasks: int


@dataclass(frozen=True, slots=True)
class ClassReport:
    """Of one option on gold: how many tasks were given it and how many of these rightly (`precision`, with its 95 %
    interval), how many should have been, and what they were taken for: `confusion[option]` tasks."""

    option: str
    given: int
    right: int
    low: float
    high: float
    truly: int
    confusion: Mapping[str, int]

    @property
    def precision(self) -> float | None:
        return self.right / self.given if self.given else None


def reliability(kind: str, options: Sequence[str], said: Sequence[Said]) -> Reliability | None:
    """None where the kind has no measure, or fewer than LEAST_TASKS tasks have several answers."""
    known = kind_of(kind)
    if known.scale is None:
        return None
    counts, parts = _counted(known, options, GivenAnswers.of(said))
    counts = counts[np.flatnonzero(counts.sum(1) > 1)]
    tasks, totals = counts.shape[0], counts.sum(0)
    if tasks < LEAST_TASKS:
        return None
    alpha, low, high, kappa = None, None, None, None
    if np.count_nonzero(totals) > 1:  # else chance leaves no disagreement to compare with
        alpha, *drawn = _alphas(counts, *_placed(known.scale, parts, totals))
        low, high = np.nanquantile(drawn, [0.025, 0.975]).tolist()
        kappa = _kappa(counts) if known.scale is Scale.NOMINAL else None
    sizes, same = counts.sum(1), counts.power(2).sum(1)
    percent = float((same - sizes).sum() / (sizes * (sizes - 1)).sum())
    return Reliability(alpha, low, high, kappa, percent, tasks)


def classes_on_gold(kind: str, options: Sequence[str], consensus: Mapping[int, str], gold: Gold) -> list[ClassReport]:
    """Every option against gold; `consensus` of gold tasks did not know their gold."""
    known = kind_of(kind)
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    right, given = Counter[str](), Counter[str]()
    for task, answer in consensus.items():
        said = known.named_in(answer)
        truth = said if known.is_right(answer, gold[task]) else known.named_in(known.known(gold[task]))
        given.update(said)
        right.update(set(said).intersection(truth))
        for option in truth:  # of several options that apply each is named or missed
            taken[option][option if option in said else said[0] if len(said) == len(truth) == 1 else MISSED] += 1
    return [
        ClassReport(o, given[o], right[o], *wilson(right[o], given[o]), taken[o].total(), dict(taken[o]))
        for o in options
        if given
    ]


def _counted(known: AnswerKind, options: Sequence[str], given: GivenAnswers) -> tuple[csr_array, Sequence[Parts]]:
    """How often each task was given each value (tasks × values), and the values."""
    parts = [tuple(known.units(word, options).items()) for word in given.words]
    place = {task: at for at, task in enumerate(sorted(set(given.task)))}
    most = max(SETS, SETS**2 // (len(parts) or 1)) if known.scale is Scale.MASI else MOST
    step = max(sum(len(parts[number]) for number in given.said) // MOST, len(given) // most) + 1
    both = zip(given.task, given.said, strict=True)
    rows = [(place[task], parts[n]) for task, n in both if place[task] % step == 0 and parts[n]]
    value = {each: at for at, each in enumerate(sorted({each for _, each in rows}))}
    where = [[task for task, _ in rows], [value[each] for _, each in rows]]
    return csr_array((np.ones(len(rows)), where), (len(place), len(value))), list(value)


def _placed(scale: Scale, values: Sequence[Parts], totals: Floats) -> tuple[csr_array, Any]:
    """Where values lie, and how alike the dimensions are: values differ by half the square of their distance."""
    if scale in (Scale.INTERVAL, Scale.ORDINAL):
        numbers = np.array([float(number) for ((_, number),) in values])
        ranks = numbers if scale is Scale.INTERVAL else np.cumsum(totals) - totals / 2
        return csr_array((ranks - ranks.mean())[:, None]), eye_array(1, format="csr")
    part = {each: at for at, each in enumerate(dict.fromkeys(chain.from_iterable(values)))}
    held = [part[each] for value in values for each in value]
    parts = csr_array((np.ones(len(held)), held, np.cumsum([0, *map(len, values)])))
    apart = eye_array(len(values) if scale is Scale.MASI else len(part), format="csr")
    return (apart, _masi(parts)) if scale is Scale.MASI else (parts, apart)


def _masi(sets: csr_array) -> Floats:
    """1 − MASI's distance: the share of both that both have, times 1 of equal sets, ⅔ of subsets, ⅓ of others."""
    shared, sizes = (sets @ sets.T).toarray(), sets.sum(1)
    smaller, larger = np.minimum.outer(sizes, sizes), np.maximum.outer(sizes, sizes)
    weight: Floats = np.select([shared == larger, shared == smaller], [1.0, 2 / 3], 1 / 3)
    weight *= shared / (smaller + larger - shared)
    return weight


def _alphas(counts: csr_array, where: csr_array, alike: Any) -> list[float]:
    """α of all tasks, and of DRAWS resamples of them, NaN where it is not defined."""
    sizes, sums, squares = counts.sum(1), counts @ where, counts @ where.multiply(where @ alike).sum(1)
    within = (sizes * squares - sums.multiply(sums @ alike).sum(1)) / (sizes - 1)
    table, tasks = hstack([csr_array(np.stack([sizes, squares, within], 1)), sums], "csr"), counts.shape[0]
    rng = np.random.default_rng(0)
    drawn = (np.bincount(rng.integers(tasks, size=tasks), minlength=tasks) for _ in range(DRAWS))
    return [_alpha(alike, *np.split(times @ table, [1, 2, 3])) for times in chain([np.ones(tasks)], drawn)]


def _alpha(alike: Any, size: Floats, squared: Floats, observed: Floats, sums: Floats) -> float:
    """Of what tasks add up to: answers, squares, disagreement within them, and the sums of each dimension."""
    expected = (size * squared - sums @ (alike @ sums)) / (size - 1)
    return float((1 - observed / expected)[0]) if expected > ROUNDING * squared else np.nan


def _kappa(counts: csr_array) -> float:
    """Fleiss'."""
    sizes, shares = counts.sum(1), counts.sum(0) / counts.sum()
    agreed = float(((counts.power(2).sum(1) - sizes) / (sizes * (sizes - 1))).mean())
    chance = float((shares**2).sum())
    return (agreed - chance) / (1 - chance)


IMAGINED = 0.5  # wins of every item over all others together, and as many defeats
ROUNDS = 200  # of the iteration
PARTS, ROUGHLY = 10, 1e-3  # of the comparisons, each judged by the others; of a strength
MOST_ROUNDS = 1_000  # items: the table of their games is square
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
    if not len(told) or not 2 <= items <= MOST_ROUNDS:
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
