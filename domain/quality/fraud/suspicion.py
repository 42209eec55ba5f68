"""All evidence against the workers of one project, from its answers, their order and their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from domain.quality.crowd import Crowd
from domain.quality.fraud.change_point import turn
from domain.quality.fraud.collusion import rings
from domain.quality.fraud.evidence import Finding, findings, hasty
from domain.quality.fraud.habits import Habits, habits
from domain.quality.model import fit

KEPT = 0.7  # nats: below two to one nothing is kept
WORDS_A_SECOND = 12.0  # three times what fast readers manage: less time than this is not reading
PRESSING = 0.4  # seconds to press a button that is known already


def least_seconds(words: int) -> float:
    """The minimal time for reading so many words and pressing, in seconds."""
    return PRESSING + words / WORDS_A_SECOND


def suspicions(crowd: Crowd, order: Mapping[tuple[int, int], int]) -> tuple[Finding, ...]:
    """All but time, which needs no crowd (`too_fast`); `order` is that of the answer (task, worker).

    Members of a ring are left out where the others are judged.
    """
    joined = _rings(crowd)
    left = crowd.only(~np.isin(crowd.worker, [each.worker for each in joined]))
    seen = habits(left, fit(left))
    guessed = findings(left, seen)
    found = [*joined, *guessed]
    for each in guessed:
        rows = np.flatnonzero(left.worker == each.worker).tolist()
        rows.sort(key=lambda row: order[int(left.task[row]), each.worker])
        slept = _sleeper(left, each.worker, rows, seen)
        if slept.nats > each.nats:
            found.append(slept)
    return tuple(found)


def _sleeper(crowd: Crowd, worker: int, rows: Sequence[int], seen: Habits) -> Finding:
    """Accuracy before the change point against accuracy since then. A worker who was never honest is reported as such
    instead: the stronger hypothesis wins."""
    turned = turn(seen.logs(np.array(rows, dtype=np.int64)), seen.shares)
    right = seen.truth[rows, crowd.label[rows]]
    before, since = right[: turned.since], right[turned.since :]
    shares = [float(part.mean()) if len(part) else 0.0 for part in (before, since)]
    return Finding(worker, "sleeper", turned.nats, len(since), 0, *shares)


def too_fast(worker: int, seconds: Sequence[float], words: Sequence[int]) -> Finding:
    """A worker's answers beside the time that reading so many words takes at the very least."""
    return hasty(worker, np.array(seconds), np.array([least_seconds(count) for count in words]))


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
