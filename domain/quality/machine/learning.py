"""Quality of each model: by gold, and by its agreement with people.

Agreement with people is judged by the method of moments: a model of accuracy a agrees with an answer of accuracy p with
probability a p + (1 − a)(1 − p)/(K − 1). Shared errors make it look better than it is, so it is worth AT_MOST tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log, sqrt

import numpy as np

from domain.quality.crowd import Crowd, Floats, Mask, votes
from domain.quality.given_answers import ENOUGH_GOLD
from domain.quality.machine import BELIEVED, LEAST, MOST, USUAL, MachineModel, log_odds
from domain.quality.machine.columns import Column, Voice
from domain.quality.machine.warnings import falls_off, warnings_of
from domain.quality.model import Fit, accuracy_of, moments
from domain.quality.stacking import Stack

AT_MOST = 40  # tasks that agreement with people is worth, however many there are
CAREFUL = 1.0  # standard errors by which an accuracy may be less than it seems: its log odds are the most believed
SHARED = 0.7  # of these are believed before gold: some errors of a model are those people make
LEAST_APART = 0.05  # of an accuracy from guessing, below which agreement says nothing
ALIKE = 0.6  # of the rarer errors are shared by models that err alike
APART = 1.6  # nats, five to one: gold on which two models do not err alike lets them speak for themselves


def agreement(crowd: Crowd, column: Column) -> tuple[float, float]:
    """(accuracy, tasks it is worth) of a model, by people's answers alone; of a model that fell off, its worse part."""
    share, seen = met(crowd, column)
    since = falls_off(share, seen)
    seen = seen if since is None else seen & (np.arange(len(seen)) >= since)
    if not seen.any():
        return USUAL, 0.0
    met_share, people, classes = float(share[seen].mean()), moments(crowd), crowd.classes
    # While people were hardly compared among themselves, they and the model are taken to be equally good.
    compared = min(float(seen.sum()), AT_MOST)
    alike = accuracy_of(met_share, classes)
    right = (people.accuracy * people.support + alike * compared) / (people.support + compared)
    apart = right - (1 - right) / max(1, classes - 1)
    found = (met_share - right + apart) / max(apart, LEAST_APART)
    # What so many tasks tell of it: the nearer people are to guessing, the less.
    told = float(seen.sum()) * apart**2 * USUAL * (1 - USUAL) / max(met_share * (1 - met_share), 1e-3)
    worth = float(min(AT_MOST, told))
    return float((np.clip(found, LEAST, MOST) * worth + USUAL * BELIEVED) / (worth + BELIEVED)), worth


def met(crowd: Crowd, column: Column) -> tuple[Floats, Mask]:
    """Share of people's answers that are the model's (tasks,), and whether both answered."""
    counts = votes(crowd)
    sizes, rows = counts.sum(1), np.arange(crowd.tasks)
    return counts[rows, np.maximum(column.label, 0)] / np.maximum(sizes, 1), (sizes > 0) & (column.label >= 0)


def voices_of(crowd: Crowd, columns: Sequence[Column]) -> list[Voice]:
    """The models, those that err alike together, with what their answers are worth."""
    found = []
    for ring in _rings(crowd, columns):
        accuracies = [_accuracy(crowd, column)[:2] for column in ring]
        careful = [right - CAREFUL * sqrt(right * (1 - right) / (tried + BELIEVED)) for right, tried in accuracies]
        worth = [max(0.0, log_odds(each, crowd.classes)) for each in careful]
        shares = tuple(each / max(worth) if any(worth) else 1.0 for each in worth)
        known = max(0.0, *(log_odds(right, crowd.classes) for right, _ in accuracies))
        found.append(Voice(tuple(ring), shares, SHARED * max(worth), max(worth), known))
    return found


def models_of(
    crowd: Crowd, voices: Sequence[Voice], stack: Stack, people: Fit, wanted: float
) -> tuple[MachineModel, ...]:
    """What was learnt of each model; `people` is the fit of people alone."""
    found = []
    for ring, voice in enumerate(voices):
        alone = stack.without_people(crowd, ring, voices, people.log_prior).max(1) >= wanted
        for column, share in zip(voice.columns, voice.shares, strict=True):
            judged, decided = _accuracy(crowd, column), _decided(crowd, column, people.posterior, alone)
            weight = stack.voices[ring] * share
            model = MachineModel(column.name, *judged, ring, weight, column.usual, *decided)
            doubts = warnings_of(crowd, column, model, people.posterior, met(crowd, column))
            found.append(replace(model, warnings=doubts))
    return tuple(found)


def _accuracy(crowd: Crowd, column: Column) -> tuple[float, float, int]:
    """A model's accuracy, the tasks it is judged by, and the gold among them; people may share its errors, so that with
    enough gold they count only against it."""
    by_people, worth = agreement(crowd, column)
    known = column.label[crowd.gold_task] >= 0
    gold = int(known.sum())
    right = float((column.label[crowd.gold_task][known] == crowd.gold_label[known]).sum())
    before = BELIEVED + (0 if gold >= ENOUGH_GOLD and right <= gold * by_people else worth)
    return float((right + by_people * before) / (gold + before)), gold + before - BELIEVED, gold


def _decided(crowd: Crowd, column: Column, people: Floats, alone: Mask) -> tuple[int, int]:
    """On how many tasks it would have decided alone, and how often rightly: by gold; by what people are sure of, too,
    where that speaks against it. People are sure of easy tasks, and may share its errors."""
    truth = np.where(people.max(1) >= MOST, people.argmax(1), -1)
    truth[crowd.gold_task] = crowd.gold_label
    judged = np.flatnonzero(alone & (column.label >= 0) & (truth >= 0))
    hit, on_gold = column.label[judged] == truth[judged], np.isin(judged, crowd.gold_task)
    if not on_gold.any() or hit[on_gold].mean() <= hit.mean():
        hit = hit[on_gold]
    return len(hit), int(hit.sum())


def _rings(crowd: Crowd, columns: Sequence[Column]) -> list[list[Column]]:
    """Models are of one ring until gold shows that they do not err alike."""
    rings: list[list[Column]] = []
    for column in columns:
        joined, left = [column], []
        for ring in rings:
            if all(_apart(crowd, column, other) >= APART for other in ring):
                left.append(ring)
            else:
                joined = [*ring, *joined]
        rings = [*left, joined]
    return rings


def _apart(crowd: Crowd, one: Column, other: Column) -> float:
    """Nats by which gold speaks for errors that have nothing to do with one another."""
    first, second = one.label[crowd.gold_task], other.label[crowd.gold_task]
    both = (first >= 0) & (second >= 0)
    wrong = [said[both] != crowd.gold_label[both] for said in (first, second)]
    size, rates = int(both.sum()), [(float(each.sum()) + 1) / (len(each) + 3) for each in wrong]
    shared = int((wrong[0] & wrong[1] & (first[both] == second[both])).sum())
    chance, alike = rates[0] * rates[1] / max(1, crowd.classes - 1), ALIKE * min(rates)
    return shared * log(chance / alike) + (size - shared) * log((1 - chance) / (1 - alike))
