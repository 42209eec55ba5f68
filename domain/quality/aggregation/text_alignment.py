"""Texts that differ a little: which one is in the middle, which words stand at each place."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from rapidfuzz.distance import Levenshtein


def medoid(texts: Sequence[Sequence[str]], weights: Sequence[float]) -> int:
    """The number of the text most similar to all others by weight (1 − edit distance / longer length); of equals the
    first."""
    alike = Levenshtein.normalized_similarity
    scores = [sum(w * alike(one, other) for other, w in zip(texts, weights, strict=True)) for one in texts]
    return max(range(len(texts)), key=lambda at: (round(scores[at], 9), -at))


def network(texts: Sequence[Sequence[str]], same: Callable[[str], str]) -> list[list[str]]:
    """The word of each text at each place, "" for none: (places, texts); `same` makes equal what counts as equal.

    A word transition network as ROVER's (J. G. Fiscus, ASRU 1997), each text laid along the first by the fewest edits;
    further words have places of their own before the one they come to.
    """
    first, further = [same(word) for word in texts[0]], max(map(len, texts))
    places: dict[tuple[int, int], list[str]] = defaultdict(lambda: [""] * len(texts))
    for number, text in enumerate(texts):
        for edit in Levenshtein.opcodes(first, [same(word) for word in text]):
            for nth, word in enumerate(text[edit.dest_start : edit.dest_end]):
                place = (edit.src_start, nth) if edit.tag == "insert" else (edit.src_start + nth, further)
                places[place][number] = word
    return [places[each] for each in sorted(places)]
