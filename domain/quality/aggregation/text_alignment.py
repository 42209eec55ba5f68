"""Texts that differ a little: which one is in the middle, which words stand at each place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

from domain.quality.crowd import Floats, Mask


def medoid(texts: Sequence[Sequence[str]], weights: Sequence[float]) -> int:
    """The number of the text most similar to all others by weight (1 − edit distance / longer length); of equals the
    first."""
    alike = Levenshtein.normalized_similarity
    scores = [sum(w * alike(one, other) for other, w in zip(texts, weights, strict=True)) for one in texts]
    return max(range(len(texts)), key=lambda at: (round(scores[at], 9), -at))


def network(texts: Sequence[Sequence[str]], same: Callable[[str], str]) -> list[list[str]]:
    """The word of each text at each place, "" for none: (places, texts); `same` makes equal what counts as equal.

    ROVER's word transition network (J. G. Fiscus, ASRU 1997): each text is laid along the places of those before it at
    the least cost, 1 for a word that is new at its place, for a further place, and for a word nobody else left out.
    """
    places = [[word] for word in texts[0]]
    for number, text in enumerate(texts[1:], start=1):
        known = [{same(word) for word in place} for place in places]
        said = [same(word) for word in text]
        new = np.array([[word not in each for word in said] for each in known]).reshape(len(places), len(text))
        kept = np.array(["" not in each for each in known])
        steps = _path(_costs(new, kept), new, kept)
        places = [
            (places[row] if row >= 0 else [""] * number) + [text[at] if at >= 0 else ""] for row, at in reversed(steps)
        ]
    return places


def _costs(new: Mask, kept: Mask) -> Floats:
    """Of laying the first words (columns) along the first places (rows)."""
    rows, along = len(kept), np.arange(new.shape[1] + 1.0)
    costs = np.zeros((rows + 1, len(along)))
    costs[0] = along
    for row in range(1, rows + 1):
        costs[row] = costs[row - 1] + kept[row - 1]
        np.minimum(costs[row, 1:], costs[row - 1, :-1] + new[row - 1], out=costs[row, 1:])
        costs[row] = np.minimum.accumulate(costs[row] - along) + along  # further places
    return costs


def _path(costs: Floats, new: Mask, kept: Mask) -> list[tuple[int, int]]:
    """The place and the word of each step, from the end; −1 for none."""
    row, at = (size - 1 for size in costs.shape)
    steps = []
    while row or at:
        if row and at and costs[row, at] == costs[row - 1, at - 1] + new[row - 1, at - 1]:
            row, at = row - 1, at - 1
            steps.append((row, at))
        elif row and costs[row, at] == costs[row - 1, at] + kept[row - 1]:
            row -= 1
            steps.append((row, -1))
        else:
            at -= 1
            steps.append((-1, at))
    return steps
