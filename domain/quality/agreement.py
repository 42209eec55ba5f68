"""Agreement as papers report it: Krippendorff's α by the kind's scale, Fleiss' κ, percent; classes against gold.

α = 1 − observed disagreement / disagreement by chance (K. Krippendorff, Content Analysis, 2004, ch. 11). Two answers
differ by 0 or 1 on a nominal scale, by the squared difference on an interval scale; an ordinal scale is an interval
scale of mid-ranks. Its interval is the bootstrap's over tasks (Hayes & Krippendorff 2007), where α is defined.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from domain.answers import AnswerKind, kind_of
from domain.quality.aggregation import Scale
from domain.quality.crowd import Floats, Ints
from domain.quality.given_answers import GivenAnswers, Gold, Said
from domain.quality.intervals import wilson

DRAWS = 400  # of the bootstrap
MISSED = ""  # what an option was taken for where several apply and this one was not named
LEAST_TASKS = 2  # with several answers
ROUNDING = 1e-12  # of the disagreement by chance: where all values are one it is not always 0 to the last bit
MOST = 150_000  # values that are compared; of more every n-th task is taken


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far people agree. `alpha` with its 95 % interval `low`…`high`, None where all answers are the same; `kappa`
    (Fleiss), None there and where answers are no classes; `percent`: share (0…1) of pairs of answers to a task that
    agree; `tasks`: those that were compared."""

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
    counts, values, tasks = _counted(known, options, GivenAnswers.of(said))
    several = np.flatnonzero(counts.sum(1) > 1)
    counts, names = counts[several], np.unique(tasks[several])
    if len(names) < LEAST_TASKS:
        return None
    by_task = csr_array((np.ones(len(several)), (np.searchsorted(names, tasks[several]), np.arange(len(several)))))
    alpha, low, high, kappa = None, None, None, None
    if np.count_nonzero(counts.sum(0)) > 1:  # else chance leaves no disagreement to compare with
        alpha, *drawn = _alphas(counts, by_task, known.scale, values)
        low, high = np.nanquantile(drawn, [0.025, 0.975]).tolist()
        kappa = _kappa(counts) if known.scale is Scale.NOMINAL else None
    sizes, same = counts.sum(1), counts.power(2).sum(1)
    percent = float((same - sizes).sum() / (sizes * (sizes - 1)).sum())
    return Reliability(alpha, low, high, kappa, percent, len(names))


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


def _counted(known: AnswerKind, options: Sequence[str], given: GivenAnswers) -> tuple[csr_array, Floats, Ints]:
    """How often each value stands in each unit of what is compared (units × values), the values (numbers where they are
    numbers), and each unit's task."""
    parts = [list(known.units(word, options).items()) for word in given.words]
    place = {task: at for at, task in enumerate(sorted(set(given.task)))}
    step = sum(len(parts[number]) for number in given.said) // MOST + 1
    both = zip(given.task, given.said, strict=True)
    rows = [((place[t], name), value) for t, n in both if place[t] % step == 0 for name, value in parts[n]]
    unit = {each: at for at, each in enumerate(dict.fromkeys(each for each, _ in rows))}
    value = {each: at for at, each in enumerate(sorted({each for _, each in rows}))}
    where = [[unit[each] for each, _ in rows], [value[each] for _, each in rows]]
    values = [at if isinstance(each, str) else each for each, at in value.items()]
    counts = csr_array((np.ones(len(rows)), where), (len(unit), len(value)))
    return counts, np.array(values, np.float64), np.array([task for task, _ in unit], np.int64)


def _alphas(counts: csr_array, by_task: csr_array, scale: Scale, values: Floats) -> list[float]:
    """α of all tasks, and of DRAWS resamples of them, NaN where it is not defined; `by_task` (tasks × units) adds up a
    task's units. Half the squared distance of two values (`where` they lie) is how far they differ."""
    totals = counts.sum(0)
    ranks = values if scale is Scale.INTERVAL else np.cumsum(totals) - totals / 2
    ranks = ranks - ranks.mean()
    where: Any = eye_array(len(values), format="csr") if scale is Scale.NOMINAL else ranks[:, None]
    sizes, sums, squares = counts.sum(1), counts @ where, counts @ (where**2).sum(1)
    within = (sizes * squares - (sums**2).sum(1)) / (sizes - 1)
    table, tasks = by_task @ hstack([csr_array(np.stack([sizes, squares, within], 1)), sums], "csr"), by_task.shape[0]
    rng = np.random.default_rng(0)
    drawn = (np.bincount(rng.integers(tasks, size=tasks), minlength=tasks) for _ in range(DRAWS))
    return [_alpha(*np.split(times @ table, [1, 2, 3])) for times in chain([np.ones(tasks)], drawn)]


def _alpha(size: Floats, squared: Floats, observed: Floats, sums: Floats) -> float:
    """Of what units add up to: answers, squares, disagreement within them, and the sums of each dimension."""
    expected = (size * squared - (sums**2).sum()) / (size - 1)
    return float((1 - observed / expected)[0]) if expected > ROUNDING * squared else np.nan


def _kappa(counts: csr_array) -> float:
    """Fleiss'."""
    sizes, shares = counts.sum(1), counts.sum(0) / counts.sum()
    agreed = float(((counts.power(2).sum(1) - sizes) / (sizes * (sizes - 1))).mean())
    chance = float((shares**2).sum())
    return (agreed - chance) / (1 - chance)
