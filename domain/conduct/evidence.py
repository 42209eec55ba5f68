"""Evidence against a worker, and what it calls for: soft effects first, a restriction only on strong evidence.

Evidence of different kinds is not independent, so that nats are never added up: the strongest finding decides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from domain.quality.collusion import (
    KNOWING_SLIP_RATE,
    KNOWLEDGE_GRID,
    fit_knowledge_prior,
    label_habits,
)
from domain.quality.crowd import (
    Crowd,
    Floats,
    Ints,
    Mask,
)
from domain.quality.model import Fit, others

SUSPICIONS = ("random", "constant", "sleeper", "ring", "informed", "silent", "machine", "pasted")
HARMLESS = ("silent", "machine", "pasted")  # evidence for closer attention, never alone for a restriction
OPEN = ("machine", "pasted")  # they may have a good reason: not even fewer offers
WATCHED, CLOSELY = 1.6, 4.6  # nats: five to one meets more gold, a hundred to one is not pushed to either
RESTRICTED = 9.2  # nats: ten thousand to one
LEAST_ANSWERS = 20  # the least number of answers for a restriction


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


def conclusive(found: Sequence[Evidence]) -> list[Evidence]:
    """Whether it can restrict: a machine's answers may be right, and “can't tell” is an answer, so that neither does
    alone."""
    return [each for each in found if each.suspicion not in HARMLESS]


def telling(found: Sequence[Evidence]) -> list[Evidence]:
    """All that calls for a human's look, and until then for fewer offers."""
    return [each for each in found if each.suspicion not in OPEN]


def strongest(found: Sequence[Evidence]) -> Evidence | None:
    return max(found, key=lambda evidence: evidence.nats, default=None)


def watch_level(found: Sequence[Evidence]) -> int:
    """0: normal; 1: more gold; 2: more gold and no pushes."""
    top, sure = strongest(found), strongest(telling(found))
    return int(top is not None and top.nats >= WATCHED) + int(sure is not None and sure.nats >= CLOSELY)


def calls_for_restriction(found: Sequence[Evidence]) -> Evidence | None:
    """The finding that is strong enough, from enough answers."""
    strong = [each for each in conclusive(found) if each.nats >= RESTRICTED and each.answers >= LEAST_ANSWERS]
    return strongest(strong)


def still_supports(found: Sequence[Evidence]) -> bool:
    """Whether the current evidence is still strong; else the restriction ends early."""
    top = strongest(conclusive(found))
    return top is not None and top.nats >= CLOSELY


