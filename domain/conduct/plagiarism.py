"""Plagiarism: free text copied from another worker or a model, and files handed in again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import log

from domain.answers import Wants, kind_of
from domain.conduct.evidence import Evidence
from domain.normalization import folded
from domain.quality.given_answers import Said
from domain.quality.machine import MachineAnswers

LEAST_WORDS = 8  # shorter texts are facts, on which honest workers agree
NEAR = 0.6  # of the two-word pieces of both texts: one word in ten may differ
LEAST_SHARED, LEAST_OTHERS = 3, 8  # tasks; and pairs of other workers, needed to estimate the usual similarity
COPIED = 0.8  # how often a copying worker copies
WITHIN_TASK = 2.0  # the project's share of near-identical pairs counts for so many pairs of the task
AGAIN = 0.02  # of honest photos and voice messages were handed in before, by a slip
MOSTLY = 0.8  # of the copied answers came later: the other one is the source

LONG, LEAST_LONG = 40, 5  # characters of an answer whose typing takes time; and so many of them
FASTEST = 20.0  # characters a second: who dictates reaches 15, who types on a phone 5
BY_CHANCE = 0.1  # of honest answers came that fast; as many of a pasting worker's did not

Timed = tuple[int, int, str, float]
"""Task, worker, answer, seconds from its task's arrival."""

_Pieces = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two long answers to one task, the earlier worker first."""

    task: int
    first: int
    second: int
    near: bool


def copied(texts: Sequence[Said], of_models: bool = False) -> tuple[Evidence, ...]:
    """Workers whose texts repeat an earlier worker's (`of_models`: those of a worker below 0), in task after task, with
    the strongest such source; texts are in the order of arrival.

    The probability that two honest texts are near-identical is estimated from the other pairs, of the same task and
    of the project: in transcription sameness is no evidence.
    """
    met = [each for each in _meetings(texts) if each.second > 0]
    pairs = defaultdict[frozenset[int], list[_Meeting]](list)
    for each in met:
        if of_models == (each.first < 0):
            pairs[frozenset((each.first, each.second))].append(each)
    near, seen = Counter(each.task for each in met if each.near), Counter(each.task for each in met)
    often = [pair for pair in pairs.values() if len(pair) >= LEAST_SHARED and len(met) - len(pair) >= LEAST_OTHERS]
    found = (each for pair in often for each in _weighed(pair, near, seen, len(pairs)))
    return tuple({each.worker: each for each in sorted(found, key=lambda each: each.nats)}.values())


def typed(kind: str, machines: MachineAnswers, answers: Sequence[Timed]) -> list[Evidence]:
    """Signs that typed answers, in the order of arrival, were written by a machine: near to a model's beyond chance, or
    faster than anybody types. They are shown to people who look into it, and reject nothing."""
    if kind_of(kind).wants is not Wants.TEXT:
        return []
    told = [(task, each) for task, said in machines.items() for each in said]
    seat = {name: -at for at, name in enumerate(dict.fromkeys(each.model for _, each in told), start=1)}
    texts = [Said(task, seat[each.model], each.answer) for task, each in told]
    near = copied([*texts, *(Said(*each[:3]) for each in answers)], of_models=True)
    long, fast = Counter[int](), Counter[int]()
    for _, worker, answer, seconds in answers:
        if len(answer) >= LONG:
            long[worker] += 1
            fast[worker] += seconds < len(answer) / FASTEST
    quick = [_pasted(worker, fast[worker], count) for worker, count in long.items() if count >= LEAST_LONG]
    return [*(replace(each, suspicion="machine") for each in near), *quick]


def _pasted(worker: int, fast: int, answers: int) -> Evidence:
    nats = (2 * fast - answers) * log((1 - BY_CHANCE) / BY_CHANCE)
    return Evidence(worker, "pasted", nats, answers, 0, BY_CHANCE, fast / answers)


def reused(files: Sequence[tuple[int, str]]) -> tuple[Evidence, ...]:
    """Those who hand in a file again: one of theirs (`constant`), or another's (`ring`).

    `files`: (worker, fingerprint of the file) in the order of arrival. An honest file is new but for
    AGAIN; half of those of somebody who hands in old ones are not.
    """
    owner: dict[str, int] = {}
    sent, again = Counter[int](), Counter[tuple[int, str]]()
    for worker, key in files:
        sent[worker] += 1
        if key in owner:
            again[worker, "constant" if owner[key] == worker else "ring"] += 1
        owner.setdefault(key, worker)
    found = []
    for (worker, suspicion), old in again.items():
        nats = old * log(0.5 / AGAIN) + (sent[worker] - old) * log(0.5 / (1 - AGAIN))
        found.append(Evidence(worker, suspicion, nats, sent[worker], 0, AGAIN, old / sent[worker]))
    return tuple(found)


def are_near(one: str, other: str) -> bool:
    """Two long texts that are nearly the same; short ones never are."""
    pieces, others = _pieces(one), _pieces(other)
    return bool(pieces and others) and _are_near(pieces, others)


def _are_near(one: _Pieces, other: _Pieces) -> bool:
    return len(one & other) >= NEAR * len(one | other)


def _pieces(text: str) -> _Pieces:
    """None of a short text."""
    words = folded(text).split()
    return frozenset(pairwise(words)) if len(words) >= LEAST_WORDS else frozenset()


def _meetings(texts: Sequence[Said]) -> list[_Meeting]:
    tasks: dict[int, list[tuple[int, _Pieces]]] = defaultdict(list)
    for text in texts:
        pieces = _pieces(text.answer)
        if pieces:
            tasks[text.task].append((text.worker, pieces))
    return [
        _Meeting(task, one[0], other[0], _are_near(one[1], other[1]))
        for task, answers in tasks.items()
        for one, other in combinations(answers, 2)
        if one[0] != other[0]
    ]


def _weighed(
    shared: Sequence[_Meeting], near: Mapping[int, int], seen: Mapping[int, int], tried: int
) -> tuple[Evidence, ...]:
    """log P(meetings | one copies) − log P(meetings | as other pairs) − log of how many pairs were looked at."""
    same = sum(each.near for each in shared)
    rate = (sum(near.values()) - same + 1) / (sum(seen.values()) - len(shared) + 2)
    nats, expected = -log(tried), 0.0
    for each in shared:
        others = near.get(each.task, 0) - each.near, seen[each.task] - 1
        likely = (others[0] + WITHIN_TASK * rate) / (others[1] + WITHIN_TASK)
        nats += log(COPIED / likely) if each.near else log((1 - COPIED) / (1 - likely))
        expected += likely / len(shared)
    late = Counter(each.second for each in shared if each.near)
    who = [worker for worker, count in late.items() if count >= MOSTLY * same] or list(late)
    return tuple([Evidence(worker, "ring", nats, len(shared), 0, expected, same / len(shared)) for worker in who])
