"""Collusion: groups of workers who answer by one key. Two hypotheses compete for the same answers: all workers follow
the truth (or a habit), or some a hidden key. Each answer is foretold by the others alone, and evidence adds up over the
group: a few shared tasks a pair are enough."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.special import logsumexp

from domain.quality.crowd import (
    Crowd,
    Floats,
    Ints,
    Mask,
    as_one_voice,
    votes,
)
from domain.quality.model import Fit, fit, others

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


KNOWS = np.array([0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])  # λ; below .3 nobody is called honest
KNOWING_SLIP_RATE = 0.03  # of the answers that a worker knows
KNOWING_HABIT = 8.0  # a worker's share of each label is tied to the crowd's by so many pseudo-answers
HONEST, GUESSERS, BELIEVED = (0.7, 0.2), 0.05, 2.0  # λ (mean, spread) and those who guess, worth so many workers
KNOWING_ROUNDS = 30


def habits(crowd: Crowd) -> Floats:
    """Return P(label) of each worker's guesses (workers, classes): their own shares, tied to the crowd's."""
    overall = np.bincount(crowd.label, minlength=crowd.classes) + 1.0
    counts = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes)
    habit = counts + KNOWING_HABIT * overall / overall.sum()
    return np.asarray(habit / habit.sum(1, keepdims=True))


def spread_of_knowledge(logs: Floats) -> Floats:
    """Return how λ > 0 is spread among workers, (KNOWS without its 0,), from the log likelihoods of their answers
    (workers, KNOWS). Fitted by EM: a normal distribution beside a part that guesses, so that guessers do not pass for a
    kind of honest worker of their own."""
    knows, mean, spread, guessing = KNOWS[1:], *HONEST, GUESSERS
    for _ in range(KNOWING_ROUNDS):
        shares = np.exp(-0.5 * ((knows - mean) / spread) ** 2) + 1e-9
        shares /= shares.sum()
        scores = logs + np.log(np.concatenate([[guessing], (1 - guessing) * shares]))
        member = np.exp(scores - logsumexp(scores, 1, keepdims=True))
        guessing = (member[:, 0].sum() + BELIEVED * GUESSERS) / (len(member) + BELIEVED)
        weight = member[:, 1:].sum(0)
        total = weight.sum() + BELIEVED
        mean = (weight @ knows + BELIEVED * HONEST[0]) / total
        spread = np.sqrt((weight @ (knows - mean) ** 2 + BELIEVED * HONEST[1] ** 2) / total)
    return np.asarray(shares)


MIN_LEAKED_GOLD = 3  # check questions that a worker must have met, all of them right, to be suspected first
SHOWN = 2.0  # nats by which gold must show that a worker does not guess there
USUAL = 0.6  # λ of an honest worker on gold
MISSES = 0.2  # of an honest worker's answers to gold
OTHERS_GOLD = 10  # answers of the others to gold that show how far they can be believed
LEAKED_GOLD_THRESHOLD = 0.4  # least share of the knowledge that the others claim, and that gold confirms
FIRST_LEFT, LEFT = 0.15, 1 / 3  # least share of answers that are the others', in the first round and later
LEAKED_GOLD_ROUNDS = 8
SLIPS = (KNOWING_SLIP_RATE, 0.15)  # how often members depart from a key
MANY, MOST = 0.25, 0.8  # share of answers that makes two schools of the crowd, and of one that is found


@dataclass(frozen=True, slots=True)
class GoldKnowledge:
    """`members` and the log Bayes factor against each (`nats`), from so many ordinary `answers` of theirs and so many
    answers to `gold`; `expected` is the share of right answers of the others to ordinary tasks, `observed` of each.
    `doubted`: workers, members among them, who rather know the gold than not."""

    members: tuple[int, ...] = ()
    nats: tuple[float, ...] = ()
    answers: tuple[int, ...] = ()
    gold: tuple[int, ...] = ()
    expected: float = 0.0
    observed: tuple[float, ...] = ()
    doubted: tuple[int, ...] = ()

    @property
    def strong(self) -> list[int]:
        """Members against whom a thousand to one speaks."""
        return [member for member, nats in zip(self.members, self.nats, strict=True) if nats >= STRONG]


NOBODY = GoldKnowledge()


@dataclass(frozen=True, slots=True, eq=False)
class _Split:
    """A crowd's answers to ordinary tasks (`ordinary`, without gold), and of each worker: answers to gold (`seen`), how
    many were right (`hits`), by how many nats they show that the worker does not guess there (`shown`)."""

    ordinary: Crowd
    own: Floats
    seen: Ints
    hits: Floats
    shown: Floats
    gold_worker: Ints
    gold_label: Ints
    gold_hit: Mask


@dataclass(frozen=True, slots=True, eq=False)
class _Weighing:
    """By worker: nats for guessing (`guess`), or for guessing or a key (`odds`), against honest work on ordinary tasks;
    `right` is P(right) of each ordinary answer by the others, as far as they are believed."""

    guess: Floats
    odds: Floats
    right: Floats


def find_gold_knowledge(crowd: Crowd, groups: Sequence[Ring]) -> GoldKnowledge:
    """Return the workers who know the gold, NOBODY where none is found or answers cannot tell who it is. `groups` share
    answers (domain/quality/collusion.py)."""
    if not np.isin(crowd.task, crowd.gold_task).any():
        return NOBODY
    split = _split(crowd)
    for start in _starts(split, groups):
        found = _sort_members(split, start)
        if found is not None:
            return _described(split, *found)
    return NOBODY


def gold_speaks_for(crowd: Crowd) -> Floats:
    """Return the nats by which each worker's answers to gold speak for somebody who knows most of them, (workers,)."""
    split = _split(crowd)
    chance = np.clip(habits(split.ordinary)[split.gold_worker, split.gold_label], 0.01, 0.99)
    right = USUAL * (1 - KNOWING_SLIP_RATE) + (1 - USUAL) * chance
    nats = np.where(split.gold_hit, np.log(right / chance), np.log((1 - right) / (1 - chance)))
    return np.asarray(np.bincount(split.gold_worker, nats, crowd.workers))


