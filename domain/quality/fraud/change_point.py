"""Change-point detection: workers whose answers were honest at first, and since when they are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.quality.crowd import Floats

LEAST_BEFORE = 5  # answers of honest work before a turn


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """`nats` of evidence that answers are random since number `since` (from 0), and were not before."""

    nats: float
    since: int


def turn(logs: Floats, shares: Floats) -> ChangePoint:
    """A turn somewhere against none: honest throughout, or random throughout.

    `logs` (answers, boosts): log P(each answer | β) in order of answering, β = 0 first (domain/quality/habits);
    `shares`: how β > 0 is spread among honest workers. Every place of the turn is as likely as any other
    (Chernoff & Zacks 1964): to have looked at many places is paid for.
    """
    total = np.cumsum(logs, 0)
    so_far = _log_mean(total[:, 1:], shares)  # honest up to and with each answer
    places = np.arange(LEAST_BEFORE, len(logs))
    if not len(places):
        return ChangePoint(0.0, len(logs))
    turned = so_far[places - 1] + total[-1, 0] - total[places - 1, 0]
    none = float(so_far[-1])
    top = float(turned.max())
    nats = top + float(np.log(np.exp(turned - top).mean())) - none
    return ChangePoint(nats, int(places[turned.argmax()]))


def _log_mean(scores: Floats, shares: Floats) -> Floats:
    top = scores.max(1)
    return np.asarray(top + np.log(np.exp(scores - top[:, None]) @ shares))
