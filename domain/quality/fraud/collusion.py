"""Collusion: groups of workers who answer by one key, agreeing with each other more than with the truth or other
workers.

Two hypotheses compete for the same answers: all workers follow the truth, or some follow a hidden key.
Each answer is foretold by the others alone, so that a story gains nothing by being made for its answers. Evidence adds
up over the whole group: a few shared tasks a pair are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.special import softmax

from domain.quality.crowd import Crowd, Floats, Ints, as_one_voice, votes
from domain.quality.fraud.evidence import Finding
from domain.quality.model import fit

COPIED = 0.94  # how often two who share a key agree
LEAST_NATS, MOST_NATS = -3.0, 20.0  # one answer says no more against a pair; a pair counts for no more
WORTH = 1.0  # nats: pairs below it join no group
MOST_PAIRS = 1_000_000  # of answers to one task; beyond it tasks are left out evenly
TURNS = 20  # of the subspace iteration
GROUPS = 3  # looked for at once
NEAR, BEGIN = 0.3, 0.9  # of the largest entry of an eigenvector: part of its group
SLIP = 0.03  # how often a member departs from the key
SURE = 30.0  # nats by which the story of a key must be better
STRONG_MEMBERS = 3  # members against whom a thousand to one speaks, each
STRONG = 6.9
LARGE = 15_000  # answers; beyond it only promising groups are looked at closely
PROMISING, MEMBER = 0.4, 0.3  # nats an answer of those whose weight in a first guess is above MEMBER
KEYS = ((1 - SLIP, 0.5), (1 - 2.5 * SLIP, 0.1))  # how often members agree, and their share of the usual knowledge
MOST_RINGS = 4
ROUNDS, LEARN_EACH = 30, 3  # rounds of sorting workers; the honest are learnt anew in every third
STEP, SETTLED = 0.7, 0.3
LEAST_SHARE, MOST_SHARE = 0.01, 0.6
BELIEVED = 2.0
HABIT = 1.0  # pseudo-answers of each label in a worker's habit
LEAST_GOLD = 20  # gold tasks they met that are judged instead of all tasks


@dataclass(frozen=True, slots=True)
class Ring:
    """`members` and the log Bayes factor against each (`nats`); `agreed`: how often an answer is the ring's, where it
    would be with `expected` by the others'; `is_key`: nearer to chance than to honest work, or, loosely followed, at
    chance. People who share a misconception know something, or agree less often."""

    members: tuple[int, ...]
    nats: tuple[float, ...]
    agreed: float
    expected: float
    is_key: bool


@dataclass(frozen=True, slots=True)
class _Sorted:
    """`member`: P(in the ring); `odds`: log Bayes factor of a worker's answers; `gain` of the whole story over none."""

    member: Floats
    odds: Floats
    truth: Floats
    gain: float


def rings(crowd: Crowd) -> tuple[Ring, ...]:
    """Every ring, the clearest first; a ring that was found speaks with one voice while others are looked for."""
    found: list[Ring] = []
    while len(found) < MOST_RINGS:
        ring = _clearest(crowd)
        if ring is None:
            break
        found.append(ring)
        crowd = as_one_voice(crowd, ring.members)
    return tuple(found)


def voices(crowd: Crowd) -> Ints:
    """Each worker's voice (workers,): the first worker with the same key, or their own. People who share a
    misconception keep theirs: which of two schools is right, their answers do not tell."""
    voice = np.arange(crowd.workers)
    for ring in rings(crowd):
        if ring.is_key:
            voice[np.isin(voice, ring.members)] = min(ring.members)
    return voice


def findings(crowd: Crowd) -> list[Finding]:
    """Each member of a ring that answers by a key."""
    answers = np.bincount(crowd.worker, minlength=crowd.workers).tolist()
    return [
        Finding(worker, "ring", nats, answers[worker], 0, ring.expected, ring.agreed)
        for ring in rings(crowd)
        if ring.is_key
        for worker, nats in zip(ring.members, ring.nats, strict=True)
    ]


