"""All that speaks against the workers of one project, from its answers, their order and their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import numpy as np

from domain.quality.consensus import fit
from domain.quality.crowd import Crowd, Floats
from domain.quality.evidence import Finding, findings, hasty
from domain.quality.live import LIVE
from domain.quality.rings import rings
from domain.quality.skill import rightness
from domain.quality.sleepers import turn

NOTICED = 0.7  # nats: below two to one nothing is kept
WORDS_A_SECOND = 12.0  # three times what fast readers manage: less time than this is not reading
PRESSING = 0.4  # seconds to press a button that is known already


def least_seconds(words: int) -> float:
    """What reading so many words and pressing takes at the very least."""
    return PRESSING + words / WORDS_A_SECOND


def suspicions(
    crowd: Crowd, order: Mapping[tuple[int, int], int], seconds: Mapping[tuple[int, int], float], words: Sequence[int]
) -> tuple[Finding, ...]:
    """Findings of every kind that are worth noting; `order` and `seconds` are those of the answer (task, worker)."""
    fitted = fit(crowd, LIVE, rounds=10)
    right = rightness(crowd, fitted)
    found = [*findings(crowd, fitted), *_rings(crowd)]
    pooled = float(right.mean()) if len(right) else 0.5
    for worker in np.unique(crowd.worker).tolist():
        rows = np.flatnonzero(crowd.worker == worker).tolist()
        rows.sort(key=lambda row: order[int(crowd.task[row]), worker])
        found.append(_sleeper(crowd, worker, right[rows], pooled))
        found.append(_hasty(crowd, worker, rows, seconds, words))
    return tuple([finding for finding in found if finding.nats >= NOTICED])


def _sleeper(crowd: Crowd, worker: int, right: Floats, pooled: float) -> Finding:
    """Before the turn against since then; log n is the price of having looked for the turn at every answer."""
    turned = turn(right, crowd.classes, pooled)
    before, since = right[: turned.since], right[turned.since :]
    shares = [float(part.mean()) if len(part) else pooled for part in (before, since)]
    return Finding(worker, "sleeper", turned.nats - log(max(1, len(right))), len(since), 0, *shares)


def _hasty(
    crowd: Crowd, worker: int, rows: Sequence[int], seconds: Mapping[tuple[int, int], float], words: Sequence[int]
) -> Finding:
    tasks = [int(crowd.task[row]) for row in rows]
    taken = np.array([seconds[task, worker] for task in tasks])
    return hasty(worker, taken, np.array([least_seconds(words[task]) for task in tasks]))


def _rings(crowd: Crowd) -> list[Finding]:
    """Each member of a ring that answers by a key, shown by their most telling pair."""
    found = []
    for ring in rings(crowd):
        for worker, nats in zip(ring.members, ring.nats, strict=True) if ring.is_key else ():
            own = [pair for pair in ring.pairs if worker in (pair.first, pair.second)]
            top = max(own or ring.pairs, key=lambda pair: pair.nats)
            answers = int((crowd.worker == worker).sum())
            found.append(Finding(worker, "ring", nats, answers, 0, top.expected, top.agreed / top.shared))
    return found
