"""Stacking on gold: how far the crowd's model is believed, what each class lacks, what a model's (AI's) answer counts.

score of a class = `people` × log posterior of people / √answers + `classes` + what machines add. The weights are MAP
estimates of a multinomial logistic regression on answered gold tasks (Wolpert, Stacked Generalization, 1992), whose
Gaussian prior keeps little gold from saying much; without gold they are the prior's means. The root is what correlated
errors leave: on fifteen public crowds 1, 2, 3, 4, 6, 8 answers are worth .76, .54, .46, .35, .28, .27 of their nats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import softmax

from domain.quality.crowd import Crowd, Floats, Ints, Mask
from domain.quality.machine.columns import Voice

PEOPLE, PEOPLE_SPREAD = 0.55, 0.2  # what the log posterior of one answer is worth: crowds share misconceptions
MOST_ANSWERS = 4  # beyond so many the posterior's log nears its bound, and is worth no less
LEAST_PEOPLE = 0.05
CLASS_SPREAD = 0.3  # nats, of a class's correction
VOICE_SPREAD, LABEL_SPREAD = 1.0, 0.5  # nats, of a machine's answer: in all, and of one label beside the others
LEAST_LOG = float(np.log(1e-4))


@dataclass(frozen=True, slots=True)
class Stack:
    """Weights; `voices` (voices, labels) are the nats that each ring of machines adds to the label it names."""

    people: float
    classes: Floats
    voices: Floats

    def added(self, crowd: Crowd, voices: Sequence[Voice]) -> Floats:
        """What models add to the score of each class of every task: (tasks, classes)."""
        added, everything = np.zeros((crowd.tasks, crowd.classes)), np.arange(crowd.tasks)
        for voice, row in zip(voices, self.voices, strict=True):
            added += row * voice.shape(crowd.classes, everything)
        return added

    def drawn(self, crowd: Crowd, foretold: Floats, voices: Sequence[Voice]) -> Ints:
        """The class of every gold task as it would be without its own gold."""
        added = self.added(crowd, voices)[crowd.gold_task]
        return np.asarray((self.people * _worth(crowd, foretold) + self.classes + added).argmax(1))

    def without_people(self, crowd: Crowd, voice: int, voices: Sequence[Voice], log_prior: Floats) -> Floats:
        """P(class) of every task by one voice alone: (tasks, classes)."""
        shape = voices[voice].shape(crowd.classes, np.arange(crowd.tasks))
        prior = self.people * np.maximum(log_prior, LEAST_LOG) + self.classes
        return np.asarray(softmax(prior + self.voices[voice] * shape, 1))


def plain(crowd: Crowd, voices: Sequence[Voice] = ()) -> Stack:
    """Without gold: people alone count in full; beside machines, as much as is usual."""
    weights = np.array([voice.believed for voice in voices]).reshape(-1, crowd.classes)
    return Stack(PEOPLE if voices else 1.0, np.zeros(crowd.classes), weights)


def stacked(crowd: Crowd, foretold: Floats, voices: Sequence[Voice]) -> Stack:
    """From gold; `foretold` (gold, classes): the crowd's log posterior of each gold task that did not know its gold."""
    known = np.isin(crowd.gold_task, crowd.task) | _heard(crowd, voices)
    gold, right = crowd.gold_task[known], crowd.gold_label[known]
    told = _worth(crowd, foretold)[known]
    labels = [voice.shape(crowd.classes, gold) for voice in voices]  # (gold, classes), a column a label
    believed = sum((told_by * voice.believed for told_by, voice in zip(labels, voices, strict=True)), 0.0 * told)
    columns, spreads = [told], [PEOPLE_SPREAD]
    for told_by in labels:
        columns += [told_by, *(told_by * one for one in np.eye(crowd.classes))]
        spreads += [VOICE_SPREAD, *[LABEL_SPREAD] * crowd.classes]
    columns += [np.broadcast_to(one, told.shape) for one in np.eye(crowd.classes)]
    spreads += [CLASS_SPREAD] * crowd.classes
    usual = np.zeros(len(spreads))
    usual[0] = PEOPLE
    weights = regressed(np.stack(columns, 2), believed, right, usual, np.array(spreads) ** -2.0)
    moved = weights[1 : -crowd.classes].reshape(len(voices), 1 + crowd.classes)
    heard = [voice.believed + own[0] + own[1:] for voice, own in zip(voices, moved, strict=True)]
    most = np.array([voice.most for voice in voices]).reshape(-1, 1)
    counts = np.clip(np.array(heard).reshape(-1, crowd.classes), 0.0, most)
    return Stack(max(float(weights[0]), LEAST_PEOPLE), weights[-crowd.classes :], counts)


def share_of(answers: int) -> float:
    """What is left of a log posterior that so many answers of one crowd make."""
    return 1 / sqrt(min(max(answers, 1), MOST_ANSWERS))


def _worth(crowd: Crowd, foretold: Floats) -> Floats:
    """The log posterior of every gold task, as far as it is worth it but for `people`."""
    answers = np.bincount(crowd.task, minlength=crowd.tasks)[crowd.gold_task].tolist()
    return np.asarray(np.maximum(foretold, LEAST_LOG) * np.array([share_of(each) for each in answers]).reshape(-1, 1))


def _heard(crowd: Crowd, voices: Sequence[Voice]) -> Mask:
    """Which gold tasks a machine answered."""
    heard = np.zeros(len(crowd.gold_task), dtype=bool)
    for voice in voices:
        heard |= voice.shape(crowd.classes, crowd.gold_task).any(1)
    return heard


def regressed(design: Floats, offset: Floats, right: Ints, usual: Floats, precision: Floats) -> Floats:
    """MAP weights by Newton's method; `design` (gold, classes, features), `offset` (gold, classes)."""
    hit, weights = np.eye(design.shape[1])[right], usual.copy()
    for _ in range(50):
        chances = softmax(design @ weights + offset, 1)
        centred = design - (chances[:, :, None] * design).sum(1, keepdims=True)
        slope = np.einsum("gk,gkf->f", hit - chances, design) - precision * (weights - usual)
        bend = np.einsum("gk,gkf,gke->fe", chances, centred, centred, optimize=True) + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        weights = weights + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return weights
