"""How often results will be right, foretold from few answers: for a fixed overlap, and for a wanted confidence.

A task is answered rightly with its own probability d ~ Beta with mean p and correlation rho: two answers to one task
are right together more often than by chance (hard tasks, shared misconceptions). So the number of right answers among n
is beta-binomial, and P(the majority is right) follows; what knowing the workers adds to it is LIFT, which fades where
workers err together. Before anything is known p and rho are those of public crowds, by the number of classes; answered
check questions move them (a grid of both, Bayes' rule). How far people agree does not: they err together, so that on
public crowds it tells nothing of how often they are right.

The prior is wide because public crowds are the hard ones. Its middle, SHARED, LIFT and TOGETHER are of fifteen of them;
measured, each crowd with the middle of the others: benchmarks/results/foresight.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import comb, exp, lgamma, log

RIGHT = tuple(1 / (1 + exp(-(-1.2 + 0.12 * at))) for at in range(46))  # p
SPREAD = (0.005, 0.03, 0.07, 0.12, 0.18, 0.25, 0.33, 0.42, 0.52, 0.63, 0.75, 0.88)  # rho
WIDTH = (0.025, 0.033, 0.045, 0.055, 0.065, 0.075, 0.085, 0.095, 0.105, 0.115, 0.125, 0.13)  # of each step of it
GRID = tuple(product(RIGHT, SPREAD))
BINARY, MANY, DEVIATION = 0.95, 0.54, 0.55  # log odds that an answer is right, of two classes and of more; their spread
USUAL_SPREAD = 0.2
SHARED = 0.6  # of the wrong answers to a task of several classes, those that name the same class
LIFT: Mapping[int, float] = {1: 0.0, 2: 0.75}  # log odds that knowing the workers adds to the majority, by answers
MOST_LIFT, TOGETHER = 0.6, 0.14  # from three answers on; the correlation at which a third of it is left
LEADING = 0.9  # SHARED, as far as it matters to when a task closes
CERTAIN = 0.995
INSIDE = 0.8  # of the posterior lies between `low` and `high`
MISFIT = 0.025  # what the model is off by where everything is known: a standard deviation


@dataclass(frozen=True, slots=True)
class Foreseen:
    """P(a result is right), the interval in which it lies eight times in ten, and the answers a task takes."""

    accuracy: float
    low: float
    high: float
    answers: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known: gold tasks as (right, answers). `usual`: log odds that an answer is right, as known of crowds."""

    gold: tuple[tuple[int, int], ...] = ()
    usual: float | None = None


def foreseen(classes: int, seen: Seen, overlap: int) -> Foreseen:
    """Of a fixed overlap."""
    return _drawn(_posterior(classes, seen), _accuracies(classes, overlap), overlap)


def foreseen_sure(classes: int, seen: Seen, confidence: float, most: int) -> Foreseen:
    """Where a task closes once its consensus is so sure, after `most` answers at the latest: tasks that close early are
    those more answers would not change, so that results are as good as with `most`."""
    weights = _posterior(classes, seen)
    answers = sum(w * each for w, each in zip(weights, _walks(classes, confidence, most), strict=True))
    return _drawn(weights, _accuracies(classes, most), answers)


def _drawn(weights: Sequence[float], accuracies: Sequence[float], answers: float) -> Foreseen:
    mean = sum(w * accuracy for w, accuracy in zip(weights, accuracies, strict=True))
    variance = sum(w * (accuracy - mean) ** 2 for w, accuracy in zip(weights, accuracies, strict=True))
    low, high, reached = accuracies[0], accuracies[0], 0.0
    for accuracy, weight in sorted(zip(accuracies, weights, strict=True)):
        if reached < (1 - INSIDE) / 2:
            low = accuracy
        if reached < (1 + INSIDE) / 2:
            high = accuracy
        reached += weight
    wider = (1 + MISFIT**2 / max(variance, 1e-9)) ** 0.5
    return Foreseen(mean, max(0.0, mean - wider * (mean - low)), min(1.0, mean + wider * (high - mean)), answers)


