"""Quality of each model: by gold, and by its agreement with people.

Agreement with people is judged by the method of moments: a model of accuracy a agrees with an answer of accuracy p with
probability a p + (1 − a)(1 − p)/(K − 1). Shared errors make it look better than it is, so it is worth AT_MOST tasks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from domain.quality.crowd import Crowd, Floats, Mask, votes
from domain.quality.machine import AT_MOST, BELIEVED, LEAST, MOST, USUAL, MachineModel, judged_by, log_odds
from domain.quality.machine.columns import Column
from domain.quality.machine.warnings import falls_off, warnings_of
from domain.quality.model import accuracy_of, moments

CAREFUL = 1.0  # standard errors by which an accuracy may be less than it seems: its log odds are the most believed
SHARED = 0.7  # of these are believed before gold: some errors of a model are those people make
LEAST_APART = 0.05  # of an accuracy from guessing, below which agreement says nothing


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


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Models beside a crowd, and what one nat of each adds (`shapes`: models, tasks, classes). Nats of each (models,):
    those by which it tells workers apart (`known`), those it is worth before gold has said anything (`believed`), when
    all of them are one voice, and at `most`, as good luck on little gold is not skill."""

    crowd: Crowd
    columns: Sequence[Column]
    models: Sequence[MachineModel]
    shapes: Floats
    known: Floats
    believed: Floats
    most: Floats

    @property
    def spoken(self) -> Mask:
        """Of which tasks a model says something."""
        return np.asarray(self.shapes.any((0, 2)))

    def added(self, nats: Floats) -> Floats:
        """What the models add to each class of every task, each worth so many nats: (tasks, classes)."""
        return np.tensordot(nats, self.shapes, 1)

    def learnt(self, weights: Floats, alone: Mask, people: Floats) -> tuple[MachineModel, ...]:
        """With their weights, and what speaks against them. `alone` (tasks,): whether models alone are sure enough to
        decide; `people` (tasks, classes): the posterior of people alone."""
        found = []
        for column, model, weight in zip(self.columns, self.models, weights.tolist(), strict=True):
            tried, right = _decided(self.crowd, column, people, alone)
            known = replace(model, weight=weight, would_decide=tried, would_be_right=right)
            doubts = warnings_of(self.crowd, column, known, people, met(self.crowd, column))
            found.append(replace(known, warnings=doubts))
        return tuple(found)


def heard(crowd: Crowd, columns: Sequence[Column]) -> Heard:
    """The models, each judged by gold and by people."""
    models = []
    for column in columns:
        said = column.label[crowd.gold_task]
        hits = (said == crowd.gold_label)[said >= 0].tolist()
        models.append(replace(judged_by(column.name, hits, *agreement(crowd, column)), usual=column.usual))
    shapes = np.array([column.shape(crowd.classes) for column in columns]).reshape(-1, crowd.tasks, crowd.classes)
    said = shapes.any(2).sum(0)
    voices = float(said[said > 0].mean()) if said.any() else 1.0  # that speak at once
    known, most = (np.array([_nats(model, crowd.classes, by) for model in models]) for by in (0.0, CAREFUL))
    return Heard(crowd, columns, models, shapes, known / voices, SHARED * most / voices, most)


def _nats(model: MachineModel, classes: int, careful: float) -> float:
    """What an answer is worth by the model's accuracy, less so many standard errors."""
    error = sqrt(model.accuracy * (1 - model.accuracy) / (model.judged + BELIEVED))
    return max(0.0, log_odds(model.accuracy - careful * error, classes))


def _decided(crowd: Crowd, column: Column, people: Floats, alone: Mask) -> tuple[int, int]:
    """On how many tasks that it answered models would have decided alone, and how often rightly: by gold; by what
    people are sure of, too, where that speaks against them. People are sure of easy tasks, and may share errors."""
    truth = np.where(people.max(1) >= MOST, people.argmax(1), -1)
    truth[crowd.gold_task] = crowd.gold_label
    judged = np.flatnonzero(alone & (column.label >= 0) & (truth >= 0))
    hit, on_gold = column.label[judged] == truth[judged], np.isin(judged, crowd.gold_task)
    if not on_gold.any() or hit[on_gold].mean() <= hit.mean():
        hit = hit[on_gold]
    return len(hit), int(hit.sum())