def _clearest(crowd: Crowd) -> Ring | None:
    present = np.bincount(crowd.worker, minlength=crowd.workers) > 0
    nobody = np.zeros(crowd.workers)
    begun = _groups(crowd, _echo(crowd, nobody))
    if len(crowd.task) > LARGE:
        begun = [begin for begin in begun if _promises(crowd, begin)]
    if not begun:
        return None
    honest, _ = _honest(crowd, nobody)
    least = float(honest[present].sum()) + SURE
    tried = [_sort(crowd, begin, present) for begin in begun]
    tried = [one for one in tried if one.gain >= least]
    turned = [_sort(crowd, 1 - one.member, present) for one in tried if _is_the_crowd(crowd, one.member)][:1]
    stories = [one for one in tried + turned if not _is_the_crowd(crowd, one.member)]
    best = max(stories, key=lambda one: one.gain, default=None)
    if best is None or best.gain < least:
        return None
    members = np.flatnonzero(best.member > 0.5)
    if (best.odds[members] >= STRONG).sum() < STRONG_MEMBERS:
        return None
    return _ring(crowd, best, members)


def _promises(crowd: Crowd, member: Floats) -> bool:
    """Whether a key foretells a group's answers so much better than the others' answers do that a closer look, which
    costs many times as much, is worth it."""
    group = member > MEMBER
    gain = _by_key(crowd, member) - np.bincount(crowd.worker, np.log(_echo(crowd, member)), crowd.workers)
    answers = np.bincount(crowd.worker, minlength=crowd.workers)
    return bool(group.sum() >= STRONG_MEMBERS and gain[group].sum() >= PROMISING * answers[group].sum())


def _is_the_crowd(crowd: Crowd, member: Floats) -> bool:
    """Whether it is the others who would be the ring: those hit gold less often; where little is gold, are fewer."""
    theirs = member[crowd.worker] > 0.5
    known = np.isin(crowd.task, crowd.gold_task)
    if len(np.unique(crowd.task[known & theirs])) < LEAST_GOLD or not (known & ~theirs).any():
        return bool(2 * theirs.sum() > len(theirs))
    place = np.minimum(np.searchsorted(crowd.gold_task, crowd.task), len(crowd.gold_task) - 1)
    hits = crowd.label == crowd.gold_label[place]
    return bool(hits[known & theirs].mean() > hits[known & ~theirs].mean())


def _sort(crowd: Crowd, begin: Floats, present: Any) -> _Sorted:
    """Alternates between the key, the honest crowd and the membership, from a first guess of the members."""
    member, gain = begin * present, -np.inf
    for number in range(ROUNDS):
        if number % LEARN_EACH == 0:
            honest, truth = _honest(crowd, member)
        by_key = _by_key(crowd, member)
        share = float(np.clip(member[present].mean(), LEAST_SHARE, MOST_SHARE))
        odds = by_key - honest
        fresh = present / (1 + np.exp(-np.clip(np.log(share / (1 - share)) + odds, -30, 30)))
        gain = float(np.logaddexp(np.log(1 - share) + honest, np.log(share) + by_key)[present].sum())
        moved = np.abs(fresh - member).sum()
        member = (1 - STEP) * member + STEP * fresh
        if (member > 0.5).sum() < STRONG_MEMBERS or (moved < SETTLED and number % LEARN_EACH == 0):
            break
    return _Sorted(member, odds, truth, gain)


def _honest(crowd: Crowd, member: Floats) -> tuple[Floats, Floats]:
    """log P(each worker's answers | they follow the truth, or only their own habit), and the non-members' posterior of
    each answer's task."""
    kept = member[crowd.worker] <= 0.5
    fitted = fit(crowd.only(kept), rounds=8)
    told = fitted.evidence.reshape(-1, crowd.classes)[crowd.cell]
    told = told * (kept & ~np.isin(crowd.task, crowd.gold_task))[:, None]
    truth = softmax(np.log(np.maximum(fitted.posterior[crowd.task], 1e-12)) - told, 1)
    habit = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes) + HABIT
    likely = (truth * fitted.matrix[crowd.worker, crowd.label]).sum(1)
    by_habit = (habit / habit.sum(1, keepdims=True))[crowd.worker, crowd.label]
    logs = [np.bincount(crowd.worker, np.log(each), crowd.workers) for each in (likely, by_habit)]
    return np.logaddexp(*logs) - np.log(2), np.asarray(truth)


def _echo(crowd: Crowd, member: Floats) -> Floats:
    """Share of each answer's label among the other answers of no members to its task, drawn to the label's usual."""
    weight = 1 - member[crowd.worker]
    cells = crowd.task * crowd.classes + crowd.label
    counts = np.bincount(cells, weight, crowd.tasks * crowd.classes)
    usual = counts.reshape(-1, crowd.classes).sum(0) + 1
    sizes = np.bincount(crowd.task, weight, crowd.tasks)[crowd.task] - weight
    drawn = BELIEVED * (usual / usual.sum())[crowd.label]
    return np.asarray((counts[cells] - weight + drawn) / (sizes + BELIEVED))


