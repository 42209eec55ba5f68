"""Evidence against workers who answer “can't tell” where others can.

On tasks that are hard for all it is no evidence.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import log

from domain.quality.fraud.evidence import Finding

SILENT = 0.95  # how often a careless worker says it
LATEST, LEAST = 100, 12  # of a worker's answers so many are looked at, the newest; from so many on
BEFORE, USUAL = 10.0, 0.1  # before anything is known of the others, worth so many of their answers
WORTH = 2.0  # the prior of one task, in answers
LEAST_CHANCE, MOST_CHANCE = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Said:
    """Whether a worker had nothing to say of a task; the sequence of them is in the order of arrival."""

    task: int
    worker: int
    silent: bool


@dataclass(slots=True)
class Count:
    answers: int = 0
    silent: int = 0

    def add(self, silent: bool) -> None:
        self.answers += 1
        self.silent += silent


def silences(said: Iterable[Said], gold: Collection[int]) -> list[Finding]:
    """Workers whose “can't tell” is not explained by hard tasks; log Bayes factors. Gold counts as one other worker
    who could tell."""
    tasks: dict[int, Count] = defaultdict(Count)
    own: dict[int, Count] = defaultdict(Count)
    latest: dict[int, deque[Said]] = defaultdict(lambda: deque(maxlen=LATEST))
    for each in said:
        tasks[each.task].add(each.silent)
        own[each.worker].add(each.silent)
        latest[each.worker].append(each)
    for task in tasks.keys() & set(gold):
        tasks[task].add(False)
    everybody = Count(sum(mine.answers for mine in own.values()), sum(mine.silent for mine in own.values()))
    return [
        _finding(mine, list(latest[worker]), tasks, everybody, gold)
        for worker, mine in own.items()
        if mine.answers >= LEAST
    ]


def _finding(
    own: Count, latest: Sequence[Said], tasks: dict[int, Count], everybody: Count, gold: Collection[int]
) -> Finding:
    others = everybody.answers - own.answers
    usual = (everybody.silent - own.silent + BEFORE * USUAL) / (others + BEFORE)
    chances = [_chance(tasks[each.task], each.silent, usual) for each in latest]
    nats = sum(
        log(SILENT / chance) if each.silent else log((1 - SILENT) / (1 - chance))
        for each, chance in zip(latest, chances, strict=True)
    )
    expected, observed = sum(chances) / len(latest), sum(each.silent for each in latest) / len(latest)
    known = sum(each.task in gold for each in latest)
    return Finding(latest[0].worker, "silent", nats, len(latest), known, expected, observed)


def _chance(task: Count, silent: bool, usual: float) -> float:
    """P(an honest worker cannot tell), given the other answers to the same task."""
    chance = (task.silent - silent + WORTH * usual) / (task.answers - 1 + WORTH)
    return min(max(chance, LEAST_CHANCE), MOST_CHANCE)
