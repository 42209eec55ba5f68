"""How well anybody could foretell a crowd from so many check questions, beside how well the card does.

Yardsticks, mean errors over the same crowds and ways of asking:

- sampling: of the share of so many results, each a check question, that is right: nothing but chance;
- plain: of the share of check questions that the majority of their three answers has right;
- known: of the mean of what came, by Bayes' rule over these very crowds, each taken for as likely as the others. It
  knows the one it is asked about, which no project does: the errors of anybody who sees as much lie above it;
- drawn: crowds drawn from the distribution of these (a normal one of the log odds that an answer is right and of log
  rho), foretold by Bayes' rule by somebody who has learnt it from as many others, then what the model misses where
  everything is known (root of the sum of squares): what is within reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb, log
from typing import Any

import numpy as np

from domain.projects import preflight
from domain.projects.preflight import RHO, SPREAD, WIDTH, AccuracyEvidence, P

MEAN_OF_NORMAL = 0.8  # |x| of a normal x, in standard deviations
EACH, MADE_UP, SEED = 3, 400, 3  # answers to a check question; made-up crowds for each way of asking
Floats = Any


@dataclass(frozen=True, slots=True)
class Known:
    """A crowd with all its truth: of each task how many answers are right, and how many there are."""

    classes: int
    right: Floats
    answers: Floats

    def gold(self, count: int, dice: np.random.Generator) -> Floats:
        """How many of so many check questions have 0, 1, 2, 3 right answers of three."""
        enough = np.flatnonzero(self.answers >= EACH)
        some = dice.permutation(enough)[:count]
        hits = dice.hypergeometric(self.right[some], self.answers[some] - self.right[some], EACH)
        return np.bincount(hits, minlength=EACH + 1)

    def chances(self) -> Floats:
        """P(so many of three answers are right), of a task by lot."""
        pairs = [(int(r), int(n)) for r, n in zip(self.right, self.answers, strict=True) if n >= EACH]
        return np.array(
            [np.mean([comb(r, k) * comb(n - r, EACH - k) / comb(n, EACH) for r, n in pairs]) for k in range(EACH + 1)]
        )

    def fitted(self, usual: float) -> tuple[float, float]:
        """The log odds that an answer is right, and log rho, from all truth."""
        odds = float((self.right / np.maximum(self.answers, 1)).mean())
        three = np.repeat(np.arange(EACH + 1), self.gold(len(self.right), np.random.default_rng(SEED)))
        weights = preflight._posterior(self.classes, AccuracyEvidence(tuple((int(k), EACH) for k in three), usual))
        return log(odds / (1 - odds)), float(weights @ np.log(RHO))


@dataclass(frozen=True, slots=True)
class Bounds:
    sampling: float
    plain: float
    known: float
    drawn: float


def bounds(
    crowds: Mapping[str, Known], came: Mapping[tuple[str, str], float], most: Mapping[str, int],
    usual: Callable[[str], float], misfit: float, gold: int, draws: int,
) -> Bounds:  # fmt: skip
    """`came`: by crowd and way of asking; `most`: answers of a way."""
    usable = {name: each for name, each in crowds.items() if (each.answers >= EACH).mean() > 0.2}
    plain, known = _of_these(usable, came, gold, draws)
    reach = _drawn(usable, most, usual, gold)
    chance = (
        np.mean([(each * (1 - each)) ** 0.5 for (name, _), each in came.items() if name in usable]) * MEAN_OF_NORMAL
    )
    return Bounds(float(chance / max(gold, 1) ** 0.5), plain, known, float(np.hypot(reach, misfit)))


def _of_these(
    crowds: Mapping[str, Known], came: Mapping[tuple[str, str], float], gold: int, draws: int
) -> tuple[float, float]:
    dice, plain, known = np.random.default_rng(SEED), [], []
    chances = {name: np.log(np.maximum(each.chances(), 1e-9)) for name, each in crowds.items()}
    for (name, way), outcome in came.items():
        if name not in crowds:
            continue
        alike = [n for n in crowds if (n, way) in came and (crowds[n].classes == 2) == (crowds[name].classes == 2)]
        for _ in range(draws if gold else 1):
            seen = crowds[name].gold(gold, dice)
            weights = np.exp([chances[n] @ seen - chances[name] @ seen for n in alike])
            told = weights @ np.array([came[n, way] for n in alike]) / weights.sum()
            known.append(abs(told - outcome))
            plain.append(abs(seen[2:].sum() / gold - outcome) if gold else np.nan)
    return float(np.mean(plain)), float(np.mean(known))


def _drawn(crowds: Mapping[str, Known], most: Mapping[str, int], usual: Callable[[str], float], gold: int) -> float:
    names, dice = list(crowds), np.random.default_rng(SEED)
    two = np.array([crowds[name].classes == 2 for name in names])
    found = np.array([crowds[name].fitted(usual(name)) for name in names])
    middles = {kind: found[two == kind].mean(0) for kind in (True, False)}
    apart = found - np.array([middles[bool(kind)] for kind in two])
    precision = np.linalg.inv(apart.T @ apart / (len(names) - 2))
    points, logs = np.stack([np.log(P / (1 - P)), np.log(RHO)], 1), preflight._chances(EACH).T
    wide = np.log(np.tile(WIDTH / SPREAD, len(P) // len(SPREAD)))
    off = []
    for kind, classes in ((True, 2), (False, 4)):
        away, others = points - middles[kind], int((two == kind).sum()) - 1
        prior = wide - 0.5 / (1 + 1 / others) * np.einsum("ij,jk,ik->i", away, precision, away)
        for answers in sorted(set(most.values())):
            off += _missed(prior, logs, preflight._accuracies(classes == 2, answers), gold, dice)
    return float(np.mean(off))


def _missed(prior: Floats, logs: Floats, accuracies: Floats, gold: int, dice: np.random.Generator) -> list[float]:
    chances, chosen = np.exp(logs), dice.choice(len(prior), MADE_UP, p=_shares(prior))
    seen = [dice.multinomial(gold, chances[at] / chances[at].sum()) for at in chosen]
    return [
        abs(_shares(prior + logs @ each) @ accuracies - accuracies[at]) for at, each in zip(chosen, seen, strict=True)
    ]


def _shares(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


EXPLAINED = """\
**How far from the possible.** Mean errors of one project's card beside what is in reach of anybody, for check
questions with three answers each. *±*: the standard error over crowds of the card's. *Sampling*: the chance in the
share of so many results that is right. *Plain*: the share of check questions that the majority has right. *Within
reach*: Bayes' rule by somebody who has learnt from as many crowds how they differ, on crowds drawn from the
distribution of these, and what the card's model misses where everything is known. *Knows these crowds*: Bayes' rule
over these very fifteen, the one asked about among them: a floor, for no project knows as much. With nothing known the
mean of the other crowds is all there is: off by what the floor says, times n/(n − 1) for the n crowds of a kind."""


def table(reach: Mapping[str, Bounds], errors: Mapping[str, Mapping[str, Sequence[float]]]) -> Iterator[str]:
    """`errors` of the card: by what is known, and by crowd."""
    yield from (EXPLAINED, "", "| known | the card | ± | sampling | plain | within reach | knows these crowds |")
    yield "| --- | --: | --: | --: | --: | --: | --: |"
    for known, found in reach.items():
        means = [float(np.mean(each)) for each in errors[known].values()]
        card = np.mean([error for each in errors[known].values() for error in each])
        spread = np.std(means, ddof=1) / len(means) ** 0.5
        chance = " | " if np.isnan(found.plain) else f"{found.sampling:.3f} | {found.plain:.3f}"
        yield f"| {known} | {card:.3f} | {spread:.3f} | {chance} | {found.drawn:.3f} | {found.known:.3f} |"