def _by_key(crowd: Crowd, member: Floats) -> Floats:
    """log P(each worker's answers | the key that the other members show)."""
    cells = np.bincount(crowd.task * crowd.classes + crowd.label, member[crowd.worker], crowd.tasks * crowd.classes)
    shown: Floats = cells.reshape(-1, crowd.classes)[crowd.task].astype(np.float64)
    at = np.arange(len(shown))
    shown[at, crowd.label] -= member[crowd.worker]
    scores = shown * np.log((1 - SLIP) * max(1, crowd.classes - 1) / SLIP)
    key = np.exp(scores - scores.max(1, keepdims=True))
    told = key[at, crowd.label] / key.sum(1)
    chance = (1 - SLIP) * told + SLIP / max(1, crowd.classes - 1) * (1 - told)
    return np.asarray(np.bincount(crowd.worker, np.log(chance), crowd.workers), np.float64)


def _ring(crowd: Crowd, best: _Sorted, members: Ints) -> Ring:
    theirs, chance = np.isin(crowd.worker, members), 1 / crowd.classes
    right = best.truth[np.arange(len(best.truth)), crowd.label]
    judged = np.isin(crowd.task, crowd.gold_task)
    if len(np.unique(crowd.task[theirs & judged])) < LEAST_GOLD:
        judged = np.ones(len(theirs), dtype=bool)
    usual = right[judged & ~theirs].mean() if (judged & ~theirs).any() else 1.0
    knowing = (right[judged & theirs].mean() - chance) / max(usual - chance, 1e-9)
    counts = votes(crowd.only(theirs))
    several = counts[counts.sum(1) > 1]
    agreed = float(several.max(1).sum() / max(1.0, several.sum()))
    is_key = any(agreed >= least and knowing <= most for least, most in KEYS)
    expected = float(_echo(crowd, best.member)[theirs].mean())
    return Ring(tuple(members.tolist()), tuple(best.odds[members].tolist()), agreed, expected, is_key)


def _groups(crowd: Crowd, echo: Floats) -> list[Floats]:
    """First guesses of a ring's members (workers,): those near the largest entry of each leading eigenvector of the
    pairs' evidence."""
    nats, workers = _pairs(crowd, echo), crowd.workers
    if not nats.nnz:
        return []
    basis = np.linalg.qr(np.random.default_rng(0).random((workers, min(GROUPS, workers))))[0]
    for _ in range(TURNS):
        basis = np.linalg.qr(nats @ basis)[0]
    signed = [side for x in basis.T for side in (x, -x) if side.max() > NEAR * np.abs(x).max()]
    found = {tuple(np.flatnonzero(side > NEAR * side.max()).tolist()): side for side in signed}
    return [np.where(side > NEAR * side.max(), BEGIN, 0.0) for side in found.values()]


def _pairs(crowd: Crowd, echo: Floats) -> csr_array:
    """The nats by which the common tasks of two workers speak for one key (workers × workers), where they are worth it.
    Agreement counts more the rarer the answer is among others; disagreement counts against."""
    sizes = np.bincount(crowd.task, minlength=crowd.tasks)
    kept = crowd.task % (1 + int((sizes**2).sum()) // MOST_PAIRS) == 0
    task, worker, likely = crowd.task[kept], crowd.worker[kept], np.minimum(echo[kept], 0.95)
    cell, ones = task * crowd.classes + crowd.label[kept], np.ones(len(task))
    same, apart = np.log(COPIED / likely), np.maximum(np.log((1 - COPIED) / (1 - likely)), LEAST_NATS)

    def table(values: Floats, column: Ints) -> csr_array:
        return csr_array((values, (worker, column)), (crowd.workers, crowd.tasks * crowd.classes))

    nats = table(same - apart, cell) @ table(ones, cell).T + table(apart, task) @ table(ones, task).T
    nats = ((nats + nats.T) / 2).tocoo()
    worth = (nats.data > WORTH) & (nats.row != nats.col)
    return csr_array((np.minimum(nats.data[worth], MOST_NATS), (nats.row[worth], nats.col[worth])), nats.shape)
