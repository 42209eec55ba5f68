"""Bad workers planted among real ones, and how the evidence finds them."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.quality.policy import guarded
from domain.conduct.evidence import CLOSELY_WATCHED_NATS, WATCHED_NATS, Evidence, find_guessing
from domain.quality.collusion import STRONG_NATS, find_rings
from domain.quality.crowd import Crowd, count_votes, crowd_from_triples
from domain.quality.live import combined_posterior
from domain.quality.model import fit
from domain.quality.refit import refit

Figures = dict[str, float]
SURELY = 2.33  # the normal quantile of one in a hundred


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
    kept, absent = _engine(guarded(attacked), data, gold) - clean, _engine(left, data, gold) - clean
    return {
        "majority": _accuracy(count_votes(attacked), data, gold) - _accuracy(count_votes(honest), data, gold),
        "unguarded": _engine(attacked, data, gold) - clean,
        "guarded": kept,
        "honest only": absent,
        "beyond absence": absent - kept,
        "caught": len(found & set(bad.tolist())) / max(1, len(bad)),
        "counted in": len(joined & set(bad.tolist())) / max(1, len(bad)),
        "honest flagged": len(found - set(bad.tolist())) / max(1, data.W - len(bad)),
        "honest counted in": len(joined - set(bad.tolist())) / max(1, data.W - len(bad)),
        "flagged in a clean crowd": len(false) / data.W,
    }


def _in_rings(crowd: Crowd) -> tuple[set[int], set[int]]:
    """Workers with strong evidence for a key, and all who are counted to one."""
    found = find_rings(crowd)
    strong = {worker for ring in found if ring.is_key
              for worker, nats in zip(ring.members, ring.nats, strict=True) if nats >= STRONG_NATS}  # fmt: skip
    return strong, {worker for ring in found if ring.is_key for worker in ring.members}


def spammers(replay: Any, data: Any, seed: int, given: int) -> Figures:
    """A tenth of the able workers, cut to `given` answers, turn random or constant; 10 % gold.

    `caught` is noticed: five to one, what the product answers with more gold. False alarms are among workers whom
    the truth shows to do better than chance; `noticed` are among all who were left as they are.
    """
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
    gold = replay.pick_gold(data, seed, 0.1)
    crowd = crowd_from_triples(np.stack([data.task, data.worker, label], 1)[kept], data.T, data.W, data.K, gold)
    found = {f.worker: f for f in find_guessing(crowd, fit(crowd)) if f.suspicion != "sleeper"}
    noticed = {worker for worker, finding in found.items() if finding.nats >= WATCHED_NATS}
    strong = {worker for worker, finding in found.items() if finding.nats >= STRONG_NATS}
    real = set(able.tolist()) - set(chosen.tolist())
    honest = real & _better_than_chance(data)
    return {
        **{f"{kind} caught": len(who & noticed) / len(who) for kind, who in kinds.items()},
        "random strong": len(kinds["random"] & strong) / len(kinds["random"]),
        "gold": float(np.mean([found[worker].gold for worker in chosen.tolist()])),
        "false alarms": len(honest & noticed) / len(honest) if honest else np.nan,
        "strong false alarms": len(honest & strong) / len(honest) if honest else np.nan,
        "real noticed": len(real & noticed) / max(1, len(real)),
    }


def sleepers(replay: Any, data: Any, seed: int, honest_first: int = 20, most: int = 60) -> Figures:
    """Workers better than chance turn random after 20 answers, one at a time, with 10 % gold: answers and gold
    until the alarm, and how many honest ones are ever alarmed in as many answers."""
    rng = np.random.default_rng(seed)
    gold = replay.pick_gold(data, seed, 0.1)
    counts = np.bincount(data.worker, minlength=data.W)
    able = [w for w in sorted(_better_than_chance(data)) if counts[w] >= honest_first + most]
    delays, seen, alarms = [], [], []
    for worker in rng.permutation(able)[:12].tolist():
        rows = _in_order(data, worker, rng)[: honest_first + most]
        asleep = data.label.copy()
        asleep[rows[honest_first:]] = rng.integers(data.K, size=most)
        late = [n for n in _alarms(data, asleep, worker, rows, gold) if n > honest_first]
        delays.append(late[0] - honest_first if late else np.inf)
        until = rows[honest_first : late[0] if late else None]
        seen.append(sum(task in gold for task in data.task[until].tolist()))
        alarms.append(bool(_alarms(data, data.label, worker, rows, gold)))
    if not delays:
        return {"caught": np.nan, "answers to alarm": np.nan, "gold to alarm": np.nan, "false alarms": np.nan}
    return {
        "caught": float(np.mean(np.isfinite(delays))),
        "answers to alarm": float(np.median(np.minimum(delays, most))),
        "gold to alarm": float(np.mean(seen)),
        "false alarms": float(np.mean(alarms)),
    }


def _alarms(data: Any, label: Any, worker: int, rows: Any, gold: dict[int, int]) -> list[int]:
    """After how many of his answers (`rows`, in order) a worker looks like a sleeper; looked at after every fifth."""
    return [n for n in range(5, len(rows) + 1, 5) if _slept(data, label, worker, rows[:n], gold)]


def _slept(data: Any, label: Any, worker: int, rows: Any, gold: dict[int, int]) -> bool:
    kept = np.concatenate([np.flatnonzero(data.worker != worker), rows])  # the worker's own in the order of arrival
    given = np.stack([data.task, data.worker, label], 1)[kept]
    crowd = crowd_from_triples(given, data.T, data.W, data.K, gold)
    own: list[Evidence] = [f for f in find_guessing(crowd, fit(crowd)) if f.worker == worker]
    return (
        max(own, key=lambda each: each.nats).suspicion == "sleeper" and max(f.nats for f in own) >= CLOSELY_WATCHED_NATS
    )


def _in_order(data: Any, worker: int, rng: np.random.Generator) -> Any:
    rows = np.flatnonzero(data.worker == worker)
    return rng.permutation(rows) if data.time is None else rows[np.argsort(data.time[rows], kind="stable")]


def _better_than_chance(data: Any) -> set[int]:
    """Workers whom the truth shows to be right more often than their label shares alone would make them (1 %)."""
    known = data.truth[data.task] >= 0
    worker, label, truth = data.worker[known], data.label[known], data.truth[data.task][known]
    shares = np.bincount(data.truth[data.truth >= 0], minlength=data.K) / (data.truth >= 0).sum()
    given = np.bincount(worker * data.K + label, minlength=data.W * data.K).reshape(-1, data.K)
    count = np.maximum(given.sum(1), 1)
    chance = given @ shares / count
    hits = np.bincount(worker[label == truth], minlength=data.W) / count
    lead = (hits - chance) / np.sqrt(np.maximum(chance * (1 - chance), 1e-9) / count)
    return set(np.flatnonzero(lead > SURELY).tolist())


def _crowd(data: Any, label: Any, gold: dict[int, int]) -> Crowd:
    return crowd_from_triples(np.stack([data.task, data.worker, label], 1), data.T, data.W, data.K, gold)


def _engine(crowd: Crowd, data: Any, gold: dict[int, int]) -> float:
    found = refit(crowd)
    return _accuracy(np.array([combined_posterior(task, found.project) for task in found.tasks]), data, gold)


def _accuracy(scores: Any, data: Any, gold: dict[int, int]) -> float:
    scored = data.truth >= 0
    scored[list(gold)] = False
    tied = scores == scores.max(1, keepdims=True)
    return float((tied[scored, data.truth[scored]] / tied.sum(1)[scored]).mean())
