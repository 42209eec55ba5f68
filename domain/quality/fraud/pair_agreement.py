"""Pairs of workers who agree where agreeing is rare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Crowd, Floats, Ints

COPIED = 0.94  # how often two who share a key agree
LEAST_NATS, MOST_NATS = -3.0, 20.0  # one answer says no more against a pair; a pair counts for no more
WORTH = 1.0  # nats: pairs below it join no group
MOST_PAIRS = 1_000_000  # of answers to one task; beyond it tasks are left out evenly
TURNS = 20  # of the subspace iteration
GROUPS = 3  # looked for at once
NEAR, BEGIN = 0.3, 0.9  # of the largest entry of an eigenvector: part of its group
SHOWN = 12  # pairs shown of a ring


@dataclass(frozen=True, slots=True)
class Pair:
    """`agreed` of `shared` co-answered tasks where `expected` was likely by what others said; `nats` for one key."""

    first: int
    second: int
    shared: int
    agreed: int
    expected: float
    nats: float


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Sums over the tasks two workers both answered: (pairs,) each."""

    first: Ints
    second: Ints
    shared: Floats
    agreed: Floats
    expected: Floats
    nats: Floats


def groups(crowd: Crowd, echo: Floats) -> list[Floats]:
    """First guesses of a ring's members (workers,): those near the largest entry of each leading eigenvector of the
    pairs' evidence."""
    table, workers = _pairs(crowd, echo), crowd.workers
    kept = table.nats > WORTH
    first, second, nats = table.first[kept], table.second[kept], np.minimum(table.nats[kept], MOST_NATS)
    if not len(nats):
        return []
    basis = np.linalg.qr(np.random.default_rng(0).random((workers, min(GROUPS, workers))))[0]
    for _ in range(TURNS):
        columns = [
            np.bincount(first, nats * x[second], workers) + np.bincount(second, nats * x[first], workers)
            for x in basis.T
        ]
        basis = np.linalg.qr(np.stack(columns, 1))[0]
    signed = [side for x in basis.T for side in (x, -x) if side.max() > NEAR * np.abs(x).max()]
    found = {tuple(np.flatnonzero(side > NEAR * side.max()).tolist()): side for side in signed}
    return [np.where(side > NEAR * side.max(), BEGIN, 0.0) for side in found.values()]


def closest(crowd: Crowd, members: Ints, echo: Floats) -> tuple[Pair, ...]:
    """The most telling pair of each member of a group, and then the most telling of all."""
    own = np.isin(crowd.worker, members)
    table = _pairs(crowd.only(own), echo[own])
    order = np.argsort(-table.nats, kind="stable")
    ends = np.stack([table.first, table.second], 1)[order].ravel()
    best = np.unique(ends, return_index=True)[1] // 2  # the first pair each member is in
    wanted = np.unique(np.concatenate([best, np.arange(min(SHOWN, len(order)))]))
    return tuple([_pair(table, at) for at in order[wanted].tolist()])


def _pair(table: _Pairs, at: int) -> Pair:
    shared, agreed = int(table.shared[at]), int(table.agreed[at])
    share = float(table.expected[at]) / shared
    return Pair(int(table.first[at]), int(table.second[at]), shared, agreed, share, float(table.nats[at]))


def _pairs(crowd: Crowd, echo: Floats) -> _Pairs:
    """Agreement counts more the rarer the answer is among others; disagreement counts against."""
    one, other = _together(crowd)
    agree = crowd.label[one] == crowd.label[other]
    likely = np.minimum(echo[one], 0.95)
    told = (1 - COPIED) / (1 - likely)
    told[agree] = COPIED / likely[agree]
    np.maximum(np.log(told, out=told), LEAST_NATS, out=told)
    codes, at = np.unique(crowd.worker[one] * crowd.workers + crowd.worker[other], return_inverse=True)
    first, second = np.divmod(codes, crowd.workers)
    columns = (None, agree, likely, told)
    shared, agreed, expected, nats = [np.asarray(np.bincount(at, x, len(codes)), np.float64) for x in columns]
    return _Pairs(first, second, shared, agreed, expected, nats)


def _together(crowd: Crowd) -> tuple[Ints, Ints]:
    """Every two answers to one task, the worker with the lower number first."""
    sizes = np.bincount(crowd.task, minlength=crowd.tasks)
    step = 1 + int((sizes * (sizes - 1) // 2).sum()) // MOST_PAIRS
    rows = np.flatnonzero(crowd.task % step == 0)
    ones, others = [rows[:0]], [rows[:0]]
    for apart in range(1, int(sizes.max(initial=1))):
        one, other = rows[:-apart], rows[apart:]
        same = crowd.task[one] == crowd.task[other]
        ones.append(one[same])
        others.append(other[same])
    return np.concatenate(ones), np.concatenate(others)
