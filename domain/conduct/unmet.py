"""Evidence against workers of kinds without classes: how often gold, or the others' consensus, meets their answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from domain.answers import AnswerKind, consensus_of
from domain.conduct.evidence import Evidence
from domain.conduct.guessing import Judged, ages, findings
from domain.quality.aggregation import Vote
from domain.quality.given_answers import Gold, Said
from domain.quality.intervals import PERSON

TRIED = 12  # own answers held against so many other tasks, to estimate how often a guess is met
LEAST_CHANCE, MOST_CHANCE = 0.01, 0.9
TELLING = 0.2  # answers are met that much more often than guesses, or it is the task, not the workers


def unmet(known: AnswerKind, options: Sequence[str], given: Sequence[Said], gold: Gold) -> list[Evidence]:
    """Random, constant and turned workers, of answers in the order of arrival."""
    tasks: dict[int, list[Said]] = defaultdict(list)
    for each in given:
        tasks[each.task].append(each)
    meant = {task: gold.get(task) or _meant(known, options, answers) for task, answers in tasks.items()}
    judged = [(e, right) for e in given if (right := gold.get(e.task) or _meant(known, options, _others(tasks, e)))]
    if not judged:
        return []
    workers, seat = np.unique([each.worker for each, _ in judged], return_inverse=True)
    own: list[list[Said]] = [[] for _ in workers]
    for (each, _), at in zip(judged, seat.tolist(), strict=True):
        own[at].append(each)
    met = np.array([float(known.is_right(each.answer, accepted)) for each, accepted in judged])
    chance = np.array([_chance(known, answers, meant) for answers in own])
    if np.median(np.bincount(seat, met) / np.bincount(seat)) < float(np.median(chance)) + TELLING:
        return []
    word = np.unique([each.answer for each, _ in judged], return_inverse=True)[1]
    habit = np.where(met > 0, chance[seat], 1 - chance[seat])
    told = Judged(seat, word, met, habit, np.array([each.task in gold for each, _ in judged]), ages(seat))
    return [replace(found, worker=int(workers[found.worker])) for found in findings(told)]


def _others(tasks: Mapping[int, Sequence[Said]], one: Said) -> list[Said]:
    return [each for each in tasks[one.task] if each.worker != one.worker]


def _meant(known: AnswerKind, options: Sequence[str], answers: Sequence[Said]) -> Sequence[str] | None:
    """What counts as right by the consensus of some answers, if any."""
    if not answers:
        return None
    votes = [Vote(each.answer, PERSON) for each in sorted(answers, key=lambda each: each.worker)]
    said = consensus_of(known.name, votes, options).answer
    return known.accepted(said) if said is not None else None


def _chance(known: AnswerKind, own: Sequence[Said], meant: Mapping[int, Sequence[str] | None]) -> float:
    """How often these answers would be met by chance: held against other tasks' than their own."""
    tasks = [task for task, right in meant.items() if right]
    step = -(-len(tasks) // TRIED)
    hits = [
        known.is_right(each.answer, meant[task] or ())
        for at, each in enumerate(own[:: -(-len(own) // TRIED)])
        for task in tasks[at % step :: step]  # others for every answer: one of a constant worker's says it all
        if task != each.task
    ]
    return float(np.clip((sum(hits) + 0.5) / (len(hits) + 1), LEAST_CHANCE, MOST_CHANCE))
