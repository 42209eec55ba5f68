"""Bad workers planted among real ones, and how the evidence finds them."""

from __future__ import annotations

from typing import Any

import numpy as np

from domain.quality.averaging import average
from domain.quality.consensus import fit
from domain.quality.crowd import Crowd, gather, votes
from domain.quality.evidence import findings
from domain.quality.live import LIVE
from domain.quality.rings import STRONG, guarded, rings
from domain.quality.skill import rightness
from domain.quality.sleepers import turn

Figures = dict[str, float]


def colluders(replay: Any, data: Any, seed: int, share: float = 0.4) -> Figures:
    """`share` of the workers answer by one shared random key; 10 % gold."""
    rng = np.random.default_rng(seed)
    gold = replay.pick_gold(data, seed, 0.1)
    bad = rng.permutation(data.W)[: int(share * data.W)]
    key, ring = rng.integers(data.K, size=data.T), np.isin(data.worker, bad)
    honest = _crowd(data, data.label, gold)
    attacked = _crowd(data, np.where(ring, key[data.task], data.label), gold)
    found, joined = _in_rings(attacked)
    false, _ = _in_rings(honest)
    clean = _engine(guarded(honest), data, gold)
    left = guarded(honest.only(~np.isin(honest.worker, bad)))
    return {
        "majority": _accuracy(votes(attacked), data, gold) - _accuracy(votes(honest), data, gold),
        "unguarded": _engine(attacked, data, gold) - clean,
        "guarded": _engine(guarded(attacked), data, gold) - clean,
        "honest only": _engine(left, data, gold) - clean,
        "caught": len(found & set(bad.tolist())) / max(1, len(bad)),
        "heard as one": len(joined & set(bad.tolist())) / max(1, len(bad)),
        "honest flagged": len(found - set(bad.tolist())) / max(1, data.W - len(bad)),
        "honest heard as one": len(joined - set(bad.tolist())) / max(1, data.W - len(bad)),
        "flagged in a clean crowd": len(false) / data.W,
    }


def _in_rings(crowd: Crowd) -> tuple[set[int], set[int]]:
    """Workers with strong evidence for a key, and all who are heard as part of a ring."""
    found = rings(crowd)
    strong = {worker for ring in found if ring.is_key
              for worker, nats in zip(ring.members, ring.nats, strict=True) if nats >= STRONG}  # fmt: skip
    return strong, {worker for ring in found for worker in ring.members}


def spammers(replay: Any, data: Any, seed: int, given: int) -> Figures:
    """A tenth of the able workers, cut to `given` answers, turn random or constant; 10 % gold."""
    rng = np.random.default_rng(seed)
    able = np.flatnonzero(np.bincount(data.worker, minlength=data.W) >= given)
    if len(able) < 4:
        return {}
    chosen = rng.permutation(able)[: max(2, len(able) // 10)]
    kinds = {"random": set(chosen[::2].tolist()), "constant": set(chosen[1::2].tolist())}
    label, kept = data.label.copy(), np.ones(len(data.label), dtype=bool)
    for worker in chosen.tolist():
        rows = rng.permutation(np.flatnonzero(data.worker == worker))
        kept[rows[given:]] = False
        label[rows] = rng.integers(data.K, size=len(rows)) if worker in kinds["random"] else rng.integers(data.K)
    crowd = gather(
        np.stack([data.task, data.worker, label], 1)[kept], data.T, data.W, data.K,
        replay.pick_gold(data, seed, 0.1),
    )  # fmt: skip
    strong = {f.worker for f in findings(crowd, fit(crowd, LIVE)) if f.is_strong}
    honest = set(able.tolist()) - set(chosen.tolist())
    return {
        "random caught": len(kinds["random"] & strong) / len(kinds["random"]),
        "constant caught": len(kinds["constant"] & strong) / len(kinds["constant"]),
        "honest flagged": len(honest & strong) / max(1, len(honest)),
    }


def sleepers(data: Any, seed: int, honest_first: int = 20, most: int = 60) -> Figures:
    """Able workers turn random after 20 answers, one at a time: answers until the alarm, and false alarms."""
    rng = np.random.default_rng(seed)
    able = np.flatnonzero(np.bincount(data.worker, minlength=data.W) >= honest_first + most)
    delays, alarms, tried = [], 0, 0
    for worker in rng.permutation(able)[:10].tolist():
        label, rows = data.label.copy(), np.flatnonzero(data.worker == worker)[: honest_first + most]
        label[rows[honest_first:]] = rng.integers(data.K, size=most)
        for answers, planted in ((label, True), (data.label, False)):
            crowd = _crowd(data, answers, {})
            fitted = fit(crowd, LIVE)
            right = dict(zip(crowd.task[crowd.worker == worker].tolist(),
                             rightness(crowd, fitted)[crowd.worker == worker].tolist(), strict=True))  # fmt: skip
            order = np.array([right[task] for task in data.task[rows].tolist()])
            strong = [n for n in range(1, len(rows) + 1)
                      if turn(order[:n], data.K, fitted.start.accuracy).is_strong]  # fmt: skip
            late = [n for n in strong if n > honest_first]
            if planted:
                delays.append(late[0] - honest_first if late else most)
            else:
                alarms, tried = alarms + bool(strong), tried + 1
    return {"answers to alarm": float(np.median(delays)) if delays else np.nan,
            "false alarms": alarms / max(1, tried)}  # fmt: skip


def _crowd(data: Any, label: Any, gold: dict[int, int]) -> Crowd:
    return gather(np.stack([data.task, data.worker, label], 1), data.T, data.W, data.K, gold)


def _engine(crowd: Crowd, data: Any, gold: dict[int, int]) -> float:
    return _accuracy(average(crowd, np.random.default_rng(0)).posterior, data, gold)


def _accuracy(scores: Any, data: Any, gold: dict[int, int]) -> float:
    scored = data.truth >= 0
    scored[list(gold)] = False
    tied = scores == scores.max(1, keepdims=True)
    return float((tied[scored, data.truth[scored]] / tied.sum(1)[scored]).mean())
