"""Tasks whose right answer, once a requester has given it, tells most."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log

ASKED = 20  # known answers: from so many on they pay (docs/quality.md)
UNANIMOUS, LEAST_AGREEING, SURE = 0.9, 3, 0.95  # share, answers and confidence from which a consensus may be gold


def is_unanimous(consensus: str, answers: Sequence[str], received: int) -> bool:
    """Whether so many of the `received` answers that hardly any differs are the consensus, whatever their case."""
    alike = sum(answer.casefold() == consensus.casefold() for answer in answers)
    return alike >= UNANIMOUS * received


def worth_checking(posteriors: Mapping[int, Sequence[float]]) -> list[int]:
    """Of tasks with a posterior over the options (people's, models', or both), the ASKED to be checked first. Classes
    take turns, so that rare ones are met; within one contested tasks (by entropy) alternate with evenly drawn ones,
    without which gold would say nothing of the tasks that seem easy."""
    by_class: dict[int, list[int]] = defaultdict(list)
    for task, posterior in posteriors.items():
        by_class[max(range(len(posterior)), key=lambda at: posterior[at])].append(task)
    queues = [_queue(by_class[at], posteriors) for at in sorted(by_class, key=lambda at: len(by_class[at]))]
    turns = [task for turn in range(ASKED) for queue in queues for task in queue[turn : turn + 1]]
    return turns[:ASKED]


def _queue(tasks: Sequence[int], posteriors: Mapping[int, Sequence[float]]) -> list[int]:
    contested = sorted(tasks, key=lambda task: (sum([p * log(p) for p in posteriors[task] if p > 0]), task))
    half = (min(len(tasks), ASKED) + 1) // 2
    first, rest = contested[:half], contested[half:]
    even = rest[:: max(1, len(rest) // half)] if rest else []
    mixed = [task for pair in zip(first, even, strict=False) for task in pair]
    return mixed + [task for task in contested if task not in set(mixed)]