def without_their_gold(crowd: Crowd, knowledge: GoldKnowledge) -> Crowd:
    """Return the crowd without answers to gold of workers who are doubted, whom these would make look skilled."""
    if not knowledge.doubted:
        return crowd
    theirs = np.isin(crowd.worker, knowledge.doubted) & np.isin(crowd.task, crowd.gold_task)
    return crowd.only(~theirs)


def _split(crowd: Crowd) -> _Split:
    on_gold, nothing = np.isin(crowd.task, crowd.gold_task), np.array([], np.int64)
    ordinary = replace(crowd.only(~on_gold), gold_task=nothing, gold_label=nothing)
    habit, worker = habits(ordinary), crowd.worker[on_gold]
    label = crowd.gold_label[np.searchsorted(crowd.gold_task, crowd.task[on_gold])]
    hit, chance = crowd.label[on_gold] == label, np.clip(habit[worker, label], 0.01, 0.99)
    nats = np.where(hit, np.log((1 - KNOWING_SLIP_RATE) / chance), np.log(KNOWING_SLIP_RATE / (1 - chance)))
    return _Split(
        ordinary=ordinary,
        own=habit[ordinary.worker, ordinary.label],
        seen=np.bincount(worker, minlength=crowd.workers),
        hits=np.asarray(np.bincount(worker, hit, crowd.workers), np.float64),
        shown=np.asarray(np.bincount(worker, nats, crowd.workers), np.float64),
        gold_worker=worker,
        gold_label=label,
        gold_hit=hit,
    )


def _starts(split: _Split, groups: Sequence[Ring]) -> Iterator[Mask]:
    """First guesses of the members (workers,): all who never missed gold; then each group that shares answers."""
    yield (split.seen >= MIN_LEAKED_GOLD) & (split.hits == split.seen)
    for group in groups:
        yield np.isin(np.arange(split.ordinary.workers), group.members)


def _sort_members(split: _Split, member: Mask) -> tuple[Mask, _Weighing] | None:
    """Alternate between the others' truth and the membership. None where the others are too few or are not confirmed by
    gold, where no member is left, or where it stays open who is right."""
    least, weighing = FIRST_LEFT, None
    for _ in range(LEAKED_GOLD_ROUNDS):
        kept, before = ~member[split.ordinary.worker], member
        if not kept.any() or kept.mean() < least or (weighing := _weigh(split, member)) is None:
            return None
        member, least = weighing.odds > MEMBER, LEFT
        if (before == member).all() or not member.any():
            break
    if weighing is None or not member.any() or weighing.guess[member].sum() < STRONG:
        return None
    return None if _is_disputed(split, member, weighing) else (member, weighing)


