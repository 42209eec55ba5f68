"""Collusion: groups of workers who answer by one key. Two hypotheses compete for the same answers: all workers follow
the truth (or a habit), or some a hidden key. Each answer is foretold by the others alone, and evidence adds up over the
group: a few shared tasks a pair are enough."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from domain.quality.crowd import Crowd, Floats, Ints, Mask, as_one_voice, votes
from domain.quality.model import fit, others

MOST_NATS = 20.0  # a pair counts for no more
MOST_PAIRS = 1_000_000  # of answers to one task; beyond it tasks are left out evenly
TURNS = 20  # of the subspace iteration
GROUPS = 3  # looked for at once
NEAR = 0.3  # of the largest entry of an eigenvector: part of its group
SLIP = 0.03  # how often a member departs from the key
COPIED = (1 - SLIP) ** 2  # how often two who share one agree
SURE = 30.0  # nats by which the story of a key must be better
STRONG_MEMBERS = 3  # members against whom a thousand to one speaks, each
STRONG = 6.9
KEYS = ((1 - SLIP, 0.5), (1 - 2.5 * SLIP, 0.1))  # how often members agree, and their share of the usual knowledge
MOST_RINGS, MOST_ANSWERS = 4, 2 / 3  # of all answers: those of more are the crowd's
ROUNDS, MEMBER = 10, 2.0  # rounds of sorting workers; nats from which one is a member
DRAWN = 2.0  # answers that a label's usual share counts for
HABIT = 1.0  # pseudo-answers of each label in a worker's habit
MOST_LIKELY = 0.95  # of what an honest worker says, by the others
LEAST_GOLD = 20  # gold tasks they met that are judged instead of all tasks


@dataclass(frozen=True, slots=True)
class Ring:
    """`members` and the log Bayes factor against each (`nats`); `agreed`: how often an answer is the ring's, where it
    would be with `expected` by the others'; `is_key`: its answers tell nothing. People who share a misconception know
    something, or agree less often."""

    members: tuple[int, ...]
    nats: tuple[float, ...]
    agreed: float
    expected: float
    is_key: bool


def rings(crowd: Crowd) -> tuple[Ring, ...]:
    """Every ring, the clearest first; a ring that was found speaks with one voice while others are looked for."""
    found: list[Ring] = []
    while len(found) < MOST_RINGS and (ring := _clearest(crowd)):
        found.append(ring)
        crowd = as_one_voice(crowd, ring.members)
    return tuple(found)


def keyed(crowd: Crowd) -> list[int]:
    """Workers whose answers tell nothing: which of two schools is right, answers do not tell."""
    return [worker for ring in rings(crowd) if ring.is_key for worker in ring.members]


def copyists(crowd: Crowd, said: Ints) -> list[int]:
    """Workers who repeat a model that `said` so (tasks,), −1 where nothing, where most other people say something else.

    An honest worker agrees with it on such a task as often as others do, drawn to the usual share.
    """
    counts, key = votes(crowd), said[crowd.task]
    kept, agrees = (key >= 0) & ~np.isin(crowd.task, crowd.gold_task), crowd.label == key
    others, same = counts.sum(1)[crowd.task] - 1, counts[crowd.task, np.maximum(key, 0)] - agrees
    usual = agrees[kept].mean() if kept.any() else 0.5
    likely = ((same + DRAWN * usual) / (others + DRAWN)).clip(1 - MOST_LIKELY, MOST_LIKELY)
    nats = np.where(agrees, np.log(COPIED / likely), np.log((1 - COPIED) / (1 - likely)))
    missed = kept & (same * 2 < others)
    return np.flatnonzero(np.bincount(crowd.worker[missed], nats[missed], crowd.workers) >= STRONG).tolist()


def _clearest(crowd: Crowd) -> Ring | None:
    """The group whose key foretells its answers better than others' answers do, if with it all answers are likelier
    than in an honest crowd, in which those who are right agree, too."""
    groups = [odds for begin in _groups(crowd) if (odds := _sorted(crowd, begin)) is not None]
    if not groups:
        return None
    member = max(groups, key=lambda odds: odds[odds > MEMBER].sum()) > MEMBER
    by_key, (told, truth) = _by_key(crowd, member), _by_truth(crowd, member)
    odds, honest = by_key - told, _by_truth(crowd, np.zeros(crowd.workers, bool))[0]
    clear = np.maximum(by_key, told).sum() >= honest.sum() + SURE and (odds >= STRONG).sum() >= STRONG_MEMBERS
    return _ring(crowd, odds, truth) if clear else None


def _sorted(crowd: Crowd, member: Mask) -> Floats | None:
    """Alternates between the key and the membership, from a first guess of the members: nats against each worker; None
    where a key gains too little, or the group is the crowd."""
    for _ in range(ROUNDS):
        before, odds = member, _by_key(crowd, member) - _honestly(crowd, _echo(crowd, member))
        member = odds > MEMBER
        if odds[member].sum() < SURE or member.sum() < STRONG_MEMBERS:
            return None
        if (before == member).all():
            break
    return odds if member[crowd.worker].mean() <= MOST_ANSWERS else None


def _by_truth(crowd: Crowd, member: Mask) -> tuple[Floats, Floats]:
    """log P(each worker's answers | what no member says is the truth), and the posterior of each answer's task."""
    kept = ~member[crowd.worker]
    fitted = fit(crowd.only(kept))
    truth = others(crowd, fitted, kept)
    return _honestly(crowd, (truth * fitted.matrix[crowd.worker, crowd.label]).sum(1)), truth


def _honestly(crowd: Crowd, likely: Floats) -> Floats:
    """log P(each worker's answers | each is so likely, or they follow only how often this worker gives each)."""
    given = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes) + HABIT
    by_habit = ((given - HABIT) * np.log(given / given.sum(1, keepdims=True))).sum(1)
    return np.asarray(np.logaddexp(np.bincount(crowd.worker, np.log(likely), crowd.workers), by_habit) - np.log(2))


def _echo(crowd: Crowd, member: Mask) -> Floats:
    """Share of each answer's label among the other answers of no members to its task, drawn to the label's usual."""
    counts = votes(crowd, ~member[crowd.worker])
    usual = counts.sum(0) + 1
    drawn, sizes = DRAWN * (usual / usual.sum()), counts.sum(1, keepdims=True)
    # Of every class of a task, by the answers of no members there, one of whom may be who answers.
    shares = [(counts - itself + drawn) / (sizes - itself + DRAWN) for itself in (1.0, 0.0)]
    return _told(crowd, member, shares)


def _by_key(crowd: Crowd, member: Mask) -> Floats:
    """log P(each worker's answers | the key that the other members show)."""
    counts, apart = votes(crowd, member[crowd.worker]), SLIP / max(1, crowd.classes - 1)
    odds = np.log((1 - SLIP) / apart)
    key = np.exp(odds * (counts - counts.max(1, keepdims=True)))
    others = key.sum(1, keepdims=True) - key
    left = (key, key * np.exp(-odds))  # of a member without the answer itself
    told = (each / np.maximum(others + each, each) for each in left)
    chances = [np.log((1 - SLIP) * each + apart * (1 - each)) for each in told]
    return np.asarray(np.bincount(crowd.worker, _told(crowd, member, chances), crowd.workers), np.float64)


def _told(crowd: Crowd, member: Mask, tables: Sequence[Floats]) -> Floats:
    """For each answer the entry of its task and class (tasks, classes): in the second table where its worker is a
    member, else in the first."""
    place = member[crowd.worker] * tables[0].size + crowd.task * crowd.classes + crowd.label
    return np.asarray(np.concatenate(tables, None)[place])


def _ring(crowd: Crowd, odds: Floats, truth: Floats) -> Ring:
    member, chance, judged = odds > MEMBER, 1 / crowd.classes, np.isin(crowd.task, crowd.gold_task)
    theirs, right = member[crowd.worker], truth[np.arange(len(truth)), crowd.label]
    if len(np.unique(crowd.task[theirs & judged])) < LEAST_GOLD:
        judged[:] = True
    usual = right[judged & ~theirs].mean() if (judged & ~theirs).any() else 1.0
    knowing = (right[judged & theirs].mean() - chance) / max(usual - chance, 1e-9)
    counts = votes(crowd, theirs)
    several = counts[counts.sum(1) > 1]
    agreed, expected = several.max(1).sum() / max(1.0, several.sum()), _echo(crowd, member)[theirs].mean()
    is_key = any(agreed >= least and knowing <= most for least, most in KEYS)
    members = tuple(np.flatnonzero(member).tolist())
    return Ring(members, tuple(odds[member].tolist()), float(agreed), float(expected), is_key)


def _groups(crowd: Crowd) -> list[Mask]:
    """First guesses of a ring's members (workers,): those near the largest entry of each leading eigenvector of the
    pairs' evidence."""
    nats, workers = _pairs(crowd, _echo(crowd, np.zeros(crowd.workers, bool))), crowd.workers
    if not nats.nnz:
        return []
    basis = np.linalg.qr(np.random.default_rng(0).random((workers, min(GROUPS, workers))))[0]
    for _ in range(TURNS):
        basis = np.linalg.qr(nats @ basis)[0]
    signed = [side for x in basis.T for side in (x, -x) if side.max() > NEAR * np.abs(x).max()]
    return list({mask.tobytes(): mask for mask in (side > NEAR * side.max() for side in signed)}.values())


def _pairs(crowd: Crowd, echo: Floats) -> csr_array:
    """The nats by which the common tasks of two workers speak for one key (workers × workers), where they do.
    Agreement counts more the rarer the answer is among others; disagreement counts against."""
    sizes = np.bincount(crowd.task, minlength=crowd.tasks)
    kept = crowd.task % (1 + int((sizes**2).sum()) // MOST_PAIRS) == 0
    task, worker, likely = crowd.task[kept], crowd.worker[kept], np.minimum(echo[kept], MOST_LIKELY)
    cell, ones = task * crowd.classes + crowd.label[kept], np.ones(len(task))
    same, apart = np.log(COPIED / likely), np.log((1 - COPIED) / (1 - likely))

    def table(values: Floats, column: Ints) -> csr_array:
        return csr_array((values, (worker, column)), (crowd.workers, crowd.tasks * crowd.classes))

    nats = table(same - apart, cell) @ table(ones, cell).T + table(apart, task) @ table(ones, task).T
    nats = ((nats + nats.T) / 2).tocoo()
    kept = (nats.data > 0) & (nats.row != nats.col)
    return csr_array((np.minimum(nats.data[kept], MOST_NATS), (nats.row[kept], nats.col[kept])), nats.shape)