def _posterior(classes: int, seen: Seen) -> list[float]:
    """Of each point of GRID."""
    logs = list(_prior((BINARY if classes == 2 else MANY) if seen.usual is None else seen.usual))
    for right, answers in seen.gold:
        table = _logs(answers)
        logs = [known + row[right] for known, row in zip(logs, table, strict=True)]
    top = max(logs)
    weights = [exp(each - top) for each in logs]
    total = sum(weights)
    return [weight / total for weight in weights]


@cache
def _prior(usual: float) -> tuple[float, ...]:
    wide = dict(zip(SPREAD, WIDTH, strict=True))
    return tuple(
        -0.5 * ((log(p / (1 - p)) - usual) / DEVIATION) ** 2 - rho / USUAL_SPREAD + log(wide[rho]) for p, rho in GRID
    )


def _beta(a: float, b: float) -> float:
    """The logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _shape(p: float, rho: float) -> tuple[float, float]:
    strength = (1 - rho) / rho
    return p * strength, (1 - p) * strength


@cache
def _logs(answers: int) -> tuple[tuple[float, ...], ...]:
    """Of each point of GRID: log P(so many of the answers are right), from none to all."""
    return tuple(tuple(_binomial(answers, *_shape(p, rho))) for p, rho in GRID)


def _binomial(answers: int, a: float, b: float) -> Iterator[float]:
    for right in range(answers + 1):
        yield log(comb(answers, right)) + _beta(a + right, b + answers - right) - _beta(a, b)


@cache
def _accuracies(classes: int, overlap: int) -> tuple[float, ...]:
    return tuple(_accuracy(classes, overlap, at) for at in range(len(GRID)))


def _accuracy(classes: int, overlap: int, at: int) -> float:
    """The majority's, moved by what is known of the workers."""
    chances = _logs(overlap)[at]
    voted = sum(exp(chance) * _wins(right, overlap - right, classes) for right, chance in enumerate(chances))
    voted = min(CERTAIN, max(1 - CERTAIN, voted))
    lift = LIFT.get(overlap, MOST_LIFT) * exp(-GRID[at][1] / TOGETHER)
    return 1 / (1 + (1 - voted) / voted * exp(-lift))


@cache
def _wins(right: int, wrong: int, classes: int) -> float:
    """P(the right class leads); a tie is tossed for. Wrong answers beside the main wrong class all differ."""
    if classes == 2:
        return float(right > wrong) + 0.5 * (right == wrong)
    won = 0.0
    for main in range(wrong + 1):
        rest, chance = wrong - main, comb(wrong, main) * SHARED**main * (1 - SHARED) ** (wrong - main)
        best = max(main, 1 if rest else 0)
        ties = (main == right) + (rest if right == 1 else 0)
        won += chance * (float(right > best) + (1 / (1 + ties) if right == best and right else 0.0))
    return won


@cache
def _walks(classes: int, confidence: float, most: int) -> tuple[float, ...]:
    return tuple(_walk(classes, confidence, most, *_shape(p, rho)) for p, rho in GRID)


def _walk(classes: int, confidence: float, most: int, a: float, b: float) -> float:
    """Answers until the leader is so likely, on average; the same (right, wrong) is reached on many paths."""
    doubt = 0.0 if classes == 2 else -log(LEADING)
    goal, asked, open_at = log(confidence / (1 - confidence)), 0.0, {(0, 0): 1.0}
    for _ in range(most):
        asked += sum(open_at.values())
        reached: dict[tuple[int, int], float] = {}
        for (right, wrong), share in open_at.items():
            chance = (a + right) / (a + b + right + wrong)
            for place, part in (((right + 1, wrong), chance), ((right, wrong + 1), 1 - chance)):
                reached[place] = reached.get(place, 0.0) + share * part
        open_at = {(r, w): share for (r, w), share in reached.items() if abs(_odds(r, w, a, b, doubt)) < goal}
    return asked


def _odds(right: int, wrong: int, a: float, b: float, doubt: float) -> float:
    """Log odds of the class with `right` answers against that with `wrong`."""
    return _beta(a + right, b + wrong) - _beta(a + wrong, b + right) + (right - wrong) * doubt