def _weigh(split: _Split, member: Mask) -> _Weighing | None:
    """Return the evidence against every worker by the truth of no members, None where gold does not confirm it."""
    ordinary, kept = split.ordinary, ~member[split.ordinary.worker]
    fitted = fit(ordinary.only(kept))
    believed = _believed(split, member, fitted)
    if believed < LEAKED_GOLD_THRESHOLD:
        return None
    truth = others(ordinary, fitted, kept)
    usual = np.bincount(ordinary.label, minlength=ordinary.classes) / len(ordinary.label)
    right = believed * truth[np.arange(len(truth)), ordinary.label] + (1 - believed) * usual[ordinary.label]
    known = (1 - KNOWING_SLIP_RATE) * right + KNOWING_SLIP_RATE * (1 - right)
    logs = np.array([_sum(ordinary, np.log((1 - share) * split.own + share * known)) for share in KNOWS]).T
    honest = logsumexp(logs[:, 1:] + np.log(spread_of_knowledge(logs[np.unique(ordinary.worker)])), 1)
    penalty = (split.seen - split.hits) * np.log(KNOWING_SLIP_RATE / MISSES)
    keyed = max((_group_by_key(ordinary, member, slip) for slip in SLIPS), key=lambda logs: logs[member].sum())
    guess = logs[:, 0] - honest + penalty
    odds = np.logaddexp(guess, keyed - honest + penalty) - np.log(2)
    return _Weighing(guess, np.where(split.shown >= SHOWN, odds, np.minimum(odds, 0.0)), right)


def _believed(split: _Split, member: Mask, fitted: Fit) -> float:
    """Return the share of the knowledge that no members claim by agreeing with each other on ordinary tasks which their
    answers to gold confirm, one standard deviation below the estimate; 0 with fewer than OTHERS_GOLD answers."""
    theirs = ~member[split.gold_worker]
    answers, hits = int(theirs.sum()), float(split.gold_hit[theirs].sum())
    if answers < OTHERS_GOLD:
        return 0.0
    label, chance = split.gold_label[theirs], 1 / split.ordinary.classes
    claimed = float(fitted.matrix[split.gold_worker[theirs], label, label].mean())
    mean = (hits + 1) / (answers + 2)
    low = mean - np.sqrt(mean * (1 - mean) / (answers + 3))
    return float(np.clip((low - chance) / max(claimed - chance, 1e-9), 0.0, 1.0))


def _group_by_key(ordinary: Crowd, member: Mask, slip: float) -> Floats:
    """Return log P(each worker's answers | the key that the other members show), from which they depart so often."""
    mine, apart = member[ordinary.worker], slip / max(1, ordinary.classes - 1)
    counts = votes(ordinary, mine)[ordinary.task] - np.eye(ordinary.classes)[ordinary.label] * mine[:, None]
    key = np.exp(np.log((1 - slip) / apart) * (counts - counts.max(1, keepdims=True)))
    shown = key[np.arange(len(key)), ordinary.label] / key.sum(1)
    return _sum(ordinary, np.log((1 - slip) * shown + apart * (1 - shown)))


def _is_disputed(split: _Split, member: Mask, weighing: _Weighing) -> bool:
    """Return whether many others contradict the same truth and are good on gold: then it may be the others' that is
    shared and wrong."""
    penalty = (split.seen - split.hits) * np.log(KNOWING_SLIP_RATE / MISSES)
    against = (weighing.guess - penalty > MEMBER) & (split.shown > -SHOWN) | member
    share = against[split.ordinary.worker].mean()
    members = member[split.ordinary.worker].mean()
    return bool(share >= MANY and members < MOST * share)


def _described(split: _Split, member: Mask, weighing: _Weighing) -> GoldKnowledge:
    answers = np.bincount(split.ordinary.worker, minlength=len(member))
    right = _sum(split.ordinary, weighing.right) / np.maximum(answers, 1)
    places = np.flatnonzero(member)
    return GoldKnowledge(
        members=tuple(places.tolist()),
        nats=tuple(weighing.odds[places].tolist()),
        answers=tuple(answers[places].tolist()),
        gold=tuple(split.seen[places].tolist()),
        expected=float(weighing.right[~member[split.ordinary.worker]].mean()),
        observed=tuple(right[places].tolist()),
        doubted=tuple(np.flatnonzero(weighing.odds > 0).tolist()),
    )


def _sum(crowd: Crowd, values: Floats) -> Floats:
    """Return the sum of each worker's answers' values (workers,)."""
    return np.asarray(np.bincount(crowd.worker, values, crowd.workers))
