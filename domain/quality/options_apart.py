"""Several options that apply: each option of a task is a task of two classes of the one model (domain/quality/model).
What depends on one another is told by the sets of options that are usual in the project."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from domain.answers import kind_of
from domain.quality.aggregation import Told, Usual
from domain.quality.crowd import gather
from domain.quality.given_answers import GivenAnswers, Gold, Said
from domain.quality.model import Fit, fit

MOST = 1_000_000  # options of tasks in one fit; of more tasks every n-th is taken
SETS, HALF = 50, 20.0  # usual sets that are kept; tasks at which they count for half as much as they ever do
SHARE = 0.5  # of what is believed beforehand, that is on usual sets
RARE = 0.01  # no option applies more seldom, or more rarely not


def apart(
    kind: str, options: Sequence[str], said: Sequence[Said], gold: Gold
) -> tuple[Mapping[int, Told], Told | None, Usual | None]:
    """What each worker's naming of an option says, a newcomer's, and what is usual in the project. Nothing of no
    answers, and for kinds whose options exclude each other."""
    if not said or not kind_of(kind).options_are_apart:
        return {}, None, None
    given, count = GivenAnswers.of(said), len(options)
    every = np.asarray(given.task, np.int64)
    tasks = np.unique(every)[:: len(every) * count // MOST + 1]
    kept = np.isin(every, tasks)
    workers, seat = np.unique(given.worker, return_inverse=True)
    named = np.array([[option in kind_of(kind).named_in(word) for option in options] for word in given.words])
    cell = np.searchsorted(tasks, every[kept])[:, None] * count + np.arange(count)  # each task's options
    rows = np.stack([cell, np.repeat(seat[kept, None], count, 1), named[np.asarray(given.said)[kept]]], 2)
    place = ((at * count, gold[task]) for at, task in enumerate(tasks.tolist()) if task in gold)
    known = {first + n: int(option in right) for first, right in place for n, option in enumerate(options)}
    fitted = fit(gather(rows.reshape(-1, 3), len(tasks) * count, len(workers) + 1, 2, known))
    nats = fitted.evidence[:, ::-1, 1] - fitted.evidence[:, ::-1, 0]
    told = [Told(*pair) for pair in nats.tolist()]
    return dict(zip(workers.tolist(), told, strict=False)), told[-1], _usual(fitted, options)


def _usual(told: Fit, options: Sequence[str]) -> Usual:
    """From each task's likeliest set."""
    applies = told.posterior[:, 1].reshape(-1, len(options))
    found = applies > 0.5
    found[np.arange(len(found)), applies.argmax(1)] = True
    sets, tasks = Counter(tuple(np.array(options)[row].tolist()) for row in found), len(found)
    most = tuple((each, times / tasks) for each, times in sets.most_common(SETS))
    return Usual(tuple(applies.mean(0).clip(RARE, 1 - RARE).tolist()), most, SHARE * tasks / (tasks + HALF))
