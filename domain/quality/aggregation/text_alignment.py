"""Texts that differ a little: how far they are apart, which one is in the middle, which words stand at each place."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein's edit distance between two sequences (characters or words)."""
    return _table(one, other)[-1][-1]


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """1 − edit distance / longer length."""
    longest = max(len(one), len(other))
    return 1.0 if not longest else 1 - distance(one, other) / longest


def medoid(texts: Sequence[Sequence[str]], weights: Sequence[float]) -> int:
    """The number of the text most similar to all others by weight; of equals the first."""
    scores = [sum(w * similarity(one, other) for other, w in zip(texts, weights, strict=True)) for one in texts]
    return max(range(len(texts)), key=lambda at: (round(scores[at], 9), -at))


def heard(spine: Sequence[str], texts: Sequence[Sequence[str]], same: Callable[[str], str]) -> list[list[str]]:
    """Each text's word at each place of `spine`, and between its words ("" for none): (places, texts).

    Place 2i + 1 is word i, place 2i comes before it; `same` makes equal what counts as equal.
    The alignment of ROVER (J. G. Fiscus, ASRU 1997), each text with one spine.
    """
    return [list(place) for place in zip(*(_aligned(spine, text, same) for text in texts), strict=True)]


def _aligned(spine: Sequence[str], words: Sequence[str], same: Callable[[str], str]) -> list[str]:
    table = _table([same(word) for word in spine], [same(word) for word in words])
    laid = [""] * (2 * len(spine) + 1)
    i, j = len(spine), len(words)
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + (same(spine[i - 1]) != same(words[j - 1])):
            i, j = i - 1, j - 1
            laid[2 * i + 1] = words[j]
        elif j and table[i][j] == table[i][j - 1] + 1:
            j -= 1
            laid[2 * i] = f"{words[j]} {laid[2 * i]}".strip()
        else:
            i -= 1
    return laid


def _table(one: Sequence[str], other: Sequence[str]) -> list[list[int]]:
    """The edit distance of every beginning of one and every beginning of the other."""
    rows = [list(range(len(other) + 1))]
    for left in one:
        above, row = rows[-1], [rows[-1][0] + 1]
        for j, right in enumerate(other):
            row.append(min(above[j + 1] + 1, row[j] + 1, above[j] + (left != right)))
        rows.append(row)
    return rows
