"""Workers who share one key: pairs agree more than their accuracy lets independent people agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Crowd, Floats, Ints
from domain.quality.moments import moments

MOST_SHARED, MOST_GOLD = 20, 10  # beyond these, shared difficulty alone looks like collusion
COPIED = 0.95  # how often two who share a key agree
GRID = np.linspace(0.05, 0.97, 24)
SPREAD = 6.0
LONE_PAIR = 5.0  # nats
MOST_ROUNDS = 4
LEAST_SHARED, LEAST_AGREEMENT = 4, 0.8  # less than this is never suspicious: not looked at
PAIR_PRIOR = 1e-3  # share of pairs that collude, before looking


@dataclass(frozen=True, slots=True)
class Pair:
    """`agreed` of `shared` co-answered tasks where `expected` was likely; `nats` for one key, prior included."""

    first: int
    second: int
    shared: int
    agreed: int
    expected: float
    nats: float


def rings(crowd: Crowd, alarm: float = 0.0) -> tuple[tuple[frozenset[int], ...], tuple[Pair, ...]]:
    """Groups of workers joined by suspicious pairs, and those pairs; two alone need LONE_PAIR nats.

    A ring speaks with one voice, which shares more tasks with its quieter members: ask again until nobody joins.
    """
    members = {worker: {worker} for worker in range(crowd.workers)}
    evidence: list[Pair] = []
    for _ in range(MOST_ROUNDS):
        suspicious = [pair for pair in pairs(crowd) if pair.nats > alarm]
        joined = [group for group in _joined(suspicious) if _is_sure(group, suspicious, members)]
        if not joined:
            break
        evidence += [pair for pair in suspicious if any(pair.first in group for group in joined)]
        for group in joined:
            members[min(group)] = set().union(*(members.pop(worker) for worker in group))
        crowd = as_one_voice(crowd, tuple(joined))
    return tuple(frozenset(group) for group in members.values() if len(group) > 1), tuple(evidence)


def _is_sure(group: frozenset[int], suspicious: list[Pair], members: dict[int, set[int]]) -> bool:
    if sum(len(members[worker]) for worker in group) > 2:
        return True
    return any(pair.nats > LONE_PAIR for pair in suspicious if pair.first in group)


def pairs(crowd: Crowd) -> tuple[Pair, ...]:
    """Pairs that mostly agree on tasks that are not gold, against independence at their accuracies on gold."""
    table = np.full((crowd.workers, crowd.tasks), -1, dtype=np.int64)
    table[crowd.worker, crowd.task] = crowd.label
    belief = _accuracies(crowd, table)
    table[:, crowd.gold_task] = -1
    found = []
    for first in np.unique(crowd.worker).tolist():
        mine = np.flatnonzero(table[first] >= 0)
        both = table[first + 1 :, mine]
        for offset in np.flatnonzero((both >= 0).any(1)).tolist():
            second = first + 1 + offset
            there = np.flatnonzero(both[offset] >= 0)[:MOST_SHARED]
            agreed = int((both[offset][there] == table[first][mine[there]]).sum())
            if len(there) < LEAST_SHARED or agreed < LEAST_AGREEMENT * len(there):
                continue
            found.append(_pair(first, second, len(there), agreed, belief, crowd.classes))
    return tuple(found)


def _accuracies(crowd: Crowd, table: Ints) -> Floats:
    """P(accuracy) of every worker on GRID from at most MOST_GOLD gold answers: (workers, grid)."""
    answers = table[:, crowd.gold_task]
    taken = (answers >= 0) & (np.cumsum(answers >= 0, 1) <= MOST_GOLD)
    right = ((answers == crowd.gold_label) & taken).sum(1)[:, None]
    wrong = taken.sum(1)[:, None] - right
    mean = moments(crowd).accuracy
    scores = (right + SPREAD * mean - 1) * np.log(GRID) + (wrong + SPREAD * (1 - mean) - 1) * np.log(1 - GRID)
    weights = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))


def _pair(first: int, second: int, shared: int, agreed: int, belief: Floats, classes: int) -> Pair:
    """log P(agreements | one key) − log ∫∫ P(agreements | p q + (1 − p)(1 − q)/(K − 1)) + log prior odds."""
    p, q = GRID[:, None], GRID[None, :]
    agreement = p * q + (1 - p) * (1 - q) / max(1, classes - 1)
    weight = belief[first][:, None] * belief[second][None, :]
    independent = (weight * agreement**agreed * (1 - agreement) ** (shared - agreed)).sum()
    copied = COPIED**agreed * (1 - COPIED) ** (shared - agreed)
    nats = float(np.log(copied) - np.log(max(independent, 1e-300)) + np.log(PAIR_PRIOR / (1 - PAIR_PRIOR)))
    return Pair(first, second, shared, agreed, float((weight * agreement).sum()), nats)


def _joined(suspicious: list[Pair]) -> tuple[frozenset[int], ...]:
    groups: list[set[int]] = []
    for pair in suspicious:
        touched = [group for group in groups if pair.first in group or pair.second in group]
        merged = set().union(*touched, {pair.first, pair.second})
        groups = [group for group in groups if group not in touched] + [merged]
    return tuple(frozenset(group) for group in groups)


def as_one_voice(crowd: Crowd, found: tuple[frozenset[int], ...]) -> Crowd:
    """The same answers with each ring as one worker, who says a thing only once a task."""
    voice = np.arange(crowd.workers)
    for ring in found:
        voice[sorted(ring)] = min(ring)
    worker = voice[crowd.worker]
    _, kept = np.unique(crowd.task * crowd.workers + worker, return_index=True)
    one = crowd.only(np.sort(kept))
    return Crowd(
        one.task, worker[np.sort(kept)], one.label,
        one.tasks, one.workers, one.classes, one.gold_task, one.gold_label,
    )  # fmt: skip