SPANS = (10, 20, 30, 40, 60, 80)  # newest answers that may tell of a turn
LEAST_BEFORE = 5  # answers of honest work before it
PEAKED = 0.9  # who guesses, with this share of one answer, is called constant, else random
SILENT = 0.95  # how often a careless worker says “can't tell”
LATEST, LEAST_SAID = 100, 12  # of a worker's answers so many are looked at for it, the newest; from so many on
BEFORE, USUAL = 10.0, 0.1  # before anything is known of how often others can't tell, worth so many of their answers
WORTH = 2.0  # the prior of one task, in answers


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Answers: by which `worker` (a place), the number of what they say (`word`), P(right) by gold and the others
    (`right`), P(a guess says so) (`habit`), whether to `gold`, and their `age`."""

    worker: Ints
    word: Ints
    right: Floats
    habit: Floats
    gold: Mask
    age: Ints


def ages(worker: Ints) -> Ints:
    """How many answers of the same worker came later, of answers in the order of arrival."""
    order = np.argsort(worker[::-1], kind="stable")  # by worker, the newest first
    found, sorted_ = np.empty(len(worker), np.int64), worker[::-1][order]
    found[order] = np.arange(len(worker)) - np.searchsorted(sorted_, sorted_)
    return found[::-1]


def guessing(crowd: Crowd, fitted: Fit) -> list[Evidence]:
    """Of everybody, where answers are classes."""
    order, age = np.argsort(crowd.arrival), np.empty(len(crowd.task), np.int64)
    age[order] = ages(crowd.worker[order])
    own = label_habits(crowd)[crowd.worker, crowd.label]
    right = others(crowd, fitted)[np.arange(len(own)), crowd.label]
    return findings(Judged(crowd.worker, crowd.label, right, own, np.isin(crowd.task, crowd.gold_task), age))


def findings(told: Judged) -> list[Evidence]:
    """Of everybody; a turn is looked for in each of SPANS, which is paid for."""
    kept = (1 - KNOWING_SLIP_RATE) * told.right + KNOWING_SLIP_RATE * (1 - told.right)
    parts = [np.ones(len(told.worker), bool), *(told.age < span for span in SPANS)]
    logs = (
        np.log((1 - knows) * told.habit + knows * kept) for knows in KNOWLEDGE_GRID
    )  # one at a time: they are as many
    totals = np.array([[np.bincount(told.worker, column * part) for part in parts] for column in logs])
    every, *since = np.ascontiguousarray(totals.transpose(1, 2, 0))
    shares = np.log(fit_knowledge_prior(every[np.unique(told.worker)]))
    honest = logsumexp(every[:, 1:] + shares, 1)
    turned = [logsumexp((every - late)[:, 1:] + shares, 1) + late[:, 0] - honest - np.log(len(SPANS)) for late in since]
    return _told(told, every[:, 0] - honest, np.array(turned))


def _told(told: Judged, whole: Floats, turned: Floats) -> list[Evidence]:
    """`whole` (workers,), and `turned` (SPANS, workers): the nats against everybody."""
    words, found = np.bincount(told.word), []
    rows = np.split(np.argsort(told.worker, kind="stable"), np.cumsum(np.bincount(told.worker))[:-1])
    for worker, own in enumerate(rows):
        if not len(own):
            continue
        found.append(_guesser(told, worker, own, float(whole[worker]), words))
        enough = [at for at, span in enumerate(SPANS) if len(own) >= span + LEAST_BEFORE]
        span = max(enough, key=lambda at: turned[at, worker], default=0)
        if enough and turned[span, worker] > whole[worker]:
            late = told.age[own] < SPANS[span]
            shares = [float(told.right[own[part]].mean()) for part in (~late, late)]
            found.append(Evidence(worker, "sleeper", float(turned[span, worker]), SPANS[span], 0, *shares))
    return found


def silences(task: Ints, worker: Ints, silent: Mask, gold: Collection[int]) -> list[Evidence]:
    """Workers whose “can't tell” (`silent`) hard tasks do not explain; answers are in the order of arrival. Gold counts
    as one other worker who could tell."""
    tasks, place = np.unique(task, return_inverse=True)
    workers, seat = np.unique(worker, return_inverse=True)
    known, own = np.isin(task, list(gold)), np.bincount(seat)
    mute, mute_on = np.bincount(seat, silent), np.bincount(place, silent)
    usual = (mute.sum() - mute + BEFORE * USUAL) / (own.sum() - own + BEFORE)
    met = np.bincount(place) + np.isin(tasks, list(gold)) - 1
    chance = np.clip((mute_on[place] - silent + WORTH * usual[seat]) / (met[place] + WORTH), 0.05, 0.95)
    told = np.where(silent, np.log(SILENT / chance), np.log((1 - SILENT) / (1 - chance)))
    late = ages(seat) < LATEST
    sums = [np.bincount(seat[late], each[late], len(workers)) for each in (told, 1.0 * known, chance, 1.0 * silent)]
    seen = np.minimum(own, LATEST)
    rows = zip(workers.tolist(), sums[0], seen.tolist(), sums[1], sums[2] / seen, sums[3] / seen, strict=True)
    return [
        Evidence(w, "silent", float(n), s, int(g), float(e), float(o)) for w, n, s, g, e, o in rows if s >= LEAST_SAID
    ]


def _guesser(told: Judged, worker: int, own: Ints, nats: float, words: Ints) -> Evidence:
    """`words`: how often everybody gave each answer."""
    said, gold = np.bincount(told.word[own], minlength=len(words)), int(told.gold[own].sum())
    top, answers = int(said.argmax()), len(own)
    if answers < 2 or said[top] < PEAKED * answers:
        shares = float(told.right.mean()), float(told.right[own].mean())
        return Evidence(worker, "random", nats, answers, gold, *shares)
    usual = float(words[top] - said[top]) / max(1, len(told.word) - answers)
    return Evidence(worker, "constant", nats, answers, gold, usual, float(said[top]) / answers)
