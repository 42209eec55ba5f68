"""Evidence against a worker, and its consequences: soft effects first, a restriction only on strong evidence.

Evidence of different kinds is not independent, so nats are never added up: the strongest finding decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from domain.quality.collusion import KNOWING_SLIP_RATE, KNOWLEDGE_GRID, fit_knowledge_prior, label_habits
from domain.quality.crowd import Crowd, Floats, Ints, Mask
from domain.quality.model import Fit, leave_one_out_posterior

SUSPICIONS = ("random", "constant", "sleeper", "ring", "informed", "silent", "machine", "pasted")
HARMLESS = ("silent", "machine", "pasted")  # evidence for closer attention, never alone for a restriction
EXPLAINABLE = ("machine", "pasted")  # they may have a good reason: not even fewer offers
WATCHED_NATS, CLOSELY_WATCHED_NATS = (
    1.6,
    4.6,
)  # nats: five to one meets more gold, a hundred to one is not pushed to either
RESTRICTING_NATS = 9.2  # nats: ten thousand to one
MIN_RESTRICTING_ANSWERS = 20  # the least number of answers for a restriction


@dataclass(frozen=True, slots=True)
class Evidence:
    """`nats` for one `suspicion` against honest work (log Bayes factor), from so many answers and gold answers.

    `expected` and `observed` are the two shares a person can compare: right answers for `random` and `sleeper`, and for
    `informed` on tasks that are no check questions; the most frequent answer for `constant`, agreement for `ring`.
    """

    worker: int
    suspicion: str
    nats: float
    answers: int
    gold: int
    expected: float
    observed: float


def restricting_evidence(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence that can lead to a restriction. A machine's answers may be right, and “can't tell” is an
    answer, so neither does."""
    return [finding for finding in evidence if finding.suspicion not in HARMLESS]


