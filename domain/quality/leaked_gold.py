"""Workers who know the gold: right on check questions, and like chance on all other tasks.

Gold tells nothing of such workers, and must not be used to judge them: their other answers are held against what
workers who are not among them say there. Two hypotheses compete for a worker's answers to ordinary tasks: an honest
worker knows them with some λ (domain/quality/knowing.py); a worker who knows the gold guesses, or repeats the key that
other members show each other. Being right on gold never speaks against anybody; a miss speaks for honest work.

Which of two equal groups is right, answers alone cannot tell. A group is believed to know the gold only where the
others answer gold about as well as they seem to answer everything else, where the group's answers elsewhere do not
follow the others' truth, and where no further workers contradict that truth while they are good on gold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from domain.quality.collusion import MEMBER, STRONG, Ring
from domain.quality.crowd import Crowd, Floats, Ints, Mask, votes
from domain.quality.knowing import KNOWS, SLIP, habits, spread_of_knowledge
from domain.quality.model import Fit, fit, others

LEAST_GOLD = 3  # check questions that a worker must have met, all of them right, to be suspected first
SHOWN = 2.0  # nats by which gold must show that a worker does not guess there
USUAL = 0.6  # λ of an honest worker on gold
MISSES = 0.2  # of an honest worker's answers to gold
OTHERS_GOLD = 10  # answers of the others to gold that show how far they can be believed
BELIEVED = 0.4  # least share of the knowledge that the others claim, and that gold confirms
FIRST_LEFT, LEFT = 0.15, 1 / 3  # least share of answers that are the others', in the first round and later
ROUNDS = 8
SLIPS = (SLIP, 0.15)  # how often members depart from a key
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
        found = _sorted(split, start)
        if found is not None:
            return _described(split, *found)
    return NOBODY


def gold_speaks_for(crowd: Crowd) -> Floats:
    """Return the nats by which each worker's answers to gold speak for somebody who knows most of them, (workers,)."""
    split = _split(crowd)
    chance = np.clip(habits(split.ordinary)[split.gold_worker, split.gold_label], 0.01, 0.99)
    right = USUAL * (1 - SLIP) + (1 - USUAL) * chance
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
    nats = np.where(hit, np.log((1 - SLIP) / chance), np.log(SLIP / (1 - chance)))
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
    yield (split.seen >= LEAST_GOLD) & (split.hits == split.seen)
    for group in groups:
        yield np.isin(np.arange(split.ordinary.workers), group.members)


def _sorted(split: _Split, member: Mask) -> tuple[Mask, _Weighing] | None:
    """Alternate between the others' truth and the membership. None where the others are too few or are not confirmed by
    gold, where no member is left, or where it stays open who is right."""
    least, weighing = FIRST_LEFT, None
    for _ in range(ROUNDS):
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
    if believed < BELIEVED:
        return None
    truth = others(ordinary, fitted, kept)
    usual = np.bincount(ordinary.label, minlength=ordinary.classes) / len(ordinary.label)
    right = believed * truth[np.arange(len(truth)), ordinary.label] + (1 - believed) * usual[ordinary.label]
    known = (1 - SLIP) * right + SLIP * (1 - right)
    logs = np.array([_sum(ordinary, np.log((1 - share) * split.own + share * known)) for share in KNOWS]).T
    honest = logsumexp(logs[:, 1:] + np.log(spread_of_knowledge(logs[np.unique(ordinary.worker)])), 1)
    penalty = (split.seen - split.hits) * np.log(SLIP / MISSES)
    keyed = max((_by_key(ordinary, member, slip) for slip in SLIPS), key=lambda logs: logs[member].sum())
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


def _by_key(ordinary: Crowd, member: Mask, slip: float) -> Floats:
    """Return log P(each worker's answers | the key that the other members show), from which they depart so often."""
    mine, apart = member[ordinary.worker], slip / max(1, ordinary.classes - 1)
    counts = votes(ordinary, mine)[ordinary.task] - np.eye(ordinary.classes)[ordinary.label] * mine[:, None]
    key = np.exp(np.log((1 - slip) / apart) * (counts - counts.max(1, keepdims=True)))
    shown = key[np.arange(len(key)), ordinary.label] / key.sum(1)
    return _sum(ordinary, np.log((1 - slip) * shown + apart * (1 - shown)))


def _is_disputed(split: _Split, member: Mask, weighing: _Weighing) -> bool:
    """Return whether many others contradict the same truth and are good on gold: then it may be the others' that is
    shared and wrong."""
    penalty = (split.seen - split.hits) * np.log(SLIP / MISSES)
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
