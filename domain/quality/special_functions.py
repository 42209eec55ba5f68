"""Special functions that numpy lacks."""

from __future__ import annotations

import numpy as np

from domain.quality.crowd import Floats

SHIFT = 6


def digamma(x: Floats) -> Floats:
    """ψ(x) for x > 0: recurrence up to x + 6, then the asymptotic series (Abramowitz & Stegun 6.3.18)."""
    shifted = x + SHIFT
    inverse = 1 / (shifted * shifted)
    series = np.log(shifted) - 0.5 / shifted - inverse * (1 / 12 - inverse * (1 / 120 - inverse / 252))
    lowered = sum((1 / (x + step) for step in range(SHIFT)), np.zeros_like(x))
    return np.asarray(series - lowered)


def logit(probability: Floats) -> Floats:
    """log p/(1 − p), finite for every p in [0, 1]."""
    inside = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def expit(score: Floats) -> Floats:
    """1/(1 + e^−s) without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * score)))
