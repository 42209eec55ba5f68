"""Collusion: groups of workers who answer by a shared key, workers who repeat a model, and workers who know the gold.

Two hypotheses are compared by their likelihood: all workers follow the truth (or a habit), or some follow a hidden key.
Each answer is predicted from the other workers' answers only, and evidence adds up over the group, so that a few shared
tasks per pair are enough."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.special import logsumexp

from domain.quality.crowd import Crowd, Floats, Ints, Mask, count_votes, merge_workers
from domain.quality.model import Fit, fit, leave_one_out_posterior

MAX_PAIR_NATS = 20.0  # a pair counts for no more
MAX_ANSWER_PAIRS = 1_000_000  # of answers to one task; beyond it tasks are left out evenly
POWER_ITERATIONS = 20  # of the subspace iteration
MAX_GROUPS = 3  # looked for at once
EIGENVECTOR_SHARE = 0.3  # of the largest entry of an eigenvector: part of its group
KEY_SLIP_RATE = 0.03  # how often a member departs from the key
COPY_AGREEMENT = (1 - KEY_SLIP_RATE) ** 2  # how often two who share one agree
MIN_GAIN_NATS = 30.0  # nats by which the story of a key must be better
STRONG_MEMBERS = 3  # members against whom a thousand to one speaks, each
STRONG_NATS = 6.9
KEY_CRITERIA = (
    (1 - KEY_SLIP_RATE, 0.5),
    (1 - 2.5 * KEY_SLIP_RATE, 0.1),
)  # how often members agree, and their share of the usual knowledge
MAX_RINGS, MAX_RING_SHARE = 4, 2 / 3  # of all answers: those of more are the crowd's
SORTING_ROUNDS, MEMBER_NATS = 10, 2.0  # rounds of sorting workers; nats from which one is a member
SHARE_PSEUDO_ANSWERS = 2.0  # answers that a label's usual share counts for
HABIT_PSEUDO_ANSWERS = 1.0  # pseudo-answers of each label in a worker's habit
MAX_LIKELIHOOD = 0.95  # of what an honest worker says, by the others
MIN_GOLD_TASKS = 20  # gold tasks they met that are judged instead of all tasks


@dataclass(frozen=True, slots=True)
class Ring:
    """A group of workers who share a key: `members`, with the log Bayes factor against each (`nats`); `agreed`: share
    of their answers that follow the key, where `expected` would follow by the others' answers; `is_key`: the answers
    carry no information. People who share a misconception know something or agree less often, and are no key."""

    members: tuple[int, ...]
    nats: tuple[float, ...]
    agreed: float
    expected: float
    is_key: bool


def find_rings(crowd: Crowd) -> tuple[Ring, ...]:
    """Return every ring, the clearest first. The members of a ring that was found count as one worker while others are
    searched."""
    found_rings: list[Ring] = []
    while len(found_rings) < MAX_RINGS and (ring := _find_clearest_ring(crowd)):
        found_rings.append(ring)
        crowd = merge_workers(crowd, ring.members)
    return tuple(found_rings)


def find_key_followers(crowd: Crowd) -> list[int]:
    """Return the workers whose answers carry no information because they follow a key. Answers alone cannot tell which
    of two schools is right; these are not included."""
    return [worker for ring in find_rings(crowd) if ring.is_key for worker in ring.members]


def find_copyists(crowd: Crowd, model_label: Ints) -> list[int]:
    """Return the workers who repeat a model's answers where most other people disagree with it. `model_label` (tasks,):
    the model's class, −1 where it has none.

    An honest worker is assumed to agree with the model on such a task as often as the others do, shrunk to the usual
    share. Gold tasks are not compared."""
    counts, key = count_votes(crowd), model_label[crowd.task]
    compared, agrees = (key >= 0) & ~np.isin(crowd.task, crowd.gold_task), crowd.label == key
    other_answers, agreeing_others = counts.sum(1)[crowd.task] - 1, counts[crowd.task, np.maximum(key, 0)] - agrees
    usual = agrees[compared].mean() if compared.any() else 0.5
    likely = ((agreeing_others + SHARE_PSEUDO_ANSWERS * usual) / (other_answers + SHARE_PSEUDO_ANSWERS)).clip(
        1 - MAX_LIKELIHOOD, MAX_LIKELIHOOD
    )
    nats = np.where(agrees, np.log(COPY_AGREEMENT / likely), np.log((1 - COPY_AGREEMENT) / (1 - likely)))
    missed = compared & (agreeing_others * 2 < other_answers)
    return np.flatnonzero(np.bincount(crowd.worker[missed], nats[missed], crowd.workers) >= STRONG_NATS).tolist()


def _find_clearest_ring(crowd: Crowd) -> Ring | None:
    """Return the group whose key predicts its answers best, or None if no group makes all answers likelier, by
    MIN_GAIN_NATS, than an honest crowd (in which workers who are right agree, too) or too few members have strong
    evidence."""
    groups = [odds for begin in _guess_groups(crowd) if (odds := _refine_members(crowd, begin)) is not None]
    if not groups:
        return None
    member = max(groups, key=lambda odds: odds[odds > MEMBER_NATS].sum()) > MEMBER_NATS
    by_key, (by_truth, truth) = _log_likelihood_by_key(crowd, member), _log_likelihood_by_truth(crowd, member)
    odds, honest = by_key - by_truth, _log_likelihood_by_truth(crowd, np.zeros(crowd.workers, bool))[0]
    clear = (
        np.maximum(by_key, by_truth).sum() >= honest.sum() + MIN_GAIN_NATS
        and (odds >= STRONG_NATS).sum() >= STRONG_MEMBERS
    )
    return _describe_ring(crowd, odds, truth) if clear else None


def _refine_members(crowd: Crowd, member: Mask) -> Floats | None:
    """Return the nats against each worker (workers,), alternating between the key and the membership from a first guess
    of the members; None if the key gains too little, too few members are left, or the group is most of the crowd."""
    for _ in range(SORTING_ROUNDS):
        previous, odds = (
            member,
            _log_likelihood_by_key(crowd, member) - _log_likelihood_honest(crowd, _share_among_others(crowd, member)),
        )
        member = odds > MEMBER_NATS
        if odds[member].sum() < MIN_GAIN_NATS or member.sum() < STRONG_MEMBERS:
            return None
        if (previous == member).all():
            break
    return odds if member[crowd.worker].mean() <= MAX_RING_SHARE else None


def _log_likelihood_by_truth(crowd: Crowd, member: Mask) -> tuple[Floats, Floats]:
    """Return log P(each worker's answers | truth as non-members see it) (workers,), and the posterior of the task of
    each answer (answers, classes)."""
    by_others = ~member[crowd.worker]
    fitted = fit(crowd.only(by_others))
    truth = leave_one_out_posterior(crowd, fitted, by_others)
    return _log_likelihood_honest(crowd, (truth * fitted.matrix[crowd.worker, crowd.label]).sum(1)), truth


def _log_likelihood_honest(crowd: Crowd, likelihood: Floats) -> Floats:
    """Return log P(each worker's answers) (workers,), an even mixture of answers with these likelihoods (answers,) and
    of answers that follow only the worker's own label frequencies."""
    counts = (
        np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes)
        + HABIT_PSEUDO_ANSWERS
    )
    by_habit = ((counts - HABIT_PSEUDO_ANSWERS) * np.log(counts / counts.sum(1, keepdims=True))).sum(1)
    return np.asarray(np.logaddexp(np.bincount(crowd.worker, np.log(likelihood), crowd.workers), by_habit) - np.log(2))


def _share_among_others(crowd: Crowd, member: Mask) -> Floats:
    """Return the leave-one-out share of each answer's label among the non-members' answers to its task (answers,),
    shrunk to the label's usual share."""
    counts = count_votes(crowd, ~member[crowd.worker])
    usual = counts.sum(0) + 1
    drawn, sizes = SHARE_PSEUDO_ANSWERS * (usual / usual.sum()), counts.sum(1, keepdims=True)
    # Of every class of a task, by the answers of no members there, one of whom may be who answers.
    shares = [(counts - own + drawn) / (sizes - own + SHARE_PSEUDO_ANSWERS) for own in (1.0, 0.0)]
    return _entry_per_answer(crowd, member, shares)


def _log_likelihood_by_key(crowd: Crowd, member: Mask) -> Floats:
    """Return log P(each worker's answers | the key that the other members show) (workers,)."""
    counts, apart = count_votes(crowd, member[crowd.worker]), KEY_SLIP_RATE / max(1, crowd.classes - 1)
    odds = np.log((1 - KEY_SLIP_RATE) / apart)
    key = np.exp(odds * (counts - counts.max(1, keepdims=True)))
    other_classes = key.sum(1, keepdims=True) - key
    key_tables = (key, key * np.exp(-odds))  # of a member without the answer itself
    probabilities = (table / np.maximum(other_classes + table, table) for table in key_tables)
    chances = [np.log((1 - KEY_SLIP_RATE) * table + apart * (1 - table)) for table in probabilities]
    return np.asarray(np.bincount(crowd.worker, _entry_per_answer(crowd, member, chances), crowd.workers), np.float64)


def _entry_per_answer(crowd: Crowd, member: Mask, tables: Sequence[Floats]) -> Floats:
    """Return one entry per answer (answers,), at its task and class: from the second table (tasks, classes) if its
    worker is a member, else from the first."""
    place = member[crowd.worker] * tables[0].size + crowd.task * crowd.classes + crowd.label
    return np.asarray(np.concatenate(tables, None)[place])


def _describe_ring(crowd: Crowd, odds: Floats, truth: Floats) -> Ring:
    """Return the ring of workers above MEMBER_NATS. Whether it is a key is judged by gold tasks if members met
    MIN_GOLD_TASKS of them, else by all tasks."""
    member, chance, judged = odds > MEMBER_NATS, 1 / crowd.classes, np.isin(crowd.task, crowd.gold_task)
    by_members, right = member[crowd.worker], truth[np.arange(len(truth)), crowd.label]
    if len(np.unique(crowd.task[by_members & judged])) < MIN_GOLD_TASKS:
        judged[:] = True
    usual = right[judged & ~by_members].mean() if (judged & ~by_members).any() else 1.0
    knowing = (right[judged & by_members].mean() - chance) / max(usual - chance, 1e-9)
    counts = count_votes(crowd, by_members)
    several = counts[counts.sum(1) > 1]
    agreed, expected = (
        several.max(1).sum() / max(1.0, several.sum()),
        _share_among_others(crowd, member)[by_members].mean(),
    )
    is_key = any(agreed >= least and knowing <= most for least, most in KEY_CRITERIA)
    members = tuple(np.flatnonzero(member).tolist())
    return Ring(members, tuple(odds[member].tolist()), float(agreed), float(expected), is_key)


def _guess_groups(crowd: Crowd) -> list[Mask]:
    """Return first guesses of a ring's members, masks (workers,): the workers near the largest entry of each leading
    eigenvector of the pair evidence."""
    nats, workers = _pair_evidence(crowd, _share_among_others(crowd, np.zeros(crowd.workers, bool))), crowd.workers
    if not nats.nnz:
        return []
    basis = np.linalg.qr(np.random.default_rng(0).random((workers, min(MAX_GROUPS, workers))))[0]
    for _ in range(POWER_ITERATIONS):
        basis = np.linalg.qr(nats @ basis)[0]
    signed = [side for x in basis.T for side in (x, -x) if side.max() > EIGENVECTOR_SHARE * np.abs(x).max()]
    return list({mask.tobytes(): mask for mask in (side > EIGENVECTOR_SHARE * side.max() for side in signed)}.values())


def _pair_evidence(crowd: Crowd, echo: Floats) -> csr_array:
    """Return the nats by which the shared tasks of two workers speak for one key (sparse, workers × workers); only
    positive entries are kept. Agreement counts more the rarer the answer is among others; disagreement counts against.
    """
    sizes = np.bincount(crowd.task, minlength=crowd.tasks)
    selected = crowd.task % (1 + int((sizes**2).sum()) // MAX_ANSWER_PAIRS) == 0
    task, worker, likely = crowd.task[selected], crowd.worker[selected], np.minimum(echo[selected], MAX_LIKELIHOOD)
    cell, ones = task * crowd.classes + crowd.label[selected], np.ones(len(task))
    same, apart = np.log(COPY_AGREEMENT / likely), np.log((1 - COPY_AGREEMENT) / (1 - likely))

    def table(values: Floats, column: Ints) -> csr_array:
        return csr_array((values, (worker, column)), (crowd.workers, crowd.tasks * crowd.classes))

    nats = table(same - apart, cell) @ table(ones, cell).T + table(apart, task) @ table(ones, task).T
    nats = ((nats + nats.T) / 2).tocoo()
    selected = (nats.data > 0) & (nats.row != nats.col)
    return csr_array(
        (np.minimum(nats.data[selected], MAX_PAIR_NATS), (nats.row[selected], nats.col[selected])), nats.shape
    )


KNOWLEDGE_GRID = np.array([0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])  # λ; below .3 nobody is called honest
KNOWING_SLIP_RATE = 0.03  # of the answers that a worker knows
KNOWING_HABIT = 8.0  # a worker's share of each label is tied to the crowd's by so many pseudo-answers
HONEST_KNOWLEDGE, GUESSER_SHARE, PRIOR_WORKERS = (
    (0.7, 0.2),
    0.05,
    2.0,
)  # λ (mean, spread) and those who guess, worth so many workers
KNOWING_ROUNDS = 30


def label_habits(crowd: Crowd) -> Floats:
    """Return P(label) of each worker's guesses (workers, classes): their own shares, tied to the crowd's."""
    overall = np.bincount(crowd.label, minlength=crowd.classes) + 1.0
    counts = np.bincount(crowd.cell, minlength=crowd.workers * crowd.classes).reshape(-1, crowd.classes)
    habit = counts + KNOWING_HABIT * overall / overall.sum()
    return np.asarray(habit / habit.sum(1, keepdims=True))


def fit_knowledge_prior(logs: Floats) -> Floats:
    """Return how λ > 0 is spread among workers, (KNOWS without its 0,), from the log likelihoods of their answers
    (workers, KNOWS). Fitted by EM: a normal distribution beside a part that guesses, so that guessers do not pass for a
    kind of honest worker of their own."""
    knows, mean, spread, guessing = KNOWLEDGE_GRID[1:], *HONEST_KNOWLEDGE, GUESSER_SHARE
    for _ in range(KNOWING_ROUNDS):
        shares = np.exp(-0.5 * ((knows - mean) / spread) ** 2) + 1e-9
        shares /= shares.sum()
        scores = logs + np.log(np.concatenate([[guessing], (1 - guessing) * shares]))
        member = np.exp(scores - logsumexp(scores, 1, keepdims=True))
        guessing = (member[:, 0].sum() + PRIOR_WORKERS * GUESSER_SHARE) / (len(member) + PRIOR_WORKERS)
        weight = member[:, 1:].sum(0)
        total = weight.sum() + PRIOR_WORKERS
        mean = (weight @ knows + PRIOR_WORKERS * HONEST_KNOWLEDGE[0]) / total
        spread = np.sqrt((weight @ (knows - mean) ** 2 + PRIOR_WORKERS * HONEST_KNOWLEDGE[1] ** 2) / total)
    return np.asarray(shares)


MIN_LEAKED_GOLD = 3  # check questions that a worker must have met, all of them right, to be suspected first
MIN_GOLD_NATS = 2.0  # nats by which gold must show that a worker does not guess there
HONEST_GOLD_KNOWLEDGE = 0.6  # λ of an honest worker on gold
HONEST_MISS_RATE = 0.2  # of an honest worker's answers to gold
MIN_OTHERS_GOLD = 10  # answers of the others to gold that show how far they can be believed
LEAKED_GOLD_THRESHOLD = 0.4  # least share of the knowledge that the others claim, and that gold confirms
MIN_FIRST_REMAINDER, MIN_REMAINDER = (
    0.15,
    1 / 3,
)  # least share of answers that are the others', in the first round and later
LEAKED_GOLD_ROUNDS = 8
KEY_SLIP_RATES = (KNOWING_SLIP_RATE, 0.15)  # how often members depart from a key
MIN_SCHOOL_SHARE, MAX_SCHOOL_SHARE = (
    0.25,
    0.8,
)  # share of answers that makes two schools of the crowd, and of one that is found


@dataclass(frozen=True, slots=True)
class GoldKnowledge:
    """Workers who know the gold. `members` with the log Bayes factor against each (`nats`), from their number of
    ordinary `answers` and of answers to `gold`; `expected`: the non-members' share of right answers to ordinary tasks,
    `observed`: the share of each member. `doubted`: workers, members included, who more likely know the gold than not.
    """

    members: tuple[int, ...] = ()
    nats: tuple[float, ...] = ()
    answers: tuple[int, ...] = ()
    gold: tuple[int, ...] = ()
    expected: float = 0.0
    observed: tuple[float, ...] = ()
    doubted: tuple[int, ...] = ()

    @property
    def strong(self) -> list[int]:
        """Return the members with evidence of at least a thousand to one."""
        return [member for member, nats in zip(self.members, self.nats, strict=True) if nats >= STRONG_NATS]


NO_GOLD_KNOWLEDGE = GoldKnowledge()


@dataclass(frozen=True, slots=True, eq=False)
class _GoldSplit:
    """A crowd's answers without gold (`ordinary`) with the probability of each as a guess (`own`), and by worker:
    number of answers to gold (`gold_answers`), how many were right (`hits`), and the nats by which they show that the
    worker does not guess on gold (`gold_nats`). `gold_worker`, `gold_label` and `gold_hit` have one entry per answer to
    gold."""

    ordinary: Crowd
    own: Floats
    gold_answers: Ints
    hits: Floats
    gold_nats: Floats
    gold_worker: Ints
    gold_label: Ints
    gold_hit: Mask


@dataclass(frozen=True, slots=True, eq=False)
class _WorkerEvidence:
    """Evidence by worker (workers,): nats for guessing (`guess`), or for guessing or a key (`odds`), against honest
    work on ordinary tasks. `right` (answers,): P(right) of each ordinary answer by the others' truth, as far as gold
    confirms it."""

    guess: Floats
    odds: Floats
    right: Floats


def find_gold_knowledge(crowd: Crowd, groups: Sequence[Ring]) -> GoldKnowledge:
    """Return the workers who know the gold; NO_GOLD_KNOWLEDGE if there is no gold, none is found, or answers cannot
    tell who it is. `groups` are the crowd's rings (find_rings), tried as first guesses."""
    if not np.isin(crowd.task, crowd.gold_task).any():
        return NO_GOLD_KNOWLEDGE
    split = _split_gold(crowd)
    for start in _initial_members(split, groups):
        result = _sort_members(split, start)
        if result is not None:
            return _describe_knowledge(split, *result)
    return NO_GOLD_KNOWLEDGE


def gold_knowledge_nats(crowd: Crowd) -> Floats:
    """Return the nats by which each worker's answers to gold speak for a worker who knows most of them, (workers,)."""
    split = _split_gold(crowd)
    chance = np.clip(label_habits(split.ordinary)[split.gold_worker, split.gold_label], 0.01, 0.99)
    right = HONEST_GOLD_KNOWLEDGE * (1 - KNOWING_SLIP_RATE) + (1 - HONEST_GOLD_KNOWLEDGE) * chance
    nats = np.where(split.gold_hit, np.log(right / chance), np.log((1 - right) / (1 - chance)))
    return np.asarray(np.bincount(split.gold_worker, nats, crowd.workers))


def drop_doubted_gold(crowd: Crowd, knowledge: GoldKnowledge) -> Crowd:
    """Return the crowd without the doubted workers' answers to gold, which would make them look skilled."""
    if not knowledge.doubted:
        return crowd
    theirs = np.isin(crowd.worker, knowledge.doubted) & np.isin(crowd.task, crowd.gold_task)
    return crowd.only(~theirs)


def _split_gold(crowd: Crowd) -> _GoldSplit:
    """Return the crowd's answers, split into ordinary ones and answers to gold."""
    on_gold, nothing = np.isin(crowd.task, crowd.gold_task), np.array([], np.int64)
    ordinary = replace(crowd.only(~on_gold), gold_task=nothing, gold_label=nothing)
    habit, worker = label_habits(ordinary), crowd.worker[on_gold]
    label = crowd.gold_label[np.searchsorted(crowd.gold_task, crowd.task[on_gold])]
    hit, chance = crowd.label[on_gold] == label, np.clip(habit[worker, label], 0.01, 0.99)
    nats = np.where(hit, np.log((1 - KNOWING_SLIP_RATE) / chance), np.log(KNOWING_SLIP_RATE / (1 - chance)))
    return _GoldSplit(
        ordinary=ordinary,
        own=habit[ordinary.worker, ordinary.label],
        gold_answers=np.bincount(worker, minlength=crowd.workers),
        hits=np.asarray(np.bincount(worker, hit, crowd.workers), np.float64),
        gold_nats=np.asarray(np.bincount(worker, nats, crowd.workers), np.float64),
        gold_worker=worker,
        gold_label=label,
        gold_hit=hit,
    )


def _initial_members(split: _GoldSplit, groups: Sequence[Ring]) -> Iterator[Mask]:
    """Yield first guesses of the members, masks (workers,): all who met MIN_LEAKED_GOLD gold tasks and never missed
    one; then each group."""
    yield (split.gold_answers >= MIN_LEAKED_GOLD) & (split.hits == split.gold_answers)
    for group in groups:
        yield np.isin(np.arange(split.ordinary.workers), group.members)


def _sort_members(split: _GoldSplit, member: Mask) -> tuple[Mask, _WorkerEvidence] | None:
    """Return the members and the evidence, alternating between the others' truth and the membership. Return None if the
    others are too few or not confirmed by gold, no member is left, the evidence is weak, or it is disputed who is
    right."""
    least, weighing = MIN_FIRST_REMAINDER, None
    for _ in range(LEAKED_GOLD_ROUNDS):
        by_others, previous = ~member[split.ordinary.worker], member
        if not by_others.any() or by_others.mean() < least or (weighing := _weigh_evidence(split, member)) is None:
            return None
        member, least = weighing.odds > MEMBER_NATS, MIN_REMAINDER
        if (previous == member).all() or not member.any():
            break
    if weighing is None or not member.any() or weighing.guess[member].sum() < STRONG_NATS:
        return None
    return None if _is_disputed(split, member, weighing) else (member, weighing)


def _weigh_evidence(split: _GoldSplit, member: Mask) -> _WorkerEvidence | None:
    """Return the evidence against every worker by the truth of non-members, or None if gold does not confirm that
    truth."""
    ordinary, by_others = split.ordinary, ~member[split.ordinary.worker]
    fitted = fit(ordinary.only(by_others))
    confirmed = _confirmed_knowledge(split, member, fitted)
    if confirmed < LEAKED_GOLD_THRESHOLD:
        return None
    truth = leave_one_out_posterior(ordinary, fitted, by_others)
    usual = np.bincount(ordinary.label, minlength=ordinary.classes) / len(ordinary.label)
    right = confirmed * truth[np.arange(len(truth)), ordinary.label] + (1 - confirmed) * usual[ordinary.label]
    likelihood = (1 - KNOWING_SLIP_RATE) * right + KNOWING_SLIP_RATE * (1 - right)
    logs = np.array(
        [_sum_by_worker(ordinary, np.log((1 - share) * split.own + share * likelihood)) for share in KNOWLEDGE_GRID]
    ).T
    honest = logsumexp(logs[:, 1:] + np.log(fit_knowledge_prior(logs[np.unique(ordinary.worker)])), 1)
    penalty = (split.gold_answers - split.hits) * np.log(KNOWING_SLIP_RATE / HONEST_MISS_RATE)
    keyed = max(
        (_log_likelihood_by_shared_key(ordinary, member, slip) for slip in KEY_SLIP_RATES),
        key=lambda logs: logs[member].sum(),
    )
    guess = logs[:, 0] - honest + penalty
    odds = np.logaddexp(guess, keyed - honest + penalty) - np.log(2)
    return _WorkerEvidence(guess, np.where(split.gold_nats >= MIN_GOLD_NATS, odds, np.minimum(odds, 0.0)), right)


def _confirmed_knowledge(split: _GoldSplit, member: Mask, fitted: Fit) -> float:
    """Return the share (0…1) of the knowledge that non-members claim by agreeing on ordinary tasks, as confirmed by
    their answers to gold: one standard deviation below the estimate; 0 with fewer than MIN_OTHERS_GOLD answers."""
    by_others = ~member[split.gold_worker]
    answers, hits = int(by_others.sum()), float(split.gold_hit[by_others].sum())
    if answers < MIN_OTHERS_GOLD:
        return 0.0
    label, chance = split.gold_label[by_others], 1 / split.ordinary.classes
    claimed = float(fitted.matrix[split.gold_worker[by_others], label, label].mean())
    mean = (hits + 1) / (answers + 2)
    low = mean - np.sqrt(mean * (1 - mean) / (answers + 3))
    return float(np.clip((low - chance) / max(claimed - chance, 1e-9), 0.0, 1.0))


def _log_likelihood_by_shared_key(ordinary: Crowd, member: Mask, slip: float) -> Floats:
    """Return log P(each worker's answers | the key that the other members show, left with probability `slip`),
    (workers,)."""
    by_members, slip_chance = member[ordinary.worker], slip / max(1, ordinary.classes - 1)
    counts = (
        count_votes(ordinary, by_members)[ordinary.task]
        - np.eye(ordinary.classes)[ordinary.label] * by_members[:, None]
    )
    key = np.exp(np.log((1 - slip) / slip_chance) * (counts - counts.max(1, keepdims=True)))
    key_share = key[np.arange(len(key)), ordinary.label] / key.sum(1)
    return _sum_by_worker(ordinary, np.log((1 - slip) * key_share + slip_chance * (1 - key_share)))


def _is_disputed(split: _GoldSplit, member: Mask, weighing: _WorkerEvidence) -> bool:
    """Return whether many non-members contradict the same truth and are good on gold: then the truth may be a shared
    error of the others."""
    penalty = (split.gold_answers - split.hits) * np.log(KNOWING_SLIP_RATE / HONEST_MISS_RATE)
    against = (weighing.guess - penalty > MEMBER_NATS) & (split.gold_nats > -MIN_GOLD_NATS) | member
    share = against[split.ordinary.worker].mean()
    members = member[split.ordinary.worker].mean()
    return bool(share >= MIN_SCHOOL_SHARE and members < MAX_SCHOOL_SHARE * share)


def _describe_knowledge(split: _GoldSplit, member: Mask, weighing: _WorkerEvidence) -> GoldKnowledge:
    """Return the members with their figures as GoldKnowledge."""
    answers = np.bincount(split.ordinary.worker, minlength=len(member))
    right = _sum_by_worker(split.ordinary, weighing.right) / np.maximum(answers, 1)
    places = np.flatnonzero(member)
    return GoldKnowledge(
        members=tuple(places.tolist()),
        nats=tuple(weighing.odds[places].tolist()),
        answers=tuple(answers[places].tolist()),
        gold=tuple(split.gold_answers[places].tolist()),
        expected=float(weighing.right[~member[split.ordinary.worker]].mean()),
        observed=tuple(right[places].tolist()),
        doubted=tuple(np.flatnonzero(weighing.odds > 0).tolist()),
    )


def _sum_by_worker(crowd: Crowd, values: Floats) -> Floats:
    """Return the sum of each worker's answers' values (workers,)."""
    return np.asarray(np.bincount(crowd.worker, values, crowd.workers))
