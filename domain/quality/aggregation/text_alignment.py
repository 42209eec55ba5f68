"""Texts that differ a little: which one is in the middle, which words stand at each place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz.distance import Levenshtein


def medoid(texts: Sequence[Sequence[str]], weights: Sequence[float]) -> int:
    """The number of the text most similar to all others by weight (1 − edit distance / longer length); of equals the
    first."""
    alike = Levenshtein.normalized_similarity
    scores = [sum(w * alike(one, other) for other, w in zip(texts, weights, strict=True)) for one in texts]
    return max(range(len(texts)), key=lambda at: (round(scores[at], 9), -at))


def heard(spine: Sequence[str], texts: Sequence[Sequence[str]], same: Callable[[str], str]) -> list[list[str]]:
    """Each text's word at each place of `spine`, and between its words ("" for none): (places, texts).

    Place 2i + 1 is word i, place 2i comes before it; `same` makes equal what counts as equal.
    The alignment of ROVER (J. G. Fiscus, ASRU 1997), each text with one spine.
    """
    return [list(place) for place in zip(*(_aligned(spine, text, same) for text in texts), strict=True)]


def _aligned(spine: Sequence[str], words: Sequence[str], same: Callable[[str], str]) -> list[str]:
    laid = [""] * (2 * len(spine) + 1)
    for step in Levenshtein.opcodes([same(word) for word in spine], [same(word) for word in words]):
        here = range(step.src_start, step.src_end)
        said = words[step.dest_start : step.dest_end]
        if step.tag == "insert":
            laid[2 * step.src_start] = " ".join(said)
        elif step.tag != "delete":
            for place, word in zip(here, said, strict=True):
                laid[2 * place + 1] = word
    return laid
