"""Consensus of `choices` answers: every option is a yes-or-no question about the task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from domain.quality.averaging import average
from domain.quality.crowd import Crowd, Floats, gather


def per_option(
    chosen: Sequence[tuple[int, int, frozenset[int]]], tasks: int, workers: int, options: int
) -> tuple[Crowd, ...]:
    """One binary crowd an option (class 1: it applies) from (task, worker, chosen options) triples.

    G. Tsoumakas & I. Katakis, Multi-Label Classification: An Overview (binary relevance), 2007.
    """
    return tuple(
        gather([(t, w, int(option in picked)) for t, w, picked in chosen], tasks, workers, 2)
        for option in range(options)
    )


def applies(crowds: Sequence[Crowd], rng: np.random.Generator) -> Floats:
    """P(option applies to task): (tasks, options)."""
    return np.stack([average(crowd, rng).posterior[:, 1] for crowd in crowds], 1)


def picked(row: Mapping[int, float] | Floats) -> frozenset[int]:
    """The options more likely than not to apply."""
    pairs = row.items() if isinstance(row, Mapping) else enumerate(row.tolist())
    return frozenset(option for option, probability in pairs if probability > 0.5)
