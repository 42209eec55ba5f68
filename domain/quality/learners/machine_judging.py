"""Models (AI) beside answers that are no classes: whom they are repeated by, and how often they are right."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from statistics import fmean

import numpy as np

from domain.answers import AnswerKind, kind_of, measure_of
from domain.quality.aggregation import Agreement
from domain.quality.collusion import copyists
from domain.quality.crowd import gather
from domain.quality.given_answers import GivenAnswers, Gold, Said
from domain.quality.intervals import MOST, PERSON, believed
from domain.quality.learners.learner import Asked
from domain.quality.machine import AT_MOST, USUAL, Doubt, MachineModel, Warned, judged_by
from domain.quality.machine.warnings import falls_off

COMPARED = 4_000  # tasks, evenly spread, each answer to which is compared with a model's
LOOKED_AT = 400  # tasks whose consensus is drawn, which takes long; half of them the last, where a model may be worse
NEARLY = 0.85  # of all their answers are the model's, of one who repeats it
WITHIN = 0.95  # of people's intervals hold the truth
ROUNDS = 10

Word = tuple[bool, float]
"""Whether people's consensus is what a model says, and how sure that is."""


def repeating(asked: Asked, said: Sequence[Said], gold: Gold) -> dict[int, str]:
    """Workers who repeat a model where most others say something else (collusion.copyists), and which."""
    given, agree = GivenAnswers.of(said), cache(kind_of(asked.kind).agree)
    met = sorted((set(given.task) & asked.machines.keys()) - gold.keys())
    workers, found = sorted(set(given.worker)), dict[int, str]()
    seat = {worker: at for at, worker in enumerate(workers)}
    for name, own in _by_model(asked, met[:: len(met) // COMPARED + 1]).items():
        place = {task: at for at, task in enumerate(own)}
        rows = [(place[e.task], seat[e.worker], agree(own[e.task], e.answer)) for e in given if e.task in own]
        crowd = gather(rows, len(own), len(workers), 2)
        same, answers = (np.bincount(crowd.worker, each, len(workers)) for each in (crowd.label, None))
        copying = copyists(crowd, np.ones(len(own), np.int64))
        found |= {workers[at]: name for at in copying if same[at] >= NEARLY * answers[at]}
    return found


def looked_at(asked: Asked, said: Sequence[Said], gold: Gold) -> list[int]:
    """The tasks of which people's consensus judges models, in the file's order."""
    met = sorted({each.task for each in said if each.task in asked.machines and each.task not in gold})
    older, last = met[: -LOOKED_AT // 2], met[-LOOKED_AT // 2 :]
    return [*older[:: len(older) * 2 // LOOKED_AT + 1], *last]


def judged(
    asked: Asked, people: Mapping[int, Agreement], gold: Gold, repeated: Mapping[int, str]
) -> tuple[MachineModel, ...]:
    """Models, by gold and by people's consensus of other tasks."""
    kind, found = kind_of(asked.kind), []
    for name, own in _by_model(asked, sorted(asked.machines)).items():
        hits = {task: kind.is_right(answer, gold[task]) for task, answer in own.items() if task in gold}
        words = {task: word for task, answer in own.items() if (word := _word(kind, answer, people.get(task)))}
        model = _judged(name, hits, words)
        copied = [Warned(Doubt.COPIED, str(worker)) for worker, which in repeated.items() if which == name]
        found.append(replace(model, warnings=(*model.warnings, *copied)))
    return tuple(found)


def _word(kind: AnswerKind, answer: str, people: Agreement | None) -> Word | None:
    """A number within people's interval is what they say: how far apart they are nobody knows beforehand."""
    if people is None or people.answer is None:
        return None
    agrees, measure = kind.agree(answer, people.answer), measure_of(kind.name) if kind.agrees_nearly else None
    if measure and people.scores:
        low, high = people.scores
        return agrees or low <= measure.measured([answer], ())[0][0] <= high, WITHIN
    return agrees, min(MOST, PERSON if people.confidence is None else people.confidence)


def _by_model(asked: Asked, tasks: Collection[int]) -> dict[str, dict[int, str]]:
    """What each of them says of these tasks."""
    found: dict[str, dict[int, str]] = {each.model: {} for said in asked.machines.values() for each in said}
    for task in tasks:
        for each in asked.machines[task]:
            found[each.model][task] = each.answer
    return found


def _judged(name: str, hits: Mapping[int, bool], words: Mapping[int, Word]) -> MachineModel:
    """Of one that fell off, by its worse part. How often it would have been right gold says; people, who may share
    errors, only against it."""
    agreed, drift = np.array([agrees for agrees, _ in words.values()], float), list[Warned]()
    if since := falls_off(agreed):
        first = list(words)[since]
        hits = {task: hit for task, hit in hits.items() if task >= first}
        words = {task: word for task, word in words.items() if task >= first}
        drift = [Warned(Doubt.DRIFT, str(first), float(agreed[:since].mean()), float(agreed[since:].mean()))]
    own, right = _rightness([*words.values()])
    worth = min(float(AT_MOST), sum((2 * sure - 1) ** 2 for _, sure in words.values()))
    model = judged_by(name, [*hits.values()], own, worth)
    if hits and right and fmean(right) < fmean(hits.values()):
        decided, kept = len(hits) + len(right), sum(hits.values()) + sum(right)
        model = replace(model, would_decide=decided, would_be_right=int(kept))
    return replace(model, warnings=(*model.warnings, *drift))


def _rightness(words: Sequence[Word]) -> tuple[float, list[float]]:
    """How often a model is right, and with what probability at each task, by expectation–maximisation: also where more
    people are asked because they and the model differ."""
    own, right = USUAL, list[float]()
    for _ in range(ROUNDS):
        likely = [
            (own * sure, (1 - own) * (1 - sure)) if agrees else (own * (1 - sure), (1 - own) * sure)
            for agrees, sure in words
        ]
        right = [so / (so + other) for so, other in likely]
        own = believed(sum(right), len(right), USUAL)
    return own, right