def review_evidence(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence that calls for a human's look, and until then for fewer offers."""
    return [finding for finding in evidence if finding.suspicion not in EXPLAINABLE]


def strongest_evidence(evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the finding with most nats, None without evidence."""
    return max(evidence, key=lambda finding: finding.nats, default=None)


def watch_level(evidence: Sequence[Evidence]) -> int:
    """Return 0 for normal, 1 for more gold, 2 for more gold and no pushes."""
    top, strongest_telling = strongest_evidence(evidence), strongest_evidence(review_evidence(evidence))
    return int(top is not None and top.nats >= WATCHED_NATS) + int(
        strongest_telling is not None and strongest_telling.nats >= CLOSELY_WATCHED_NATS
    )


def find_restricting_evidence(evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the strongest finding that restricts: RESTRICTING_NATS from MIN_RESTRICTING_ANSWERS or more answers; else
    None."""
    strong = [
        finding
        for finding in restricting_evidence(evidence)
        if finding.nats >= RESTRICTING_NATS and finding.answers >= MIN_RESTRICTING_ANSWERS
    ]
    return strongest_evidence(strong)


def still_supports_restriction(evidence: Sequence[Evidence]) -> bool:
    """Return whether the current evidence still supports a restriction; else it ends early."""
    top = strongest_evidence(restricting_evidence(evidence))
    return top is not None and top.nats >= CLOSELY_WATCHED_NATS


TURN_SPANS = (10, 20, 30, 40, 60, 80)  # newest answers that may tell of a turn
MIN_HONEST_ANSWERS = 5  # answers of honest work before it
CONSTANT_SHARE = 0.9  # who guesses, with this share of one answer, is called constant, else random
SILENT_RATE = 0.95  # how often a careless worker says “can't tell”
MAX_SILENCE_ANSWERS, MIN_SILENCE_ANSWERS = (
    100,
    12,
)  # of a worker's answers so many are looked at for it, the newest; from so many on
SILENCE_PRIOR_ANSWERS, USUAL_SILENCE = (
    10.0,
    0.1,
)  # before anything is known of how often others can't tell, worth so many of their answers
TASK_PRIOR_ANSWERS = 2.0  # the prior of one task, in answers


@dataclass(frozen=True, slots=True, eq=False)
class JudgedAnswers:
    """Answers (answers,) as judged: by which `worker` (an index), the number of the answer's text (`word`), P(right) by
    gold and the others (`right`), P(a guess gives this answer) (`habit`), whether to `gold`, and the number of later
    answers of the worker (`age`)."""

    worker: Ints
    word: Ints
    right: Floats
    habit: Floats
    gold: Mask
    age: Ints


def answer_ages(worker: Ints) -> Ints:
    """Return how many answers of the same worker came later (answers,), of answers in the order of arrival."""
    order = np.argsort(worker[::-1], kind="stable")  # by worker, the newest first
    ages, sorted_ = np.empty(len(worker), np.int64), worker[::-1][order]
    ages[order] = np.arange(len(worker)) - np.searchsorted(sorted_, sorted_)
    return ages[::-1]


def find_guessing(crowd: Crowd, fitted: Fit) -> list[Evidence]:
    """Return evidence of guessing against every worker who answered, where answers are classes."""
    order, age = np.argsort(crowd.arrival), np.empty(len(crowd.task), np.int64)
    age[order] = answer_ages(crowd.worker[order])
    guess_probability = label_habits(crowd)[crowd.worker, crowd.label]
    right = leave_one_out_posterior(crowd, fitted)[np.arange(len(guess_probability)), crowd.label]
    return guessing_evidence(
        JudgedAnswers(
            crowd.worker,
            word=crowd.label,
            right=right,
            habit=guess_probability,
            gold=np.isin(crowd.task, crowd.gold_task),
            age=age,
        )
    )


def guessing_evidence(judged: JudgedAnswers) -> list[Evidence]:
    """Return evidence of guessing against every worker who answered: log Bayes factor of guessing against partial
    knowledge. A turn from honest work to guessing is searched in each of TURN_SPANS, at the cost of log(number of
    spans)."""
    likelihood = (1 - KNOWING_SLIP_RATE) * judged.right + KNOWING_SLIP_RATE * (1 - judged.right)
    parts = [np.ones(len(judged.worker), bool), *(judged.age < span for span in TURN_SPANS)]
    logs = (
        np.log((1 - knows) * judged.habit + knows * likelihood) for knows in KNOWLEDGE_GRID
    )  # one at a time: they are as many
    totals = np.array([[np.bincount(judged.worker, column * part) for part in parts] for column in logs])
    totals_of_all, *since = np.ascontiguousarray(totals.transpose(1, 2, 0))
    shares = np.log(fit_knowledge_prior(totals_of_all[np.unique(judged.worker)]))
    honest = logsumexp(totals_of_all[:, 1:] + shares, 1)
    turned = [
        logsumexp((totals_of_all - recent)[:, 1:] + shares, 1) + recent[:, 0] - honest - np.log(len(TURN_SPANS))
        for recent in since
    ]
    return _describe_guessing(judged, totals_of_all[:, 0] - honest, np.array(turned))


def _describe_guessing(judged: JudgedAnswers, whole: Floats, turned: Floats) -> list[Evidence]:
    """Return one finding by worker, and a second one for those who turned. `whole` (workers,) and `turned` (TURN_SPANS,
    workers): nats against each."""
    words, evidence = np.bincount(judged.word), []
    rows = np.split(np.argsort(judged.worker, kind="stable"), np.cumsum(np.bincount(judged.worker))[:-1])
    for worker, indices in enumerate(rows):
        if not len(indices):
            continue
        evidence.append(_describe_guesser(judged, worker, indices, float(whole[worker]), words))
        enough = [index for index, span in enumerate(TURN_SPANS) if len(indices) >= span + MIN_HONEST_ANSWERS]
        span = max(enough, key=lambda index: turned[index, worker], default=0)
        if enough and turned[span, worker] > whole[worker]:
            is_late = judged.age[indices] < TURN_SPANS[span]
            evidence.append(
                Evidence(
                    worker,
                    suspicion="sleeper",
                    nats=float(turned[span, worker]),
                    answers=TURN_SPANS[span],
                    gold=0,
                    expected=float(judged.right[indices[~is_late]].mean()),
                    observed=float(judged.right[indices[is_late]].mean()),
                )
            )
    return evidence


def find_silences(task: Ints, worker: Ints, silent: Mask, gold: Collection[int]) -> list[Evidence]:
    """Return evidence against workers whose “can't tell” (`silent`) hard tasks do not explain, from MIN_SILENCE_ANSWERS
    answers on; arrays (answers,) in the order of arrival. Gold counts as one other worker who could tell."""
    tasks, place = np.unique(task, return_inverse=True)
    workers, seat = np.unique(worker, return_inverse=True)
    on_gold, answer_counts = np.isin(task, list(gold)), np.bincount(seat)
    mute, mute_on = np.bincount(seat, silent), np.bincount(place, silent)
    prior_mute, prior = SILENCE_PRIOR_ANSWERS * USUAL_SILENCE, SILENCE_PRIOR_ANSWERS
    usual = (mute.sum() - mute + prior_mute) / (answer_counts.sum() - answer_counts + prior)
    others_mute, other_answers = mute_on[place] - silent, (np.bincount(place) + np.isin(tasks, list(gold)) - 1)[place]
    chance = (others_mute + TASK_PRIOR_ANSWERS * usual[seat]) / (other_answers + TASK_PRIOR_ANSWERS)
    chance = np.clip(chance, 0.05, 0.95)
    nats = np.where(silent, np.log(SILENT_RATE / chance), np.log((1 - SILENT_RATE) / (1 - chance)))
    is_recent = answer_ages(seat) < MAX_SILENCE_ANSWERS
    columns = (nats, 1.0 * on_gold, chance, 1.0 * silent)
    sums = [np.bincount(seat[is_recent], column[is_recent], len(workers)) for column in columns]
    counted = np.minimum(answer_counts, MAX_SILENCE_ANSWERS)
    rows = zip(workers.tolist(), sums[0], counted.tolist(), sums[1], sums[2] / counted, sums[3] / counted, strict=True)
    return [
        Evidence(w, suspicion="silent", nats=float(n), answers=s, gold=int(g), expected=float(e), observed=float(o))
        for w, n, s, g, e, o in rows
        if s >= MIN_SILENCE_ANSWERS
    ]


def _describe_guesser(judged: JudgedAnswers, worker: int, indices: Ints, nats: float, words: Ints) -> Evidence:
    """Return evidence that a worker guesses: `constant` if one answer makes up CONSTANT_SHARE of theirs, else `random`.
    `indices`: the worker's answers; `words`: how often everybody gave each answer."""
    counts, gold = np.bincount(judged.word[indices], minlength=len(words)), int(judged.gold[indices].sum())
    top, answers = int(counts.argmax()), len(indices)
    if answers < 2 or counts[top] < CONSTANT_SHARE * answers:
        return Evidence(
            worker,
            suspicion="random",
            nats=nats,
            answers=answers,
            gold=gold,
            expected=float(judged.right.mean()),
            observed=float(judged.right[indices].mean()),
        )
    usual = float(words[top] - counts[top]) / max(1, len(judged.word) - answers)
    return Evidence(
        worker,
        suspicion="constant",
        nats=nats,
        answers=answers,
        gold=gold,
        expected=usual,
        observed=float(counts[top]) / answers,
    )
