"""Several options that apply: each option of a task is a task of two classes of the one model (domain/quality/model),
so that every worker misses options, and names wrong ones, as often as they do. What depends on one another is told by
the sets of options that are usual in the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.answers import kind_of
from domain.quality.aggregation import Told, Usual
from domain.quality.crowd import Floats, Ints, gather
from domain.quality.given_answers import GivenAnswers, Said
from domain.quality.model import Fit, fit

MOST = 1_000_000  # options of tasks in one fit; of more tasks every n-th is taken
SETS, HALF = 50, 20.0  # usual sets that are kept; tasks at which they count for half as much as they ever do
SHARE = 0.5  # of what is believed beforehand, that is on usual sets
RARE = 0.01  # no option applies more seldom, or more rarely not


@dataclass(frozen=True, slots=True)
class Apart:
    """What each worker's naming of an option says, a newcomer's, and what is usual in the project."""

    workers: Mapping[int, Told]
    newcomer: Told
    usual: Usual


def apart(kind: str, options: Sequence[str], said: Sequence[Said], gold: Mapping[int, Sequence[str]]) -> Apart | None:
    """None for kinds whose options exclude each other; of at least one answer."""
    if not kind_of(kind).options_are_apart:
        return None
    given = GivenAnswers.of(said)
    every = np.asarray(given.task, np.int64)
    tasks = np.unique(every)[:: len(every) * len(options) // MOST + 1]
    workers = sorted(set(given.worker))
    kept = np.isin(every, tasks)
    seat = np.searchsorted(workers, np.asarray(given.worker, np.int64)[kept])
    named = np.array([[option in kind_of(kind).named_in(word) for option in options] for word in given.words])
    rows = _rows(np.searchsorted(tasks, every[kept]), seat, named[np.asarray(given.said, np.int64)[kept]])
    known = {
        at * len(options) + number: int(option in gold[task])
        for at, task in enumerate(tasks.tolist())
        if task in gold
        for number, option in enumerate(options)
    }
    told = fit(gather(rows, len(tasks) * len(options), len(workers) + 1, 2, known))
    evidence = [Told(*pair) for pair in _told(told).tolist()]
    return Apart(dict(zip(workers, evidence, strict=False)), evidence[-1], _usual(told, options))


def _rows(task: Any, worker: Any, named: Any) -> Ints:
    """(option of a task, worker, named or not) of every answer's options."""
    count = named.shape[1]
    cell = task[:, None] * count + np.arange(count)
    return np.stack([cell.ravel(), np.repeat(worker, count), named.ravel()], 1)


def _told(told: Fit) -> Floats:
    """Nats for an option that a worker names, and that they leave out: (workers, 2)."""
    evidence = told.evidence
    return np.asarray(evidence[:, ::-1, 1] - evidence[:, ::-1, 0])


def _usual(told: Fit, options: Sequence[str]) -> Usual:
    """From each task's likeliest set."""
    applies = told.posterior[:, 1].reshape(-1, len(options))
    found = applies > 0.5
    found[np.arange(len(found)), applies.argmax(1)] = True
    sets = Counter(tuple(np.array(options)[row].tolist()) for row in found)
    shares = applies.mean(0).clip(RARE, 1 - RARE)
    tasks = len(found)
    most = tuple((each, times / tasks) for each, times in sets.most_common(SETS))
    return Usual(tuple(shares.tolist()), most, SHARE * tasks / (tasks + HALF))
