"""Collusion: groups of workers who answer by one key, agreeing with each other more than with the truth or other
workers.

Two hypotheses compete for the same answers: all workers follow the truth, or some follow a hidden key.
Each answer is foretold by the others alone, so that a story gains nothing by being made for its answers. Evidence adds
up over the whole group: a few shared tasks a pair are enough.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from domain.quality.crowd import Crowd, Floats, Ints, Mask, as_one_voice, votes
from domain.quality.model import fit, others

COPIED = 0.94  # how often two who share a key agree
LEAST_NATS, MOST_NATS = -3.0, 20.0  # one answer says no more against a pair; a pair counts for no more
WORTH = 1.0  # nats: pairs below it join no group
MOST_PAIRS = 1_000_000  # of answers to one task; beyond it tasks are left out evenly
TURNS = 20  # of the subspace iteration
GROUPS = 3  # looked for at once
NEAR = 0.3  # of the largest entry of an eigenvector: part of its group
SLIP = 0.03  # how often a member departs from the key
SURE = 30.0  # nats by which the story of a key must be better
STRONG_MEMBERS = 3  # members against whom a thousand to one speaks, each
STRONG = 6.9
KEYS = ((1 - SLIP, 0.5), (1 - 2.5 * SLIP, 0.1))  # how often members agree, and their share of the usual knowledge
MOST_RINGS, MOST_ANSWERS = 4, 2 / 3  # of all answers: those of more are the crowd's
PROMISING = 0.1  # nats an answer of a group that is looked at closely
ROUNDS, MEMBER = 10, 2.0  # rounds of sorting workers; nats from which one is a member
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


def rings(crowd: Crowd) -> tuple[Ring, ...]:
    """Every ring, the clearest first; a ring that was found speaks with one voice while others are looked for."""
    found: list[Ring] = []
    while len(found) < MOST_RINGS and (ring := _clearest(crowd)):
        found.append(ring)
        crowd = as_one_voice(crowd, ring.members)
    return tuple(found)


def keyed(crowd: Crowd) -> list[int]:
    """Workers who answer by a key, whose answers tell nothing. People who share a misconception are none of them: which
    of two schools is right, their answers do not tell."""
    return [worker for ring in rings(crowd) if ring.is_key for worker in ring.members]


def _clearest(crowd: Crowd) -> Ring | None:
    """The group whose key foretells its answers better than others' answers do, if with it all answers are likelier
    than in an honest crowd, in which those who are right agree, too."""
    habit = _by_habit(crowd)
    groups = [odds for begin in _groups(crowd) if (odds := _sorted(crowd, begin, habit)) is not None]
    if not groups:
        return None
    member = max(groups, key=lambda odds: odds[odds > MEMBER].sum()) > MEMBER
    by_key, (told, truth) = _by_key(crowd, member), _by_truth(crowd, member, habit)
    odds, honest = by_key - told, _by_truth(crowd, np.zeros(crowd.workers, bool), habit)[0]
    clear = np.maximum(by_key, told).sum() >= honest.sum() + SURE and (odds >= STRONG).sum() >= STRONG_MEMBERS
    return _ring(crowd, odds, truth) if clear else None


def _sorted(crowd: Crowd, member: Mask, habit: Floats) -> Floats | None:
    """Alternates between the key and the membership, from a first guess of the members: nats against each worker; None
    where a key gains too little, or the group is the crowd."""
    for _ in range(ROUNDS):
        before, odds = member, _by_key(crowd, member) - _either(crowd, _echo(crowd, member), habit)
        member = odds > MEMBER
        theirs = member[crowd.worker]
        if odds[member].sum() < SURE + PROMISING * theirs.sum() or member.sum() < STRONG_MEMBERS:
            return None
        if (before == member).all():
            break
    return odds if theirs.mean() <= MOST_ANSWERS else None


def _by_truth(crowd: Crowd, member: Mask, habit: Floats) -> tuple[Floats, Floats]:
    """log P(each worker's answers | what no member says is the truth, and they know it, or follow a habit), and the
    posterior of each answer's task."""
    kept = ~member[crowd.worker]
    fitted = fit(crowd.only(kept))
    truth = others(crowd, fitted, kept)
    return _either(crowd, (truth * fitted.matrix[crowd.worker, crowd.label]).sum(1), habit), truth


def _either(crowd: Crowd, likely: Floats, by_habit: Floats) -> Floats:
    """log P(each worker's answers | each is so likely, or they follow only their own habit)."""
    told = np.bincount(crowd.worker, np.log(likely), crowd.workers)
    return np.asarray(np.logaddexp(told, by_habit) - np.log(2))


def _by_habit(crowd: Crowd) -> Floats:
    """log P(each worker's answers | they follow only how often this worker gives each)."""
    given = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes)
    habit = (given + HABIT) / (given + HABIT).sum(1, keepdims=True)
    return np.asarray((given * np.log(habit)).sum(1))


def _echo(crowd: Crowd, member: Mask) -> Floats:
    """Share of each answer's label among the other answers of no members to its task, drawn to the label's usual."""
    weight = 1.0 - member[crowd.worker]
    cells = crowd.task * crowd.classes + crowd.label
    counts = np.bincount(cells, weight, crowd.tasks * crowd.classes)
    usual = counts.reshape(-1, crowd.classes).sum(0) + 1
    sizes = np.bincount(crowd.task, weight, crowd.tasks)[crowd.task] - weight
    drawn = BELIEVED * (usual / usual.sum())[crowd.label]
    return np.asarray((counts[cells] - weight + drawn) / (sizes + BELIEVED))


def _by_key(crowd: Crowd, member: Mask) -> Floats:
    """log P(each worker's answers | the key that the other members show)."""
    mine, odds = member[crowd.worker], np.log((1 - SLIP) * max(1, crowd.classes - 1) / SLIP)
    cells = crowd.task * crowd.classes + crowd.label
    counts = np.bincount(cells, mine, crowd.tasks * crowd.classes).reshape(-1, crowd.classes)
    key = np.exp(odds * (counts - counts.max(1, keepdims=True)))
    own = key.ravel()[cells]
    left = np.where(mine, own * np.exp(-odds), own)  # without the answer itself
    told = left / np.maximum(key.sum(1)[crowd.task] - own + left, left)
    chance = (1 - SLIP) * told + SLIP / max(1, crowd.classes - 1) * (1 - told)
    return np.asarray(np.bincount(crowd.worker, np.log(chance), crowd.workers), np.float64)


def _ring(crowd: Crowd, odds: Floats, truth: Floats) -> Ring:
    members = np.flatnonzero(odds > MEMBER)
    theirs, chance = np.isin(crowd.worker, members), 1 / crowd.classes
    right = truth[np.arange(len(truth)), crowd.label]
    judged = np.isin(crowd.task, crowd.gold_task)
    if len(np.unique(crowd.task[theirs & judged])) < LEAST_GOLD:
        judged = np.ones(len(theirs), dtype=bool)
    usual = right[judged & ~theirs].mean() if (judged & ~theirs).any() else 1.0
    knowing = (right[judged & theirs].mean() - chance) / max(usual - chance, 1e-9)
    counts = votes(crowd.only(theirs))
    several = counts[counts.sum(1) > 1]
    agreed = float(several.max(1).sum() / max(1.0, several.sum()))
    is_key = any(agreed >= least and knowing <= most for least, most in KEYS)
    expected = float(_echo(crowd, odds > MEMBER)[theirs].mean())
    return Ring(tuple(members.tolist()), tuple(odds[members].tolist()), agreed, expected, is_key)


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
