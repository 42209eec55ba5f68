"""Agreement as papers report it: Krippendorff's α by the kind's scale, Fleiss' κ, percent; classes against gold.

α = 1 − observed disagreement / disagreement by chance (K. Krippendorff, Content Analysis, 2004, ch. 11). Two answers
differ by 0 or 1 on a nominal scale, by the squared difference on an interval scale; an ordinal scale is an interval
scale of mid-ranks. Its interval is the bootstrap's over tasks (Hayes & Krippendorff 2007).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from domain.answers import kind_of
from domain.quality.aggregation import Scale
from domain.quality.crowd import Floats, Ints
from domain.quality.trust import Said

DRAWS, SURE = 400, 1.96  # of the bootstrap; the normal quantile of a 95 % interval
LEAST_TASKS = 2  # with several answers


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far people agree. `alpha` with its 95 % interval `low`…`high`; `kappa` (Fleiss), None where answers are no
    classes; `percent`: share (0…1) of pairs of answers to a task that agree; `tasks`: those with several answers."""

    alpha: float
    low: float
    high: float
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
    rows = [(each.task, unit, value) for each in said for unit, value in known.units(each.answer, options).items()]
    units, values, tasks = _coded(rows)
    several = np.bincount(units)[units] > 1
    units, values, tasks = units[several], values[several], tasks[several]
    if len(np.unique(tasks)) < LEAST_TASKS:
        return None
    _, units = np.unique(units, return_inverse=True)
    owner = np.zeros(units.max() + 1, dtype=np.int64)
    owner[units] = np.unique(tasks, return_inverse=True)[1]
    counts = _counts(units, values)
    alphas = _alphas(counts, _values(known.scale, values), owner)
    low, high = np.quantile(alphas[1:], [0.025, 0.975]).tolist()
    kappa = _kappa(counts) if known.scale is Scale.NOMINAL else None
    return Reliability(float(alphas[0]), low, high, kappa, _percent(counts), int(owner.max()) + 1)


def classes_on_gold(
    options: Sequence[str], consensus: Mapping[int, str], gold: Mapping[int, Sequence[str]]
) -> list[ClassReport]:
    """Every option against gold; `consensus` of gold tasks did not know their gold (Learnt.checked)."""
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    right, given = Counter[str](), Counter[str]()
    for task, answer in consensus.items():
        for accepted in gold.get(task, ())[:1]:
            hit = answer in gold[task]
            taken[answer if hit else accepted][answer] += 1
            given[answer] += 1
            right[answer] += hit
    return [_class(option, given[option], right[option], taken[option]) for option in options]


def wilson(right: int, tried: int) -> tuple[float, float]:
    """95 % score interval of a share."""
    if not tried:
        return 0.0, 1.0
    p, z = right / tried, SURE
    centre, half = p + z * z / (2 * tried), z * sqrt(p * (1 - p) / tried + z * z / (4 * tried * tried))
    return max(0.0, (centre - half) / (1 + z * z / tried)), min(1.0, (centre + half) / (1 + z * z / tried))


def _class(option: str, given: int, right: int, taken: Counter[str]) -> ClassReport:
    return ClassReport(option, given, right, *wilson(right, given), taken.total(), dict(taken))


def _coded(rows: Sequence[tuple[int, str, str | float]]) -> tuple[Ints, Floats, Ints]:
    """Units and values by number, and each one's task; values keep their size where they are numbers."""
    unit = {key: at for at, key in enumerate(dict.fromkeys((task, name) for task, name, _ in rows))}
    word = {value: at for at, value in enumerate(sorted({value for *_, value in rows if isinstance(value, str)}))}
    values = [float(word[value]) if isinstance(value, str) else value for *_, value in rows]
    units = [unit[task, name] for task, name, _ in rows]
    return np.array(units, np.int64), np.array(values, np.float64), np.array([row[0] for row in rows], np.int64)


def _counts(units: Ints, values: Floats) -> Floats:
    """How often each value was given to each unit: (units, values)."""
    _, column = np.unique(values, return_inverse=True)
    wide = int(column.max()) + 1
    return np.bincount(units * wide + column, minlength=(units.max() + 1) * wide).reshape(-1, wide).astype(np.float64)


def _values(scale: Scale, values: Floats) -> Floats | None:
    """The number each column stands for; None: they only differ or not."""
    if scale is Scale.NOMINAL:
        return None
    each, sizes = np.unique(values, return_counts=True)
    return each if scale is Scale.INTERVAL else np.cumsum(sizes) - sizes / 2


def _alphas(counts: Floats, values: Floats | None, owner: Ints) -> Floats:
    """α of all tasks, and of DRAWS resamples of them."""
    sizes, tasks = counts.sum(1), int(owner.max()) + 1
    if values is None:
        within = (sizes**2 - (counts**2).sum(1)) / (sizes - 1)
    else:
        within = 2 * (sizes * (counts @ values**2) - (counts @ values) ** 2) / (sizes - 1)
    rng = np.random.default_rng(0)
    drawn = np.vstack([np.ones(tasks), rng.multinomial(tasks, np.full(tasks, 1 / tasks), DRAWS)])[:, owner]
    total, observed = drawn @ counts, drawn @ within
    n = total.sum(1)
    if values is None:
        expected = (n**2 - (total**2).sum(1)) / (n - 1)
    else:
        expected = 2 * (n * (total @ values**2) - (total @ values) ** 2) / (n - 1)
    return np.where(expected > 0, 1 - observed / np.maximum(expected, 1e-12), 1.0)


def _kappa(counts: Floats) -> float:
    sizes, shares = counts.sum(1), counts.sum(0) / counts.sum()
    agreed, chance = float((((counts**2).sum(1) - sizes) / (sizes * (sizes - 1))).mean()), float((shares**2).sum())
    return 1.0 if chance >= 1 else (agreed - chance) / (1 - chance)


def _percent(counts: Floats) -> float:
    sizes = counts.sum(1)
    return float(((counts**2).sum(1) - sizes).sum() / (sizes * (sizes - 1)).sum())
