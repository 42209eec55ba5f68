"""How much one answer of a worker is expected to tell."""

from __future__ import annotations

import numpy as np

from domain.quality.crowd import Floats


def informations(matrices: Floats, shares: Floats) -> Floats:
    """Mutual information (nats) of the truth and each worker's answer on a fresh task: (workers,).

    I = H(Σ_k s_k P(·|k)) − Σ_k s_k H(P(·|k)); `matrices` (workers, labels, classes), `shares` s (classes,).
    """
    answer = matrices @ shares
    doubt = -(matrices * np.log(np.maximum(matrices, 1e-12))).sum(1) @ shares
    return np.asarray(np.maximum(-(answer * np.log(np.maximum(answer, 1e-12))).sum(1) - doubt, 0.0))
