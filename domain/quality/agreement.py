"""Agreement as papers report it: Krippendorff's α by the kind's scale, Fleiss' κ, percent; classes against gold.

α = 1 − observed disagreement / disagreement by chance (K. Krippendorff, Content Analysis, 2004, ch. 11). Two answers
differ by 0 or 1 on a nominal scale, by the squared difference on an interval scale; an ordinal scale is an interval
scale of mid-ranks. Its interval is the bootstrap's over tasks (Hayes & Krippendorff 2007).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.answers import AnswerKind, kind_of
from domain.quality.aggregation import Scale
from domain.quality.crowd import Floats, Ints
from domain.quality.given_answers import GivenAnswers
from domain.quality.intervals import wilson
from domain.quality.trust import Said

DRAWS = 400  # of the bootstrap
MISSED = ""  # what an option was taken for where several apply and this one was not named
LEAST_TASKS = 2  # with several answers
BLOCKS = 2_000  # tasks beyond so many are resampled in groups
MOST, COLUMNS = 2_000_000, 500  # values that are compared; of them kept apart in resamples


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
    units, values, tasks = _entries(known, options, GivenAnswers.of(said))
    several = np.bincount(units)[units] > 1 if len(units) else np.zeros(0, bool)
    units, values, tasks = units[several], values[several], tasks[several]
    if len(np.unique(tasks)) < LEAST_TASKS:
        return None
    first, units = np.unique(units, return_index=True)[1], np.unique(units, return_inverse=True)[1]
    task = np.unique(tasks, return_inverse=True)[1][first]
    told = Told(units, np.unique(values, return_inverse=True)[1], task % BLOCKS)
    alphas = _alphas(told, _values(known.scale, values))
    low, high = np.quantile(alphas[1:], [0.025, 0.975]).tolist()
    kappa = _kappa(told) if known.scale is Scale.NOMINAL else None
    return Reliability(float(alphas[0]), low, high, kappa, _percent(told), int(task.max()) + 1)


def classes_on_gold(
    kind: str, options: Sequence[str], consensus: Mapping[int, str], gold: Mapping[int, Sequence[str]]
) -> list[ClassReport]:
    """Every option against gold; `consensus` of gold tasks did not know their gold (Learnt.checked)."""
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
    return [_class(option, given[option], right[option], taken[option]) for option in options if given]


def share_of(right: int, tried: int) -> tuple[float, float]:
    """95 % interval of so many right ones."""
    return wilson(right / tried if tried else 0.0, tried)


def _class(option: str, given: int, right: int, taken: Counter[str]) -> ClassReport:
    return ClassReport(option, given, right, *share_of(right, given), taken.total(), dict(taken))


@dataclass(frozen=True, slots=True)
class Told:
    """Answers by number: `unit` (answers,), `column` (answers,) of the value; `block` (units,) of each unit's task."""

    unit: Ints
    column: Ints
    block: Ints

    @property
    def sizes(self) -> Floats:
        """Answers of each unit."""
        return np.asarray(np.bincount(self.unit), np.float64)

    @property
    def same(self) -> Floats:
        """Sum over values of (answers with that value)², of each unit."""
        cells, times = np.unique(self.unit * (self.column.max() + 1) + self.column, return_counts=True)
        return np.asarray(np.bincount(cells // (self.column.max() + 1), times.astype(np.float64) ** 2), np.float64)

    def totals(self, values: Floats) -> Floats:
        """The sum of each unit's values."""
        return np.asarray(np.bincount(self.unit, values[self.column]), np.float64)

    def by_block(self, of_units: Floats) -> Floats:
        return np.asarray(np.bincount(self.block, of_units), np.float64)


def _entries(known: AnswerKind, options: Sequence[str], given: GivenAnswers) -> tuple[Ints, Floats, Ints]:
    """Unit, value and task of everything that is compared; of very many every n-th task. Values keep their size where
    they are numbers."""
    parts = [known.units(word, options) for word in given.words]
    name = {each: at for at, each in enumerate(dict.fromkeys(each for part in parts for each in part))}
    word = {v: at for at, v in enumerate(sorted({v for part in parts for v in part.values() if isinstance(v, str)}))}
    values = [float(word[v]) if isinstance(v, str) else v for part in parts for v in part.values()]
    names = [name[each] for part in parts for each in part]
    each_has = np.array([len(part) for part in parts] or [0])
    task, said = np.unique(np.asarray(given.task), return_inverse=True)[1], np.asarray(given.said, np.int64)
    step = int(each_has[said].sum()) // MOST + 1
    task, said = task[task % step == 0], said[task % step == 0]
    has, begins = each_has[said], np.cumsum(each_has) - each_has
    row = np.repeat(np.arange(len(said)), has)
    place = begins[said][row] + np.arange(len(row)) - np.repeat(np.cumsum(has) - has, has)
    tasks = task[row].astype(np.int64)
    return tasks * max(1, len(name)) + np.array(names, np.int64)[place], np.array(values, np.float64)[place], tasks


def _values(scale: Scale, values: Floats) -> Floats | None:
    """The number each column stands for; None: they only differ or not."""
    if scale is Scale.NOMINAL:
        return None
    each, sizes = np.unique(values, return_counts=True)
    return each - each.mean() if scale is Scale.INTERVAL else np.cumsum(sizes) - sizes / 2


def _alphas(told: Told, values: Floats | None) -> Floats:
    """α of all tasks, and of DRAWS resamples of their blocks."""
    sizes, blocks = told.sizes, int(told.block.max()) + 1
    resampled = np.random.default_rng(0).multinomial(blocks, np.full(blocks, 1 / blocks), DRAWS)
    drawn: Floats = np.vstack([np.ones(blocks), resampled]).astype(np.float64)
    n = drawn @ told.by_block(sizes)
    if values is None:
        within = (sizes**2 - told.same) / (sizes - 1)
        expected = (n**2 - _squared_totals(told, drawn)) / (n - 1)
    else:
        one, two = told.totals(values), told.totals(values**2)
        within = 2 * (sizes * two - one**2) / (sizes - 1)
        expected = 2 * (n * (drawn @ told.by_block(two)) - (drawn @ told.by_block(one)) ** 2) / (n - 1)
    observed = drawn @ told.by_block(within)
    return np.where(expected > 0, 1 - observed / np.maximum(expected, 1e-12), 1.0)


def _squared_totals(told: Told, drawn: Floats) -> Floats:
    """Sum over values of (answers with that value in a resample)²; beyond the most frequent values a block's own."""
    blocks, block = drawn.shape[1], told.block[told.unit]
    totals = np.bincount(told.column)
    place = np.full(len(totals), -1)
    place[np.argsort(-totals, kind="stable")[:COLUMNS]] = np.arange(min(COLUMNS, len(totals)))
    kept = place[told.column] >= 0
    wide = min(COLUMNS, len(totals))
    table = np.bincount(block[kept] * wide + place[told.column[kept]], minlength=blocks * wide).reshape(blocks, wide)
    cells, times = np.unique(block[~kept] * len(totals) + told.column[~kept], return_counts=True)
    rare = np.bincount(cells // len(totals), times.astype(np.float64) ** 2, blocks)
    found = ((drawn @ table) ** 2).sum(1) + drawn**2 @ rare
    found[0] = (totals.astype(np.float64) ** 2).sum()
    return np.asarray(found)


def _kappa(told: Told) -> float:
    sizes, shares = told.sizes, np.bincount(told.column) / len(told.column)
    agreed, chance = float(((told.same - sizes) / (sizes * (sizes - 1))).mean()), float((shares**2).sum())
    return 1.0 if chance >= 1 else (agreed - chance) / (1 - chance)


def _percent(told: Told) -> float:
    sizes = told.sizes
    return float((told.same - sizes).sum() / (sizes * (sizes - 1)).sum())
