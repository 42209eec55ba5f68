"""Stacking on gold: how far the crowd's model is believed, what each class lacks, what a model's (AI's) answer counts.

score of a class = `people` × log posterior of people / √answers + `classes` + what machines add; beside machines, whose
answers do not know them, the classes' log shares count in full. The weights are MAP estimates of a multinomial logistic
regression on answered gold tasks (Wolpert, Stacked Generalization, 1992), whose Gaussian prior keeps little gold from
saying much; without gold they are the prior's means. The root is what correlated errors leave: on fifteen public crowds
1, 2, 3, 4, 6, 8 answers are worth .76, .54, .46, .35, .28, .27 of their nats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import log_softmax, softmax

from domain.quality.crowd import Crowd, Floats, Ints
from domain.quality.machine.columns import Voice

PEOPLE, ALONE, BESIDE = 0.55, 0.2, 0.3  # what one answer is worth of its nats, and the spread without and with models
MOST_ANSWERS = 4  # beyond so many their log likelihood nears its bound, and is worth no less
LEAST_PEOPLE = 0.05
CLASS_SPREAD, VOICE_SPREAD = 0.3, 1.0  # nats, of a class's correction, and of a machine's answer
LEAST_LOG = float(np.log(1e-4))


@dataclass(frozen=True, slots=True)
class Stack:
    """Weights; `voices` (voices,): the nats that each ring of machines adds to the label it names."""

    people: float
    classes: Floats
    voices: Sequence[float]

    def added(self, crowd: Crowd, voices: Sequence[Voice]) -> Floats:
        """What models add to the score of each class of every task: (tasks, classes)."""
        added, everything = np.zeros((crowd.tasks, crowd.classes)), np.arange(crowd.tasks)
        for voice, nats in zip(voices, self.voices, strict=True):
            added += nats * voice.shape(crowd.classes, everything)
        return added

    def drawn(self, crowd: Crowd, told: Floats, voices: Sequence[Voice]) -> Ints:
        """The class of every gold task; `told` as in `stacked`."""
        return np.asarray((self.people * told + self.classes + self.added(crowd, voices)[crowd.gold_task]).argmax(1))

    def without_people(self, crowd: Crowd, voice: int, voices: Sequence[Voice], log_prior: Floats) -> Floats:
        """P(class) of every task by one voice alone: (tasks, classes)."""
        said = self.voices[voice] * voices[voice].shape(crowd.classes, np.arange(crowd.tasks))
        return np.asarray(softmax(self.people * log_prior + self.classes + said, 1))


def plain(crowd: Crowd, voices: Sequence[Voice] = ()) -> Stack:
    """Without gold: people alone count in full; beside machines, as much as is usual."""
    return Stack(PEOPLE if voices else 1.0, np.zeros(crowd.classes), [voice.believed for voice in voices])


def stacked(crowd: Crowd, told: Floats, voices: Sequence[Voice] = ()) -> Stack:
    """From gold; `told` (gold, classes): what people, who did not know the gold, tell of it (`worth`)."""
    classes = np.eye(crowd.classes)
    labels = [voice.shape(crowd.classes, crowd.gold_task) for voice in voices]
    columns = [told, *labels, *(np.broadcast_to(one, told.shape) for one in classes)]
    known = np.isin(crowd.gold_task, crowd.task) | sum((each.any(1) for each in labels), np.zeros(len(told), bool))
    usual = np.array([PEOPLE, *(voice.believed for voice in voices), *(0.0 for _ in classes)])
    spread = np.array([BESIDE if voices else ALONE, *(VOICE_SPREAD for _ in voices), *(CLASS_SPREAD for _ in classes)])
    design = np.stack(columns, 2)[known]
    weights = regressed(design, np.zeros(design.shape[:2]), crowd.gold_label[known], usual, spread**-2.0)
    most = [voice.most for voice in voices]
    heard = np.clip(weights[1 : 1 + len(voices)], 0.0, most).tolist()
    return Stack(max(float(weights[0]), LEAST_PEOPLE), weights[1 + len(voices) :], heard)


def share_of(answers: int) -> float:
    """What is left of the log likelihood of so many answers of one crowd."""
    return 1 / sqrt(min(max(answers, 1), MOST_ANSWERS))


def worth(crowd: Crowd, foretold: Floats, prior: Floats | float) -> Floats:
    """What people tell of every gold task, of its log posterior (`foretold`), as far as it is worth it. Beside models,
    whose answers do not know them, the classes' log shares (`prior`, else 0) count in full."""
    answers = np.bincount(crowd.task, minlength=crowd.tasks)[crowd.gold_task]
    share = (1 / np.sqrt(np.clip(answers, 1, MOST_ANSWERS))).reshape(-1, 1)
    return np.asarray(prior + share * np.maximum(log_softmax(foretold - prior, 1), LEAST_LOG))


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
