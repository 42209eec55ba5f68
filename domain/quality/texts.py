"""Consensus of `text` answers: the answer nearest to all, or a word-by-word vote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreed:
    """`text`, and how similar the weighted answers are to it (0 … 1)."""

    text: str
    agreement: float


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein's edit distance between two sequences (characters or words)."""
    if len(one) < len(other):
        one, other = other, one
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


def similarity(one: str, other: str) -> float:
    """1 − edit distance / longer length."""
    longest = max(len(one), len(other))
    return 1.0 if not longest else 1 - distance(one, other) / longest


def medoid(texts: Sequence[str], weights: Sequence[float]) -> Agreed:
    """The given text most similar to all others by weight; ties go to the alphabet, not to arrival."""
    scores = {text: sum(w * similarity(text, t) for t, w in zip(texts, weights, strict=True)) for text in texts}
    best = min(scores, key=lambda text: (-scores[text], text))
    return Agreed(best, scores[best] / sum(weights))


def rover(texts: Sequence[str], weights: Sequence[float]) -> Agreed:
    """Words voted on after alignment to the medoid (ROVER: J. G. Fiscus, ASRU 1997)."""
    spine = medoid(texts, weights).text.split()
    slots: list[dict[str, float]] = [{} for _ in range(2 * len(spine) + 1)]  # odd: a word; even: put between
    for text, weight in zip(texts, weights, strict=True):
        heard = aligned(spine, text.split())
        for slot, votes in enumerate(slots):
            votes[heard[slot]] = votes.get(heard[slot], 0) + weight
    words = [min(votes, key=lambda word: (-votes[word], word)) for votes in slots]
    text = " ".join(word for word in words if word)
    return Agreed(text, sum(w * similarity(text, t) for t, w in zip(texts, weights, strict=True)) / sum(weights))


def aligned(spine: Sequence[str], words: Sequence[str]) -> list[str]:
    """`words` laid along `spine`: entry 2i + 1 stands for word i ("" if missing), entry 2i comes before it."""
    table = [[distance(spine[:i], words[:j]) for j in range(len(words) + 1)] for i in range(len(spine) + 1)]
    laid = [""] * (2 * len(spine) + 1)
    i, j = len(spine), len(words)
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + (spine[i - 1] != words[j - 1]):
            i, j = i - 1, j - 1
            laid[2 * i + 1] = words[j]
        elif j and table[i][j] == table[i][j - 1] + 1:
            j -= 1
            laid[2 * i] = f"{words[j]} {laid[2 * i]}".strip()
        else:
            i -= 1
    return laid
